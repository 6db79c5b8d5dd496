//! `POST /demo-sign-in`. Only under `serve --demo`, and only as one of the people whom the demo itself made:
//! otherwise this door is not there.

use super::Web;
use super::sign_in::enter;
use crate::demo;
use crate::problem::Problem;
use crate::sessions::{Browser, Proof};
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use tower_sessions::Session;

/// The form.
#[derive(Deserialize)]
pub struct DemoSignIn {
    actor_id: String,
    #[serde(default)]
    next: String,
}

/// Signs in as one of the demo's people.
pub async fn demo_sign_in(
    State(web): State<Web>,
    Extension(browser): Extension<Browser>,
    session: Session,
    form: Result<Form<DemoSignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return Problem::not_found().into_response() };
    if !web.app.demo {
        return Problem::not_found().into_response();
    }
    match demo::person(&web.app.control, &form.actor_id).await {
        Ok(Some(who)) => enter(&web, &session, &who, Proof::default(), &browser, &form.next).await,
        Ok(None) => Problem::not_found().into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
