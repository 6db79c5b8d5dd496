//! Answers of a provider, written out, so that each part of one can be wrong by itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_rs::constants::signature_algorithm::RSA_SHA256;
use saml_rs::crypto::construct_saml_signature;
use saml_rs::crypto::keys::load_private_key;
use sso::SsoError;
use sso::saml::{Proven, Provider, Settings};

/// 2026-11-21T12:00:00Z, the present in all of these tests but those where `saml-rs` has its own clock.
pub const NOW: i64 = 1_795_262_400;
pub const REQUEST_ID: &str = "_request-1";
pub const IDP: &str = "https://idp.example.com/metadata";
pub const ENTITY_ID: &str = "https://nexus.example.com/sign-in/saml/corp/metadata";
pub const ACS_URL: &str = "https://nexus.example.com/sign-in/saml/corp/acs";

pub const IDP_KEY: &str = include_str!("../../data/idp.key");
pub const IDP_CERTIFICATE: &str = include_str!("../../data/idp.crt");
pub const OTHER_KEY: &str = include_str!("../../data/other.key");
pub const OTHER_CERTIFICATE: &str = include_str!("../../data/other.crt");
pub const EC_CERTIFICATE: &str = include_str!("../../data/ec.crt");
pub const WEAK_CERTIFICATE: &str = include_str!("../../data/weak.crt");

/// What a provider answers, in parts.
#[derive(Debug, Clone)]
pub struct Answer {
    pub version: &'static str,
    pub destination: Option<&'static str>,
    pub in_response_to: Option<&'static str>,
    pub response_issuer: &'static str,
    pub status: &'static str,
    pub assertion_id: &'static str,
    pub issued: &'static str,
    pub issuer: &'static str,
    pub name_id: &'static str,
    pub confirmation: &'static str,
    pub recipient: &'static str,
    pub confirmed_for: Option<&'static str>,
    pub confirmed_until: Option<&'static str>,
    pub not_before: &'static str,
    pub not_on_or_after: &'static str,
    pub conditions: &'static str,
    pub authn: &'static str,
    pub attributes: &'static str,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            version: "2.0",
            destination: Some(ACS_URL),
            in_response_to: Some(REQUEST_ID),
            response_issuer: IDP,
            status: r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>"#,
            assertion_id: "_assertion-1",
            issued: "2026-11-21T11:59:58.123Z",
            issuer: IDP,
            name_id: concat!(
                r#"<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">"#,
                "user@good.com.evil.com</saml:NameID>",
            ),
            confirmation: "urn:oasis:names:tc:SAML:2.0:cm:bearer",
            recipient: ACS_URL,
            confirmed_for: Some(REQUEST_ID),
            confirmed_until: Some("2026-11-21T12:05:00Z"),
            not_before: "2026-11-21T11:59:00Z",
            not_on_or_after: "2026-11-21T12:05:00Z",
            conditions: concat!(
                "<saml:AudienceRestriction><saml:Audience>https://nexus.example.com/sign-in/saml/corp/metadata",
                "</saml:Audience></saml:AudienceRestriction>",
            ),
            authn: concat!(
                r#"<saml:AuthnStatement AuthnInstant="2026-11-21T11:50:00Z" SessionIndex="_session-1">"#,
                "<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
                "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>",
            ),
            attributes: concat!(
                r#"<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>alice@example.com"#,
                r#"</saml:AttributeValue></saml:Attribute><saml:Attribute Name="displayName"><saml:AttributeValue>"#,
                r#" Alice &amp; Co </saml:AttributeValue></saml:Attribute><saml:Attribute Name="groups">"#,
                "<saml:AttributeValue>nexus-approvers</saml:AttributeValue><saml:AttributeValue>staff",
                r#"</saml:AttributeValue></saml:Attribute><saml:Attribute Name="employee"><saml:AttributeValue>"#,
                "E-17</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
            ),
        }
    }
}

