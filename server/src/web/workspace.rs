//! `POST /workspace`: goes to another workspace of the person's, under a new session id. `POST /log/export`: takes the
//! log of administrative acts away; a form and no link, since that it was taken stands in it.

use super::Web;
use super::downloads::file;
use crate::problem::Problem;
use crate::sessions;
use app::ssr::SignedIn;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use control::Error;
use serde::Deserialize;
use tower_sessions::Session;

/// The form.
#[derive(Deserialize)]
pub struct Workspace {
    #[serde(default)]
    id: String,
}

/// Goes there.
pub async fn go(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    session: Session,
    form: Result<Form<Workspace>, FormRejection>,
) -> Result<Response, Problem> {
    let caller = who.0.ok_or(Error::Unauthenticated)?;
    let id = form.map(|Form(form)| form.id).unwrap_or_default();
    let there = web.app.control.go_to_workspace(&caller, &id).await?;
    let gone = sessions::go_to(&web.sessions, &session, &there.workspace).await;
    if gone.map_err(|error| Problem::fault(&error))? {
        Ok(Redirect::to("/").into_response())
    } else {
        Err(Error::Unauthenticated.into())
    }
}

/// The log as a file.
pub async fn export_log(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
) -> Result<Response, Problem> {
    let caller = who.0.ok_or(Error::Unauthenticated)?;
    let exported = web.app.control.export_log(&caller).await?;
    Ok(file("application/json", &exported.file_name, exported.json))
}
