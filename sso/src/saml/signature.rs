//! Signatures: from the text of a response to the part of it that a provider's key signed.
//!
//! Two walls. Before anything is computed, the only signatures that get through are the ones SAML describes: on the
//! response or on its one assertion, over the whole of that element and nothing else, with listed algorithms. Then
//! libxmlsec1 verifies every one of them, and what comes back is the text that went into the digest. Whatever else
//! stood in the message is gone; keys and certificates inside the message are never looked at.

use crate::saml::refusal::{Checked, Refused};
use crate::saml::xml;
use roxmltree::{Document, Node};
use samael::crypto::{AllowedSignatureAlgorithm, CertificateDer, Crypto, CryptoProvider as _, ReduceMode};

const ALGORITHMS: [AllowedSignatureAlgorithm; 6] = [
    AllowedSignatureAlgorithm::RsaSha256,
    AllowedSignatureAlgorithm::RsaSha384,
    AllowedSignatureAlgorithm::RsaSha512,
    AllowedSignatureAlgorithm::EcdsaSha256,
    AllowedSignatureAlgorithm::EcdsaSha384,
    AllowedSignatureAlgorithm::EcdsaSha512,
];
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const CANONICAL: [&str; 2] =
    ["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"];

/// Checks the form of every signature in a response. `assertion` is its only assertion.
pub fn check_form(document: &Document<'_>, assertion: Node<'_, '_>) -> Checked<()> {
    let mut signatures =
        document.descendants().filter(|node| node.has_tag_name((xml::SIGNATURE, "Signature"))).peekable();
    if signatures.peek().is_none() {
        return Err(Refused::Check("signature: there is none"));
    }
    for signature in signatures {
        let signed = signature.parent().filter(|parent| {
            let here = *parent == document.root_element() || *parent == assertion;
            here && xml::only(*parent, xml::SIGNATURE, "Signature") == Some(signature)
        });
        let signed = signed.ok_or(Refused::Check("signature place"))?;
        check_one(signature, signed)?;
    }
    Ok(())
}

fn check_one(signature: Node<'_, '_>, signed: Node<'_, '_>) -> Checked<()> {
    // No `Object`: it is where wrapping hides things, and where manifests point elsewhere.
    let known = ["SignedInfo", "SignatureValue", "KeyInfo"];
    let elements = signature.children().filter(Node::is_element);
    if !elements.clone().all(|part| known.iter().any(|name| part.has_tag_name((xml::SIGNATURE, *name)))) {
        return Err(Refused::Check("signature content"));
    }
    let part = |node, name| xml::only(node, xml::SIGNATURE, name).ok_or(Refused::Check("signature content"));
    let info = part(signature, "SignedInfo")?;
    let canonicalization = part(info, "CanonicalizationMethod")?;
    let reference = part(info, "Reference")?;
    let transforms = part(reference, "Transforms")?;
    // Exactly this element: an address elsewhere would even be fetched.
    let id = signed.attribute("ID").filter(|id| !id.is_empty());
    if reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != id || id.is_none() {
        return Err(Refused::Check("signature reference"));
    }
    // Other transforms sign less than they seem to.
    let transforms = transforms.children().filter(Node::is_element);
    let plain = |algorithm| algorithm == ENVELOPED || CANONICAL.contains(&algorithm);
    let all_plain = transforms.clone().all(|transform| {
        transform.has_tag_name((xml::SIGNATURE, "Transform"))
            && transform.attribute("Algorithm").is_some_and(plain)
    });
    let enveloped = transforms.clone().any(|transform| transform.attribute("Algorithm") == Some(ENVELOPED));
    if !all_plain || !enveloped || transforms.count() > 2 {
        return Err(Refused::Check("signature transforms"));
    }
    let method = part(info, "SignatureMethod")?.attribute("Algorithm");
    let digest = part(reference, "DigestMethod")?.attribute("Algorithm");
    let listed = ALGORITHMS.iter().any(|listed| method == Some(listed.signature_uri()))
        && ALGORITHMS.iter().any(|listed| digest == Some(listed.digest_uri()))
        && canonicalization.attribute("Algorithm").is_some_and(|method| CANONICAL.contains(&method));
    if listed { Ok(()) } else { Err(Refused::Check("signature algorithm")) }
}

