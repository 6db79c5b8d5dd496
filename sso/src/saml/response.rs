//! The envelope: is this an answer of our provider, to our request, at our address, with one assertion in it?
//!
//! Most providers sign only the assertion, so what stands here may be anybody's word. It is checked to refuse early and
//! in words; nothing of it is believed or handed on. Where the whole response is signed, the signed one is checked too.

use crate::saml::refusal::{Checked, Refused};
use crate::saml::xml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

/// The largest response, decoded.
pub const MAX_BYTES: usize = 256 * 1024;
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";
const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/// What an answer must agree with.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The provider's entity id.
    pub issuer: &'a str,
    /// Our entity id.
    pub audience: &'a str,
    /// Our address for answers.
    pub acs_url: &'a str,
    /// The request that is answered.
    pub request_id: &'a str,
    /// When the person must have proven themselves again, in seconds since 1970.
    pub fresh_since: Option<i64>,
    /// The present, in seconds since 1970.
    pub now: i64,
    /// How far two clocks may be apart.
    pub leeway: i64,
}

/// The text of a response as a form carries it.
pub fn decode(saml_response_base64: &str) -> Checked<String> {
    // Line breaks are allowed in base64, and are at most one byte in sixteen of it.
    if saml_response_base64.len() > MAX_BYTES * 3 / 2 {
        return Err(Refused::Check("size"));
    }
    let mut encoded = saml_response_base64.to_owned();
    encoded.retain(|character| !character.is_ascii_whitespace());
    let bytes = STANDARD.decode(encoded).map_err(|_| Refused::Check("base64"))?;
    if bytes.len() > MAX_BYTES {
        return Err(Refused::Check("size"));
    }
    let text = String::from_utf8(bytes).map_err(|_| Refused::Check("utf-8"))?;
    Ok(xml::without_declaration(&text).to_owned())
}

/// Parses a response or a signed part of one.
pub fn parse(text: &str) -> Checked<Document<'_>> {
    xml::parse(text).map_err(|unreadable| match unreadable {
        xml::Unreadable::DocumentType => Refused::Check("document type"),
        xml::Unreadable::Malformed => Refused::Check("xml"),
    })
}

/// Checks a response and gives its only assertion.
pub fn check<'a, 'i>(document: &'a Document<'i>, expected: &Expected<'_>) -> Checked<Node<'a, 'i>> {
    let response = document.root_element();
    if !response.has_tag_name((xml::PROTOCOL, "Response")) {
        return Err(Refused::Check("response"));
    }
    if response.attribute("Version") != Some("2.0") {
        return Err(Refused::Check("version"));
    }
    if response.attribute("Destination") != Some(expected.acs_url) {
        return Err(Refused::Check("destination"));
    }
    if response.attribute("InResponseTo") != Some(expected.request_id) {
        return Err(Refused::Check("in response to"));
    }
    check_issuer(response, expected)?;
    check_status(response)?;
    only_assertion(response)
}

/// Checks who wrote a response or an assertion.
pub fn check_issuer(node: Node<'_, '_>, expected: &Expected<'_>) -> Checked<()> {
    let issuer = xml::only(node, xml::ASSERTION, "Issuer").filter(|issuer| {
        matches!(issuer.attribute("Format"), None | Some(ENTITY))
            && xml::address(*issuer).as_deref() == Some(expected.issuer)
    });
    issuer.map(|_| ()).ok_or(Refused::Check("issuer"))
}

fn check_status(response: Node<'_, '_>) -> Checked<()> {
    let code = xml::only(response, xml::PROTOCOL, "Status")
        .and_then(|status| xml::only(status, xml::PROTOCOL, "StatusCode"))
        .ok_or(Refused::Check("status"))?;
    if code.attribute("Value") == Some(SUCCESS) {
        return Ok(());
    }
    // The inner code says more: `AuthnFailed` rather than `Responder`.
    let inner = xml::only(code, xml::PROTOCOL, "StatusCode").unwrap_or(code);
    let name = inner.attribute("Value").and_then(|value| value.strip_prefix(STATUS)).filter(|name| {
        !name.is_empty() && name.len() <= 40 && name.chars().all(|letter| letter.is_ascii_alphabetic())
    });
    Err(Refused::Denied(name.unwrap_or("unknown").to_owned()))
}

/// The one assertion, a child of the response. A second one anywhere, at any depth, ends it.
fn only_assertion<'a, 'i>(response: Node<'a, 'i>) -> Checked<Node<'a, 'i>> {
    if response.descendants().any(|node| node.has_tag_name((xml::ASSERTION, "EncryptedAssertion"))) {
        return Err(Refused::Check(
            "encrypted assertion: not supported, turn encryption off at the provider",
        ));
    }
    // By its local name, so that a foreign namespace hides nothing either.
    if response.descendants().filter(|node| node.tag_name().name() == "Assertion").count() != 1 {
        return Err(Refused::Check("one assertion"));
    }
    xml::only(response, xml::ASSERTION, "Assertion").ok_or(Refused::Check("one assertion"))
}
