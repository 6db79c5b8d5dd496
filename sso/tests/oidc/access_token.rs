//! Access tokens: for whom one speaks, and what must not pass for one.

use std::time::Duration;

use serde_json::{Value, json};
use sso::SsoError;
use sso::oidc::{Access, claimed_issuer};

use super::asking::later;
use super::fake::{CLIENT_ID, Fake, KEYS, Trouble};
use super::keys::Key;
use super::sign_in::merge;
use super::{LEEWAY, NOW, check_of, problem_of, relying_party};

const RESOURCE: &str = "https://nexus.example.com/api/mcp";
const OURS: Key = Key::ed25519("one", 1);

/// A token that is right in every way, before it is signed.
fn good(fake: &Fake) -> (Value, Value) {
    let header = json!({"alg": "EdDSA", "kid": "one", "typ": "at+jwt"});
    let payload = json!({
        "iss": fake.issuer, "aud": RESOURCE, "sub": "alice-1", "client_id": "editor", "jti": "token-1",
        "iat": NOW, "nbf": NOW, "exp": NOW + 300, "auth_time": NOW - 60, "scope": "openid nexus:read decide",
    });
    (header, payload)
}

/// Brings a token that differs from a good one.
async fn bring(header: &Value, payload: &Value, key: Key) -> Result<Access, SsoError> {
    let fake = Fake::start().await;
    let (mut usual_header, mut usual_payload) = good(&fake);
    merge(&mut usual_header, header);
    merge(&mut usual_payload, payload);
    let token = key.token_with(&usual_header, &usual_payload);
    relying_party(&fake).access_token(&token, RESOURCE, NOW).await
}

#[tokio::test]
async fn a_good_token_says_who_may_do_what_and_by_which_program() {
    let fake = Fake::start().await;
    let (header, payload) = good(&fake);
    let token = OURS.token_with(&header, &payload);
    assert_eq!(claimed_issuer(&token), Some(fake.issuer.clone()));
    let access = relying_party(&fake).access_token(&token, RESOURCE, NOW).await.unwrap();
    let expected = Access {
        issuer: fake.issuer.clone(),
        subject: "alice-1".into(),
        scopes: vec!["openid".into(), "nexus:read".into(), "decide".into()],
        auth_time: Some(NOW - 60),
        client_id: Some("editor".into()),
    };
    assert_eq!(access, expected);
}

#[tokio::test]
async fn what_providers_do_differently_is_understood() {
    let words = ["read", "decide"];
    let cases = [
        (json!({"typ": "JWT"}), json!({}), None),
        (json!({"typ": "application/at+jwt"}), json!({}), None),
        (json!({"typ": null}), json!({}), None),
        (json!({}), json!({"aud": ["another", RESOURCE]}), None),
        (json!({}), json!({"exp": NOW - LEEWAY + 1}), None),
        (json!({}), json!({"nbf": NOW + LEEWAY, "iat": NOW + LEEWAY}), None),
        (json!({}), json!({"nbf": null, "iat": null, "jti": null, "auth_time": null}), None),
        (json!({}), json!({"client_id": null, "azp": "editor"}), None),
        (json!({}), json!({"client_id": null}), None),
        (json!({}), json!({"scope": null, "scp": words}), Some(&words[..])),
        (json!({}), json!({"scope": words}), Some(&words)),
        (json!({}), json!({"scope": null, "scp": " read  decide "}), Some(&words)),
        (json!({}), json!({"scope": ""}), Some(&[])),
        (json!({}), json!({"scope": null}), Some(&[])),
    ];
    for (header, payload, scopes) in cases {
        let access = bring(&header, &payload, OURS).await;
        let access = access.unwrap_or_else(|error| panic!("{header} {payload}: {error}"));
        let scopes = scopes.unwrap_or(&["openid", "nexus:read", "decide"]);
        assert_eq!(access.scopes, scopes, "{payload}");
    }
}

