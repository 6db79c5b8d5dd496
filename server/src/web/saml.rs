//! Sign-in with SAML 2.0: there and back. The provider posts from its own site, where our cookies do not come along, so
//! its answer is first handed to a page of ours that posts it again by itself; only that second step does anything.

use super::Web;
use super::browser_cookie::{browser, browser_or_new, remember};
use super::oidc::{Begin, not_done, proven, proven_at, purpose, refused, still_there};
use super::sign_in::enter;
use crate::problem::Problem;
use crate::sessions::{Browser, Proof};
use app::ssr::SignedIn;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use control::Error;
use control::access::attempt::{Attempt, Purpose, kept_next};
use control::access::sso::SsoRefusal;
use governance::Timestamp;
use leptos::nonce::Nonce;
use serde::Deserialize;
use tower_sessions::Session;

/// `GET /sign-in/saml/{name}/metadata`: what the provider has to know of us.
pub async fn metadata(State(web): State<Web>, Path(name): Path<String>) -> Response {
    match web.providers.saml.get(&name) {
        Some(provider) => {
            ([(CONTENT_TYPE, "application/samlmetadata+xml")], provider.protocol.metadata()).into_response()
        }
        None => Problem::not_found().into_response(),
    }
}

/// `GET /sign-in/saml/{name}`: to the provider.
pub async fn begin(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(who): Extension<SignedIn>,
    headers: HeaderMap,
    Query(wish): Query<Begin>,
) -> Response {
    let purpose = match purpose(&web, &who, &wish, &headers) {
        Ok(purpose) => purpose,
        Err(response) => return *response,
    };
    match to_provider(&web, &name, purpose, &wish.next, &headers).await {
        Ok(response) => response,
        Err(error) => refused(error, &wish.next),
    }
}

async fn to_provider(
    web: &Web,
    name: &str,
    purpose: Purpose,
    next: &str,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let provider = web.providers.saml.get(name).ok_or(Error::NotFound("sign-in provider"))?;
    let browser = browser_or_new(web, headers)?;
    // An id may not begin with a digit.
    let request_id = format!("id-{}", web.app.control.browser_name()?);
    let now = web.app.control.now().micros() / 1_000_000;
    let fresh = matches!(purpose, Purpose::Again(_) | Purpose::Link(_));
    let attempt = Attempt::Provider {
        provider: name.to_owned(),
        secrets: vec![request_id.clone()],
        purpose,
        next: kept_next(next),
        begun_at: now,
    };
    let state = web.app.control.begin_attempt(&browser, &attempt).await?;
    let url = provider.protocol.begin(&state, fresh, &request_id, now).map_err(|error| not_done(&error))?;
    Ok(remember(web, &browser, Redirect::to(&url).into_response()))
}

/// What the provider lets the browser post.
#[derive(Deserialize)]
pub struct Answer {
    #[serde(rename = "SAMLResponse", default)]
    response: String,
    #[serde(rename = "RelayState", default)]
    state: String,
}

/// `POST /sign-in/saml/{name}/acs`: from the provider's site. Reads nothing and decides nothing.
pub async fn acs(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(nonce): Extension<Nonce>,
    form: Result<Form<Answer>, FormRejection>,
) -> Response {
    if !web.providers.saml.contains_key(&name) {
        return Problem::not_found().into_response();
    }
    let Ok(Form(answer)) = form else { return refused(SsoRefusal::State.into(), "") };
    let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=\r\n".contains(c);
    let hex = |c: char| c.is_ascii_hexdigit();
    if !answer.response.chars().all(base64) || !answer.state.chars().all(hex) {
        return refused(SsoRefusal::NotProven.into(), "");
    }
    let (response, state) = (answer.response, answer.state);
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head><body><main>\
         <h1>Signing in</h1><form method=\"post\" action=\"/sign-in/saml/{name}/finish\">\
         <input type=\"hidden\" name=\"SAMLResponse\" value=\"{response}\">\
         <input type=\"hidden\" name=\"RelayState\" value=\"{state}\"><button type=\"submit\">Continue</button></form>\
         </main><script nonce=\"{nonce}\">document.forms[0].submit()</script></body></html>"
    );
    Html(page).into_response()
}

/// `POST /sign-in/saml/{name}/finish`: the same from our own page, with the cookie of the browser that began it.
pub async fn finish(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(who): Extension<SignedIn>,
    Extension(from): Extension<Browser>,
    session: Session,
    headers: HeaderMap,
    form: Result<Form<Answer>, FormRejection>,
) -> Response {
    let Ok(Form(answer)) = form else { return refused(SsoRefusal::State.into(), "") };
    match finished(&web, &name, &who, &from, &headers, answer).await {
        Ok((who, proof, next)) => enter(&web, &session, &who, proof, &from, &next).await,
        Err(error) => refused(error, ""),
    }
}

async fn finished(
    web: &Web,
    name: &str,
    who: &SignedIn,
    from: &Browser,
    headers: &HeaderMap,
    answer: Answer,
) -> Result<(control::access::SignedIn, Proof, String), Error> {
    let provider = web.providers.saml.get(name).ok_or(SsoRefusal::State)?;
    let browser = browser(web, headers).ok_or(SsoRefusal::State)?;
    let taken = web.app.control.take_attempt(&answer.state, &browser).await?;
    let Some(Attempt::Provider { provider: begun_at_name, secrets, purpose, next, begun_at }) = taken else {
        return Err(SsoRefusal::State.into());
    };
    if begun_at_name != name {
        return Err(SsoRefusal::State.into());
    }
    let request_id = secrets.into_iter().next().unwrap_or_default();
    let fresh_since = matches!(purpose, Purpose::Again(_) | Purpose::Link(_)).then_some(begun_at);
    let now = web.app.control.now().micros() / 1_000_000;
    let (web_too, of) = (web.clone(), name.to_owned());
    // Parsing and checking XML signatures takes its time.
    let told = tokio::task::spawn_blocking(move || {
        let provider = web_too.providers.saml.get(&of)?;
        Some(provider.protocol.finish(&answer.response, &request_id, fresh_since, now))
    })
    .await
    .map_err(|error| Error::Fault(error.to_string()))?
    .ok_or(SsoRefusal::State)?
    .map_err(|error| not_done(&error))?;
    let until = Timestamp::from_micros(told.expires_at.saturating_mul(1_000_000));
    if !web.app.control.first_use(&told.claims.issuer, &told.assertion_id, until).await? {
        return Err(SsoRefusal::State.into());
    }
    still_there(web, who, &purpose)?;
    let workspace = who.0.as_ref().map(|caller| &caller.workspace);
    let proven = proven(&told.claims);
    let who =
        web.app.control.sign_in_through(&provider.rules, &proven, &purpose, workspace, &from.address).await?;
    let proof =
        Proof { proven_at: Some(proven_at(&told.claims)), provider: Some(name.to_owned()), hint: None };
    Ok((who, proof, next))
}
