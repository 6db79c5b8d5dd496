//! Signature wrapping: a true signature stays in the message and verifies, and the reader is led to something else.
//! The eight shapes of Somorovsky and others, "On Breaking SAML: Be Whoever You Want to Be" (2012).

use crate::answer::*;
use saml_rs::constants::signature_algorithm::RSA_SHA256;

const GOOD: &str = "user@good.com.evil.com";
const EVIL: &str = "admin@example.com";

/// An element of a message, from its opening to its end.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let start = xml.find(&format!("<{name}")).unwrap();
    let end = format!("</{name}>");
    let length = xml[start..].rfind(&end).unwrap() + end.len();
    &xml[start..start + length]
}

struct Parts {
    response: String,
    assertion: String,
    signature: String,
    /// The signed assertion with its signature taken out, as it was when it was signed.
    bare: String,
    /// The same with another name and its own id.
    evil: String,
}

fn parts() -> Parts {
    let response = Answer::default().signed();
    let assertion = element(&response, "saml:Assertion").to_owned();
    let signature = element(&assertion, "ds:Signature").to_owned();
    let bare = assertion.replace(&signature, "");
    let evil = bare.replace(GOOD, EVIL).replace("_assertion-1", "_evil");
    Parts { response, assertion, signature, bare, evil }
}

/// The signature with something in an `Object` of it.
fn with_object(signature: &str, inside: &str) -> String {
    signature.replace("</ds:Signature>", &format!("<ds:Object>{inside}</ds:Object></ds:Signature>"))
}

fn shapes() -> Vec<(&'static str, String)> {
    let Parts { response, assertion, signature, bare, evil } = parts();
    let swap = |new: &str| response.replace(&assertion, new);
    let after_issuer =
        |xml: &str, new: &str| xml.replacen("</saml:Issuer>", &format!("</saml:Issuer>{new}"), 1);
    let signed_evil = |signature: &str| after_issuer(&evil, signature);

    // One and two: the whole response is signed, and another response is put around it.
    let whole = sign(&Answer::default().unsigned(), Signed::Response, IDP_KEY, RSA_SHA256, &[]);
    let whole_signature = element(&whole, "ds:Signature").to_owned();
    let whole_bare = whole.replace(&whole_signature, "");
    let evil_whole =
        whole_bare.replace(GOOD, EVIL).replace("_response-1", "_evil").replace("_assertion-1", "_evil-2");

    vec![
        ("1: response in the object", after_issuer(&evil_whole, &with_object(&whole_signature, &whole_bare))),
        (
            "2: response before its signature",
            after_issuer(&evil_whole, &format!("{whole_bare}{whole_signature}")),
        ),
        ("3: evil assertion first", swap(&format!("{evil}{assertion}"))),
        ("3: evil assertion last", swap(&format!("{assertion}{evil}"))),
        ("4: signed assertion inside the evil one", swap(&after_issuer(&evil, &assertion))),
        (
            "5: signature in the evil one, signed assertion beside",
            swap(&format!("{}{bare}", signed_evil(&signature))),
        ),
        (
            "6: signed assertion inside the signature of the evil one",
            swap(&signed_evil(&signature.replace("</ds:Signature>", &format!("{bare}</ds:Signature>")))),
        ),
        (
            "7: evil assertion in the extensions",
            swap(&format!(
                "<samlp:Extensions>{}</samlp:Extensions>{assertion}",
                evil.replace("_evil", "_assertion-1")
            )),
        ),
        (
            "7: signed assertion in the extensions",
            swap(&format!("<samlp:Extensions>{assertion}</samlp:Extensions>{evil}")),
        ),
        ("8: signed assertion in the object", swap(&signed_evil(&with_object(&signature, &bare)))),
        ("8: evil assertion in the object", response.replace(&signature, &with_object(&signature, &evil))),
    ]
}

#[test]
fn every_shape_of_wrapping_is_refused() {
    for (shape, response) in shapes() {
        assert!(response.contains(EVIL) && response.contains(GOOD), "{shape}");
        assert_eq!(check(finish(&response)), "one assertion", "{shape}");
    }
    assert!(finish(&parts().response).is_ok(), "what every shape starts from");
}

/// Shapes with a single assertion, so that the number does not give them away.
#[test]
fn a_signature_beside_what_is_read_is_refused() {
    let Parts { response, assertion, signature, bare, evil } = parts();
    let swap = |new: &str| response.replace(&assertion, new);
    let claimed = evil.replace("_evil", "_assertion-1");
    // Another name for the signed assertion, which a reader by local names would not see, or would.
    let renamed = bare.replace("saml:Assertion", "saml:Statement");
    let cases = [
        // There it would be the signature of the response.
        ("signature reference", swap(&format!("{signature}{claimed}"))),
        ("signature place", swap(&format!("<samlp:Extensions>{signature}</samlp:Extensions>{claimed}"))),
        ("signature place", swap(&claimed.replace("<saml:Subject>", &format!("<saml:Subject>{signature}")))),
        ("signature", swap(&claimed.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1))),
        (
            "signature reference",
            swap(&format!(
                "{renamed}{}",
                evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
            )),
        ),
        // The same id twice: which one is meant is anybody's guess.
        (
            "signature",
            swap(&format!(
                "{renamed}{}",
                claimed.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
            )),
        ),
        ("signature: there is none", swap(&claimed)),
        ("signature place", response.replace(&signature, &format!("{signature}{signature}"))),
    ];
    for (expected, response) in cases {
        assert_eq!(check(finish(&response)), expected, "{response}");
    }
}

/// The envelope of a signed assertion is anybody's to write; what is told never comes from it.
#[test]
fn nothing_outside_of_the_signed_assertion_is_told() {
    let told = Answer::default().attributes.replace("alice@", "mallory@");
    let response = parts().response;
    let extended = response.replace("<samlp:Status>", &format!(
        r#"<samlp:Extensions xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{told}</samlp:Extensions><samlp:Status>"#
    ));
    assert_ne!(extended, response);
    assert_eq!(finish(&extended).unwrap(), finish(&response).unwrap());
}