fn attribute(name: &str, value: Option<&str>) -> String {
    value.map_or(String::new(), |value| format!(r#" {name}="{value}""#))
}

impl Answer {
    /// The assertion, unsigned.
    pub fn assertion(&self) -> String {
        format!(
            concat!(
                r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" "#,
                r#"IssueInstant="{issued}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject>{name_id}"#,
                r#"<saml:SubjectConfirmation Method="{confirmation}"><saml:SubjectConfirmationData "#,
                r#"Recipient="{recipient}"{until}{answers}/></saml:SubjectConfirmation></saml:Subject>"#,
                r#"<saml:Conditions NotBefore="{from}" NotOnOrAfter="{to}">{conditions}</saml:Conditions>"#,
                "{authn}{attributes}</saml:Assertion>",
            ),
            id = self.assertion_id,
            issued = self.issued,
            issuer = self.issuer,
            name_id = self.name_id,
            confirmation = self.confirmation,
            recipient = self.recipient,
            until = attribute("NotOnOrAfter", self.confirmed_until),
            answers = attribute("InResponseTo", self.confirmed_for),
            from = self.not_before,
            to = self.not_on_or_after,
            conditions = self.conditions,
            authn = self.authn,
            attributes = self.attributes,
        )
    }

    /// The response around anything.
    pub fn around(&self, inside: &str) -> String {
        format!(
            concat!(
                r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response-1" "#,
                r#"Version="{version}" IssueInstant="2026-11-21T11:59:58Z"{destination}{answers}><saml:Issuer "#,
                r#"xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer><samlp:Status>{status}"#,
                "</samlp:Status>{inside}</samlp:Response>",
            ),
            version = self.version,
            destination = attribute("Destination", self.destination),
            answers = attribute("InResponseTo", self.in_response_to),
            issuer = self.response_issuer,
            status = self.status,
            inside = inside,
        )
    }

    /// The whole response, unsigned.
    pub fn unsigned(&self) -> String {
        self.around(&self.assertion())
    }

    /// The response with its assertion signed by the provider.
    pub fn signed(&self) -> String {
        sign(&self.unsigned(), Signed::Assertion, IDP_KEY, RSA_SHA256, &[])
    }
}

/// What a signature is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Assertion,
    Response,
}

/// Signs with the signer of `saml-rs`. The certificate that it adds to the message is the right one, whatever the key.
pub fn sign(xml: &str, signed: Signed, key: &str, algorithm: &str, transforms: &[String]) -> String {
    let key = load_private_key(key, None).unwrap();
    let whole = signed == Signed::Response;
    construct_saml_signature(xml, whole, &key, IDP_CERTIFICATE, algorithm, transforms, None).unwrap()
}

/// The base64 between the lines of a PEM file.
pub fn base64_of(certificate: &str) -> String {
    certificate.lines().filter(|line| !line.starts_with('-')).collect()
}

/// Metadata of the provider with these certificates.
pub fn idp_metadata(certificates: &[&str]) -> String {
    let keys = certificates.iter().fold(String::new(), |keys, certificate| {
        let certificate = base64_of(certificate);
        keys + &format!(
            concat!(
                r#"<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>"#,
                "<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>",
            ),
            certificate = certificate,
        )
    });
    format!(
        concat!(
            r#"<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" "#,
            r#"entityID="{idp}"><IDPSSODescriptor "#,
            r#"protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}<SingleSignOnService "#,
            r#"Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" "#,
            r#"Location="https://idp.example.com/sso?tenant=a&amp;b=c"/></IDPSSODescriptor></EntityDescriptor>"#,
        ),
        idp = IDP,
        keys = keys,
    )
}

/// The settings of these tests.
pub fn settings() -> Settings {
    Settings {
        name: "corp".to_owned(),
        entity_id: ENTITY_ID.to_owned(),
        acs_url: ACS_URL.to_owned(),
        idp_metadata: idp_metadata(&[IDP_CERTIFICATE]),
        email_attribute: Some("email".to_owned()),
        name_attribute: Some("displayName".to_owned()),
        group_attribute: Some("groups".to_owned()),
        subject_attribute: None,
        leeway_seconds: 60,
    }
}

pub fn encode(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// Hands a response to a provider with these settings, for the usual request at the usual time.
pub fn finish_with(settings: Settings, xml: &str) -> Result<Proven, SsoError> {
    Provider::new(settings).unwrap().finish(&encode(xml), REQUEST_ID, None, NOW)
}

pub fn finish(xml: &str) -> Result<Proven, SsoError> {
    finish_with(settings(), xml)
}

/// The name of the check that failed.
pub fn check(result: Result<Proven, SsoError>) -> String {
    match result {
        Err(SsoError::NotProven { provider, check }) => {
            assert_eq!(provider, "corp");
            check
        }
        other => panic!("not the refusal of a check: {other:?}"),
    }
}
