//! A request that hangs is answered in the end. Running a decision may take as long as its adapter may, and waiting as
//! long as the caller asked: those get that much and a little more. What counts is the time until the answer begins: a
//! stream may then go on for hours.

use crate::problem::Problem;
use crate::web::{Web, archive};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// For pages and downloads.
const USUAL: Duration = Duration::from_secs(30);
/// For making an archive, and waiting for one's turn.
const ARCHIVE: Duration = Duration::from_mins(5);

/// The middleware.
pub async fn time_limit(State(web): State<Web>, request: Request, next: Next) -> Response {
    let limit = limit_of(request.method(), request.uri().path(), web.call_limit);
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

fn limit_of(method: &Method, path: &str, call: Duration) -> Duration {
    if method == Method::GET && path.starts_with("/api/v1/decisions/") && path.ends_with("/wait") {
        control::wait::LONGEST + USUAL
    } else if method == Method::POST && path.starts_with("/api/") {
        call
    } else if method == Method::GET && path == archive::PATH {
        ARCHIVE
    } else {
        USUAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_take_long_gets_the_time_for_it() {
        let call = Duration::from_secs(90);
        for (method, path, seconds) in [
            (Method::GET, "/", 30),
            (Method::GET, "/api/v1/decisions", 30),
            (Method::GET, "/api/v1/decisions/dec_1/wait", 330),
            (Method::POST, "/api/v1/decisions/dec_1/execute", 90),
            (Method::POST, "/api/rename", 90),
            (Method::GET, "/decisions/dec_1/wait", 30),
            (Method::GET, "/audit/decisions.zip", 300),
            (Method::GET, "/audit", 30),
            (Method::POST, "/sign-in", 30),
        ] {
            assert_eq!(limit_of(&method, path, call).as_secs(), seconds, "{method} {path}");
        }
    }
}