#[tokio::test]
async fn a_payload_that_is_wrong_in_one_way_is_refused_for_that() {
    let cases = [
        (json!({"aud": CLIENT_ID}), "audience"),
        (json!({"aud": format!("{RESOURCE}/")}), "audience"),
        (json!({"aud": RESOURCE.to_uppercase()}), "audience"),
        (json!({"aud": ["another"]}), "audience"),
        (json!({"aud": []}), "audience"),
        (json!({"aud": null}), "form"),
        (json!({"iss": "https://evil.example.com"}), "issuer"),
        (json!({"iss": null}), "form"),
        (json!({"exp": NOW - LEEWAY}), "expired"),
        (json!({"exp": null}), "form"),
        (json!({"exp": "never"}), "form"),
        (json!({"nbf": NOW + LEEWAY + 1}), "not yet valid"),
        (json!({"iat": NOW + LEEWAY + 1}), "issued in the future"),
        (json!({"auth_time": NOW + LEEWAY + 1}), "auth_time"),
        (json!({"sub": null}), "form"),
        (json!({"sub": ""}), "subject"),
        (json!({"sub": "x".repeat(256)}), "subject"),
        (json!({"scope": 7}), "form"),
        (json!({"scope": vec!["x"; 101]}), "scope"),
        (json!({"scope": ["a\nb"]}), "scope"),
        (json!({"cnf": {"jkt": "thumbprint"}}), "bound to a key"),
        (json!({"events": {}}), "kind of token"),
        (json!({"pad": "x".repeat(20_000)}), "size"),
    ];
    for (payload, check) in cases {
        assert_eq!(check_of(bring(&json!({}), &payload, OURS).await), check, "{payload:.80}");
    }
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_refused() {
    let cases = [
        (json!({"alg": "none"}), Key::of("one", "none"), "algorithm"),
        (json!({"alg": "nOnE"}), Key::of("one", "none"), "algorithm"),
        (json!({"alg": "HS256"}), Key::of("one", "HS256"), "algorithm"),
        (json!({"alg": "ES256K"}), OURS, "algorithm"),
        (json!({}), Key::of("one", "none"), "signature"),
        (json!({}), Key::ed25519("one", 9), "signature"),
        (json!({"alg": "ES256"}), OURS, "signature"),
        (json!({"kid": "stranger"}), Key::ed25519("stranger", 9), "key"),
        (json!({"kid": null}), Key::ed25519("one", 9), "signature"),
        (json!({"typ": "logout+jwt"}), OURS, "kind of token"),
        (json!({"typ": "dpop+jwt"}), OURS, "kind of token"),
        (json!({"crit": ["exp"]}), OURS, "kind of token"),
        // A key of their own, handed along.
        (json!({"jwk": Key::ed25519("one", 9).public()}), Key::ed25519("one", 9), "signature"),
    ];
    for (header, key, check) in cases {
        assert_eq!(check_of(bring(&header, &json!({}), key).await), check, "{header}");
    }
}

#[tokio::test]
async fn an_id_token_calls_nobody() {
    let fake = Fake::start().await;
    let token = OURS.token(&fake.behaviour().claims);
    assert_eq!(check_of(relying_party(&fake).access_token(&token, RESOURCE, NOW).await), "audience");
}

#[tokio::test]
async fn what_is_no_token_is_refused_and_not_worth_a_question() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let opaque = "SlAV32hkKG";
    for token in ["", ".", "..", "a.b", "a.b.c", "a.b.c.d.e", "e30.e30.", "\u{0}", "ä.ö.ü", opaque] {
        assert_eq!(check_of(provider.access_token(token, RESOURCE, NOW).await), "form", "{token:?}");
        assert_eq!(claimed_issuer(token), None, "{token:?}");
    }
    assert_eq!(fake.asked(KEYS), 1);
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_an_old_one_no_longer_counts() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let (_, payload) = good(&fake);
    provider.access_token(&OURS.token(&payload), RESOURCE, NOW).await.unwrap();
    let key = Key::ed25519("two", 2);
    fake.behaviour().keys = vec![key.public()];
    for _ in 0..3 {
        provider.access_token(&key.token(&payload), RESOURCE, NOW).await.unwrap();
    }
    assert_eq!(fake.asked(KEYS), 2);
    assert_eq!(check_of(provider.access_token(&OURS.token(&payload), RESOURCE, NOW).await), "key");
    assert_eq!(fake.asked(KEYS), 2, "forged tokens do not make us a nuisance");
    later(Duration::from_secs(61)).await;
    assert_eq!(check_of(provider.access_token(&OURS.token(&payload), RESOURCE, NOW).await), "key");
    assert_eq!(fake.asked(KEYS), 3);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_lets_nobody_in() {
    let fake = Fake::start().await;
    fake.behaviour().troubles.insert(KEYS, Trouble::Fault);
    let (_, payload) = good(&fake);
    problem_of(relying_party(&fake).access_token(&OURS.token(&payload), RESOURCE, NOW).await);
}
