//! Who gets in, and what is then known about them.

use std::collections::HashMap;

use openidconnect::url::Url;
use serde_json::{Value, json};
use sso::Claims;
use sso::SsoError;
use sso::oidc::{Callback, Provider, Settings, Wish, http_client};

use super::fake::{Authentication, CLIENT_ID, Fake, REDIRECT, TOKEN, USERINFO};
use super::keys::Key;
use super::{LEEWAY, NOW, agreed, begun, relying_party, sign_in};

#[tokio::test]
async fn a_first_sign_in_tells_who_it_is() {
    let fake = Fake::start().await;
    let claims = sign_in(&fake, &relying_party(&fake)).await.unwrap();
    let id_token = claims.id_token.clone();
    assert!(id_token.is_some_and(|token| token.split('.').count() == 3));
    let expected = Claims {
        issuer: fake.issuer.clone(),
        subject: "alice-1".into(),
        email: Some("alice@example.com".into()),
        email_verified: Some(true),
        name: Some("Alice".into()),
        groups: vec!["approvers".into(), "staff".into()],
        acr: Some("urn:two-factors".into()),
        auth_time: Some(NOW - 5),
        session: Some("session-1".into()),
        id_token: claims.id_token.clone(),
    };
    assert_eq!(claims, expected);
    assert_eq!(fake.asked(USERINFO), 0, "nothing was missing");
}

#[tokio::test]
async fn the_address_asks_for_what_was_wished_and_no_more() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let query = |url: &str| -> HashMap<String, String> {
        Url::parse(url).unwrap().query_pairs().into_owned().collect()
    };

    let plain = provider.begin(Wish::default()).await.unwrap();
    let asked = query(&plain.url);
    assert!(plain.url.starts_with(&format!("{}/authorize?", fake.issuer)));
    assert_eq!(asked["scope"], "openid email");
    assert_eq!(asked["state"], plain.state);
    assert_eq!(asked["nonce"], plain.nonce);
    assert!(plain.state.len() >= 43 && plain.nonce.len() >= 43, "32 bytes of randomness each");
    assert!(!plain.url.contains(&plain.verifier), "the verifier stays here");
    assert!(
        !asked.contains_key("prompt") && !asked.contains_key("max_age") && !asked.contains_key("login_hint")
    );

    let wish = Wish { fresh: true, login_hint: Some("alice@example.com".into()) };
    let fresh = provider.begin(wish).await.unwrap();
    let asked = query(&fresh.url);
    assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str()), ("login", "0"));
    assert_eq!(asked["login_hint"], "alice@example.com");
    assert_ne!(plain.state, fresh.state);
    assert_ne!(plain.nonce, fresh.nonce);
    assert_ne!(plain.verifier, fresh.verifier);
}

#[tokio::test]
async fn a_code_needs_the_verifier_of_its_own_sign_in() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let (mut kept, callback) = agreed(&fake, &provider).await;
    kept.verifier = begun(&provider.begin(Wish::default()).await.unwrap()).verifier;
    let error = provider.finish(callback, kept, NOW).await.unwrap_err();
    assert!(matches!(error, SsoError::NotProven { check, .. } if check == "code"));
}

#[tokio::test]
async fn a_code_is_good_once() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let (kept, callback) = agreed(&fake, &provider).await;
    provider.finish(callback.clone(), kept.clone(), NOW).await.unwrap();
    let error = provider.finish(callback, kept, NOW).await.unwrap_err();
    assert!(matches!(error, SsoError::NotProven { check, .. } if check == "code"));
    assert_eq!(fake.asked(TOKEN), 2);
}

