//! What comes in and goes out: JSON with members that are known, problems for everything else.

use crate::problem::Problem;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use control::{Caller, Error};
use governance::{DecisionId, Value, canonical};

/// The caller; without one nothing goes on.
pub fn caller(who: app::ssr::SignedIn) -> Result<Caller, Problem> {
    who.0.ok_or_else(|| Error::Unauthenticated.into())
}

/// A decision's id. One that cannot be one is not there.
pub fn decision(id: String) -> Result<DecisionId, Problem> {
    DecisionId::new(id).map_err(|_| Error::NotFound("decision").into())
}

/// The body, or why it is none.
pub fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Problem> {
    match body {
        Ok(Json(body)) => Ok(body),
        Err(rejection) => {
            let status = match rejection.status() {
                StatusCode::UNSUPPORTED_MEDIA_TYPE => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::BAD_REQUEST,
            };
            Err(Problem::new(status, "INVALID_INPUT", rejection.body_text()))
        }
    }
}

/// An answer.
pub fn answer(status: StatusCode, value: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], canonical::to_string(value)).into_response()
}
