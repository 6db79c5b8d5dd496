//! What is accepted, and what comes out of it.

use crate::answer::*;
use saml_rs::constants::signature_algorithm::{RSA_SHA256, RSA_SHA384, RSA_SHA512};
use sso::Claims;
use sso::saml::{Proven, Provider};
use std::collections::HashSet;

#[test]
fn a_signed_assertion_gives_its_claims() {
    let proven = finish(&Answer::default().signed()).unwrap();
    let expected = Proven {
        claims: Claims {
            issuer: IDP.to_owned(),
            subject: "persistent:user@good.com.evil.com".to_owned(),
            email: Some("alice@example.com".to_owned()),
            email_verified: None,
            name: Some("Alice & Co".to_owned()),
            groups: vec!["nexus-approvers".to_owned(), "staff".to_owned()],
            acr: Some("urn:oasis:names:tc:SAML:2.0:ac:classes:X509".to_owned()),
            auth_time: Some(NOW - 600),
            session: Some("_session-1".to_owned()),
            id_token: None,
        },
        assertion_id: "_assertion-1".to_owned(),
        expires_at: NOW + 300 + 60,
    };
    assert_eq!(proven, expected);
}

#[test]
fn a_signature_over_the_whole_response_covers_its_assertion() {
    let answer = Answer::default();
    let response = sign(&answer.unsigned(), Signed::Response, IDP_KEY, RSA_SHA256, &[]);
    assert_eq!(finish(&response).unwrap(), finish(&answer.signed()).unwrap());
    let both = sign(&answer.signed(), Signed::Response, IDP_KEY, RSA_SHA256, &[]);
    assert_eq!(finish(&both).unwrap(), finish(&answer.signed()).unwrap());
}

#[test]
fn the_listed_algorithms_are_accepted() {
    for algorithm in [RSA_SHA256, RSA_SHA384, RSA_SHA512] {
        let response = sign(&Answer::default().unsigned(), Signed::Assertion, IDP_KEY, algorithm, &[]);
        assert!(finish(&response).is_ok(), "{algorithm}");
    }
}

#[test]
fn any_certificate_of_the_metadata_will_do_whatever_its_place_and_kind() {
    let cases: [&[&str]; 4] = [
        &[IDP_CERTIFICATE],
        &[OTHER_CERTIFICATE, IDP_CERTIFICATE],
        &[EC_CERTIFICATE, IDP_CERTIFICATE],
        &[IDP_CERTIFICATE, EC_CERTIFICATE, OTHER_CERTIFICATE],
    ];
    let rsa = Answer::default().signed();
    for certificates in cases {
        let settings = sso::saml::Settings { idp_metadata: idp_metadata(certificates), ..settings() };
        assert!(finish_with(settings, &rsa).is_ok(), "{} certificates", certificates.len());
    }
    let settings =
        sso::saml::Settings { idp_metadata: idp_metadata(&[IDP_CERTIFICATE, EC_CERTIFICATE]), ..settings() };
    let proven = finish_with(settings, include_str!("../../data/signed-with-ecdsa.xml")).unwrap();
    assert_eq!(proven.claims.subject, "persistent:user@good.com.evil.com");
}

#[test]
fn white_space_and_a_declaration_around_the_message_change_nothing() {
    let answer = Answer::default().signed();
    let declared = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{answer}\n");
    assert!(finish(&declared).is_ok());
    let encoded = encode(&answer);
    let (half, rest) = encoded.split_at(encoded.len() / 2);
    let provider = Provider::new(settings()).unwrap();
    assert!(provider.finish(&format!("{half}\r\n{rest}\n"), REQUEST_ID, None, NOW).is_ok());
}

#[test]
fn the_clocks_may_be_apart_by_the_leeway_and_no_more() {
    let answer = encode(&Answer::default().signed());
    let provider = Provider::new(settings()).unwrap();
    let cases = [
        (NOW - 60 - 61, Some("not yet valid")),
        (NOW - 60 - 60, None),
        (NOW + 300 + 59, None),
        (NOW + 300 + 60, Some("confirmation expired")),
    ];
    for (now, refused) in cases {
        // The instants of issue and of authentication lie before, so the conditions are what decides.
        let early = Answer { issued: "2026-11-21T11:50:00Z", ..Answer::default() };
        let answer = if now < NOW { encode(&early.signed()) } else { answer.clone() };
        let result = provider.finish(&answer, REQUEST_ID, None, now);
        assert_eq!(refused.map(str::to_owned), result.err().map(|error| check(Err(error))), "{now}");
    }
}

