//! `Idempotency-Key`: a call that comes twice is done once, and answered twice alike. A program that lost the connection
//! asks again with the same key and learns how its call ended.
//!
//! A call is claimed before anything is done and settled with its answer. In between it has a task of its own, so that
//! a connection that breaks cuts nothing off. Refuses to guess: where nobody knows whether a call was done, it says so.

use crate::{Api, BODY_LIMIT, Problem, Who};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::idempotency::{Answer, Claim, Repeat, well_formed};
use control::{Caller, Control};
use governance::Timestamp;
use governance::digest::sha256_hex;
use tracing::Instrument as _;

/// The header of the call.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Stands as the status of an answer that is none: the call broke, and may have been done or not.
const BROKE: u16 = 0;
/// How soon to ask again for the answer of a call that is still going on.
const ASK_AGAIN_SECONDS: u64 = 1;

/// Put into an answer that holds a secret: what is kept, and given to whoever asks again, instead of its body.
#[derive(Debug, Clone)]
pub struct KeepInstead(pub String);

/// The middleware; it needs to know who calls.
pub async fn once(State(api): State<Api>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let key = match key_of(request.headers()) {
        Ok(Some(key)) if !answers_alike(request.uri().path()) => key,
        Ok(_) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    // Nobody's call is refused anyway.
    let Some(caller) = request.extensions().get::<Who>().and_then(|who| who.0.clone()) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        let words = format!("the body has more than {BODY_LIMIT} bytes, or ended too early");
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", words).into_response();
    };
    let address = parts.uri.path_and_query().map_or(parts.uri.path(), |address| address.as_str());
    let digest = digest(parts.method.as_str(), address, &body);
    let request = Request::from_parts(parts, Body::from(body));
    // From taking the key on: a caller who hangs up in between must not leave a key that nobody answers for.
    let call = async move {
        match claim(&api, &caller, &key, digest).await {
            Ok(Ok(claim)) => settled(&api.control, &claim, next.run(request).await).await,
            Ok(Err(answer)) => replayed(answer),
            Err(problem) => problem.into_response(),
        }
    };
    match tokio::spawn(call.in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            // Whoever catches panics answers; the claim stays, since nobody knows what was done.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Problem::fault(&error).into_response(),
        },
    }
}

/// What answers alike to the same words by itself, so that nothing of it is kept. Reports on a run: a broken answer kept
/// under a key would keep a result from being recorded that is known. Verifying: it changes nothing.
fn answers_alike(path: &str) -> bool {
    path.starts_with("/api/v1/runs/") || path == "/api/v1/verify"
}

/// The key, when there is one. Two say nothing.
fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(key), None) => {
            let key = String::from_utf8_lossy(key.as_bytes()).into_owned();
            well_formed(&key)?;
            Ok(Some(key))
        }
        (Some(_), Some(_)) => {
            let problem = Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "INVALID_INPUT",
                "the header `Idempotency-Key` is there more than once; send one",
            );
            Err(problem.about(Some("Idempotency-Key")))
        }
    }
}

/// The claim for a call that is the first, or the answer that it got before.
async fn claim(
    api: &Api,
    caller: &Caller,
    key: &str,
    digest: String,
) -> Result<Result<Claim, Answer>, Problem> {
    let conflict = |code, words| Problem::new(StatusCode::CONFLICT, code, words);
    match api.control.claim(caller, key, digest).await? {
        Repeat::First(claim) => Ok(Ok(claim)),
        Repeat::Answered(Answer { status: BROKE, .. }) => Err(unknown()),
        Repeat::Answered(answer) => Ok(Err(answer)),
        Repeat::Other => Err(conflict(
            "IDEMPOTENCY_KEY_REUSED",
            "this Idempotency-Key was used for another call; use a new one for a new call",
        )),
        Repeat::Unanswered(since) if is_over(api, since) => Err(unknown()),
        Repeat::Unanswered(_) => Err(conflict(
            "IDEMPOTENCY_KEY_IN_USE",
            "the first call with this Idempotency-Key is still going on; ask again in a moment",
        )
        .retry_after(ASK_AGAIN_SECONDS)),
    }
}

/// Whether a call of then cannot be going on any more.
fn is_over(api: &Api, since: Timestamp) -> bool {
    let limit = i64::try_from(api.call_limit.as_secs()).unwrap_or(i64::MAX / 4);
    api.control.now() >= since.plus_seconds(limit)
}

fn unknown() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "IDEMPOTENCY_OUTCOME_UNKNOWN",
        "the first call with this Idempotency-Key was interrupted, and nobody knows how far it came; look whether \
         it was done, then call again with a new key",
    )
}

/// Keeps the answer before it is given.
async fn settled(control: &Control, claim: &Claim, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return Problem::fault(&error).into_response(),
    };
    let kept = if was_never_begun(parts.status) {
        control.release(claim).await
    } else if parts.status.is_server_error() {
        // It may have been done and it may not: whoever asks again is told just that.
        let broke =
            Answer { status: BROKE, content_type: String::new(), location: None, body: String::new() };
        control.settle(claim, &broke).await
    } else {
        control.settle(claim, &answer(&parts, &body)).await
    };
    if let Err(error) = kept {
        // The call was done; not to say so would be worse. Asked again, it is unknown.
        tracing::error!("an answer was not kept: {}", crate::problem::chain(&error));
    }
    Response::from_parts(parts, Body::from(body))
}

/// Answers of calls that were turned away before they did anything, for a reason that passes.
fn was_never_begun(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::TOO_MANY_REQUESTS
    )
}

fn answer(parts: &Parts, body: &Bytes) -> Answer {
    let text =
        |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = match parts.extensions.get::<KeepInstead>() {
        Some(KeepInstead(body)) => body.clone(),
        None => String::from_utf8_lossy(body).into_owned(),
    };
    Answer {
        status: parts.status.as_u16(),
        content_type: text(CONTENT_TYPE).unwrap_or_default(),
        location: text(LOCATION),
        body,
    }
}

/// The answer that was given before, marked as such.
fn replayed(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, text) in [(CONTENT_TYPE, Some(answer.content_type)), (LOCATION, answer.location)] {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(name, value);
        }
    }
    response
}

/// What makes two calls the same one.
fn digest(method: &str, address: &str, body: &[u8]) -> String {
    let mut call = format!("{method}\n{address}\n").into_bytes();
    call.extend_from_slice(body);
    sha256_hex(&call)
}
