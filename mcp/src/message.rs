//! A message as it comes in: JSON that everybody reads alike, or none. Whoever looks at it on its way, the reader of the
//! protocol and the verifier of evidence must not see three different things, so that two members of one name are
//! refused here, anywhere in it, before anybody has chosen one.

use crate::MAX_BODY;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governance::json;
use rmcp::model::ErrorCode;

/// The middleware before the protocol. What it lets through is passed on to the letter.
pub async fn read_alike(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        let words = format!("the message has more than {MAX_BODY} bytes, or ended too early");
        return refused(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::INVALID_REQUEST, "TOO_LARGE", &words);
    };
    let read = match std::str::from_utf8(&bytes) {
        Ok(text) => json::parse(text).map(drop).map_err(|error| error.to_string()),
        Err(_) => Err("it is not UTF-8".to_owned()),
    };
    if let Err(why) = read {
        let words = format!("the message is not JSON that everybody reads alike: {why}");
        return refused(StatusCode::BAD_REQUEST, ErrorCode::PARSE_ERROR, "INVALID_JSON", &words);
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// An error of the protocol. It has no id: what was not read names none.
fn refused(status: StatusCode, number: ErrorCode, code: &'static str, words: &str) -> Response {
    let error = serde_json::json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": { "code": number.0, "message": words, "data": { "code": code } },
    });
    (status, Json(error)).into_response()
}
