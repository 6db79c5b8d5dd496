//! One attempt at the endpoint, and what it means: whether anything can have started there, and whether another
//! attempt makes sense.

use super::answer::plain;
use super::config::HttpConfig;
use super::resolve::Blocked;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use std::error::Error as _;
use std::time::Duration;

/// Most bytes of an answer.
pub(super) const ANSWER_BYTES: usize = 1024 * 1024;
/// Most bytes that are read of a refusal's words.
const REFUSAL_BYTES: usize = 16 * 1024;

/// How an attempt went.
#[derive(Debug)]
pub(super) enum Attempt {
    /// Status 200, and the whole body.
    Answered(Vec<u8>),
    /// Nothing was sent. `retry` where that may change.
    NotSent { words: String, retry: bool },
    /// A status of 400 to 499: the endpoint did nothing. `retry` where it asks to come again, `after` so long.
    Refused { words: String, retry: bool, after: Option<Duration> },
    /// It was sent, and nobody knows what came of it.
    Lost { words: String, after: Option<Duration> },
    /// It was sent, and what came back is no answer.
    Unusable(String),
}

/// What one request needs beside its address.
pub(super) struct Message<'a> {
    pub(super) id: &'a str,
    pub(super) seconds: i64,
    pub(super) signature: &'a str,
    pub(super) body: &'a str,
}

/// Sends once and reads what comes back.
pub(super) async fn send(client: &Client, config: &HttpConfig, message: &Message<'_>) -> Attempt {
    let sent = client
        .post(config.url.0.clone())
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.seconds)
        .header("webhook-signature", message.signature)
        .header("idempotency-key", message.id)
        .body(message.body.to_owned())
        .send()
        .await;
    match sent {
        Ok(response) => answered(response).await,
        Err(error) => broken(&error.without_url()),
    }
}

async fn answered(mut response: Response) -> Attempt {
    let status = response.status();
    let after = retry_after(response.headers());
    if status.is_client_error() {
        // Its words are welcome, and not needed.
        let body = body(&mut response, REFUSAL_BYTES).await.unwrap_or_default();
        let said = plain(&String::from_utf8_lossy(&body));
        let words = if said.is_empty() { status.to_string() } else { format!("{status}: {said}") };
        return Attempt::Refused { words, retry: status == StatusCode::TOO_MANY_REQUESTS, after };
    }
    if status.is_server_error() {
        return Attempt::Lost { words: format!("it answered {status}"), after };
    }
    if status != StatusCode::OK {
        let words = format!("it answered {status}; only 200 with the result of the run is an answer");
        return Attempt::Unusable(words);
    }
    match body(&mut response, ANSWER_BYTES).await {
        Ok(bytes) => Attempt::Answered(bytes),
        Err(Cut::TooLong) => Attempt::Unusable(format!("its answer is longer than {ANSWER_BYTES} bytes")),
        Err(Cut::Broken(words)) => Attempt::Lost { words, after: None },
    }
}

/// Why a body was not read to its end.
enum Cut {
    TooLong,
    Broken(String),
}

async fn body(response: &mut Response, limit: usize) -> Result<Vec<u8>, Cut> {
    let mut bytes = Vec::new();
    while let Some(chunk) =
        response.chunk().await.map_err(|error| Cut::Broken(chain(&error.without_url())))?
    {
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(Cut::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken(error: &reqwest::Error) -> Attempt {
    let words = chain(error);
    if error.is_connect() {
        // An address that may not be used will not become one that may.
        return Attempt::NotSent { words, retry: blocked(error).is_none() };
    }
    Attempt::Lost { words, after: None }
}

fn blocked(error: &reqwest::Error) -> Option<&Blocked> {
    let mut below = error.source();
    while let Some(source) = below {
        if let Some(blocked) = source.downcast_ref::<Blocked>() {
            return Some(blocked);
        }
        below = source.source();
    }
    None
}

/// Only seconds are understood; a date counts as nothing said.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// An error and what lies under it; the first sentence of `reqwest` alone says nothing.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        text = format!("{text}: {source}");
        below = source.source();
    }
    plain(&text)
}
