//! Sign-in with OpenID Connect: there and back. The protocol is `sso`'s and who
//! may come in is `control`'s; here stands what a browser and its cookies have to do with it.

use super::Web;
use super::browser_cookie::{browser, browser_or_new, remember};
use super::path::query_value;
use super::sign_in::enter;
use crate::problem::{Problem, chain};
use crate::providers::Oidc;
use crate::sessions::{Browser, Proof};
use app::ssr::SignedIn;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use control::Error;
use control::access::attempt::{Attempt, Purpose, kept_next};
use control::access::sso::{Proven, SsoRefusal};
use governance::Timestamp;
use serde::Deserialize;
use sso::oidc::{Begun, Callback, Wish};
use sso::{Claims, SsoError};
use tower_sessions::Session;

/// Where to go on to, and why somebody goes to a provider.
#[derive(Deserialize)]
pub struct Begin {
    #[serde(default)]
    pub next: String,
    #[serde(default)]
    pub purpose: String,
    #[serde(default)]
    pub invitation: String,
}

/// `GET /sign-in/oidc/{name}`: to the provider.
pub async fn begin(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(who): Extension<SignedIn>,
    headers: HeaderMap,
    Query(wish): Query<Begin>,
) -> Response {
    let Some(provider) = web.providers.oidc.get(&name) else { return Problem::not_found().into_response() };
    let purpose = match purpose(&web, &who, &wish, &headers) {
        Ok(purpose) => purpose,
        Err(response) => return *response,
    };
    match to_provider(&web, provider, &name, purpose, &wish.next, &headers).await {
        Ok(response) => response,
        Err(error) => refused(error, &wish.next),
    }
}

/// What for. Linking asks for a session that was signed in to a short while ago, and for a link on a page of ours:
/// another site could have signed this browser in at the provider as somebody else.
pub fn purpose(
    web: &Web,
    who: &SignedIn,
    wish: &Begin,
    headers: &HeaderMap,
) -> Result<Purpose, Box<Response>> {
    let at_sign_in = |page: &str, code: &str| {
        let next = query_value(&wish.next);
        Box::new(Redirect::to(&format!("{page}?error={code}&next={next}")).into_response())
    };
    match (wish.purpose.as_str(), &who.0) {
        ("", _) if !wish.invitation.is_empty() => {
            let token = wish.invitation.len() == 64 && wish.invitation.bytes().all(|b| b.is_ascii_hexdigit());
            if token && from_our_page(headers, web.public_url.as_str()) {
                Ok(Purpose::Join(wish.invitation.clone()))
            } else {
                Err(at_sign_in("/sign-in", "SSO_STATE"))
            }
        }
        ("", _) => Ok(Purpose::SignIn),
        ("again" | "link", None) => Err(at_sign_in("/sign-in", "UNAUTHENTICATED")),
        ("again", Some(caller)) => Ok(Purpose::Again(caller.person.to_string())),
        ("link", Some(_)) if !from_our_page(headers, web.public_url.as_str()) => {
            Err(at_sign_in("/sign-in/again", "SSO_STATE"))
        }
        ("link", Some(caller)) => match web.app.control.may_link(caller) {
            Ok(()) => Ok(Purpose::Link(caller.person.to_string())),
            Err(error) => Err(at_sign_in("/sign-in/again", error.code())),
        },
        _ => Err(Box::new(Problem::not_found().into_response())),
    }
}

/// Whether a click on one of our pages led here, as the browser says.
fn from_our_page(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text("referer")
            .and_then(|page| page.strip_prefix(public_url))
            .is_some_and(|path| path.starts_with('/')),
    }
}

async fn to_provider(
    web: &Web,
    provider: &Oidc,
    name: &str,
    purpose: Purpose,
    next: &str,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    // Who proves themselves again, or links what they have there, must do so now and not have done it last week.
    let fresh = matches!(purpose, Purpose::Again(_) | Purpose::Link(_));
    let started =
        provider.protocol.begin(Wish { fresh, login_hint: None }).await.map_err(|error| not_done(&error))?;
    let browser = browser_or_new(web, headers)?;
    let attempt = Attempt::Provider {
        provider: name.to_owned(),
        secrets: vec![started.nonce, started.verifier],
        purpose,
        next: kept_next(next),
        begun_at: web.app.control.now().micros() / 1_000_000,
    };
    web.app.control.keep_attempt(&started.state, &browser, &attempt).await?;
    Ok(remember(web, &browser, Redirect::to(&started.url).into_response()))
}

