//! Access tokens of a provider, which a program brings to call this installation: JSON Web Tokens in the manner of
//! RFC 9068, section 4. A token that says nothing by itself (an opaque one) is refused, and so is one that is bound to a
//! key that nobody has shown here.

use openidconnect::JsonWebKeySet;
use openidconnect::core::CoreJsonWebKey;
use serde::Deserialize;
use serde_json::Value;

use super::claims::text;
use super::signed::{self, Audience};
use super::{Provider, Refusal};
use crate::SsoError;

/// What a provider lets a program do here, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The provider.
    pub issuer: String,
    /// The person there; of a program that acts for nobody, its own name.
    pub subject: String,
    /// What the program may do, in the provider's words.
    pub scopes: Vec<String>,
    /// When the person proved who they are, in seconds since 1970, where the provider says so.
    pub auth_time: Option<i64>,
    /// The program.
    pub client_id: Option<String>,
}

/// As long as other claims.
const TEXT_LIMIT: usize = 255;
/// More scopes than any program asks for.
const SCOPE_LIMIT: usize = 100;

#[derive(Deserialize)]
struct Claimed {
    iss: String,
}

#[derive(Deserialize)]
struct Payload {
    iss: String,
    aud: Audience,
    sub: String,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
    auth_time: Option<i64>,
    scope: Option<Words>,
    /// What some providers call `scope`.
    scp: Option<Words>,
    client_id: Option<String>,
    /// What some providers call `client_id`.
    azp: Option<String>,
    cnf: Option<Value>,
    events: Option<Value>,
}

/// One string with spaces, as RFC 9068 has it, or a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

/// Which provider a token says that it is from. Nothing of it is proven: it tells whom to ask.
pub fn claimed_issuer(token: &str) -> Option<String> {
    signed::unproven(token).ok().map(|claimed: Claimed| claimed.iss)
}

impl Provider {
    /// Checks an access token that claims to come from this provider and to be for `resource`.
    pub async fn access_token(&self, token: &str, resource: &str, now: i64) -> Result<Access, SsoError> {
        let metadata = self.0.discovery.current().await?;
        let (issuer, leeway) = (metadata.issuer().as_str(), self.0.settings.leeway_seconds);
        let verify = |keys: &JsonWebKeySet<CoreJsonWebKey>| {
            let payload = signed::open(token, keys.keys(), "at+jwt")?;
            check_payload(payload, issuer, resource, leeway, now)
        };
        let access = match verify(metadata.jwks()) {
            Ok(access) => Ok(access),
            Err(refusal) => verify(self.newer_keys(&metadata, refusal).await?.jwks()),
        };
        access.map_err(|refusal| self.refused(refusal))
    }
}

/// RFC 9068, section 4, and the times of RFC 7519, section 4.1. That no other kind of token passes is held by the
/// audience: an ID token and a logout token are for the client, and never for the resource.
fn check_payload(
    payload: Payload,
    issuer: &str,
    resource: &str,
    leeway: i64,
    now: i64,
) -> Result<Access, Refusal> {
    if payload.iss != issuer {
        return Err(Refusal::Check("issuer"));
    }
    if !payload.aud.holds(resource) {
        return Err(Refusal::Check("audience"));
    }
    if now >= payload.exp.saturating_add(leeway) {
        return Err(Refusal::Check("expired"));
    }
    let latest = now.saturating_add(leeway);
    if payload.nbf.is_some_and(|at| at > latest) {
        return Err(Refusal::Check("not yet valid"));
    }
    if payload.iat.is_some_and(|at| at > latest) {
        return Err(Refusal::Check("issued in the future"));
    }
    // A proof from the future would count as recent for too long.
    if payload.auth_time.is_some_and(|at| at > latest) {
        return Err(Refusal::Check("auth_time"));
    }
    if payload.events.is_some() {
        return Err(Refusal::Check("kind of token"));
    }
    // RFC 7800: whoever brings it has to show the key, which is more than bringing it.
    if payload.cnf.is_some() {
        return Err(Refusal::Check("bound to a key"));
    }
    let client_id = payload.client_id.or(payload.azp);
    Ok(Access {
        issuer: payload.iss,
        subject: text(&payload.sub, TEXT_LIMIT, "subject")?,
        scopes: scopes(payload.scope.or(payload.scp))?,
        auth_time: payload.auth_time,
        client_id: client_id.map(|id| text(&id, TEXT_LIMIT, "client_id")).transpose()?,
    })
}

fn scopes(words: Option<Words>) -> Result<Vec<String>, Refusal> {
    let words: Vec<String> = match words {
        None => Vec::new(),
        Some(Words::One(line)) => {
            line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
        Some(Words::Many(words)) => words,
    };
    if words.len() > SCOPE_LIMIT {
        return Err(Refusal::Check("scope"));
    }
    words.iter().map(|word| text(word, TEXT_LIMIT, "scope")).collect()
}
