//! `POST /sign-out`. Ends this browser's session, here and in the store.

use crate::problem::Problem;
use crate::sessions;
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

/// Signs out.
pub async fn sign_out(session: Session) -> Response {
    match sessions::end(&session).await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(error) => Problem::fault(&error).into_response(),
    }
}
