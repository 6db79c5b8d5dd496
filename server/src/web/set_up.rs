//! `POST /set-up`. The first person and their workspace, by the one-time link that the first start prints.

use super::Web;
use super::path::query_value;
use super::sign_in::enter;
use crate::problem::Problem;
use crate::sessions::{Browser, Proof};
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use control::access::SetupInput;
use serde::Deserialize;
use tower_sessions::Session;

/// The form.
#[derive(Deserialize)]
pub struct SetUp {
    #[serde(default)]
    token: String,
    #[serde(default)]
    workspace: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// Sets up and signs in.
pub async fn set_up(
    State(web): State<Web>,
    Extension(browser): Extension<Browser>,
    session: Session,
    form: Result<Form<SetUp>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return Redirect::to("/set-up?error=INVALID_INPUT").into_response() };
    let SetUp { token, workspace, name, email, password } = form;
    // What was typed comes back to the page; the password never stands in an address.
    let typed = [("token", &token), ("workspace", &workspace), ("name", &name), ("email", &email)]
        .map(|(field, value)| format!("{field}={}", query_value(value)))
        .join("&");
    let input = SetupInput { workspace, name, email, password };
    match web.app.control.redeem_setup(&token, input, &browser.address).await {
        Ok(who) => enter(&web, &session, &who, Proof::default(), &browser, "/").await,
        Err(error) => {
            let code = Problem::from(error).code();
            Redirect::to(&format!("/set-up?{typed}&error={code}")).into_response()
        }
    }
}
