//! Access tokens of a provider over HTTP: a program calls as the person who let it, and nothing else that the provider
//! signs opens a door here.

use crate::app::{Answer, TestApp};
use crate::provider::Provider;
use axum::body::Body;
use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use serde_json::{Value, json};

const RULES: &str =
    "just_in_time = true\n[[oidc.role]]\ngroup = 'deciders'\nroles = ['approver', 'requester']\n";

/// A server that takes the provider's access tokens, and Ana, who has signed in there once.
async fn scene(more: &str) -> (Provider, TestApp) {
    let provider = Provider::start().await;
    let secret =
        std::env::temp_dir().join(format!("nexus-it-access-{}", provider.issuer.replace(['/', ':'], "")));
    let section = provider.section(&secret, &format!("{more}\n{RULES}"));
    let mut app = TestApp::configured(&section, false).await;
    std::fs::remove_file(secret).unwrap();
    app.move_in().await;
    let ana = json!({"sub": "ana-1", "email": "ana@test.example", "email_verified": true, "name": "Ana", "groups": ["deciders"]});
    let mut browser = app.browser();
    provider.sign_in(&app, &mut browser, "", &ana).await;
    assert!(browser.is_in().await);
    (provider, app)
}

async fn get(app: &TestApp, path: &str, bearer: &str) -> Answer {
    let request = app.browser().prepared(Method::GET, path).header(AUTHORIZATION, format!("Bearer {bearer}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_program_with_an_access_token_calls_as_the_person() {
    let (provider, app) = scene("access_tokens = true").await;
    let me = get(&app, "/api/v1/me", &provider.access_token(&app, &json!({}))).await;
    assert_eq!(me.status, 200, "{me:?}");
    let me = me.json();
    assert_eq!(
        (me["actor"]["id"].as_str(), me["actor"]["type"].as_str()),
        (Some("ana@test.example"), Some("human"))
    );
    // Pages are for people who are there.
    let page = get(&app, "/account", &provider.access_token(&app, &json!({}))).await;
    assert!(!page.body.contains("ana@test.example"), "{page:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_not_said() {
    let (provider, app) = scene("access_tokens = true").await;
    let now = app.seconds();
    let mut wrong = vec![provider.logout_token(&app, &json!({})), "opaque".to_owned(), "a.b.c".to_owned()];
    for changed in [
        json!({"aud": "nexus"}),
        json!({"aud": "http://127.0.0.1:3000"}),
        json!({"iss": "https://evil.example"}),
        json!({"exp": now - 3600}),
        json!({"sub": "nobody-here"}),
        json!({"sub": "ana@test.example"}),
        json!({"cnf": {"jkt": "x"}}),
    ] {
        wrong.push(provider.access_token(&app, &changed));
    }
    let good = provider.access_token(&app, &json!({}));
    wrong.push(format!("{}A", &good[..good.len() - 1]));
    let (head, signature) = good.rsplit_once('.').unwrap();
    wrong.push(format!("{}.{signature}", head.to_uppercase()));
    let mut said = Vec::new();
    // More than wrong keys are let through: an expired token has to be answered as such.
    for token in wrong.iter().cycle().take(60) {
        let answer = get(&app, "/api/v1/me", token).await;
        said.push((answer.status.as_u16(), answer.code()));
    }
    said.dedup();
    assert_eq!(said, [(401, "UNAUTHENTICATED".to_owned())]);
    assert_eq!(get(&app, "/api/v1/me", &good).await.status, 200);
}

#[tokio::test]
async fn without_the_setting_no_access_token_opens_anything() {
    let (provider, app) = scene("").await;
    assert!(app.web.providers.token_issuers().is_empty());
    let answer = get(&app, "/api/v1/me", &provider.access_token(&app, &json!({}))).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn a_resource_of_its_own_is_the_only_one() {
    let (provider, app) = scene("access_tokens = true\nresource = 'api://nexus'").await;
    assert_eq!(app.web.providers.token_issuers(), [provider.issuer.as_str()]);
    let usual = provider.access_token(&app, &json!({}));
    assert_eq!(get(&app, "/api/v1/me", &usual).await.status, 401);
    let ours = provider.access_token(&app, &json!({"aud": "api://nexus"}));
    assert_eq!(get(&app, "/api/v1/me", &ours).await.status, 200);
}

#[tokio::test]
async fn the_scopes_of_the_token_bound_what_it_may() {
    let (provider, app) = scene("access_tokens = true").await;
    let (id, _) = app.request(&app.call("admin").await, "goal", 1).await;
    let path = format!("/decisions/{id}/bundle.json");
    let table: [(Value, u16); 4] = [
        (json!("openid"), 404),
        (json!("nexus:read"), 403),
        (json!("nexus:export"), 200),
        (json!(["read", "export"]), 200),
    ];
    for (scope, status) in table {
        let token = provider.access_token(&app, &json!({"scope": scope}));
        assert_eq!(get(&app, &path, &token).await.status.as_u16(), status, "{scope}");
    }
}
