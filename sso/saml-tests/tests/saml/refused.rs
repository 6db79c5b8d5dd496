//! Answers that a provider's key did sign, or need not have, and that are refused for what they say.

use crate::answer::*;
use saml_rs::constants::signature_algorithm::RSA_SHA256;
use sso::SsoError;
use sso::saml::{Provider, Settings};

const TRANSIENT: &str = "transient name id: it names nobody for good, configure subject_attribute";

/// Each case changes one part of a good answer and signs it rightly.
#[test]
fn one_wrong_part_of_a_signed_answer_is_refused_by_its_own_check() {
    let good = Answer::default;
    let cases: Vec<(&str, Answer)> = vec![
        ("version", Answer { version: "1.1", ..good() }),
        ("destination", Answer { destination: Some("https://nexus.example.com/"), ..good() }),
        (
            "destination",
            Answer { destination: Some("https://nexus.example.com/sign-in/saml/corp/acs/"), ..good() },
        ),
        ("destination", Answer { destination: Some(""), ..good() }),
        ("destination", Answer { destination: None, ..good() }),
        ("in response to", Answer { in_response_to: Some("_request-2"), ..good() }),
        ("in response to", Answer { in_response_to: None, ..good() }),
        ("in response to", Answer { confirmed_for: Some("_request-2"), ..good() }),
        ("in response to", Answer { confirmed_for: None, ..good() }),
        ("issuer", Answer { response_issuer: "https://evil.example.com/metadata", ..good() }),
        ("issuer", Answer { response_issuer: "", ..good() }),
        ("issuer", Answer { issuer: "https://evil.example.com/metadata", ..good() }),
        ("issuer", Answer { issuer: "https://idp.example.com/Metadata", ..good() }),
        ("status", Answer { status: "", ..good() }),
        ("issue instant", Answer { issued: "2026-11-21T12:01:01Z", ..good() }),
        ("issue instant", Answer { issued: "yesterday", ..good() }),
        (
            "bearer confirmation",
            Answer { confirmation: "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches", ..good() },
        ),
        ("recipient", Answer { recipient: "https://other.example.com/acs", ..good() }),
        ("recipient", Answer { recipient: "https://nexus.example.com/sign-in/saml/corp/acs?a=b", ..good() }),
        ("confirmation expired", Answer { confirmed_until: Some("2026-11-21T11:59:00Z"), ..good() }),
        ("confirmation expired", Answer { confirmed_until: Some("2026-11-21T12:05:00"), ..good() }),
        ("confirmation expired", Answer { confirmed_until: None, ..good() }),
        ("not yet valid", Answer { not_before: "2026-11-21T12:01:01Z", ..good() }),
        ("not yet valid", Answer { not_before: "soon", ..good() }),
        ("expired", Answer { not_on_or_after: "2026-11-21T11:59:00Z", ..good() }),
        ("expired", Answer { not_on_or_after: "never", ..good() }),
        ("audience", Answer { conditions: "", ..good() }),
        ("audience", Answer { conditions: "<saml:AudienceRestriction/>", ..good() }),
        (
            "audience",
            Answer {
                conditions: "<saml:AudienceRestriction><saml:Audience>https://x.example</saml:Audience></saml:AudienceRestriction>",
                ..good()
            },
        ),
        ("authentication statement", Answer { authn: "", ..good() }),
        (
            "authentication instant",
            Answer { authn: r#"<saml:AuthnStatement AuthnInstant="2026-11-21T12:01:01Z"/>"#, ..good() },
        ),
        ("authentication instant", Answer { authn: "<saml:AuthnStatement/>", ..good() }),
        (
            "session expired",
            Answer {
                authn: concat!(
                    r#"<saml:AuthnStatement AuthnInstant="2026-11-21T11:50:00Z" "#,
                    r#"SessionNotOnOrAfter="2026-11-21T11:59:00Z"/>"#,
                ),
                ..good()
            },
        ),
    ];
    for (expected, answer) in cases {
        assert_eq!(check(finish(&answer.signed())), expected, "{answer:?}");
    }
    assert!(finish(&good().signed()).is_ok(), "what every case starts from");
}

#[test]
fn several_audience_restrictions_all_have_to_name_us_and_unknown_conditions_are_not_met() {
    let ours = Answer::default().conditions;
    let theirs = ours.replace("nexus", "other");
    let both_inside =
        ours.replace("<saml:Audience>", "<saml:Audience>https://x.example</saml:Audience><saml:Audience>");
    let unknown = format!("{ours}<saml:Condition/>");
    let once = format!("{ours}<saml:OneTimeUse/>");
    let cases = [
        (format!("{ours}{theirs}"), Some("audience")),
        (format!("{theirs}{ours}"), Some("audience")),
        (unknown, Some("unknown condition")),
        (both_inside, None),
        (once, None),
    ];
    for (conditions, refused) in cases {
        let answer = Answer { conditions: conditions.leak(), ..Answer::default() };
        let failed = finish(&answer.signed()).err().map(|error| check(Err(error)));
        assert_eq!(failed.as_deref(), refused, "{}", answer.conditions);
    }
}

#[test]
fn name_ids_that_could_be_two_people_are_refused() {
    let cases = [
        (
            r#"<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">x</saml:NameID>"#,
            TRANSIENT,
        ),
        (
            r#"<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">x</saml:NameID>"#,
            "name id format",
        ),
        (r#"<saml:NameID NameQualifier="https://elsewhere.example">x</saml:NameID>"#, "name id qualifier"),
        (r#"<saml:NameID SPNameQualifier="https://elsewhere.example">x</saml:NameID>"#, "name id qualifier"),
        ("<saml:NameID></saml:NameID>", "subject value"),
        ("<saml:NameID> x</saml:NameID>", "subject value"),
        ("<saml:NameID>x&#10;y</saml:NameID>", "subject value"),
        ("<saml:NameID>x</saml:NameID><saml:NameID>y</saml:NameID>", "name id"),
        ("<saml:NameID><b>x</b></saml:NameID>", "name id"),
        ("<saml:EncryptedID/>", "name id"),
        ("", "name id"),
    ];
    for (name_id, expected) in cases {
        let answer = Answer { name_id, ..Answer::default() };
        assert_eq!(check(finish(&answer.signed())), expected, "{name_id}");
    }
}

#[test]
fn a_subject_attribute_has_exactly_one_value() {
    for (name, value) in [("groups", "two values"), ("absent", "none")] {
        let settings = Settings { subject_attribute: Some(name.to_owned()), ..settings() };
        assert_eq!(check(finish_with(settings, &Answer::default().signed())), "subject attribute", "{value}");
    }
}

#[test]
fn a_told_attribute_is_plain_text() {
    let cases = [
        ("email attribute", "alice@example.com"),
        ("name attribute", " Alice &amp; Co "),
        ("group attribute", "staff"),
    ];
    for (expected, value) in cases {
        let nested = Answer::default().attributes.replace(value, &format!("<b>{value}</b>"));
        let answer = Answer { attributes: nested.leak(), ..Answer::default() };
        assert_eq!(check(finish(&answer.signed())), expected);
    }
}

#[test]
fn what_the_parts_do_not_reach_is_refused_too() {
    let good = Answer::default().unsigned();
    let cases = [
        ("assertion id", r#"ID="_assertion-1" "#, ""),
        (
            "confirmation not yet valid",
            "<saml:SubjectConfirmationData ",
            r#"<saml:SubjectConfirmationData NotBefore="2026-11-21T12:01:01Z" "#,
        ),
        (
            "bearer confirmation",
            "<saml:SubjectConfirmation Method",
            "<saml:Other/><saml:SubjectConfirmation Way",
        ),
        ("version", r#"ID="_assertion-1" Version="2.0""#, r#"ID="_assertion-1" Version="2.1""#),
        (
            "issuer",
            "<saml:Subject>",
            "<saml:Issuer>https://idp.example.com/metadata</saml:Issuer><saml:Subject>",
        ),
        ("subject", "<saml:Conditions", "<saml:Subject/><saml:Conditions"),
    ];
    for (expected, from, to) in cases {
        let edited = good.replace(from, to);
        assert_ne!(edited, good, "{from}");
        let response = sign(&edited, Signed::Response, IDP_KEY, RSA_SHA256, &[]);
        assert_eq!(check(finish(&response)), expected, "{to}");
    }
}

#[test]
fn the_providers_no_is_told_by_its_code() {
    let code = |inner: &str| {
        format!(
            r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">{inner}</samlp:StatusCode>"#
        )
    };
    let cases = [
        (code(""), "Responder"),
        (
            code(r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/>"#),
            "AuthnFailed",
        ),
        (code(r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:&lt;b&gt;"/>"#), "unknown"),
        (code(r#"<samlp:StatusCode Value="https://example.com/odd"/>"#), "unknown"),
    ];
    for (status, expected) in cases {
        let answer = Answer { status: status.leak(), ..Answer::default() };
        // An error carries no assertion; one that does is refused all the same.
        for response in [answer.around(""), answer.signed()] {
            match finish(&response) {
                Err(SsoError::Denied { code }) => assert_eq!(code, expected),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn what_is_not_one_plain_response_is_refused_before_anything_is_verified() {
    let good = Answer::default();
    let signed = good.signed();
    let encrypted = r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>"#;
    let two = good.around(&(good.assertion() + &good.assertion().replace("_assertion-1", "_assertion-2")));
    let cases = [
        ("document type", format!("<!DOCTYPE samlp:Response>{signed}")),
        ("document type", format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>{signed}")),
        ("document type", format!("<!DOCTYPE a SYSTEM \"https://evil.example.com/a.dtd\">{signed}")),
        ("xml", signed.replace("</samlp:Response>", "")),
        ("xml", signed.replace("staff", "&b;")),
        ("xml", "x".repeat(1000)),
        ("xml", "<a>".repeat(80_000)),
        ("response", good.assertion()),
        ("response", signed.replace("SAML:2.0:protocol", "SAML:1.0:protocol")),
        ("one assertion", good.around("")),
        ("one assertion", two.clone()),
        ("one assertion", sign(&two, Signed::Response, IDP_KEY, RSA_SHA256, &[])),
        ("one assertion", signed.replace("SAML:2.0:assertion\" ID", "SAML:1.0:assertion\" ID")),
        ("encrypted assertion: not supported, turn encryption off at the provider", good.around(encrypted)),
        ("size", format!("{signed}{}", " ".repeat(256 * 1024))),
    ];
    for (expected, response) in cases {
        let start: String = response.chars().take(80).collect();
        assert_eq!(check(finish(&response)), expected, "{start}");
    }
}

#[test]
fn what_is_not_a_form_field_of_ours_is_refused() {
    let provider = Provider::new(settings()).unwrap();
    let latin = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(b"<a>\xe9</a>")
    };
    let huge = "A".repeat(1024 * 1024);
    for (expected, field) in [("base64", "<xml/>"), ("xml", ""), ("utf-8", &latin), ("size", &huge)] {
        assert_eq!(check(provider.finish(field, REQUEST_ID, None, NOW)), expected);
    }
}

/// Nobody may sign in with an answer that was not asked for, not even when the caller has forgotten its request.
#[test]
fn an_answer_without_a_request_is_refused() {
    let unasked = Answer { in_response_to: None, confirmed_for: None, ..Answer::default() };
    let empty = Answer { in_response_to: Some(""), confirmed_for: Some(""), ..Answer::default() };
    let provider = Provider::new(settings()).unwrap();
    for answer in [unasked, empty, Answer::default()] {
        for request_id in ["", "_request-3", " "] {
            let result = provider.finish(&encode(&answer.signed()), request_id, None, NOW);
            assert_eq!(check(result), "in response to");
        }
    }
}

#[test]
fn times_at_the_ends_of_the_calendar_overflow_nothing() {
    let answer = Answer {
        confirmed_until: Some("9999-12-31T23:59:59Z"),
        not_on_or_after: "9999-12-31T23:59:59Z",
        not_before: "0001-01-01T00:00:00Z",
        ..Answer::default()
    };
    assert!(finish(&answer.signed()).is_ok());
    let provider = Provider::new(settings()).unwrap();
    for now in [i64::MIN, i64::MAX] {
        assert!(provider.finish(&encode(&answer.signed()), REQUEST_ID, Some(i64::MIN), now).is_err());
    }
}
