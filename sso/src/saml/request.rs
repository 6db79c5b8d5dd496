//! The question to the provider: an unsigned `AuthnRequest`, sent by the browser in the address (HTTP-Redirect).
//!
//! Nothing in it is secret, and nothing in the answer is believed because the question asked for it.

use crate::saml::Settings;
use crate::saml::metadata::{Idp, POST};
use crate::saml::xml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use reqwest::Url;
use std::io::Write as _;

/// What the binding allows for a relay state.
pub const MAX_RELAY_STATE: usize = 80;
const MAX_ID: usize = 128;

/// Whether a text can be the id of a message: an XML name without a colon.
pub fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
}

/// The address to send the browser to; nothing when `now` is no moment.
pub fn redirect(
    settings: &Settings,
    idp: &Idp,
    relay_state: &str,
    fresh: bool,
    request_id: &str,
    now: i64,
) -> Option<Url> {
    let request = format!(
        concat!(
            r#"<samlp:AuthnRequest xmlns:samlp="{protocol}" xmlns:saml="{assertion}" ID="{id}" Version="2.0""#,
            r#" IssueInstant="{issued}" Destination="{destination}"{force} ProtocolBinding="{post}""#,
            r#" AssertionConsumerServiceURL="{acs_url}"><saml:Issuer>{entity_id}</saml:Issuer>"#,
            "</samlp:AuthnRequest>",
        ),
        protocol = xml::PROTOCOL,
        assertion = xml::ASSERTION,
        id = request_id,
        issued = xml::date_time(now)?,
        destination = xml::escape(idp.sign_in.as_str()),
        force = if fresh { r#" ForceAuthn="true""# } else { "" },
        post = POST,
        acs_url = xml::escape(&settings.acs_url),
        entity_id = xml::escape(&settings.entity_id),
    );
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(request.as_bytes()).ok()?;
    let encoded = STANDARD.encode(deflated.finish().ok()?);
    let mut url = idp.sign_in.clone();
    url.query_pairs_mut().append_pair("SAMLRequest", &encoded);
    if !relay_state.is_empty() {
        url.query_pairs_mut().append_pair("RelayState", relay_state);
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_an_xml_name() {
        for id in ["_a", "a", "id-0b1c", "_5.x"] {
            assert!(is_id(id), "{id}");
        }
        for id in ["", "5a", "-a", "a b", "a:b", "a\"", "é", &"a".repeat(129)] {
            assert!(!is_id(id), "{id}");
        }
    }
}
