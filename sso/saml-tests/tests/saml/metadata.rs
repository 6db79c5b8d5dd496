//! Metadata, both ways, and the settings around it.

use crate::answer::*;
use sso::SsoError;
use sso::saml::{Provider, Settings};

fn problem(settings: Settings) -> String {
    match Provider::new(settings) {
        Err(SsoError::Settings(text)) => text,
        other => panic!("{other:?}"),
    }
}

fn with_metadata(idp_metadata: String) -> Settings {
    Settings { idp_metadata, ..settings() }
}

#[test]
fn metadata_that_cannot_be_used_is_refused_with_what_to_change() {
    let good = idp_metadata(&[IDP_CERTIFICATE]);
    let cases = [
        ("not well-formed", String::new()),
        ("not well-formed", good.replace("</EntityDescriptor>", "")),
        ("document type", good.replace("<EntityDescriptor", "<!DOCTYPE a><EntityDescriptor")),
        ("larger than", format!("{good}{}", " ".repeat(1024 * 1024))),
        (
            "one EntityDescriptor",
            "<EntitiesDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>".to_owned(),
        ),
        ("no entityID", good.replace(&format!("entityID=\"{IDP}\""), "")),
        ("no IDPSSODescriptor", good.replace("IDPSSODescriptor", "SPSSODescriptor")),
        ("no IDPSSODescriptor", good.replace("SAML:2.0:protocol", "SAML:1.1:protocol")),
        (
            "signed requests",
            good.replace("<IDPSSODescriptor", "<IDPSSODescriptor WantAuthnRequestsSigned='true'"),
        ),
        ("HTTP-Redirect", good.replace("HTTP-Redirect", "HTTP-POST")),
        ("must begin with https", good.replace("https://idp.example.com/sso", "http://idp.example.com/sso")),
        ("must begin with https", good.replace("https://idp.example.com/sso", "javascript:alert(1)")),
        (
            "must begin with https",
            good.replace("https://idp.example.com/sso", "http://127.0.0.1.example.com/sso"),
        ),
        ("no URL", good.replace("https://idp.example.com/sso", "/sso")),
        ("no certificate", idp_metadata(&[])),
        ("no certificate", good.replace("use=\"signing\"", "use=\"encryption\"")),
        ("not base64", good.replace("<X509Certificate>", "<X509Certificate>*")),
        ("cannot be read", good.replace(&base64_of(IDP_CERTIFICATE), "AAAA")),
        ("fewer than 2048 bits", idp_metadata(&[IDP_CERTIFICATE, WEAK_CERTIFICATE])),
    ];
    for (expected, metadata) in cases {
        let text = problem(with_metadata(metadata));
        assert!(text.contains(expected) && text.contains("`corp`"), "{expected}: {text}");
    }
}

#[test]
fn metadata_for_trying_out_and_keys_without_a_use_are_taken() {
    let good = idp_metadata(&[IDP_CERTIFICATE, EC_CERTIFICATE]);
    let cases = [
        good.clone(),
        good.replace("https://idp.example.com/sso", "http://localhost:8080/sso"),
        good.replace("https://idp.example.com/sso", "http://127.0.0.1:8080/sso"),
        good.replace("https://idp.example.com/sso", "http://[::1]:8080/sso"),
        good.replace(" use=\"signing\"", ""),
    ];
    for metadata in cases {
        assert!(Provider::new(with_metadata(metadata.clone())).is_ok(), "{metadata}");
    }
    assert_eq!(Provider::new(with_metadata(good)).unwrap().issuer(), IDP);
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let cases = [
        ("entity id", Settings { entity_id: String::new(), ..settings() }),
        ("complete URL", Settings { acs_url: "/acs".to_owned(), ..settings() }),
        ("complete URL", Settings { acs_url: "https://EXAMPLE.com/acs".to_owned(), ..settings() }),
        ("leeway_seconds", Settings { leeway_seconds: -1, ..settings() }),
        ("leeway_seconds", Settings { leeway_seconds: 301, ..settings() }),
    ];
    for (expected, settings) in cases {
        let text = problem(settings);
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_request_that_could_not_be_answered_is_not_made() {
    let provider = Provider::new(settings()).unwrap();
    assert!(provider.begin("state", false, REQUEST_ID, NOW).is_ok());
    let long = "s".repeat(81);
    let cases = [
        ("state", "", NOW),
        ("state", "5", NOW),
        ("state", "a\"b", NOW),
        (&long, "_a", NOW),
        ("", "_a", i64::MAX),
    ];
    for (relay_state, request_id, now) in cases {
        let result = provider.begin(relay_state, false, request_id, now);
        assert!(matches!(result, Err(SsoError::Settings(_))), "{request_id}: {result:?}");
    }
}

#[test]
fn addresses_are_written_so_that_they_stay_addresses() {
    let entity_id = "https://nexus.example.com/?a=b&c=<d>'\"";
    let acs_url = "https://nexus.example.com/acs?a=b&c=d";
    let settings = Settings { entity_id: entity_id.to_owned(), acs_url: acs_url.to_owned(), ..settings() };
    let metadata = Provider::new(settings).unwrap().metadata();
    assert!(metadata.contains("entityID=\"https://nexus.example.com/?a=b&amp;c=&lt;d&gt;&apos;&quot;\""));
    assert!(metadata.contains("Location=\"https://nexus.example.com/acs?a=b&amp;c=d\""));
}
