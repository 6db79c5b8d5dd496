//! `POST /sign-in`. A plain form: it works without JavaScript and before it. Refusals go back to the page with a
//! code in the address, never with words, since anyone can write a link.

use super::Web;
use super::browser_cookie::{browser_or_new, remember};
use super::path::{query_value, same_site};
use super::throttled::throttled;
use crate::problem::Problem;
use crate::sessions::{self, Browser, Proof};
use axum::Extension;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use control::Error;
use control::access::attempt::{Attempt, kept_next};
use control::access::{Entered, SignedIn};
use serde::Deserialize;
use tower_sessions::Session;

/// The form.
#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in, or goes on to the second step.
pub async fn sign_in(
    State(web): State<Web>,
    Extension(browser): Extension<Browser>,
    session: Session,
    headers: HeaderMap,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return Redirect::to("/sign-in?error=INVALID_INPUT").into_response() };
    match web.app.control.sign_in(&form.email, &form.password, &browser.address).await {
        Ok(entered) => {
            entered_by_password(&web, &session, &browser, &headers, entered, None, &form.next).await
        }
        Err(error) => {
            let typed = format!("email={}&next={}", query_value(&form.email), query_value(&form.next));
            back(&web, app::ssr::SignedIn(None), "/sign-in", error, &typed).await
        }
    }
}

/// What follows a right password: in, or the page that asks for a code. `workspace` is the one to stay in.
pub async fn entered_by_password(
    web: &Web,
    session: &Session,
    browser: &Browser,
    headers: &HeaderMap,
    entered: Entered,
    workspace: Option<String>,
    next: &str,
) -> Response {
    match entered {
        Entered::SignedIn(who) => enter(web, session, &who, Proof::default(), browser, next).await,
        Entered::SecondFactor(person) => {
            let attempt = Attempt::SecondFactor {
                person: person.to_string(),
                workspace,
                next: kept_next(next),
                tries: 0,
            };
            match ask_for_code(web, headers, &attempt, "").await {
                Ok(response) => response,
                Err(error) => Problem::from(error).into_response(),
            }
        }
    }
}

/// The page that asks for a code, with a fresh state of its own.
pub async fn ask_for_code(
    web: &Web,
    headers: &HeaderMap,
    attempt: &Attempt,
    error: &str,
) -> Result<Response, Error> {
    let name = browser_or_new(web, headers)?;
    let state = web.app.control.begin_attempt(&name, attempt).await?;
    let address = format!("/sign-in/code?state={state}{error}");
    Ok(remember(web, &name, Redirect::to(&address).into_response()))
}

/// Begins the session and goes on.
pub async fn enter(
    web: &Web,
    session: &Session,
    who: &SignedIn,
    proof: Proof,
    browser: &Browser,
    next: &str,
) -> Response {
    match sessions::begin(session, who, proof, browser, web.app.control.now()).await {
        Ok(()) => Redirect::to(same_site(next).as_deref().unwrap_or("/")).into_response(),
        Err(error) => Problem::fault(&error).into_response(),
    }
}

/// Back to a page with the code of what went wrong. Whoever has to wait gets that as a status, too.
pub async fn back(web: &Web, who: app::ssr::SignedIn, page: &str, error: Error, typed: &str) -> Response {
    if let Error::Throttled { retry_after_seconds } = error {
        return throttled(web, who, page, typed, retry_after_seconds).await;
    }
    let code = Problem::from(error).code();
    Redirect::to(&format!("{page}?error={code}&{typed}")).into_response()
}
