//! The name of a browser that has begun to sign in: a random cookie that ties a provider's answer, or a code, to the
//! browser that asked for it. It signs nobody in.

use super::Web;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::response::Response;
use control::Error;
use tower_sessions::cookie::{Cookie, SameSite, time::Duration};

/// How long the cookie lives; a sign-in itself waits less long.
const MINUTES: i64 = 60;

fn name(web: &Web) -> &'static str {
    if web.public_url.is_https() { "__Host-nexus-browser" } else { "nexus-browser" }
}

/// The browser's name, when it has one of the form that we give.
pub fn browser(web: &Web, headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).flatten();
    let found = cookies.find(|cookie| cookie.name() == name(web))?;
    let given = found.value();
    (given.len() == 64 && given.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| given.to_owned())
}

/// The browser's name, and a new one where it has none.
pub fn browser_or_new(web: &Web, headers: &HeaderMap) -> Result<String, Error> {
    browser(web, headers).map_or_else(|| web.app.control.browser_name(), Ok)
}

/// Gives the browser its name.
pub fn remember(web: &Web, browser: &str, mut response: Response) -> Response {
    let cookie = Cookie::build((name(web), browser.to_owned()))
        .path("/")
        .http_only(true)
        .secure(web.public_url.is_https())
        // A provider sends people back by a link, which `Strict` would not let the cookie follow.
        .same_site(SameSite::Lax)
        .max_age(Duration::minutes(MINUTES))
        .build();
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
