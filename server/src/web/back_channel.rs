//! What a provider tells us by itself: that somebody signed out there, or that a session of theirs ended. Ours that it
//! vouched for end at once. No browser and no cookie is involved; the token's signature is all there is.

use super::Web;
use crate::problem::{Problem, chain};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use control::Error;
use governance::Timestamp;
use serde::Deserialize;

/// What a provider posts when somebody signed out there.
#[derive(Deserialize)]
pub struct LogoutToken {
    logout_token: String,
}

/// `POST /sign-in/oidc/{name}/back-channel-logout`, by the provider itself (OpenID Connect Back-Channel Logout 1.0).
pub async fn back_channel_logout(
    State(web): State<Web>,
    Path(name): Path<String>,
    form: Result<Form<LogoutToken>, FormRejection>,
) -> Response {
    let Some(provider) = web.providers.oidc.get(&name) else { return Problem::not_found().into_response() };
    let bad = || {
        Problem::new(StatusCode::BAD_REQUEST, "INVALID_INPUT", "the logout token was not accepted")
            .into_response()
    };
    let Ok(Form(form)) = form else { return bad() };
    let now = web.app.control.now().micros() / 1_000_000;
    let said = match provider.protocol.logged_out(&form.logout_token, now).await {
        Ok(said) => said,
        Err(error) => {
            tracing::warn!("a logout token was refused: {}", chain(&error));
            return bad();
        }
    };
    let until = Timestamp::from_micros(said.expires_at.saturating_mul(1_000_000));
    let (subject, ended) = (said.subject.as_deref(), said.session.as_deref());
    match web.app.control.signed_out_elsewhere(&said.issuer, subject, ended, &said.token_id, until).await {
        Ok(ended) => {
            tracing::info!(ended, provider = name, "sessions ended at the word of their provider");
            StatusCode::OK.into_response()
        }
        Err(Error::Sso(_)) => bad(),
        Err(error) => Problem::from(error).into_response(),
    }
}
