//! Logout tokens: OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6. Anybody can send one here, so every
//! check is made before anything is believed. Whether one was seen before is the caller's to know.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Refusal;
use super::claims::text;
use super::discovery::Metadata;
use super::signed::{self, Audience};

/// Ends a session at a provider, and so here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// The provider.
    pub issuer: String,
    /// Whose sessions end: all of them, unless `session` names one.
    pub subject: Option<String>,
    /// Which session ends (`sid`). There is a subject, a session, or both.
    pub session: Option<String>,
    /// The token's own name, never taken twice.
    pub token_id: String,
    /// From then on it would be refused for its age, so its name may be forgotten.
    pub expires_at: i64,
}

/// How long after it was made one is still taken.
const AGE_LIMIT: i64 = 10 * 60;
/// As long as other claims.
const TEXT_LIMIT: usize = 255;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Deserialize)]
struct Payload {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: Option<i64>,
    jti: Option<String>,
    #[serde(default)]
    events: Map<String, Value>,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
}

/// Checks a logout token against the keys and the issuer of a provider.
pub(super) fn verify(
    token: &str,
    metadata: &Metadata,
    client_id: &str,
    leeway: i64,
    now: i64,
) -> Result<LoggedOut, Refusal> {
    // Section 2.4 recommends the type; that an ID token cannot pass is held by `events` and `nonce`.
    let payload = signed::open(token, metadata.jwks().keys(), "logout+jwt")?;
    check_payload(payload, metadata.issuer().as_str(), client_id, leeway, now)
}

/// Section 2.6, items 4 to 10, and `iat`, which bounds how long names must be remembered.
fn check_payload(
    payload: Payload,
    issuer: &str,
    client_id: &str,
    leeway: i64,
    now: i64,
) -> Result<LoggedOut, Refusal> {
    if payload.iss != issuer {
        return Err(Refusal::Check("issuer"));
    }
    if !payload.aud.holds(client_id) {
        return Err(Refusal::Check("audience"));
    }
    if payload.iat > now.saturating_add(leeway) {
        return Err(Refusal::Check("issued in the future"));
    }
    let mut expires_at = payload.iat.saturating_add(AGE_LIMIT).saturating_add(leeway);
    if let Some(exp) = payload.exp {
        expires_at = expires_at.min(exp.saturating_add(leeway));
    }
    if now >= expires_at {
        return Err(Refusal::Check("expired"));
    }
    if !payload.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(Refusal::Check("events"));
    }
    if payload.nonce.is_some() {
        return Err(Refusal::Check("nonce"));
    }
    if payload.sub.is_none() && payload.sid.is_none() {
        return Err(Refusal::Check("subject"));
    }
    let bounded =
        |value: Option<String>, check| value.map(|value| text(&value, TEXT_LIMIT, check)).transpose();
    Ok(LoggedOut {
        issuer: payload.iss,
        subject: bounded(payload.sub, "subject")?,
        session: bounded(payload.sid, "sid")?,
        token_id: text(payload.jti.as_deref().unwrap_or_default(), TEXT_LIMIT, "jti")?,
        expires_at,
    })
}
