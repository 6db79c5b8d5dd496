//! `/healthz`: the process is alive. `/readyz`: it can serve, because the database answers and it is not stopping.

use super::Web;
use crate::problem::{Problem, chain};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// Alive.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Ready.
pub async fn ready(State(web): State<Web>) -> Response {
    let not_ready =
        |detail: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "NOT_READY", detail).into_response();
    if web.stopping.is_cancelled() {
        return not_ready("the server is stopping");
    }
    match tokio::time::timeout(Duration::from_secs(5), web.app.control.store().ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!("the database does not answer: {}", chain(&error));
            not_ready("the database does not answer")
        }
        Err(_) => not_ready("the database does not answer in time"),
    }
}
