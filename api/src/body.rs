//! What comes in and goes out. A body is JSON that everybody reads alike, with members that are known: two of one name,
//! unknown ones, and integers that other programs would round are refused with words.

use crate::reader::Reader;
use crate::{BODY_LIMIT, Problem};
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use governance::{Value, json};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest integer that every program reads exactly: 2^53 - 1.
const LARGEST: u64 = (1 << 53) - 1;

/// A body that was read into its type.
pub struct Given<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let value = document(request).await?;
        exact(&value)?;
        typed(&value).map(Self)
    }
}

/// A body that is evidence: any JSON that everybody reads alike, of any numbers.
pub struct Document(pub Value);

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        document(request).await.map(Self)
    }
}

/// No body, or an empty object: for what needs no words.
pub struct Nothing;

impl<S: Sync> FromRequest<S> for Nothing {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let is_json = is_json(&request);
        let bytes = whole(request).await?;
        if bytes.is_empty() {
            return Ok(Self);
        }
        if !is_json {
            return Err(wrong_type());
        }
        match parsed(&bytes)?.as_object() {
            Some(members) if members.is_empty() => Ok(Self),
            _ => Err(invalid(None, "this takes no words; send no body, or `{}`")),
        }
    }
}

async fn document(request: Request) -> Result<Value, Problem> {
    if !is_json(&request) {
        return Err(wrong_type());
    }
    parsed(&whole(request).await?)
}

async fn whole(request: Request) -> Result<Bytes, Problem> {
    to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| {
        let words = format!("the body has more than {BODY_LIMIT} bytes, or ended too early");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", words)
    })
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn wrong_type() -> Problem {
    let words = "send JSON, with the header `Content-Type: application/json`";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "WRONG_CONTENT_TYPE", words)
}

fn parsed(bytes: &[u8]) -> Result<Value, Problem> {
    let bad = |words: String| Problem::new(StatusCode::BAD_REQUEST, "INVALID_JSON", words);
    let text = std::str::from_utf8(bytes).map_err(|_| bad("the body is not UTF-8".to_owned()))?;
    json::parse(text)
        .map_err(|error| bad(format!("the body is not JSON that everybody reads alike: {error}")))
}

/// Refuses integers that a reader with floating point numbers would round.
fn exact(value: &Value) -> Result<(), Problem> {
    match value {
        Value::Int(text) if value.as_i64().is_none_or(|number| number.unsigned_abs() > LARGEST) => {
            let shown: String = text.chars().take(40).collect();
            Err(invalid(
                None,
                format!("the integer {shown} lies beyond 2^53, which not every program reads exactly"),
            ))
        }
        Value::Array(items) => items.iter().try_for_each(exact),
        Value::Object(members) => members.values().try_for_each(exact),
        _ => Ok(()),
    }
}

/// The value as its type; words say which member is wrong.
pub fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Reader(value)).map_err(|error| {
        let (path, words) = (error.path().to_string(), error.inner().to_string());
        if path == "." { invalid(None, words) } else { invalid(Some(&path), format!("`{path}`: {words}")) }
    })
}

/// What was sent says no.
pub fn invalid(field: Option<&str>, words: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "INVALID_INPUT", words).about(field)
}

/// An answer, kept by nobody on the way.
pub fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => {
            let head = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (status, head, text).into_response()
        }
        Err(error) => Problem::fault(&error).into_response(),
    }
}
