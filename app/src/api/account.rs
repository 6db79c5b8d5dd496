//! One's own account.

use crate::error::AppError;
use leptos::prelude::*;

/// Changes one's password and ends one's other sessions.
#[server(prefix = "/api", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] new: String,
) -> Result<(), AppError> {
    let (control, caller) = crate::ssr::enter()?;
    let keep = crate::ssr::session_hash();
    let done =
        control.change_password(&caller, &current, &new, keep.as_deref()).await.map_err(AppError::from);
    if done.is_ok() {
        crate::ssr::go_plain("/account?done=password");
    }
    crate::ssr::keep_typed::<ChangePassword, ()>(done, "/account", &[])
}

/// Changes what one is called.
#[server(prefix = "/api", endpoint = "rename")]
pub async fn rename(#[server(default)] name: String) -> Result<(), AppError> {
    let (control, caller) = crate::ssr::enter()?;
    let done = control.rename(&caller, &name).await.map_err(AppError::from);
    if done.is_ok() {
        crate::ssr::go_plain("/account?done=name");
    }
    crate::ssr::keep_typed::<Rename, ()>(done, "/account", &[("name", &name)])
}