/// Verifies every signature with one of the certificates, and gives back what was signed: a whole response, or an
/// assertion alone.
///
/// One certificate at a time, because a key of the other kind is an error to libxmlsec1 and would end the search.
pub fn signed_part(response: &str, certificates: &[CertificateDer]) -> Checked<String> {
    certificates
        .iter()
        .find_map(|certificate| {
            Crypto::reduce_xml_to_signed_with_allowed_algorithms(
                response,
                std::slice::from_ref(certificate),
                ReduceMode::PreDigest,
                Some(&ALGORITHMS),
            )
            .ok()
        })
        .ok_or(Refused::Check("signature"))
}

#[cfg(test)]
mod tests {
    //! The second wall by itself: what comes back when the form of the signatures was not looked at.

    use super::*;
    use base64::Engine as _;

    const SIGNED: &str = include_str!("../../saml-tests/data/signed-with-rsa.xml");
    const ECDSA: &str = include_str!("../../saml-tests/data/signed-with-ecdsa.xml");
    const XPATH: &str = include_str!("../../saml-tests/data/assertion-left-out-by-xpath.xml");
    const STATUS: &str = include_str!("../../saml-tests/data/only-the-status-signed.xml");
    const SHA1: &str = include_str!("../../saml-tests/data/signed-with-sha1-digest.xml");
    const GOOD: &str = "user@good.com.evil.com";
    const EVIL: &str = "admin@example.com";

    fn certificate(pem: &str) -> CertificateDer {
        let encoded: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        base64::engine::general_purpose::STANDARD.decode(encoded).unwrap().into()
    }

    fn idp() -> CertificateDer {
        certificate(include_str!("../../saml-tests/data/idp.crt"))
    }

    fn ec() -> CertificateDer {
        certificate(include_str!("../../saml-tests/data/ec.crt"))
    }

    #[test]
    fn only_the_signed_assertion_comes_back() {
        let signed = signed_part(SIGNED, &[idp()]).unwrap();
        assert!(signed.starts_with("<saml:Assertion ") && signed.ends_with("</saml:Assertion>"), "{signed}");
        assert!(signed.contains(GOOD) && !signed.contains("Signature"));
    }

    #[test]
    fn a_certificate_of_another_kind_ends_no_search() {
        for certificates in [[idp(), ec()], [ec(), idp()]] {
            assert!(signed_part(SIGNED, &certificates).is_ok());
            assert!(signed_part(ECDSA, &certificates).is_ok());
        }
        assert!(signed_part(ECDSA, &[idp()]).is_err());
        assert!(signed_part(SIGNED, &[]).is_err());
    }

    #[test]
    fn the_library_refuses_sha_1_too() {
        assert_eq!(signed_part(SHA1, &[idp()]), Err(Refused::Check("signature")));
    }

    /// Both are truly signed, which is why their form has to be looked at.
    #[test]
    fn an_assertion_that_is_not_covered_does_not_come_back() {
        for response in [XPATH, STATUS] {
            let signed = signed_part(response, &[idp()]).unwrap();
            assert!(!signed.contains("Assertion") && !signed.contains(GOOD), "{signed}");
            assert!(signed.contains("Status"));
        }
    }

    #[test]
    fn wrapping_brings_back_the_signed_assertion_or_nothing() {
        let start = SIGNED.find("<saml:Assertion").unwrap();
        let end = SIGNED.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
        let assertion = &SIGNED[start..end];
        let from = assertion.find("<ds:Signature").unwrap();
        let to = assertion.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        let signature = &assertion[from..to];
        let bare = assertion.replace(signature, "");
        let evil = bare.replace(GOOD, EVIL).replace("_assertion-1", "_evil");
        let evil_with = |inside: &str| evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{inside}"), 1);
        let object = format!("<ds:Object>{bare}</ds:Object></ds:Signature>");
        let cases = [
            format!("{evil}{assertion}"),
            format!("{assertion}{evil}"),
            evil_with(assertion),
            format!("{}{bare}", evil_with(signature)),
            evil_with(&signature.replace("</ds:Signature>", &object)),
            format!("<samlp:Extensions>{assertion}</samlp:Extensions>{evil}"),
            format!("{assertion}{}", evil.replace("_evil", "_assertion-1")),
        ];
        let mut verified = 0;
        for case in cases {
            let response = SIGNED.replace(assertion, &case);
            if let Ok(signed) = signed_part(&response, &[idp()]) {
                assert!(signed.contains(GOOD) && !signed.contains(EVIL), "{case}");
                verified += 1;
            }
        }
        assert!(verified >= 4, "the true signatures verify, or this proves nothing: {verified}");
    }
}