#[test]
fn a_fresh_proof_is_one_since_then() {
    let answer = encode(&Answer::default().signed());
    let provider = Provider::new(settings()).unwrap();
    for since in [NOW - 600, NOW - 600 + 60] {
        assert!(provider.finish(&answer, REQUEST_ID, Some(since), NOW).is_ok(), "{since}");
    }
    let late = provider.finish(&answer, REQUEST_ID, Some(NOW - 600 + 61), NOW);
    assert_eq!(check(late), "fresh authentication");
}

#[test]
fn the_subject_comes_from_the_configured_attribute_and_the_name_id_no_longer_counts() {
    let settings = sso::saml::Settings { subject_attribute: Some("employee".to_owned()), ..settings() };
    let transient =
        r#"<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">x</saml:NameID>"#;
    for name_id in [Answer::default().name_id, transient, ""] {
        let answer = Answer { name_id, ..Answer::default() };
        let proven = finish_with(settings.clone(), &answer.signed()).unwrap();
        assert_eq!(proven.claims.subject, "attribute:employee:E-17", "{name_id}");
    }
}

#[test]
fn a_name_id_keeps_its_format_and_tells_an_address_when_no_attribute_is_to() {
    let cases = [
        ("<saml:NameID>alice</saml:NameID>", "unspecified:alice", None),
        (
            r#"<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">a@b.c</saml:NameID>"#,
            "emailAddress:a@b.c",
            Some("a@b.c"),
        ),
        (
            concat!(
                r#"<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" "#,
                r#"NameQualifier="https://idp.example.com/metadata" "#,
                r#"SPNameQualifier="https://nexus.example.com/sign-in/saml/corp/metadata">p</saml:NameID>"#,
            ),
            "persistent:p",
            None,
        ),
    ];
    for (name_id, subject, email) in cases {
        let settings = sso::saml::Settings {
            email_attribute: None,
            name_attribute: None,
            group_attribute: None,
            ..settings()
        };
        let claims = finish_with(settings, &Answer { name_id, ..Answer::default() }.signed()).unwrap().claims;
        assert_eq!((claims.subject.as_str(), claims.email.as_deref()), (subject, email), "{name_id}");
        assert_eq!((claims.name, claims.groups), (None, Vec::new()));
    }
}

/// What the caller does with the id: `finish` keeps nothing, so the same answer gives the same id again.
#[test]
fn a_replayed_assertion_shows_the_same_id_and_a_cache_refuses_it() {
    let answer = encode(&Answer::default().signed());
    let provider = Provider::new(settings()).unwrap();
    let mut accepted = HashSet::new();
    let mut accept = |proven: Proven| accepted.insert((proven.claims.issuer, proven.assertion_id));
    let first = provider.finish(&answer, REQUEST_ID, None, NOW).unwrap();
    let again = provider.finish(&answer, REQUEST_ID, None, NOW + 1).unwrap();
    assert_eq!(first, again);
    assert!(accept(first));
    assert!(!accept(again));
    // The id may be forgotten exactly when the assertion is refused without it.
    let expires_at = NOW + 300 + 60;
    assert!(provider.finish(&answer, REQUEST_ID, None, expires_at - 1).is_ok());
    assert!(provider.finish(&answer, REQUEST_ID, None, expires_at).is_err());
    let other = Answer { assertion_id: "_assertion-2", ..Answer::default() };
    assert!(accept(finish(&other.signed()).unwrap()));
}

#[test]
fn several_threads_may_check_at_once() {
    let provider = Provider::new(settings()).unwrap();
    let good = encode(&Answer::default().signed());
    let bad = encode(&Answer::default().signed().replace("staff", "admin"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert!(provider.finish(&good, REQUEST_ID, None, NOW).is_ok());
                    assert!(provider.finish(&bad, REQUEST_ID, None, NOW).is_err());
                }
            });
        }
    });
}

#[test]
fn one_of_several_confirmations_is_enough_and_the_longest_counts_for_the_cache() {
    let confirmation = |recipient: &str, until: &str| {
        format!(
            concat!(
                r#"<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">"#,
                r#"<saml:SubjectConfirmationData Recipient="{recipient}" NotOnOrAfter="{until}" "#,
                r#"InResponseTo="_request-1"/></saml:SubjectConfirmation>"#,
            ),
            recipient = recipient,
            until = until,
        )
    };
    let elsewhere = confirmation("https://other.example.com/acs", "2026-11-21T15:00:00Z");
    let longer = confirmation(ACS_URL, "2026-11-21T13:00:00Z");
    let expired = confirmation(ACS_URL, "2026-11-21T10:00:00Z");
    for (more, seconds) in [(elsewhere, 300), (longer, 3600), (expired, 300)] {
        let own = Answer::default().name_id;
        for name_id in [format!("{own}{more}"), format!("{more}{own}")] {
            let answer = Answer { name_id: name_id.leak(), ..Answer::default() };
            assert_eq!(finish(&answer.signed()).unwrap().expires_at, NOW + seconds + 60, "{more}");
        }
    }
}
