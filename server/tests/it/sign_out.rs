//! Signing out, here and at the provider, and what a provider may end by itself.

use crate::app::TestApp;
use crate::browser::Browser;
use crate::provider::Provider;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

async fn scene() -> (Provider, TestApp) {
    let provider = Provider::start().await;
    let more = "just_in_time = true\n[[oidc.role]]\ngroup = 'staff'\nroles = ['approver']\n";
    let secret =
        std::env::temp_dir().join(format!("nexus-it-out-{}", provider.issuer.replace(['/', ':'], "")));
    let mut app = TestApp::configured(&provider.section(&secret, more), false).await;
    std::fs::remove_file(secret).unwrap();
    app.move_in().await;
    (provider, app)
}

async fn signed_in<'a>(provider: &Provider, app: &'a TestApp, subject: &str, session: &str) -> Browser<'a> {
    let mut browser = app.browser();
    let email = format!("{subject}@test.example");
    let person = json!({"sub": subject, "sid": session, "email": email, "groups": ["staff"]});
    assert_eq!(provider.sign_in(app, &mut browser, "", &person).await, "/");
    browser
}

/// What the provider's server posts: no browser, no cookie, no origin.
async fn told(app: &TestApp, token: &str) -> u16 {
    let request = Request::post("/sign-in/oidc/fake/back-channel-logout")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("logout_token={token}")))
        .unwrap();
    let answer = app.send(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.status.as_u16()
}

#[tokio::test]
async fn signing_out_goes_on_to_the_provider() {
    let (provider, app) = scene().await;
    let mut browser = signed_in(&provider, &app, "ana-1", "s").await;
    let mut copy = browser.copy();
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let refresh = answer.header("refresh").to_owned();
    let end = format!("0; url={}/end?", provider.issuer);
    assert!(refresh.starts_with(&end), "{refresh}");
    for part in ["id_token_hint=", "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fsigned-out"] {
        assert!(refresh.contains(part), "{refresh}");
    }
    assert!(answer.body.contains(&format!("href=\"{}/end?", provider.issuer)), "{answer:?}");
    assert!(!answer.body.contains("<script") && browser.session().is_none());
    assert!(!copy.is_in().await);
    // Who came by a password has nobody to be sent on to.
    let answer = app.signed_in("requester").await.post("/sign-out", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/sign-in"));
}

#[tokio::test]
async fn a_provider_ends_the_sessions_that_it_vouched_for_at_once() {
    let (provider, app) = scene().await;
    let mut one = signed_in(&provider, &app, "ana-1", "s-1").await;
    let mut two = signed_in(&provider, &app, "ana-1", "s-2").await;
    let mut ben = signed_in(&provider, &app, "ben-1", "s-3").await;
    let mut local = app.signed_in("requester").await;
    assert_eq!(told(&app, &provider.logout_token(&app, &json!({"sid": "s-1"}))).await, 200);
    assert!(!one.is_in().await && two.is_in().await && ben.is_in().await && local.is_in().await);
    assert_eq!(told(&app, &provider.logout_token(&app, &json!({"jti": "logout-2"}))).await, 200);
    assert!(!two.is_in().await && ben.is_in().await && local.is_in().await);
}

#[tokio::test]
async fn a_forged_stale_or_replayed_word_ends_nothing() {
    let (provider, app) = scene().await;
    let mut browser = signed_in(&provider, &app, "ana-1", "s-1").await;
    let good = provider.logout_token(&app, &json!({"sub": "somebody"}));
    let parts: Vec<&str> = good.split('.').collect();
    let other = provider.logout_token(&app, &json!({}));
    let spliced = format!("{}.{}.{}", parts[0], other.split('.').nth(1).unwrap(), parts[2]);
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", other.split('.').nth(1).unwrap());
    let now = app.seconds();
    let changed = |change: Value| provider.logout_token(&app, &change);
    for (what, token) in [
        ("spliced", spliced),
        ("unsigned", unsigned),
        ("nonsense", "x".to_owned()),
        ("for another client", changed(json!({"aud": "another"}))),
        ("of another issuer", changed(json!({"iss": "https://evil.example"}))),
        ("expired", changed(json!({"iat": now - 7200, "exp": now - 3600}))),
        ("an ID token", changed(json!({"nonce": "n"}))),
        ("about no logout", changed(json!({"events": {}}))),
    ] {
        assert_eq!(told(&app, &token).await, 400, "{what}");
        assert!(browser.is_in().await, "{what}");
    }
    // A good one counts once: what somebody copied does not end the next session.
    assert_eq!(told(&app, &other).await, 200);
    assert!(!browser.is_in().await);
    let mut next = signed_in(&provider, &app, "ana-1", "s-2").await;
    assert_eq!(told(&app, &other).await, 400);
    assert!(next.is_in().await);
}
