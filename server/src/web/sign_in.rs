//! `POST /sign-in`. A plain form: it works without JavaScript and before it. Refusals go back to the page with a
//! code in the address, never with words, since anyone can write a link.

use super::Web;
use super::path::{query_value, same_site};
use crate::defence::client_address;
use crate::problem::Problem;
use crate::sessions;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Redirect, Response};
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

/// Signs in.
pub async fn sign_in(
    State(web): State<Web>,
    session: Session,
    extensions: Extensions,
    headers: HeaderMap,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return Redirect::to("/sign-in?error=INVALID_INPUT").into_response() };
    let address = client_address(&extensions, &headers, &web.trusted_proxies);
    match web.app.control.sign_in(&form.email, &form.password, &address).await {
        Ok(who) => enter(&web, &session, &who, same_site(&form.next).as_deref().unwrap_or("/")).await,
        Err(error) => {
            let problem = Problem::from(error);
            let code = problem.code();
            let email = query_value(&form.email);
            let next = query_value(&form.next);
            Redirect::to(&format!("/sign-in?error={code}&email={email}&next={next}")).into_response()
        }
    }
}

/// Begins the session and goes on.
pub async fn enter(web: &Web, session: &Session, who: &control::access::SignedIn, next: &str) -> Response {
    match sessions::begin(session, &who.person_id, &who.workspace, web.app.control.now()).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => Problem::fault(&error).into_response(),
    }
}
