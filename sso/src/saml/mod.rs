//! SAML 2.0, the service provider's side, by browser redirect and form post.
//!
//! Only answers to our own requests are accepted, and only what a key of the configured provider signed is read. It
//! decrypts nothing, fetches nothing, signs nothing and has no clock. It remembers nothing either: keeping request ids,
//! and refusing an assertion id that came before, is the caller's part.
//!
//! `Provider::finish` parses and verifies with C libraries and blocks for milliseconds: call it where blocking is
//! allowed (`tokio::task::spawn_blocking`). It may run on several threads at once.

mod assertion;
mod metadata;
mod refusal;
mod request;
mod response;
mod signature;
mod subject;
mod xml;

use crate::{Claims, SsoError};
use refusal::Checked;
use reqwest::Url;

const MAX_LEEWAY: i64 = 300;

/// The settings of one provider.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name in the configuration, for messages.
    pub name: String,
    /// Our entity id.
    pub entity_id: String,
    /// Our address for answers, exactly as browsers see it.
    pub acs_url: String,
    /// The provider's metadata, an XML text.
    pub idp_metadata: String,
    /// The attribute with the e-mail address. Without it, a name id that is an address is told as one.
    pub email_attribute: Option<String>,
    /// The attribute with the name for people.
    pub name_attribute: Option<String>,
    /// The attribute with the groups.
    pub group_attribute: Option<String>,
    /// The attribute that is the identity, in place of the name id: one value, never given to anybody else.
    pub subject_attribute: Option<String>,
    /// How far two clocks may be apart, 0 to 300 seconds.
    pub leeway_seconds: i64,
}

/// A checked answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Who it is.
    pub claims: Claims,
    /// The id of the assertion. The caller refuses one of this issuer that it accepted before.
    pub assertion_id: String,
    /// From when on the id may be forgotten, in seconds since 1970: by then `finish` refuses the assertion itself.
    pub expires_at: i64,
}

/// One identity provider, with its metadata checked.
#[derive(Debug, Clone)]
pub struct Provider {
    settings: Settings,
    idp: metadata::Idp,
}

impl Provider {
    /// Checks the settings and the provider's metadata.
    pub fn new(settings: Settings) -> Result<Self, SsoError> {
        let wrong = |problem: &str| Err(SsoError::Settings(format!("saml `{}`: {problem}", settings.name)));
        if settings.entity_id.is_empty() || settings.entity_id.len() > 1024 {
            return wrong("the entity id must have 1 to 1024 bytes");
        }
        // Compared letter by letter with what providers send: it must be written as a parser would write it.
        if Url::parse(&settings.acs_url).ok().is_none_or(|url| url.as_str() != settings.acs_url) {
            return wrong("the address for answers must be a complete URL");
        }
        if !(0..=MAX_LEEWAY).contains(&settings.leeway_seconds) {
            return wrong("leeway_seconds must be 0 to 300");
        }
        let idp = metadata::idp(&settings)?;
        Ok(Self { settings, idp })
    }

    /// Our metadata, for the provider's operator.
    pub fn metadata(&self) -> String {
        metadata::ours(&self.settings)
    }

    /// The provider's entity id: the issuer of every identity that comes from here.
    pub fn issuer(&self) -> &str {
        &self.idp.entity_id
    }

    /// The address to send the browser to. `request_id` is new for every call, random, and an XML name: a letter or
    /// `_` first, then letters, digits, `_`, `-` and `.`. With `fresh` the provider is told to ask for the proof again.
    pub fn begin(
        &self,
        relay_state: &str,
        fresh: bool,
        request_id: &str,
        now: i64,
    ) -> Result<String, SsoError> {
        let wrong = |problem: &str| SsoError::Settings(format!("saml `{}`: {problem}", self.settings.name));
        if !request::is_id(request_id) {
            return Err(wrong("a request id must be an XML name of at most 128 bytes"));
        }
        if relay_state.len() > request::MAX_RELAY_STATE {
            return Err(wrong("a relay state must have at most 80 bytes"));
        }
        request::redirect(&self.settings, &self.idp, relay_state, fresh, request_id, now)
            .map(String::from)
            .ok_or_else(|| wrong("the clock shows no time that can be written"))
    }

    /// Checks the answer to the request `request_id`: the field `SAMLResponse` of the form, as it came. With
    /// `fresh_since` the person must have proven who they are at that time or later.
    pub fn finish(
        &self,
        saml_response_base64: &str,
        request_id: &str,
        fresh_since: Option<i64>,
        now: i64,
    ) -> Result<Proven, SsoError> {
        let expected = response::Expected {
            issuer: &self.idp.entity_id,
            audience: &self.settings.entity_id,
            acs_url: &self.settings.acs_url,
            request_id,
            fresh_since,
            now,
            leeway: self.settings.leeway_seconds,
        };
        self.check(saml_response_base64, &expected).map_err(|refused| refused.by(&self.settings.name))
    }

    fn check(&self, saml_response_base64: &str, expected: &response::Expected<'_>) -> Checked<Proven> {
        if !request::is_id(expected.request_id) {
            return Err(refusal::Refused::Check("in response to"));
        }
        let received = response::decode(saml_response_base64)?;
        let document = response::parse(&received)?;
        let unverified = response::check(&document, expected)?;
        signature::check_form(&document, unverified)?;
        let signed = signature::signed_part(&received, &self.idp.certificates)?;

        // INVARIANT: from here on only `signed` is read. `document` is what somebody sent.
        drop(document);
        let document = response::parse(&signed)?;
        let root = document.root_element();
        let assertion = if root.has_tag_name((xml::ASSERTION, "Assertion")) {
            root
        } else {
            response::check(&document, expected)?
        };
        let stated = assertion::check(assertion, expected)?;
        let claims = Claims {
            auth_time: Some(stated.auth_time),
            acr: stated.acr,
            session: stated.session,
            ..subject::claims(assertion, &self.settings, expected)?
        };
        Ok(Proven { claims, assertion_id: stated.id, expires_at: stated.expires_at })
    }
}
