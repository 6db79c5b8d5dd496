//! Who comes with `Authorization: Bearer …`: a machine by its key, or a person by a token of their own or of their
//! sign-in provider. What is wrong with it is not said; the log has it.

use crate::problem::{Problem, chain};
use crate::web::Web;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use control::{Caller, Door, Error, key};
use sso::SsoError;

/// What a request carries as `Authorization: Bearer …`.
pub fn bearer(request: &Request) -> Option<String> {
    let value = request.headers().get(AUTHORIZATION)?;
    // A key of strange characters is a wrong key, not none.
    let text = String::from_utf8_lossy(value.as_bytes());
    let (scheme, key) = text.split_once(' ').unwrap_or((&text, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned())
}

/// The caller that it stands for.
pub async fn bearer_caller(web: &Web, bearer: &str, door: Door, address: &str) -> Result<Caller, Problem> {
    let by_provider = !bearer.starts_with(key::PREFIX) && !web.providers.token_issuers().is_empty();
    if by_provider {
        return token_caller(web, bearer, door, address).await;
    }
    match web.app.control.key_caller(bearer, door, address).await {
        Err(Error::Unauthenticated) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "this key is unknown, revoked or over, or its owner may not come in; ask an admin for another",
        )),
        other => Ok(other?),
    }
}

/// By an access token of a provider. Wrong ones are not counted as wrong keys are: nobody guesses a signature, and a
/// program whose token has expired must hear just that, or it would not fetch a new one.
async fn token_caller(web: &Web, token: &str, door: Door, address: &str) -> Result<Caller, Problem> {
    let control = &web.app.control;
    let claimed = sso::oidc::claimed_issuer(token);
    let Some((provider, resource)) = claimed.as_deref().and_then(|issuer| web.providers.of_token(issuer))
    else {
        tracing::info!("an access token of no provider whose tokens are taken was refused");
        return Err(Error::Unauthenticated.into());
    };
    let now = control.now().micros() / 1_000_000;
    let access = match provider.protocol.access_token(token, resource, now).await {
        Ok(access) => access,
        Err(error @ SsoError::Unreachable { .. }) => {
            tracing::warn!("an access token could not be checked: {}", chain(&error));
            let words = "the sign-in provider does not answer; try again in a moment";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "SSO_UNREACHABLE", words));
        }
        Err(error) => {
            tracing::info!("an access token was refused: {}", chain(&error));
            return Err(Error::Unauthenticated.into());
        }
    };
    let found = control.token_caller(&access.issuer, &access.subject, &access.scopes, door, address).await;
    if matches!(found, Err(Error::Unauthenticated)) {
        let client = access.client_id.as_deref().unwrap_or("unnamed");
        tracing::info!(
            provider = provider.rules.name,
            client,
            "an access token of nobody who may come in was refused"
        );
    }
    Ok(found?)
}
