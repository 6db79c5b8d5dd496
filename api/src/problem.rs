//! The one translation of a failure to HTTP: RFC 9457 problem details. A fault's text stays in the log; whoever called
//! gets a name to ask about it by.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::sync::Arc;

/// The request's name in the log, in `x-request-id`, and in the problem that it meets.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// An answer that says what went wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<wire::Problem>);

impl Problem {
    /// A problem with its own words.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(wire::Problem::new(status.as_u16(), code, detail)))
    }

    /// Something broke here: logged with its whole chain, shown without it.
    pub fn fault(error: &(dyn StdError + 'static)) -> Self {
        let id = random_id();
        tracing::error!(fault.id = %id, "a request failed: {}", chain(error));
        let words = format!("something went wrong on the server; the log knows it as `{id}`");
        let mut problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "FAULT", words);
        problem.0.trace_id = id;
        problem
    }

    /// There is nothing at this address.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is nothing at this address")
    }

    /// The same, about this member, parameter or header.
    #[must_use]
    pub fn about(mut self, field: Option<&str>) -> Self {
        self.0.field = field.map(str::to_owned);
        self
    }

    /// The same, with how long to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What a stream says that cannot go on.
    pub(crate) fn spoken(mut self, public_url: &str) -> String {
        self.finish(public_url, None);
        self.body()
    }

    fn finish(&mut self, public_url: &str, id: Option<String>) {
        let said = &mut self.0;
        if said.trace_id.is_empty() {
            said.trace_id = id.unwrap_or_else(random_id);
        }
        if said.kind.starts_with('/') {
            said.kind = format!("{public_url}{}", said.kind);
        }
    }

    fn body(&self) -> String {
        // A struct of texts and numbers always becomes JSON.
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

impl From<control::Error> for Problem {
    fn from(error: control::Error) -> Self {
        if error.is_fault() { Self::fault(&error) } else { Self(Box::new(wire::Problem::from(&error))) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // For `complete`, which knows what this place does not.
        response.extensions_mut().insert(self);
        response
    }
}

/// The middleware that completes problems with the server's address and the request's name, and gives the answers of
/// the machinery below (no such method, too large) the same form. The state is the public address.
pub async fn complete(State(public_url): State<Arc<str>>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let for_machines = request.uri().path().starts_with("/api/v1/");
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = response.extensions_mut().remove::<Problem>();
    let bare = for_machines && status.is_client_error() && !is_problem(&response);
    let Some(mut problem) = problem.or_else(|| bare.then(|| of_machinery(status))) else { return response };
    problem.finish(&public_url, id);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(problem.body());
    response
}

fn is_problem(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json")
}

fn of_machinery(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            let words = "this address does not take this method; the header `Allow` says which it takes";
            Problem::new(status, "METHOD_NOT_ALLOWED", words)
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            let words = format!("the body has more than {} bytes", crate::BODY_LIMIT);
            Problem::new(status, "TOO_LARGE", words)
        }
        _ => Problem::new(status, "INVALID_INPUT", "the request could not be read"),
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

/// A name for a fault; no secret: where the system gives nothing, it is all zeros.
fn random_id() -> String {
    let mut bytes = [0_u8; 8];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no random bytes");
    }
    bytes.iter().fold(String::with_capacity(16), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
