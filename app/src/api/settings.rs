//! The workspace's settings, and further workspaces.

use crate::error::AppError;
use crate::ssr::{enter, go_plain, keep_typed};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Calls the workspace something else.
#[server(prefix = "/api", endpoint = "rename_workspace")]
pub async fn rename_workspace(#[server(default)] workspace: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.rename_workspace(&caller, &workspace).await;
    back::<RenameWorkspace>(done.map_err(AppError::from), "name", &[("workspace", &workspace)])
}

/// Sets what holds where a policy says nothing about self-approval.
#[server(prefix = "/api", endpoint = "set_forbid_self_approval")]
pub async fn set_forbid_self_approval(forbid: bool) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.set_forbid_self_approval(&caller, forbid).await;
    back::<SetForbidSelfApproval>(done.map_err(AppError::from), "self", &[])
}

/// Creates another workspace.
#[server(prefix = "/api", endpoint = "create_workspace")]
pub async fn create_workspace(#[server(default)] name: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.create_workspace(&caller, &name).await.map(|_| ());
    back::<CreateWorkspace>(done.map_err(AppError::from), "created", &[("name", &name)])
}

fn back<F: ServerFn<Error = AppError>>(
    done: Result<(), AppError>,
    word: &str,
    typed: &[(&str, &str)],
) -> Result<(), AppError> {
    if done.is_ok() {
        go_plain(&format!("/settings?done={word}"));
    }
    keep_typed::<F, ()>(done, "/settings", typed)
}
