//! Signatures that are missing, false, too weak, or over something else than they seem to be.

use crate::answer::*;
use saml_rs::constants::signature_algorithm::{RSA_SHA1, RSA_SHA256};
use saml_rs::constants::transform_algorithm::{ENVELOPED_SIGNATURE, EXC_C14N_WITH_COMMENTS};

#[test]
fn an_answer_without_a_signature_is_refused() {
    assert_eq!(check(finish(&Answer::default().unsigned())), "signature: there is none");
}

#[test]
fn another_key_is_refused_though_its_certificate_comes_along() {
    let unsigned = Answer::default().unsigned();
    for signed in [Signed::Assertion, Signed::Response] {
        let response = sign(&unsigned, signed, OTHER_KEY, RSA_SHA256, &[]);
        assert_eq!(check(finish(&response)), "signature");
        let theirs = response.replace(&base64_of(IDP_CERTIFICATE), &base64_of(OTHER_CERTIFICATE));
        assert_ne!(theirs, response);
        assert_eq!(check(finish(&theirs)), "signature");
    }
}

/// One true signature does not carry a false one along.
#[test]
fn every_signature_of_an_answer_has_to_hold() {
    let assertion_by_us = Answer::default().signed();
    let response_by_them = sign(&assertion_by_us, Signed::Response, OTHER_KEY, RSA_SHA256, &[]);
    assert_eq!(check(finish(&response_by_them)), "signature");
    let by_them = sign(&Answer::default().unsigned(), Signed::Assertion, OTHER_KEY, RSA_SHA256, &[]);
    let both = sign(&by_them, Signed::Response, IDP_KEY, RSA_SHA256, &[]);
    assert_eq!(check(finish(&both)), "signature");
}

#[test]
fn sha_1_is_refused_for_the_signature_and_for_the_digest() {
    let unsigned = Answer::default().unsigned();
    let old = sign(&unsigned, Signed::Assertion, IDP_KEY, RSA_SHA1, &[]);
    assert_eq!(check(finish(&old)), "signature algorithm");
    let old_digest = include_str!("../../data/signed-with-sha1-digest.xml");
    assert_eq!(check(finish(old_digest)), "signature algorithm");
}

#[test]
fn an_edit_of_what_is_signed_is_refused() {
    let edits = [
        ("alice@example.com", "mallory@example.com"),
        ("nexus-approvers", "nexus-admins"),
        ("user@good.com.evil.com", "user@good.com"),
        (
            r#"NotOnOrAfter="2026-11-21T12:05:00Z" InResponseTo"#,
            r#"NotOnOrAfter="2026-11-21T12:06:00Z" InResponseTo"#,
        ),
        ("_session-1", "_session-2"),
        (r#"ID="_assertion-1""#, r#"ID="_assertion-2""#),
    ];
    for (from, to) in edits {
        for signed in [Signed::Assertion, Signed::Response] {
            let response = sign(&Answer::default().unsigned(), signed, IDP_KEY, RSA_SHA256, &[]);
            let edited = response.replace(from, to);
            assert_ne!(edited, response, "{from}");
            let expected = if from.starts_with("ID") && signed == Signed::Assertion {
                "signature reference"
            } else {
                "signature"
            };
            assert_eq!(check(finish(&edited)), expected, "{from}");
        }
    }
}

/// The digest does not see a comment. Whoever reads only the text before it reads another name.
#[test]
fn a_comment_in_the_name_id_cuts_nothing_off() {
    let response = Answer::default().signed();
    for comment in ["<!-- -->", "<!---->", "<!-- </saml:NameID> -->"] {
        let edited = response.replace("user@good.com.evil.com", &format!("user@good.com{comment}.evil.com"));
        assert_ne!(edited, response);
        assert_eq!(finish(&edited).unwrap().claims.subject, "persistent:user@good.com.evil.com");
    }
    // A provider may write one itself, and may even ask for comments to be signed: the name is still the whole name.
    let name_id = "<saml:NameID>user@good.com<!-- -->.evil.com</saml:NameID>";
    let response = Answer { name_id, ..Answer::default() }.unsigned();
    let with_comments = [ENVELOPED_SIGNATURE.to_owned(), EXC_C14N_WITH_COMMENTS.to_owned()];
    for transforms in [&[][..], &with_comments] {
        let response = sign(&response, Signed::Assertion, IDP_KEY, RSA_SHA256, transforms);
        assert_eq!(finish(&response).unwrap().claims.subject, "unspecified:user@good.com.evil.com");
    }
}

/// The provider's own key signed each of these, and libxmlsec1 verifies each of them; not one covers the assertion.
#[test]
fn a_signed_response_whose_signature_does_not_cover_the_assertion_is_refused() {
    let cases = [
        ("signature transforms", include_str!("../../data/assertion-left-out-by-xpath.xml")),
        ("signature reference", include_str!("../../data/only-the-status-signed.xml")),
        ("signature reference", include_str!("../../data/whole-document-by-empty-address.xml")),
    ];
    for (expected, response) in cases {
        assert_eq!(check(finish(response)), expected);
    }
}

#[test]
fn a_signature_says_only_what_signatures_of_saml_say() {
    let good = Answer::default().signed();
    let reference = r##"<ds:Reference URI="#_assertion-1">"##;
    let transform = r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>"#;
    let xslt = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>"#;
    let cases = [
        ("signature reference", reference, r#"<ds:Reference URI="https://evil.example.com/a.xml">"#),
        ("signature reference", reference, r#"<ds:Reference URI="file:///etc/hostname">"#),
        ("signature reference", reference, r##"<ds:Reference URI="#_response-1">"##),
        ("signature reference", reference, "<ds:Reference>"),
        ("signature transforms", transform, ""),
        ("signature transforms", transform, xslt),
        ("signature content", "</ds:Signature>", "<ds:Object/></ds:Signature>"),
        ("signature content", "<ds:SignedInfo>", r##"<ds:SignedInfo><ds:Reference URI="#x"/>"##),
        (
            "signature algorithm",
            r#"SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256""#,
            r#"SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256""#,
        ),
        (
            "signature algorithm",
            r#"CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#""#,
            r#"CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315""#,
        ),
    ];
    for (expected, from, to) in cases {
        let edited = good.replace(from, to);
        assert_ne!(edited, good, "{from}");
        assert_eq!(check(finish(&edited)), expected, "{to}");
    }
}
