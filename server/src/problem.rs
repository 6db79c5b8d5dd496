//! The one translation of a use case's failure to HTTP: RFC 9457 problem details with a stable code.
//! A fault's text stays in the log; whoever called gets an id to ask about it by.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::error::Error as StdError;

/// An answer that says what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with its own words.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), retry_after: None }
    }

    /// Something broke here: logged with its whole chain, shown without it.
    pub fn fault(error: &(dyn StdError + 'static)) -> Self {
        let id = crate::random::hex(8);
        tracing::error!(fault.id = %id, "a request failed: {}", chain(error));
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "FAULT",
            format!("something went wrong on the server; the log knows it as `{id}`"),
        )
    }

    /// There is no such page.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is nothing at this address")
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// An error and what caused it, in one line.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl From<control::Error> for Problem {
    fn from(error: control::Error) -> Self {
        use control::Error as E;
        if error.is_fault() {
            return Self::fault(&error);
        }
        let status = match &error {
            E::Unauthenticated | E::Credentials => StatusCode::UNAUTHORIZED,
            E::Forbidden { .. } | E::KeyForbidden | E::LocalAccountsOff | E::Sso(_) => StatusCode::FORBIDDEN,
            E::NotFound(_) => StatusCode::NOT_FOUND,
            E::Changed { .. } | E::Exists(_) | E::Package(_) => StatusCode::CONFLICT,
            E::Refused(_) | E::Invalid { .. } | E::Import(_) => StatusCode::UNPROCESSABLE_ENTITY,
            E::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
            E::Fault(_) | E::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry_after = match &error {
            E::Throttled { retry_after_seconds } => Some(*retry_after_seconds),
            _ => None,
        };
        Self { status, code: error.code(), detail: error.to_string(), retry_after }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_status() {
        let forbidden = control::Error::Forbidden { need: "the admin role".to_owned() };
        for (error, status) in [
            (control::Error::Unauthenticated, 401),
            (forbidden, 403),
            (control::Error::NotFound("decision"), 404),
            (control::Error::Exists("template"), 409),
            (control::Error::Throttled { retry_after_seconds: 7 }, 429),
            (control::Error::Fault("disk on fire".to_owned()), 500),
        ] {
            let response = Problem::from(error).into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
            assert_eq!(response.headers().contains_key(RETRY_AFTER), status == 429);
        }
    }

    #[test]
    fn a_fault_is_not_shown() {
        let problem = Problem::from(control::Error::Fault("disk on fire".to_owned()));
        assert!(!problem.detail.contains("fire"));
    }
}
