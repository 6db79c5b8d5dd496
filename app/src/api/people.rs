//! What admins do to a member: roles, suspension, ways to sign in, sessions. Each form goes back to that person's page.

use crate::error::AppError;
use crate::ssr::{enter, go_plain, keep_typed};
use crate::text::encoded;
use control::Role;
use governance::PersonId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Replaces the roles that a person has by hand.
#[server(prefix = "/api", endpoint = "set_roles")]
pub async fn set_roles(id: String, #[server(default)] roles: Vec<String>) -> Result<(), AppError> {
    let done = async {
        let (control, caller) = enter()?;
        Ok(control.set_roles(&caller, &person_id(&id)?, &parsed(&roles)).await?)
    };
    back::<SetRoles>(done.await, &id, "roles")
}

/// Keeps a person out, or lets them back in.
#[server(prefix = "/api", endpoint = "set_suspended")]
pub async fn set_suspended(id: String, suspended: bool) -> Result<(), AppError> {
    let done = async {
        let (control, caller) = enter()?;
        Ok(control.set_suspended(&caller, &person_id(&id)?, suspended).await?)
    };
    back::<SetSuspended>(done.await, &id, if suspended { "suspended" } else { "restored" })
}

/// Gives a person a new password.
#[server(prefix = "/api", endpoint = "reset_password")]
pub async fn reset_password(id: String, #[server(default)] password: String) -> Result<(), AppError> {
    let done = async {
        let (control, caller) = enter()?;
        Ok(control.reset_password(&caller, &person_id(&id)?, &password).await?)
    };
    back::<ResetPassword>(done.await, &id, "password")
}

/// Switches a person's second factor off.
#[server(prefix = "/api", endpoint = "reset_second_factor")]
pub async fn reset_second_factor(id: String) -> Result<(), AppError> {
    let done = async {
        let (control, caller) = enter()?;
        Ok(control.reset_second_factor(&caller, &person_id(&id)?).await?)
    };
    back::<ResetSecondFactor>(done.await, &id, "factor")
}

/// Ends one session of a person, or all when none is named.
#[server(prefix = "/api", endpoint = "end_sessions_of")]
pub async fn end_sessions_of(id: String, #[server(default)] session: String) -> Result<(), AppError> {
    let done = async {
        let (control, caller) = enter()?;
        let session = Some(session.as_str()).filter(|name| !name.is_empty());
        Ok(control.end_sessions_of(&caller, &person_id(&id)?, session).await?)
    };
    back::<EndSessionsOf>(done.await, &id, "sessions")
}

/// Reads an id of an address or a form. What is no id is not found.
pub(crate) fn person_id(text: &str) -> Result<PersonId, AppError> {
    PersonId::new(text).map_err(|_| AppError::NotFound { what: "person".to_owned() })
}

/// The roles of these words. Unknown words give nothing.
pub(crate) fn parsed(words: &[String]) -> Vec<Role> {
    words.iter().filter_map(|word| Role::parse(word)).collect()
}

fn back<F: ServerFn<Error = AppError>>(
    done: Result<(), AppError>,
    id: &str,
    word: &str,
) -> Result<(), AppError> {
    let page = format!("/people/{}", encoded(id));
    if done.is_ok() {
        go_plain(&format!("{page}?done={word}"));
    }
    keep_typed::<F, ()>(done, &page, &[])
}
