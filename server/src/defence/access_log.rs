//! One line for each request: who asked is in the audit log, what was asked is here, without query or body,
//! since those may hold what people typed.

use api::RequestId;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use control::key::PREFIX;
use std::time::Instant;
use tracing::Instrument as _;

/// The middleware. The request's name is always ours: a caller's could be anything.
pub async fn access_log(mut request: Request, next: Next) -> Response {
    let id = crate::random::hex(8);
    let began = Instant::now();
    let method = request.method().clone();
    let path = masked(request.uri().path());
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

/// A path without what makes a key open anything. No address here holds a key; somebody who pastes one into an address
/// should not find it in the log too.
pub(super) fn masked(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let (before, key) = segment.split_at(segment.find(PREFIX).unwrap_or(segment.len()));
        let mut parts = key.splitn(3, '_');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(prefix), Some(id), Some(_)) => format!("{before}{prefix}_{id}_…"),
            _ => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn is_background(path: &str) -> bool {
    path.starts_with("/pkg/") || path == "/healthz" || path == "/readyz"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_an_address_is_named_and_not_told() {
        for (path, logged) in [
            ("/decisions/dec_1", "/decisions/dec_1"),
            ("/api/v1/keys/nxc_abc123/revoke", "/api/v1/keys/nxc_abc123/revoke"),
            ("/api/v1/keys/nxc_abc123_s3cret/revoke", "/api/v1/keys/nxc_abc123_…/revoke"),
            ("/x=nxc_abc123_s3_cret/nxc_b_t", "/x=nxc_abc123_…/nxc_b_…"),
            ("/nxc_a_snxc_b_t", "/nxc_a_…"),
            ("//", "//"),
        ] {
            assert_eq!(masked(path), logged);
        }
    }
}
