//! Who must not get in: each answer is wrong in one way, and it is that way that stops it.

use serde_json::{Value, json};
use sso::SsoError;
use sso::oidc::Callback;

use super::fake::{Behaviour, CLIENT_ID, Fake};
use super::keys::Key;
use super::sign_in::merge;
use super::{LEEWAY, NOW, agreed, check_of, relying_party, sign_in};

type Change = fn(&mut Behaviour);

/// What is wrong, how the provider comes to do it, and the check that must notice.
const WRONG_TOKENS: [(&str, Change, &str); 31] = [
    ("another nonce", |b| claim(b, &json!({"nonce": "another"})), "nonce"),
    ("an empty nonce", |b| claim(b, &json!({"nonce": ""})), "nonce"),
    ("no nonce", |b| claim(b, &json!({"nonce": null})), "nonce"),
    ("another audience", |b| claim(b, &json!({"aud": "another"})), "audience"),
    ("no audience", |b| claim(b, &json!({"aud": []})), "audience"),
    ("two audiences", |b| claim(b, &json!({"aud": [CLIENT_ID, "another"]})), "authorized party"),
    (
        "made for another of two",
        |b| claim(b, &json!({"aud": [CLIENT_ID, "another"], "azp": "another"})),
        "authorized party",
    ),
    ("made for another", |b| claim(b, &json!({"azp": "another"})), "authorized party"),
    ("another issuer", |b| claim(b, &json!({"iss": "https://evil.example.com"})), "issuer"),
    ("the issuer with a slash", slashed_issuer, "issuer"),
    ("expired", |b| claim(b, &json!({"exp": NOW - LEEWAY})), "expired"),
    ("from the future", |b| claim(b, &json!({"iat": NOW + LEEWAY + 1})), "issued in the future"),
    ("for the future", |b| claim(b, &json!({"nbf": NOW + LEEWAY + 1})), "not yet valid"),
    ("a strange nbf", |b| claim(b, &json!({"nbf": "soon"})), "not yet valid"),
    ("proven in the future", |b| claim(b, &json!({"auth_time": NOW + LEEWAY + 1})), "auth_time"),
    ("unsigned", |b| b.signing = Key::of("one", "none"), "algorithm"),
    ("signed with the secret", |b| b.signing = Key::of("one", "HS256"), "algorithm"),
    ("signed by a stranger", |b| b.signing = Key::ed25519("stranger", 9), "key"),
    ("signed by a stranger in our name", |b| b.signing = Key::ed25519("one", 9), "signature"),
    ("another algorithm than its key", |b| b.header = Some(json!({"alg": "RS256", "kid": "one"})), "key"),
    ("an unknown algorithm", |b| b.header = Some(json!({"alg": "ES512", "kid": "one"})), "algorithm"),
    ("a logout token", |b| b.header = Some(header(&json!({"typ": "logout+jwt"}))), "kind of token"),
    ("a condition we do not know", |b| b.header = Some(header(&json!({"crit": ["exp"]}))), "kind of token"),
    ("no subject", |b| claim(b, &json!({"sub": ""})), "subject"),
    ("a long subject", |b| claim(b, &json!({"sub": "x".repeat(256)})), "subject"),
    ("a subject of two lines", |b| claim(b, &json!({"sub": "alice\n"})), "subject"),
    ("a long address", |b| claim(b, &json!({"email": "x".repeat(321)})), "email"),
    ("a long name", |b| claim(b, &json!({"name": "x".repeat(256)})), "name"),
    ("a session that is no text", |b| claim(b, &json!({"sid": 7})), "sid"),
    ("groups that are no texts", |b| claim(b, &json!({"groups": ["a", 7]})), "groups"),
    ("more groups than anybody has", |b| claim(b, &json!({"groups": vec!["a"; 501]})), "groups"),
];

