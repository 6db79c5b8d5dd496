//! A request that hangs is answered in the end. Running a decision may take as long as its adapter may:
//! calls to server functions get that much and a little more.

use crate::problem::Problem;
use crate::web::Web;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// For pages and downloads.
const USUAL: Duration = Duration::from_secs(30);

/// The middleware.
pub async fn time_limit(State(web): State<Web>, request: Request, next: Next) -> Response {
    let call = request.method() == Method::POST && request.uri().path().starts_with("/api/");
    let limit = if call { web.call_limit } else { USUAL };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "TIMEOUT",
            "the server took too long; please try again",
        )
        .into_response(),
    }
}
