//! One's own sessions: ending one, and ending all but the one at hand.

use crate::api::account::back;
use crate::error::AppError;
use crate::ssr::{enter, session_hash};
use leptos::prelude::*;

/// Ends one.
#[server(prefix = "/api", endpoint = "end_my_session")]
pub async fn end_my_session(#[server(default)] name: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.end_my_session(&caller, &name).await;
    back::<EndMySession, _>(done, "session-ended", &[])
}

/// Ends all but the one at hand.
#[server(prefix = "/api", endpoint = "end_my_other_sessions")]
pub async fn end_my_other_sessions() -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.end_my_other_sessions(&caller, session_hash().as_deref()).await;
    back::<EndMyOtherSessions, _>(done, "sessions-ended", &[])
}
