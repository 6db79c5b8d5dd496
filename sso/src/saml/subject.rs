//! Who a signed assertion is about: the identity, and what is told of it by attributes with configured names.
//!
//! An identity is exact. What could be two different people read as one is refused: a name id that changes each time,
//! one from another namespace, one with white space at its ends.

use crate::Claims;
use crate::saml::Settings;
use crate::saml::refusal::{Checked, Refused};
use crate::saml::response::Expected;
use crate::saml::xml;
use roxmltree::Node;

const EMAIL_ADDRESS: &str = "emailAddress";
/// The formats that name a person for longer than one session, and what each puts before the subject.
const FORMATS: [(&str, &str); 6] = [
    ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "persistent"),
    ("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", EMAIL_ADDRESS),
    (UNSPECIFIED, "unspecified"),
    ("urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName", "X509SubjectName"),
    ("urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName", "WindowsDomainQualifiedName"),
    ("urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos", "kerberos"),
];
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const MAX_SUBJECT: usize = 512;

/// The claims of an assertion whose every other check passed; without the times and the session.
pub fn claims(assertion: Node<'_, '_>, settings: &Settings, expected: &Expected<'_>) -> Checked<Claims> {
    let told = |name: &Option<String>, check| match name {
        Some(name) => values(assertion, name).ok_or(Refused::Check(check)),
        None => Ok(Vec::new()),
    };
    let (subject, addressed) = match &settings.subject_attribute {
        Some(name) => (subject_attribute(assertion, name)?, None),
        None => name_id(assertion, expected)?,
    };
    let first = |values: Vec<String>| values.first().map(|value| value.trim().to_owned());
    let email = first(told(&settings.email_attribute, "email attribute")?);
    Ok(Claims {
        issuer: expected.issuer.to_owned(),
        subject,
        email: email.or(addressed),
        name: first(told(&settings.name_attribute, "name attribute")?),
        // Letter by letter, because they are compared: no role comes of a group that is only like another.
        groups: told(&settings.group_attribute, "group attribute")?,
        ..Claims::default()
    })
}

/// `attribute:NAME:VALUE`, so that no other attribute and no name id ever gives the same identity.
fn subject_attribute(assertion: Node<'_, '_>, name: &str) -> Checked<String> {
    match values(assertion, name).as_deref() {
        Some([value]) => Ok(format!("attribute:{name}:{}", identity(value)?)),
        _ => Err(Refused::Check("subject attribute")),
    }
}

/// `FORMAT:VALUE`, and the value once more when it is an address.
fn name_id(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Checked<(String, Option<String>)> {
    let name_id = xml::only(assertion, xml::ASSERTION, "Subject")
        .and_then(|subject| xml::only(subject, xml::ASSERTION, "NameID"))
        .ok_or(Refused::Check("name id"))?;
    let format = name_id.attribute("Format").unwrap_or(UNSPECIFIED);
    if format == TRANSIENT {
        return Err(Refused::Check(
            "transient name id: it names nobody for good, configure subject_attribute",
        ));
    }
    let known = FORMATS.iter().find(|(urn, _)| *urn == format);
    let (_, prefix) = known.ok_or(Refused::Check("name id format"))?;
    // A qualifier says whose name this is. Another's may be the same letters for somebody else.
    let foreign = |attribute, own| name_id.attribute(attribute).is_some_and(|found| found != own);
    if foreign("NameQualifier", expected.issuer) || foreign("SPNameQualifier", expected.audience) {
        return Err(Refused::Check("name id qualifier"));
    }
    let value = xml::text(name_id).ok_or(Refused::Check("name id"))?;
    let value = identity(&value)?;
    Ok((format!("{prefix}:{value}"), (*prefix == EMAIL_ADDRESS).then(|| value.to_owned())))
}

fn identity(value: &str) -> Checked<&str> {
    let exact = value.trim() == value && !value.chars().any(char::is_control);
    if exact && !value.is_empty() && value.len() <= MAX_SUBJECT {
        Ok(value)
    } else {
        Err(Refused::Check("subject value"))
    }
}

/// The values of an attribute, by its `Name` and not by the name that is only for people. Empty ones are left out;
/// one that is not plain text spoils all of them.
fn values(assertion: Node<'_, '_>, name: &str) -> Option<Vec<String>> {
    xml::children(assertion, xml::ASSERTION, "AttributeStatement")
        .flat_map(|statement| xml::children(statement, xml::ASSERTION, "Attribute"))
        .filter(|attribute| attribute.attribute("Name") == Some(name))
        .flat_map(|attribute| xml::children(attribute, xml::ASSERTION, "AttributeValue"))
        .map(xml::text)
        .filter(|value| value.as_deref().is_none_or(|value| !value.trim().is_empty()))
        .collect()
}
