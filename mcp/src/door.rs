//! What stands before every message: nobody comes in without a caller, not even to say hello, and whoever is turned
//! away is told where a token comes from (RFC 9728).

use crate::{PATH, metadata, owners::Owners};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::Caller;
use std::sync::Arc;
use wire::Problem;

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

/// Who calls, as the server's middleware found them.
#[derive(Debug, Clone)]
pub struct Who(pub Option<Caller>);

/// What the guard knows.
#[derive(Clone)]
pub struct Guard {
    /// Whose the sessions are.
    pub owners: Owners,
    /// How people reach the server.
    pub public_url: Arc<str>,
}

/// The middleware before the protocol: a caller, and in an older session nobody but who began it.
pub async fn callers_only(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let Some(Who(Some(caller))) = request.extensions().get::<Who>().cloned() else {
        let detail = "this needs a key or a signed-in person: send `Authorization: Bearer nxc_…`";
        let response = problem(&guard.public_url, StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", detail);
        return challenged(response, &guard.public_url);
    };
    let session = session_of(request.headers());
    if session.as_deref().is_some_and(|id| !guard.owners.is_of(id, &caller)) {
        // What is another's is not there; clients answer this by beginning a session of their own.
        let detail = "there is no such session; begin a new one with `initialize`";
        return problem(&guard.public_url, StatusCode::NOT_FOUND, "NOT_FOUND", detail);
    }
    let ends = request.method() == Method::DELETE;
    let mut response = next.run(request).await;
    if ends && response.status() == StatusCode::ACCEPTED {
        // It has ended: some clients take "accepted" for a failure.
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    if session.is_none()
        && let Some(begun) = session_of(response.headers())
    {
        guard.owners.began(&begun, &caller).await;
    }
    response
}

/// A middleware for around the whole site: every 401 of this door says where a token comes from, also one that was
/// answered before the door was reached.
pub async fn challenge(State(public_url): State<Arc<str>>, request: Request, next: Next) -> Response {
    let is_ours = request.uri().path() == PATH;
    let response = next.run(request).await;
    if is_ours && response.status() == StatusCode::UNAUTHORIZED {
        challenged(response, &public_url)
    } else {
        response
    }
}

fn challenged(mut response: Response, public_url: &str) -> Response {
    let text = format!("Bearer resource_metadata=\"{public_url}{}{PATH}\"", metadata::PATH);
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

/// One that is no text is a session of nobody.
fn session_of(headers: &HeaderMap) -> Option<String> {
    headers.get(SESSION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn problem(public_url: &str, status: StatusCode, code: &'static str, detail: &str) -> Response {
    let mut problem = Problem::new(status.as_u16(), code, detail);
    problem.kind.insert_str(0, public_url);
    let mut problem = serde_json::to_value(problem).unwrap_or_default();
    if let Some(members) = problem.as_object_mut() {
        // Nothing was logged that one could ask about.
        members.remove("trace_id");
    }
    let mut response = (status, Json(problem)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
