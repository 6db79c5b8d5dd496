//! The assertion, as signed: by whom, for whom, for which request, and for how long.
//!
//! Only ever called with what came back from the verification. A condition that is not known is a condition not met.

use crate::saml::refusal::{Checked, Refused};
use crate::saml::response::{Expected, check_issuer};
use crate::saml::xml;
use roxmltree::Node;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// What an assertion says besides who it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Its id, which must never be accepted twice.
    pub id: String,
    /// From when on it is refused anyway.
    pub expires_at: i64,
    /// When the person proved who they are.
    pub auth_time: i64,
    /// How they did.
    pub acr: Option<String>,
    /// The provider's name for the session.
    pub session: Option<String>,
}

/// Checks an assertion.
pub fn check(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Checked<Stated> {
    if assertion.attribute("Version") != Some("2.0") {
        return Err(Refused::Check("version"));
    }
    let id = assertion.attribute("ID").filter(|id| !id.is_empty() && id.len() <= 256);
    let id = id.ok_or(Refused::Check("assertion id"))?.to_owned();
    check_issuer(assertion, expected)?;
    let issued = assertion.attribute("IssueInstant").and_then(xml::instant);
    if issued.is_none_or(|issued| issued > expected.now.saturating_add(expected.leeway)) {
        return Err(Refused::Check("issue instant"));
    }
    let expires_at = check_confirmations(assertion, expected)?;
    check_conditions(assertion, expected)?;
    let authn = xml::only(assertion, xml::ASSERTION, "AuthnStatement");
    let authn = authn.ok_or(Refused::Check("authentication statement"))?;
    Ok(Stated {
        id,
        expires_at,
        auth_time: check_authn(authn, expected)?,
        acr: xml::only(authn, xml::ASSERTION, "AuthnContext")
            .and_then(|context| xml::only(context, xml::ASSERTION, "AuthnContextClassRef"))
            .and_then(xml::address),
        session: authn.attribute("SessionIndex").map(str::to_owned),
    })
}

/// Checks a pair of limits, each of which may be absent and none of which may be unreadable.
fn check_window(node: Node<'_, '_>, expected: &Expected<'_>, early: Refused, late: Refused) -> Checked<()> {
    if let Some(from) = node.attribute("NotBefore")
        && xml::instant(from).is_none_or(|from| expected.now.saturating_add(expected.leeway) < from)
    {
        return Err(early);
    }
    if let Some(until) = node.attribute("NotOnOrAfter")
        && xml::instant(until).is_none_or(|until| expected.now.saturating_sub(expected.leeway) >= until)
    {
        return Err(late);
    }
    Ok(())
}

/// One bearer confirmation has to hold. The latest end of those that hold is when the assertion is of no more use.
fn check_confirmations(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Checked<i64> {
    let subject = xml::only(assertion, xml::ASSERTION, "Subject").ok_or(Refused::Check("subject"))?;
    let mut refused = Refused::Check("bearer confirmation");
    let mut latest = None;
    for confirmation in xml::children(subject, xml::ASSERTION, "SubjectConfirmation")
        .filter(|confirmation| confirmation.attribute("Method") == Some(BEARER))
    {
        match check_confirmation(confirmation, expected) {
            Ok(until) => latest = latest.max(Some(until)),
            Err(failed) => refused = failed,
        }
    }
    latest.map(|until| until.saturating_add(expected.leeway)).ok_or(refused)
}

fn check_confirmation(confirmation: Node<'_, '_>, expected: &Expected<'_>) -> Checked<i64> {
    let data = xml::only(confirmation, xml::ASSERTION, "SubjectConfirmationData");
    let data = data.ok_or(Refused::Check("bearer confirmation"))?;
    if data.attribute("Recipient") != Some(expected.acs_url) {
        return Err(Refused::Check("recipient"));
    }
    if data.attribute("InResponseTo") != Some(expected.request_id) {
        return Err(Refused::Check("in response to"));
    }
    let until = data.attribute("NotOnOrAfter").and_then(xml::instant);
    let until = until.ok_or(Refused::Check("confirmation expired"))?;
    let early = Refused::Check("confirmation not yet valid");
    check_window(data, expected, early, Refused::Check("confirmation expired"))?;
    Ok(until)
}

fn check_conditions(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Checked<()> {
    let conditions = xml::only(assertion, xml::ASSERTION, "Conditions").ok_or(Refused::Check("audience"))?;
    check_window(conditions, expected, Refused::Check("not yet valid"), Refused::Check("expired"))?;
    let mut restricted = false;
    for condition in conditions.children().filter(Node::is_element) {
        if condition.has_tag_name((xml::ASSERTION, "AudienceRestriction")) {
            // Several audiences in one restriction: any of them. Several restrictions: all of them.
            let ours = xml::children(condition, xml::ASSERTION, "Audience")
                .any(|audience| xml::address(audience).as_deref() == Some(expected.audience));
            if !ours {
                return Err(Refused::Check("audience"));
            }
            restricted = true;
        } else if !condition.has_tag_name((xml::ASSERTION, "OneTimeUse"))
            && !condition.has_tag_name((xml::ASSERTION, "ProxyRestriction"))
        {
            return Err(Refused::Check("unknown condition"));
        }
    }
    if restricted { Ok(()) } else { Err(Refused::Check("audience")) }
}

fn check_authn(authn: Node<'_, '_>, expected: &Expected<'_>) -> Checked<i64> {
    let at = authn.attribute("AuthnInstant").and_then(xml::instant);
    let at = at.ok_or(Refused::Check("authentication instant"))?;
    if at > expected.now.saturating_add(expected.leeway) {
        return Err(Refused::Check("authentication instant"));
    }
    if expected.fresh_since.is_some_and(|since| at < since.saturating_sub(expected.leeway)) {
        return Err(Refused::Check("fresh authentication"));
    }
    if let Some(end) = authn.attribute("SessionNotOnOrAfter")
        && xml::instant(end).is_none_or(|end| expected.now.saturating_sub(expected.leeway) >= end)
    {
        return Err(Refused::Check("session expired"));
    }
    Ok(at)
}
