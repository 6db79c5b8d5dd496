//! Metadata: what the provider's file says, checked once at the start, and what we say of ourselves.
//!
//! The file is the operator's, so it is trusted for what it is: the only source of the provider's name, address and
//! certificates. Nothing is fetched, and a signature on the file is not looked at.

use crate::SsoError;
use crate::saml::Settings;
use crate::saml::xml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::Id;
use openssl::x509::X509;
use reqwest::Url;
use roxmltree::Node;
use samael::crypto::CertificateDer;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// The binding by which an answer comes.
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const MAX_BYTES: usize = 1024 * 1024;
const MIN_RSA_BITS: u32 = 2048;

/// The identity provider.
#[derive(Debug, Clone)]
pub struct Idp {
    /// Its name for itself, which every answer must carry.
    pub entity_id: String,
    /// Where a browser is sent to sign in.
    pub sign_in: Url,
    /// The certificates whose keys may sign. Their own dates and issuers do not count: standing in the file does.
    pub certificates: Vec<CertificateDer>,
}

/// Reads the provider's metadata. Every refusal names what to change.
pub fn idp(settings: &Settings) -> Result<Idp, SsoError> {
    read(&settings.idp_metadata)
        .map_err(|problem| SsoError::Settings(format!("saml `{}`: idp metadata: {problem}", settings.name)))
}

fn read(metadata: &str) -> Result<Idp, String> {
    if metadata.len() > MAX_BYTES {
        return Err(format!("larger than {MAX_BYTES} bytes; give the provider's own, not a federation's"));
    }
    let document = xml::parse(xml::without_declaration(metadata)).map_err(|unreadable| match unreadable {
        xml::Unreadable::DocumentType => "it has a document type, which is not read; remove it",
        xml::Unreadable::Malformed => "it is not well-formed XML",
    })?;
    let root = document.root_element();
    if !root.has_tag_name((xml::METADATA, "EntityDescriptor")) {
        return Err(
            "the root must be one EntityDescriptor; cut the provider's own out of a federation's".into()
        );
    }
    let entity_id = root.attribute("entityID").filter(|id| !id.is_empty() && id.len() <= 1024);
    let entity_id = entity_id.ok_or("the EntityDescriptor has no entityID")?.to_owned();
    let descriptor = xml::children(root, xml::METADATA, "IDPSSODescriptor")
        .find(|descriptor| {
            let protocols = descriptor.attribute("protocolSupportEnumeration").unwrap_or_default();
            protocols.split_ascii_whitespace().any(|protocol| protocol == xml::PROTOCOL)
        })
        .ok_or("there is no IDPSSODescriptor for SAML 2.0")?;
    if matches!(descriptor.attribute("WantAuthnRequestsSigned"), Some("true" | "1")) {
        return Err("the provider wants signed requests, which are not supported; turn that off there".into());
    }
    Ok(Idp { entity_id, sign_in: sign_in(descriptor)?, certificates: certificates(descriptor)? })
}

fn sign_in(descriptor: Node<'_, '_>) -> Result<Url, String> {
    let location = xml::children(descriptor, xml::METADATA, "SingleSignOnService")
        .find(|service| service.attribute("Binding") == Some(REDIRECT))
        .and_then(|service| service.attribute("Location"))
        .ok_or("there is no SingleSignOnService with the HTTP-Redirect binding")?;
    let url = Url::parse(location).map_err(|_| format!("its address `{location}` is no URL"))?;
    let loopback = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && loopback) {
        Ok(url)
    } else {
        Err(format!("its address `{location}` must begin with https://"))
    }
}

/// A key without a use may sign too.
fn certificates(descriptor: Node<'_, '_>) -> Result<Vec<CertificateDer>, String> {
    let certificates = xml::children(descriptor, xml::METADATA, "KeyDescriptor")
        .filter(|key| matches!(key.attribute("use"), None | Some("signing")))
        .flat_map(|key| key.descendants())
        .filter(|node| node.has_tag_name((xml::SIGNATURE, "X509Certificate")))
        .map(certificate)
        .collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() {
        return Err("there is no certificate for signing".into());
    }
    Ok(certificates)
}

fn certificate(node: Node<'_, '_>) -> Result<CertificateDer, String> {
    let mut encoded = xml::text(node).unwrap_or_default();
    encoded.retain(|character| !character.is_ascii_whitespace());
    let der = STANDARD.decode(encoded).map_err(|_| "a certificate for signing is not base64")?;
    let key = X509::from_der(&der)
        .and_then(|certificate| certificate.public_key())
        .map_err(|_| "a certificate for signing cannot be read")?;
    match key.id() {
        Id::RSA if key.bits() >= MIN_RSA_BITS => Ok(CertificateDer::from(der)),
        Id::RSA => Err(format!("an RSA key for signing has fewer than {MIN_RSA_BITS} bits")),
        Id::EC => Ok(CertificateDer::from(der)),
        _ => Err("a key for signing is neither RSA nor EC".into()),
    }
}

/// Our own metadata. There is no key in it: requests are not signed and assertions are not encrypted.
pub fn ours(settings: &Settings) -> String {
    let entity_id = xml::escape(&settings.entity_id);
    let acs_url = xml::escape(&settings.acs_url);
    // A configured attribute is the identity, and then any name id will do.
    let formats = match settings.subject_attribute {
        Some(_) => "",
        None => concat!(
            "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>",
            "<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>",
        ),
    };
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?>"#,
            r#"<md:EntityDescriptor xmlns:md="{metadata}" entityID="{entity_id}">"#,
            r#"<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true""#,
            r#" protocolSupportEnumeration="{protocol}">{formats}"#,
            r#"<md:AssertionConsumerService Binding="{post}" Location="{acs_url}" index="0" isDefault="true"/>"#,
            "</md:SPSSODescriptor></md:EntityDescriptor>",
        ),
        metadata = xml::METADATA,
        entity_id = entity_id,
        protocol = xml::PROTOCOL,
        formats = formats,
        post = POST,
        acs_url = acs_url,
    )
}