/// What a provider sends the browser back with.
#[derive(Deserialize)]
pub struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /sign-in/oidc/{name}/callback`: back from the provider.
pub async fn callback(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(who): Extension<SignedIn>,
    Extension(from): Extension<Browser>,
    session: Session,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Response {
    let Some(provider) = web.providers.oidc.get(&name) else { return Problem::not_found().into_response() };
    let Ok(Query(answer)) = answer else { return refused(SsoRefusal::State.into(), "") };
    let attempt = match begun(&web, &name, answer.state.as_deref(), &headers).await {
        Ok(attempt) => attempt,
        Err(error) => return refused(error, ""),
    };
    let callback = Callback { code: answer.code, iss: answer.iss, error: answer.error };
    let (nonce, verifier) = attempt.secrets;
    let fresh = matches!(attempt.purpose, Purpose::Again(_) | Purpose::Link(_));
    let begun = Begun { nonce, verifier, fresh, begun_at: attempt.begun_at };
    let now = web.app.control.now().micros() / 1_000_000;
    let claims = match provider.protocol.finish(callback, begun, now).await {
        Ok(claims) => claims,
        Err(error) => return refused(not_done(&error), &attempt.next),
    };
    if let Err(error) = still_there(&web, &who, &attempt.purpose) {
        return refused(error, &attempt.next);
    }
    let workspace = who.0.as_ref().map(|caller| &caller.workspace);
    let control = &web.app.control;
    let told = proven(&claims);
    match control.sign_in_through(&provider.rules, &told, &attempt.purpose, workspace, &from.address).await {
        Ok(who) => {
            let proof =
                Proof { proven_at: Some(proven_at(&claims)), provider: Some(name), hint: claims.id_token };
            enter(&web, &session, &who, proof, &from, &attempt.next).await
        }
        Err(error) => refused(error, &attempt.next),
    }
}

/// Whoever began to link must be signed in still: a session that was ended meanwhile links nothing.
pub fn still_there(web: &Web, who: &SignedIn, purpose: &Purpose) -> Result<(), Error> {
    match (purpose, &who.0) {
        (Purpose::Link(id), Some(caller)) if caller.person.as_str() == id => web.app.control.may_link(caller),
        (Purpose::Link(_), _) => Err(SsoRefusal::State.into()),
        _ => Ok(()),
    }
}

/// A sign-in that this browser began, taken for good.
struct Taken {
    secrets: (String, String),
    purpose: Purpose,
    next: String,
    begun_at: i64,
}

async fn begun(web: &Web, name: &str, state: Option<&str>, headers: &HeaderMap) -> Result<Taken, Error> {
    let (Some(state), Some(browser)) = (state, browser(web, headers)) else {
        return Err(SsoRefusal::State.into());
    };
    match web.app.control.take_attempt(state, &browser).await? {
        Some(Attempt::Provider { provider, secrets, purpose, next, begun_at }) if provider == name => {
            let mut secrets = secrets.into_iter();
            let secrets = (secrets.next().unwrap_or_default(), secrets.next().unwrap_or_default());
            Ok(Taken { secrets, purpose, next, begun_at })
        }
        _ => Err(SsoRefusal::State.into()),
    }
}

/// What a protocol has proven, as `control` takes it.
pub fn proven(claims: &Claims) -> Proven {
    Proven {
        issuer: claims.issuer.clone(),
        subject: claims.subject.clone(),
        email: claims.email.clone(),
        email_verified: claims.email_verified,
        name: claims.name.clone(),
        groups: claims.groups.clone(),
        session: claims.session.clone(),
    }
}

/// When the person really proved themselves; `None` where the provider does not say.
pub fn proven_at(claims: &Claims) -> Option<Timestamp> {
    claims.auth_time.map(|seconds| Timestamp::from_micros(seconds.saturating_mul(1_000_000)))
}

/// A protocol's failure, logged with its reason and told without it.
pub fn not_done(error: &SsoError) -> Error {
    match error {
        SsoError::Denied { code } => {
            tracing::info!(code, "a sign-in was refused at the provider");
            SsoRefusal::Denied.into()
        }
        SsoError::Unreachable { .. } => {
            tracing::warn!("{}", chain(error));
            SsoRefusal::Unreachable.into()
        }
        SsoError::NotProven { .. } => {
            tracing::warn!("{}", chain(error));
            SsoRefusal::NotProven.into()
        }
        SsoError::Settings(_) => Error::Fault(chain(error)),
    }
}

/// Back to the page for signing in, with a code.
pub fn refused(error: Error, next: &str) -> Response {
    let code = Problem::from(error).code();
    Redirect::to(&format!("/sign-in?error={code}&next={}", query_value(next))).into_response()
}
