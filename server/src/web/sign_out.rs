//! `POST /sign-out`. Ends this browser's session, here and in the store; and at the provider that vouched for it, where
//! there is one: then the answer is a page that goes on there by itself, because browsers let no form lead elsewhere.

use super::Web;
use crate::problem::Problem;
use crate::sessions;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::{Html, IntoResponse, Redirect, Response};
use tower_sessions::Session;

/// Signs out.
pub async fn sign_out(State(web): State<Web>, session: Session) -> Response {
    let identity = match sessions::identity(&session).await {
        Ok(identity) => identity,
        Err(error) => return Problem::fault(&error).into_response(),
    };
    if let Err(error) = sessions::end(&session).await {
        return Problem::fault(&error).into_response();
    }
    let provider = identity.as_ref().and_then(|one| one.provider.as_deref());
    let Some(provider) = provider.and_then(|name| web.providers.oidc.get(name)) else {
        return Redirect::to("/sign-in").into_response();
    };
    let hint = identity.as_ref().and_then(|one| one.hint.as_deref());
    let home = format!("{}/signed-out", web.public_url.as_str());
    match provider.protocol.end_session_url(hint, &home).await {
        Some(url) => go_on(&url),
        None => Redirect::to("/signed-out").into_response(),
    }
}

/// A page that goes on to another site by itself, and has a link for where it does not.
fn go_on(url: &str) -> Response {
    let Ok(refresh) = HeaderValue::from_str(&format!("0; url={url}")) else {
        return Redirect::to("/signed-out").into_response();
    };
    let link = url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing out</title></head><body>\
         <main><h1>You are signed out here</h1><p><a href=\"{link}\">Sign out at your provider, too</a></p></main>\
         </body></html>"
    );
    ([("refresh", refresh)], Html(page)).into_response()
}
