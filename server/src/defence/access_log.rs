//! One line for each request: who asked is in the audit log, what was asked is here, without query or body,
//! since those may hold what people typed.

use api::RequestId;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument as _;

/// The middleware. The request's name is always ours: a caller's could be anything.
pub async fn access_log(mut request: Request, next: Next) -> Response {
    let id = crate::random::hex(8);
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if is_background(&path) {
            tracing::debug!(status, ms, "{method} {path}");
        } else {
            tracing::info!(status, ms, "{method} {path}");
        }
    });
    response
}

fn is_background(path: &str) -> bool {
    path.starts_with("/pkg/") || path == "/healthz" || path == "/readyz"
}
