//! Too many attempts: the page that the form was on, with status 429 and `Retry-After`, for people and for programs.

use super::Web;
use app::ssr::SignedIn;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

/// Renders the page again for the same person, saying that one has to wait.
pub async fn throttled(web: &Web, who: SignedIn, page: &str, typed: &str, seconds: u64) -> Response {
    let mut response = match format!("{page}?error=THROTTLED&{typed}").parse::<Uri>() {
        Ok(uri) => {
            let mut request = Request::new(Body::empty());
            *request.method_mut() = Method::GET;
            *request.uri_mut() = uri;
            request.extensions_mut().insert(who);
            super::pages::render(web, request).await
        }
        Err(_) => StatusCode::TOO_MANY_REQUESTS.into_response(),
    };
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
