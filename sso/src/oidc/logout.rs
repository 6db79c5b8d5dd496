//! Logout tokens: OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6. Anybody can send one here, so every
//! check is made before anything is believed. Whether one was seen before is the caller's to know.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey;
use openidconnect::core::CoreJsonWebKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::claims::text;
use super::discovery::Metadata;
use super::{ALGORITHMS, Algorithm, Refusal};

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

/// Real ones take less than 2 KiB.
const TOKEN_LIMIT: usize = 16 * 1024;
/// How long after it was made one is still taken.
const AGE_LIMIT: i64 = 10 * 60;
/// As long as other claims.
const TEXT_LIMIT: usize = 255;
/// A key set with more candidates than this is not searched to the end.
const KEY_LIMIT: usize = 16;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

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

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Checks a logout token against the keys and the issuer of a provider.
pub(super) fn verify(
    token: &str,
    metadata: &Metadata,
    client_id: &str,
    leeway: i64,
    now: i64,
) -> Result<LoggedOut, Refusal> {
    if token.len() > TOKEN_LIMIT {
        return Err(Refusal::Check("size"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Check("form"))?;
    let (header, payload) = signed.split_once('.').ok_or(Refusal::Check("form"))?;
    let header: Header = decode(header)?;
    let payload: Payload = decode(payload)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refusal::Check("form"))?;

    let algorithm = check_header(&header)?;
    check_signature(metadata.jwks().keys(), header.kid.as_deref(), &algorithm, signed, &signature)?;
    check_payload(payload, metadata.issuer().as_str(), client_id, leeway, now)
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Check("form"))?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::Check("form"))
}

/// Section 2.4 recommends the type `logout+jwt`; providers from before it was named say `JWT` or nothing. That an ID
/// token cannot pass is held by `events` and `nonce`.
fn check_header(header: &Header) -> Result<Algorithm, Refusal> {
    if let Some(kind) = &header.typ {
        let kind = kind.to_ascii_lowercase();
        if !matches!(kind.strip_prefix("application/").unwrap_or(&kind), "logout+jwt" | "jwt") {
            return Err(Refusal::Check("kind of token"));
        }
    }
    if header.crit.is_some() {
        return Err(Refusal::Check("kind of token"));
    }
    let known = ALGORITHMS.into_iter().find(|(name, _)| *name == header.alg);
    known.map(|(_, algorithm)| algorithm).ok_or(Refusal::Check("algorithm"))
}

/// Section 2.6, item 3. A key also says which algorithm and which use it is for, and `verify_signature` holds it to that.
fn check_signature(
    keys: &[CoreJsonWebKey],
    kid: Option<&str>,
    algorithm: &Algorithm,
    signed: &str,
    signature: &[u8],
) -> Result<(), Refusal> {
    let named =
        |key: &&CoreJsonWebKey| kid.is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid));
    let mut candidates = keys.iter().filter(named).take(KEY_LIMIT).peekable();
    if candidates.peek().is_none() {
        return Err(Refusal::Keys("key"));
    }
    let proves = |key: &CoreJsonWebKey| key.verify_signature(algorithm, signed.as_bytes(), signature).is_ok();
    if candidates.any(proves) { Ok(()) } else { Err(Refusal::Keys("signature")) }
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
    let ours = match &payload.aud {
        Audience::One(audience) => audience == client_id,
        Audience::Many(audiences) => audiences.iter().any(|audience| audience == client_id),
    };
    if !ours {
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