#[tokio::test]
async fn every_allowed_kind_of_signature_is_taken() {
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA"] {
        let fake = Fake::start().await;
        let key = Key::of("other", algorithm);
        fake.behaviour().keys = vec![key.public()];
        fake.behaviour().signing = key;
        let claims = sign_in(&fake, &relying_party(&fake)).await;
        assert!(claims.is_ok(), "{algorithm}: {claims:?}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_the_leeway() {
    let edges = [
        json!({"exp": NOW - LEEWAY + 1}),
        json!({"iat": NOW + LEEWAY}),
        json!({"nbf": NOW + LEEWAY}),
        json!({"auth_time": NOW + LEEWAY}),
    ];
    for edge in edges {
        let fake = Fake::start().await;
        merge(&mut fake.behaviour().claims, &edge);
        let claims = sign_in(&fake, &relying_party(&fake)).await;
        assert!(claims.is_ok(), "{edge}: {claims:?}");
    }
}

#[tokio::test]
async fn several_audiences_are_fine_when_the_token_is_made_for_us() {
    let fake = Fake::start().await;
    merge(&mut fake.behaviour().claims, &json!({"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}));
    sign_in(&fake, &relying_party(&fake)).await.unwrap();
}

#[tokio::test]
async fn a_fresh_proof_may_be_as_old_as_the_question() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let (mut kept, callback) = agreed(&fake, &provider).await;
    kept.fresh = true;
    fake.behaviour().claims["auth_time"] = (kept.begun_at - LEEWAY).into();
    let claims = provider.finish(callback, kept, NOW).await.unwrap();
    assert_eq!(claims.auth_time, Some(NOW - 20 - LEEWAY));
}

#[tokio::test]
async fn the_announced_sender_is_accepted() {
    let fake = Fake::start().await;
    fake.behaviour().discovery["authorization_response_iss_parameter_supported"] = true.into();
    let provider = relying_party(&fake);
    let (kept, callback) = agreed(&fake, &provider).await;
    let callback = Callback { iss: Some(fake.issuer.clone()), ..callback };
    provider.finish(callback, kept, NOW).await.unwrap();
}

#[tokio::test]
async fn groups_are_read_from_wherever_the_settings_say() {
    let url_claim = "https://example.com/groups";
    let cases: [(&str, Value, &[&str]); 7] = [
        ("groups", json!({"groups": ["a", "b"]}), &["a", "b"]),
        ("groups", json!({"groups": "a"}), &["a"]),
        ("groups", json!({"groups": []}), &[]),
        ("groups", json!({"groups": null}), &[]),
        ("realm_access.roles", json!({"realm_access": {"roles": ["a"]}}), &["a"]),
        ("realm_access.roles", json!({"realm_access": {"other": ["a"]}}), &[]),
        (url_claim, json!({url_claim: ["a"]}), &["a"]),
    ];
    for (path, claims, expected) in cases {
        let fake = Fake::start().await;
        merge(&mut fake.behaviour().claims, &claims);
        let settings = Settings { group_claim: Some(path.into()), ..fake.settings() };
        let provider = Provider::new(settings, http_client().unwrap()).unwrap();
        let told = sign_in(&fake, &provider).await.unwrap();
        assert_eq!(told.groups, expected, "{path} of {claims}");
    }
}

#[tokio::test]
async fn without_a_group_claim_nobody_has_groups() {
    let fake = Fake::start().await;
    let settings = Settings { group_claim: None, ..fake.settings() };
    let provider = Provider::new(settings, http_client().unwrap()).unwrap();
    assert!(sign_in(&fake, &provider).await.unwrap().groups.is_empty());
    assert_eq!(fake.asked(USERINFO), 0);
}

#[tokio::test]
async fn what_the_token_lacks_is_asked_of_userinfo() {
    let fake = Fake::start().await;
    {
        let mut behaviour = fake.behaviour();
        merge(&mut behaviour.claims, &json!({"email": null, "email_verified": true, "groups": null}));
        behaviour.userinfo = json!({
            "sub": "alice-1", "email": "alice@example.org", "email_verified": "false", "name": "Somebody",
            "groups": ["auditors"], "acr": "forged", "auth_time": NOW, "sid": "forged",
        });
    }
    let told = sign_in(&fake, &relying_party(&fake)).await.unwrap();
    assert_eq!(fake.asked(USERINFO), 1);
    assert_eq!(told.email.as_deref(), Some("alice@example.org"));
    assert_eq!(told.email_verified, Some(false), "the flag goes with its address");
    assert_eq!(told.name.as_deref(), Some("Alice"), "the token goes first");
    assert_eq!(told.groups, ["auditors"]);
    assert_eq!(told.acr.as_deref(), Some("urn:two-factors"), "proofs come from the token alone");
    assert_eq!((told.auth_time, told.session.as_deref()), (Some(NOW - 5), Some("session-1")));
}

#[tokio::test]
async fn a_flag_about_one_address_says_nothing_about_another() {
    let fake = Fake::start().await;
    merge(&mut fake.behaviour().claims, &json!({"email_verified": null, "name": null}));
    let userinfo =
        json!({"sub": "alice-1", "email": "other@example.org", "email_verified": true, "name": "A"});
    fake.behaviour().userinfo = userinfo;
    let told = sign_in(&fake, &relying_party(&fake)).await.unwrap();
    assert_eq!((told.email.as_deref(), told.email_verified), (Some("alice@example.com"), None));
    assert_eq!(told.name.as_deref(), Some("A"));
}

#[tokio::test]
async fn a_provider_without_userinfo_is_enough() {
    let fake = Fake::start().await;
    merge(&mut fake.behaviour().claims, &json!({"email": null}));
    fake.behaviour().discovery["userinfo_endpoint"] = Value::Null;
    assert_eq!(sign_in(&fake, &relying_party(&fake)).await.unwrap().email, None);
}

#[tokio::test]
async fn the_client_says_who_it_is_in_the_way_that_the_provider_offers() {
    let cases = [
        (json!(null), Authentication::Basic),
        (json!(["client_secret_post", "client_secret_basic"]), Authentication::Basic),
        (json!(["private_key_jwt", "client_secret_post"]), Authentication::Post),
        (json!(["none"]), Authentication::Public),
    ];
    for (offered, authentication) in cases {
        let fake = Fake::start().await;
        fake.behaviour().discovery["token_endpoint_auth_methods_supported"] = offered.clone();
        fake.behaviour().authentication = authentication;
        let mut settings = fake.settings();
        if authentication == Authentication::Public {
            settings.client_secret = None;
        }
        let provider = Provider::new(settings, http_client().unwrap()).unwrap();
        let told = sign_in(&fake, &provider).await;
        assert!(told.is_ok(), "{offered}: {told:?}");
    }
}

#[tokio::test]
async fn signing_out_there_leads_back_here() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let url = provider.end_session_url(Some("a.b.c"), REDIRECT).await.unwrap();
    let asked: Vec<(String, String)> = Url::parse(&url).unwrap().query_pairs().into_owned().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        pair("from", "discovery"),
        pair("client_id", CLIENT_ID),
        pair("id_token_hint", "a.b.c"),
        pair("post_logout_redirect_uri", REDIRECT),
    ];
    assert_eq!(asked, expected);
    assert!(!provider.end_session_url(None, REDIRECT).await.unwrap().contains("id_token_hint"));

    for endpoint in [json!(null), json!("javascript:alert(1)"), json!("http://example.com/end")] {
        let fake = Fake::start().await;
        fake.behaviour().discovery["end_session_endpoint"] = endpoint.clone();
        assert_eq!(relying_party(&fake).end_session_url(None, REDIRECT).await, None, "{endpoint}");
    }
}

#[tokio::test]
async fn a_provider_serves_tasks_that_move_between_threads() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let clone = provider.clone();
    let (kept, callback) = agreed(&fake, &provider).await;
    let task = async move {
        clone.begin(Wish::default()).await.map(drop)?;
        clone.logged_out("", NOW).await.map(drop).unwrap_err();
        clone.end_session_url(None, REDIRECT).await;
        clone.finish(callback, kept, NOW).await
    };
    assert!(tokio::spawn(task).await.unwrap().is_ok());
}

/// Puts the members of one object into another.
pub fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().unwrap() {
        into[name] = value.clone();
    }
}
