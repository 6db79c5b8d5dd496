//! A panic ends one request, not the server, and tells the caller nothing about itself.

use crate::problem::Problem;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::io::Error;

/// Answers for a request that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the catching layer asks for")]
pub fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without words");
    Problem::fault(&Error::other(format!("panic: {text}"))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn breaks() -> &'static str {
        panic!("the password is swordfish")
    }

    #[tokio::test]
    async fn a_panic_becomes_a_fault_that_says_nothing() {
        let router = Router::new().route("/", get(breaks)).layer(CatchPanicLayer::custom(caught));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains("FAULT") && !body.contains("swordfish"), "{body}");
    }
}
