//! From verified tokens to [`Claims`]: which claim is taken from where, and how long it may be.
//!
//! What is too long or holds control characters is refused, not cut: half a name could be somebody else's.

use openidconnect::{AdditionalClaims, EndUserEmail, EndUserName, LocalizedClaim};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Refusal;
use super::id_token::IdTokenClaims;
use crate::Claims;

/// A subject, a name, a group, a session: characters that fit a column and a page.
const TEXT_LIMIT: usize = 255;
/// RFC 3696, erratum 1690, and then some.
const EMAIL_LIMIT: usize = 320;
/// More groups than anybody is in.
const GROUP_LIMIT: usize = 500;
/// An address with a longer hint is refused by many servers, so it is not worth keeping.
const HINT_LIMIT: usize = 8 * 1024;

/// The claims that OpenID Connect does not define, `sid` and groups among them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Extra(Map<String, Value>);

impl AdditionalClaims for Extra {}

impl Extra {
    /// A claim by its name, or by a path of names. The whole name goes first: some hold dots themselves, such as
    /// `https://example.com/groups`.
    fn find(&self, path: &str) -> Option<&Value> {
        let present = |value: &&Value| !value.is_null();
        if let Some(value) = self.0.get(path).filter(present) {
            return Some(value);
        }
        let (first, rest) = path.split_once('.')?;
        rest.split('.').try_fold(self.0.get(first)?, |value, name| value.get(name)).filter(present)
    }

    /// A time in seconds, if there is one; an error if it is no number.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<i64>, ()> {
        match self.find(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(()),
        }
    }
}

/// What an ID token and userinfo may both tell about a person.
pub(super) struct Told {
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
    /// `None` when the claim is absent, which is not the same as no group.
    groups: Option<Vec<String>>,
}

impl Told {
    /// Reads it from either.
    pub(super) fn read(
        email: Option<&EndUserEmail>,
        email_verified: Option<bool>,
        name: Option<&LocalizedClaim<EndUserName>>,
        extra: &Extra,
        group_claim: Option<&str>,
    ) -> Result<Self, Refusal> {
        let name = name.and_then(|name| name.get(None)).map(|name| name.as_str());
        let email = email.map(|email| email.as_str());
        Ok(Self {
            email: optional(email, EMAIL_LIMIT, "email")?,
            email_verified,
            name: optional(name, TEXT_LIMIT, "name")?,
            groups: group_claim.and_then(|path| extra.find(path)).map(groups).transpose()?,
        })
    }

    /// Whether userinfo could add something.
    pub(super) fn lacks(&self, group_claim: Option<&str>) -> bool {
        self.email.is_none() || self.name.is_none() || (group_claim.is_some() && self.groups.is_none())
    }

    /// Fills gaps from another source. An address and whether it is verified go together.
    pub(super) fn or(self, other: Self) -> Self {
        let (email, email_verified) = match self.email {
            Some(_) => (self.email, self.email_verified),
            None => (other.email, other.email_verified),
        };
        Self { email, email_verified, name: self.name.or(other.name), groups: self.groups.or(other.groups) }
    }
}

/// Puts together what a token proves and what was told beside it.
pub(super) fn assemble(
    issuer: &str,
    token: String,
    proven: &IdTokenClaims,
    told: Told,
) -> Result<Claims, Refusal> {
    let session = match proven.additional_claims().find("sid") {
        None => None,
        Some(value) => Some(text(value.as_str().unwrap_or_default(), TEXT_LIMIT, "sid")?),
    };
    let acr = proven.auth_context_ref().map(|acr| acr.as_str());
    Ok(Claims {
        issuer: issuer.to_owned(),
        subject: text(proven.subject().as_str(), TEXT_LIMIT, "subject")?,
        email: told.email,
        email_verified: told.email_verified,
        name: told.name,
        groups: told.groups.unwrap_or_default(),
        acr: optional(acr, TEXT_LIMIT, "acr")?,
        auth_time: proven.auth_time().map(|time| time.timestamp()),
        session,
        id_token: Some(token).filter(|token| token.len() <= HINT_LIMIT),
    })
}

/// One string is one group; anything but strings is refused.
fn groups(value: &Value) -> Result<Vec<String>, Refusal> {
    let group = |value: &Value| text(value.as_str().unwrap_or_default(), TEXT_LIMIT, "groups");
    match value {
        Value::Array(values) if values.len() <= GROUP_LIMIT => values.iter().map(group).collect(),
        Value::String(_) => Ok(vec![group(value)?]),
        _ => Err(Refusal::Check("groups")),
    }
}

/// An empty text from a provider says as much as none.
fn optional(value: Option<&str>, limit: usize, check: &'static str) -> Result<Option<String>, Refusal> {
    value.filter(|value| !value.is_empty()).map(|value| text(value, limit, check)).transpose()
}

/// A text of 1 to `limit` characters, none of them a control character.
pub(super) fn text(value: &str, limit: usize, check: &'static str) -> Result<String, Refusal> {
    let characters = value.chars().count();
    if (1..=limit).contains(&characters) && !value.chars().any(char::is_control) {
        Ok(value.to_owned())
    } else {
        Err(Refusal::Check(check))
    }
}
