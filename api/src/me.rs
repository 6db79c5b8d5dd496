//! `GET /api/v1/me`: who the key or the session stands for.

use crate::Door;
use crate::body::answer;
use crate::caller::Caller;
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) fn doors() -> Vec<Door> {
    vec![Door::get("/api/v1/me", me)]
}

/// Who calls
///
/// Who the key or the session stands for, and what it may do at this moment.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "Caller",
    responses((status = 200, description = "Who calls.", body = wire::Me)))]
pub async fn me(Caller(caller): Caller) -> Response {
    answer(StatusCode::OK, &wire::Me::from(&caller))
}
