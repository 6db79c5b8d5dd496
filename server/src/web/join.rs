//! `POST /join` and `POST /join/signed-in`: an invitation is accepted, with a new password or as who one is already.
//! Opening the link does nothing yet: mail scanners open links.

use super::Web;
use super::path::query_value;
use super::sign_in::{back, enter};
use crate::problem::Problem;
use crate::sessions::{self, Browser, Proof};
use app::ssr::SignedIn;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use tower_sessions::Session;

/// The form.
#[derive(Deserialize)]
pub struct Join {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

/// With a new local account.
pub async fn join(
    State(web): State<Web>,
    Extension(browser): Extension<Browser>,
    session: Session,
    form: Result<Form<Join>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return Redirect::to("/join?error=INVALID_INPUT").into_response() };
    let joined =
        web.app.control.join_with_password(&form.token, &form.name, &form.password, &browser.address).await;
    match joined {
        Ok(who) => enter(&web, &session, &who, Proof::default(), &browser, "/").await,
        Err(error) => {
            let typed = format!("token={}&name={}", query_value(&form.token), query_value(&form.name));
            back(&web, SignedIn(None), "/join", error, &typed).await
        }
    }
}

/// As who one is already; the session goes on to the new workspace.
pub async fn join_signed_in(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    session: Session,
    form: Result<Form<Join>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return Redirect::to("/join?error=INVALID_INPUT").into_response() };
    let typed = format!("token={}", query_value(&form.token));
    let Some(caller) = who.0 else {
        return Redirect::to(&format!("/join?error=UNAUTHENTICATED&{typed}")).into_response();
    };
    match web.app.control.join_signed_in(&caller, &form.token).await {
        Ok(joined) => match sessions::go_to(&web.sessions, &session, &joined.workspace).await {
            Ok(true) => Redirect::to("/").into_response(),
            Ok(false) => Redirect::to("/sign-in").into_response(),
            Err(error) => Problem::fault(&error).into_response(),
        },
        Err(error) => back(&web, SignedIn(Some(caller)), "/join", error, &typed).await,
    }
}
