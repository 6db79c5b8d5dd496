//! `POST /sign-in/again`: somebody who is signed in proves once more who they are, and comes back to where they were.

use super::Web;
use super::path::query_value;
use super::sign_in::{back, entered_by_password};
use crate::sessions::Browser;
use app::ssr::SignedIn;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use tower_sessions::Session;

/// The form.
#[derive(Deserialize)]
pub struct Again {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Takes the password.
pub async fn again(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Extension(browser): Extension<Browser>,
    session: Session,
    headers: HeaderMap,
    form: Result<Form<Again>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return Redirect::to("/sign-in/again?error=INVALID_INPUT").into_response();
    };
    let next = query_value(&form.next);
    let Some(caller) = who.0.clone() else {
        return Redirect::to(&format!("/sign-in?error=UNAUTHENTICATED&next={next}")).into_response();
    };
    match web.app.control.sign_in_again(&caller, &form.password).await {
        Ok(entered) => {
            let workspace = Some(caller.workspace.to_string());
            entered_by_password(&web, &session, &browser, &headers, entered, workspace, &form.next).await
        }
        Err(error) => back(&web, who, "/sign-in/again", error, &format!("next={next}")).await,
    }
}