#[tokio::test]
async fn a_token_that_is_wrong_in_one_way_is_refused_for_that() {
    for (what, change, check) in WRONG_TOKENS {
        let fake = Fake::start().await;
        change(&mut fake.behaviour());
        let result = sign_in(&fake, &relying_party(&fake)).await;
        match result {
            Err(SsoError::NotProven { check: failed, provider }) => {
                assert_eq!((failed.as_str(), provider.as_str()), (check, "fake"), "{what}");
            }
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_expiry_is_refused_also_when_it_is_the_only_time() {
    let fake = Fake::start().await;
    claim(&mut fake.behaviour(), &json!({"iat": 0, "exp": 0, "auth_time": null}));
    assert_eq!(check_of(sign_in(&fake, &relying_party(&fake)).await), "expired");
}

#[tokio::test]
async fn a_fresh_proof_is_demanded_when_it_was_asked_for() {
    for auth_time in [json!(null), json!(NOW - 20 - LEEWAY - 1)] {
        let fake = Fake::start().await;
        claim(&mut fake.behaviour(), &json!({"auth_time": auth_time}));
        let provider = relying_party(&fake);
        let (mut kept, callback) = agreed(&fake, &provider).await;
        kept.fresh = true;
        assert_eq!(check_of(provider.finish(callback, kept, NOW).await), "auth_time", "{auth_time}");
        // The same proof is enough where none was asked for.
        assert!(sign_in(&fake, &provider).await.is_ok());
    }
}

#[tokio::test]
async fn a_callback_from_another_provider_is_refused_before_its_code_is_sent_anywhere() {
    let evil = Some("https://evil.example.com".to_owned());
    // Whether the provider announces `iss`, what came, and whether it came with an error.
    let cases =
        [(false, evil.clone(), false), (true, evil.clone(), false), (true, None, false), (true, evil, true)];
    for (announced, iss, error) in cases {
        let fake = Fake::start().await;
        fake.behaviour().discovery["authorization_response_iss_parameter_supported"] = announced.into();
        let provider = relying_party(&fake);
        let (kept, callback) = agreed(&fake, &provider).await;
        let error = error.then(|| "access_denied".to_owned());
        let callback = Callback { iss: iss.clone(), error, ..callback };
        assert_eq!(
            check_of(provider.finish(callback, kept, NOW).await),
            "callback issuer",
            "{announced} {iss:?}"
        );
        assert_eq!(fake.asked(super::fake::TOKEN), 0);
    }
}

#[tokio::test]
async fn a_refusal_by_the_provider_is_named_only_in_its_own_words() {
    let cases = [
        ("access_denied", "access_denied"),
        ("login_required", "login_required"),
        ("<script>", "unknown"),
        ("", "unknown"),
        ("line\nbreak", "unknown"),
    ];
    for (error, code) in cases {
        let fake = Fake::start().await;
        let provider = relying_party(&fake);
        let (kept, callback) = agreed(&fake, &provider).await;
        // Also with a code beside it.
        let callback = Callback { error: Some(error.into()), ..callback };
        let refused = provider.finish(callback, kept, NOW).await;
        assert_eq!(refused, Err(SsoError::Denied { code: code.into() }));
        assert_eq!(fake.asked(super::fake::TOKEN), 0);
    }
}

#[tokio::test]
async fn a_callback_without_a_usable_code_is_refused() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    for code in [None, Some(String::new()), Some("x".repeat(5000))] {
        let (kept, callback) = agreed(&fake, &provider).await;
        let callback = Callback { code, ..callback };
        assert_eq!(check_of(provider.finish(callback, kept, NOW).await), "code");
    }
    assert_eq!(fake.asked(super::fake::TOKEN), 0);
}

#[tokio::test]
async fn a_token_endpoint_that_says_no_is_a_refusal() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let said = async |code: &str| {
        fake.behaviour().answer = Some((400, json!({"error": code, "error_description": "expired"})));
        sign_in(&fake, &provider).await.unwrap_err()
    };
    assert!(matches!(said("invalid_grant").await, SsoError::NotProven { check, .. } if check == "code"));
    assert!(matches!(said("invalid_client").await, SsoError::Unreachable { .. }));
    assert_eq!(said("invalid_scope").await, SsoError::Denied { code: "invalid_scope".into() });
}

#[tokio::test]
async fn an_answer_without_an_id_token_proves_nothing() {
    let fake = Fake::start().await;
    fake.behaviour().answer = Some((200, json!({"access_token": "access-1", "token_type": "Bearer"})));
    assert_eq!(check_of(sign_in(&fake, &relying_party(&fake)).await), "ID token");
}

#[tokio::test]
async fn userinfo_about_somebody_else_is_refused() {
    let fake = Fake::start().await;
    claim(&mut fake.behaviour(), &json!({"groups": null}));
    fake.behaviour().userinfo = json!({"sub": "mallory", "groups": ["admins"]});
    assert_eq!(check_of(sign_in(&fake, &relying_party(&fake)).await), "userinfo");
}

#[tokio::test]
async fn what_userinfo_tells_is_bounded_too() {
    let fake = Fake::start().await;
    claim(&mut fake.behaviour(), &json!({"groups": null}));
    fake.behaviour().userinfo = json!({"sub": "alice-1", "groups": ["x".repeat(256)]});
    assert_eq!(check_of(sign_in(&fake, &relying_party(&fake)).await), "groups");
}

/// Changes what the ID token says.
fn claim(behaviour: &mut Behaviour, claims: &Value) {
    merge(&mut behaviour.claims, claims);
}

fn slashed_issuer(behaviour: &mut Behaviour) {
    let issuer = format!("{}/", behaviour.claims["iss"].as_str().unwrap());
    claim(behaviour, &json!({"iss": issuer}));
}

/// The usual header, and something more.
fn header(more: &Value) -> Value {
    let mut header = json!({"alg": "EdDSA", "kid": "one"});
    merge(&mut header, more);
    header
}
