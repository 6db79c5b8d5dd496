//! `POST /sign-in/code`: the second step of a sign-in. And the picture that an authenticator app reads when somebody sets
//! a second factor up.

use super::Web;
use super::browser_cookie::browser;
use super::sign_in::{ask_for_code, back, enter};
use crate::problem::Problem;
use crate::sessions::{Browser, Proof};
use app::ssr::SignedIn;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use control::Error;
use control::access::attempt::Attempt;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use tower_sessions::Session;

/// Wrong codes before the password is asked for again.
const TRIES: u32 = 5;

/// The form.
#[derive(Deserialize)]
pub struct Code {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

/// Takes a code.
pub async fn code(
    State(web): State<Web>,
    Extension(from): Extension<Browser>,
    session: Session,
    headers: HeaderMap,
    form: Result<Form<Code>, FormRejection>,
) -> Response {
    let again = || Redirect::to("/sign-in?error=SSO_STATE").into_response();
    let (Ok(Form(form)), Some(name)) = (form, browser(&web, &headers)) else { return again() };
    let taken = web.app.control.take_attempt(&form.state, &name).await;
    let (person, workspace, next, tries) = match taken {
        Ok(Some(Attempt::SecondFactor { person, workspace, next, tries })) => {
            (person, workspace, next, tries)
        }
        Ok(Some(Attempt::Provider { .. }) | None) => return again(),
        Err(error) => return Problem::from(error).into_response(),
    };
    match web.app.control.second_step(&person, workspace.as_deref(), &form.code, &from.address).await {
        Ok(who) => enter(&web, &session, &who, Proof::default(), &from, &next).await,
        Err(Error::Invalid { .. }) if tries + 1 < TRIES => {
            let attempt = Attempt::SecondFactor { person, workspace, next, tries: tries + 1 };
            match ask_for_code(&web, &headers, &attempt, "&error=INVALID_INPUT").await {
                Ok(response) => response,
                Err(error) => Problem::from(error).into_response(),
            }
        }
        Err(Error::Invalid { .. }) => Redirect::to("/sign-in?error=SECOND_FACTOR").into_response(),
        Err(error) => back(&web, SignedIn(None), "/sign-in", error, "").await,
    }
}

/// `GET /account/second-factor.svg`: the secret that waits for its first code, as a picture, for whose it is.
pub async fn picture(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
) -> Result<Response, Problem> {
    let caller = who.0.ok_or(Error::Unauthenticated)?;
    let enrolment = web.app.control.enrolment(&caller).await?.ok_or(Error::NotFound("second factor"))?;
    let code = QrCode::new(enrolment.url.as_bytes()).map_err(|error| Problem::fault(&error))?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(([(CONTENT_TYPE, "image/svg+xml")], image).into_response())
}
