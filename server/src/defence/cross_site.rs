//! Refuses unsafe requests that another site's page made in a signed-in browser's name. No token is needed, so
//! plain forms work; browsers say themselves where a request comes from.

use crate::problem::Problem;
use crate::web::Web;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The middleware.
pub async fn cross_site(State(web): State<Web>, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    if comes_from_elsewhere(request.uri().path())
        || is_allowed(request.method(), request.headers(), authority.as_deref(), web.public_url.as_str())
    {
        return next.run(request).await;
    }
    tracing::warn!(path = %super::access_log::masked(request.uri().path()), "a cross-site request was refused");
    Problem::new(
        StatusCode::FORBIDDEN,
        "CROSS_SITE",
        "this request came from another site; open the page here and try again",
    )
    .into_response()
}

/// The one address that another site's page posts to by design: it only hands what it gets to a page of ours.
fn comes_from_elsewhere(path: &str) -> bool {
    cfg!(feature = "saml") && path.starts_with("/sign-in/saml/") && path.ends_with("/acs")
}

/// `authority` is the request's own, as HTTP/2 sends it instead of `Host`.
fn is_allowed(method: &Method, headers: &HeaderMap, authority: Option<&str>, public_url: &str) -> bool {
    // A WebSocket begins as a GET and could do anything afterwards.
    let upgrade = headers.contains_key("upgrade");
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) && !upgrade {
        return true;
    }
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or("?"));
    if let Some(site) = text(axum::http::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    match text(ORIGIN) {
        Some(origin) if origin.eq_ignore_ascii_case(public_url) => true,
        Some(origin) => {
            let host = text(HOST).or(authority);
            let of_origin = origin.split_once("://").map(|(_, host)| host);
            of_origin.zip(host).is_some_and(|(ours, theirs)| ours.eq_ignore_ascii_case(theirs))
        }
        // No browser of the last years: a tool. Then there must be nothing that a browser adds by itself.
        None => !headers.contains_key(COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(method: &Method, pairs: &[(&'static str, &'static str)]) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        is_allowed(method, &headers, None, "https://nexus.example")
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        let post = Method::POST;
        for (headers, expected) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            // The stronger word wins, whatever the weaker says.
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://nexus.example")], false),
            (&[("origin", "https://nexus.example")], true),
            (&[("origin", "http://10.0.0.1:3000"), ("host", "10.0.0.1:3000")], true),
            (&[("origin", "http://10.0.0.1:3001"), ("host", "10.0.0.1:3000")], false),
            (&[("origin", "https://evil.example"), ("host", "nexus.example")], false),
            (&[("origin", "null"), ("host", "nexus.example")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("host", "nexus.example")], true),
            (&[("host", "nexus.example"), ("cookie", "a=b")], false),
        ] {
            assert_eq!(allowed(&post, headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn reading_is_free_and_upgrading_is_not() {
        let cross = ("sec-fetch-site", "cross-site");
        assert!(allowed(&Method::GET, &[cross]));
        assert!(!allowed(&Method::GET, &[cross, ("upgrade", "websocket")]));
        assert!(!allowed(&Method::DELETE, &[cross]));
    }
}
