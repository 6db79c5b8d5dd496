//! One attempt at the endpoint, and what it means: whether anything can have started there, and whether another
//! attempt makes sense.

use super::answer::plain;
use super::config::HttpConfig;
use super::resolve::Blocked;
use control::routers::SecretValues;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use std::error::Error as _;
use std::time::Duration;

/// Most bytes of an answer.
pub(super) const ANSWER_BYTES: usize = 1024 * 1024;
/// Most bytes that are read of a refusal's words.
const REFUSAL_BYTES: usize = 16 * 1024;
/// Longest wait that an endpoint can ask for: no run takes longer.
const LONGEST_WAIT: u64 = 24 * 3600;

/// How an attempt went.
#[derive(Debug)]
pub(super) enum Attempt {
    /// Status 200, and the whole body.
    Answered(Vec<u8>),
    /// Nothing was sent. `retry` where that may change.
    NotSent { words: String, retry: bool },
    /// A status of 400 to 499 other than 408: the endpoint did nothing. `retry` where it asks to come again, `after` so long.
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
pub(super) async fn send(
    client: &Client,
    config: &HttpConfig,
    secrets: &SecretValues,
    message: &Message<'_>,
) -> Attempt {
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
        Ok(response) => answered(response, secrets).await,
        Err(error) => broken(&error.without_url(), secrets),
    }
}

async fn answered(mut response: Response, secrets: &SecretValues) -> Attempt {
    let status = response.status();
    let after = retry_after(response.headers());
    // 408 is said by whoever got tired of waiting, which says nothing about the run.
    if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        return Attempt::Lost { words: format!("it answered {status}"), after };
    }
    if status.is_client_error() {
        // Its words are welcome, and not needed.
        let body = body(&mut response, REFUSAL_BYTES, secrets).await.unwrap_or_default();
        let said = plain(&String::from_utf8_lossy(&body), secrets);
        let words = if said.is_empty() { status.to_string() } else { format!("{status}: {said}") };
        return Attempt::Refused { words, retry: status == StatusCode::TOO_MANY_REQUESTS, after };
    }
    if status != StatusCode::OK {
        let words = format!("it answered {status}; only 200 with the result of the run is an answer");
        return Attempt::Unusable(words);
    }
    match body(&mut response, ANSWER_BYTES, secrets).await {
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

async fn body(response: &mut Response, limit: usize, secrets: &SecretValues) -> Result<Vec<u8>, Cut> {
    let mut bytes = Vec::new();
    let broken = |error: reqwest::Error| Cut::Broken(chain(&error.without_url(), secrets));
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(Cut::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken(error: &reqwest::Error, secrets: &SecretValues) -> Attempt {
    let words = chain(error, secrets);
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
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More than can be counted is long enough.
    number.then(|| Duration::from_secs(text.parse().unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)))
}

/// An error and what lies under it; the first sentence of `reqwest` alone says nothing.
fn chain(error: &reqwest::Error, secrets: &SecretValues) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        text = format!("{text}: {source}");
        below = source.source();
    }
    plain(&text, secrets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_longer_than_a_day_however_long_is_asked_for() {
        for (text, seconds) in [
            ("0", Some(0)),
            (" 7 ", Some(7)),
            ("86401", Some(86_400)),
            ("18446744073709551615", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("Sat, 21 Nov 2026 12:00:00 GMT", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(retry_after(&headers), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
