//! Logout tokens: what a provider may end, and what anybody else may not.

use serde_json::{Value, json};
use sso::SsoError;
use sso::oidc::LoggedOut;

use super::fake::{CLIENT_ID, Fake, KEYS};
use super::keys::Key;
use super::sign_in::merge;
use super::{LEEWAY, NOW, check_of, relying_party};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token that is right in every way, before it is signed.
fn good(fake: &Fake) -> (Value, Value) {
    let header = json!({"alg": "EdDSA", "kid": "one", "typ": "logout+jwt"});
    let payload = json!({
        "iss": fake.issuer, "aud": CLIENT_ID, "iat": NOW, "exp": NOW + 120, "jti": "logout-1",
        "sub": "alice-1", "sid": "session-1", "events": {EVENT: {}},
    });
    (header, payload)
}

/// Sends a token that differs from a good one.
async fn send(header: &Value, payload: &Value, key: Key) -> Result<LoggedOut, SsoError> {
    let fake = Fake::start().await;
    let (mut usual_header, mut usual_payload) = good(&fake);
    merge(&mut usual_header, header);
    merge(&mut usual_payload, payload);
    let token = key.token_with(&usual_header, &usual_payload);
    relying_party(&fake).logged_out(&token, NOW).await
}

const OURS: Key = Key::ed25519("one", 1);

#[tokio::test]
async fn a_good_token_says_whose_session_ended() {
    let fake = Fake::start().await;
    let (header, payload) = good(&fake);
    let token = OURS.token_with(&header, &payload);
    let ended = relying_party(&fake).logged_out(&token, NOW).await.unwrap();
    let expected = LoggedOut {
        issuer: fake.issuer.clone(),
        subject: Some("alice-1".into()),
        session: Some("session-1".into()),
        token_id: "logout-1".into(),
        expires_at: NOW + 120 + LEEWAY,
    };
    assert_eq!(ended, expected);
}

#[tokio::test]
async fn what_the_specification_leaves_open_is_accepted() {
    let cases = [
        (json!({"typ": null}), json!({})),
        (json!({"typ": "JWT"}), json!({})),
        (json!({"typ": "application/logout+jwt"}), json!({})),
        (json!({}), json!({"exp": null})),
        (json!({}), json!({"sub": null})),
        (json!({}), json!({"sid": null})),
        (json!({}), json!({"aud": ["another", CLIENT_ID]})),
        (json!({}), json!({"iat": NOW + LEEWAY})),
        (json!({}), json!({"iat": NOW - 600, "exp": null})),
        (json!({}), json!({"exp": NOW - LEEWAY + 1})),
    ];
    for (header, payload) in cases {
        let ended = send(&header, &payload, OURS).await;
        assert!(ended.is_ok(), "{header} {payload}: {ended:?}");
        assert!(ended.unwrap().expires_at <= NOW + 600 + 2 * LEEWAY, "names are not kept for ever");
    }
}

#[tokio::test]
async fn a_payload_that_is_wrong_in_one_way_is_refused_for_that() {
    let cases = [
        (json!({"nonce": "n"}), "nonce"),
        (json!({"events": {}}), "events"),
        (json!({"events": {"http://schemas.openid.net/event/other": {}}}), "events"),
        (json!({"events": {EVENT: true}}), "events"),
        (json!({"events": null}), "form"),
        (json!({"jti": null}), "jti"),
        (json!({"jti": ""}), "jti"),
        (json!({"jti": "x".repeat(256)}), "jti"),
        (json!({"iat": NOW - 600 - LEEWAY, "exp": null}), "expired"),
        (json!({"iat": NOW - 600 - LEEWAY, "exp": NOW + 9000}), "expired"),
        (json!({"iat": null}), "form"),
        (json!({"iat": NOW + LEEWAY + 1}), "issued in the future"),
        (json!({"exp": NOW - LEEWAY}), "expired"),
        (json!({"aud": "another"}), "audience"),
        (json!({"aud": ["another"]}), "audience"),
        (json!({"aud": []}), "audience"),
        (json!({"aud": null}), "form"),
        (json!({"iss": "https://evil.example.com"}), "issuer"),
        (json!({"sub": null, "sid": null}), "subject"),
        (json!({"sub": "x".repeat(256)}), "subject"),
        (json!({"sid": "a\nb"}), "sid"),
        (json!({"pad": "x".repeat(20_000)}), "size"),
    ];
    for (payload, check) in cases {
        assert_eq!(check_of(send(&json!({}), &payload, OURS).await), check, "{payload:.80}");
    }
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_refused() {
    let cases = [
        (json!({"alg": "none"}), Key::of("one", "none"), "algorithm"),
        (json!({"alg": "None"}), Key::of("one", "none"), "algorithm"),
        (json!({"alg": "HS256"}), Key::of("one", "HS256"), "algorithm"),
        (json!({}), Key::of("one", "none"), "signature"),
        (json!({}), Key::ed25519("one", 9), "signature"),
        (json!({"alg": "ES256"}), OURS, "signature"),
        (json!({"kid": "stranger"}), Key::ed25519("stranger", 9), "key"),
        (json!({"kid": null}), Key::ed25519("one", 9), "signature"),
        (json!({"typ": "at+jwt"}), OURS, "kind of token"),
        (json!({"crit": ["exp"]}), OURS, "kind of token"),
    ];
    for (header, key, check) in cases {
        assert_eq!(check_of(send(&header, &json!({}), key).await), check, "{header}");
    }
}

#[tokio::test]
async fn a_changed_payload_breaks_the_signature() {
    let fake = Fake::start().await;
    let (header, mut payload) = good(&fake);
    let token = OURS.token_with(&header, &payload);
    payload["sub"] = "bob-1".into();
    let changed = OURS.token_with(&header, &payload);
    let signature = token.rsplit_once('.').unwrap().1;
    let forged = format!("{}.{signature}", changed.rsplit_once('.').unwrap().0);
    assert_eq!(check_of(relying_party(&fake).logged_out(&forged, NOW).await), "signature");
}

#[tokio::test]
async fn an_id_token_ends_no_session() {
    let fake = Fake::start().await;
    let mut payload = fake.behaviour().claims.clone();
    merge(&mut payload, &json!({"jti": "1", "nonce": "n"}));
    let token = OURS.token(&payload);
    assert_eq!(check_of(relying_party(&fake).logged_out(&token, NOW).await), "events");
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    for token in ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "e30.e30.e30", "\u{0}", "ä.ö.ü"] {
        assert_eq!(check_of(provider.logged_out(token, NOW).await), "form", "{token:?}");
    }
    assert_eq!(fake.asked(KEYS), 1, "none of them was worth a question");
}

#[tokio::test]
async fn forged_tokens_make_the_provider_be_asked_once_a_minute_at_most() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let (_, payload) = good(&fake);
    for seed in 10..30 {
        let token = Key::ed25519("stranger", seed).token(&payload);
        assert_eq!(check_of(provider.logged_out(&token, NOW).await), "key");
    }
    assert_eq!(fake.asked(KEYS), 2);
}

#[tokio::test]
async fn a_new_key_is_fetched_for_a_logout_token_too() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    super::sign_in(&fake, &provider).await.unwrap();
    let key = Key::ed25519("two", 2);
    fake.behaviour().keys = vec![key.public()];
    provider.logged_out(&key.token(&good(&fake).1), NOW).await.unwrap();
    assert_eq!(fake.asked(KEYS), 2);
}
