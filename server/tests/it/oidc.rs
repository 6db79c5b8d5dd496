//! Sign-in with OpenID Connect over HTTP, with a provider that really signs.

use crate::app::{PASSWORD, TestApp};
use crate::browser::Browser;
use crate::provider::Provider;
use serde_json::{Value, json};

const ROLES: &str = "just_in_time = true\n[[oidc.role]]\ngroup = 'deciders'\nroles = ['approver']\n";

async fn scene(more: &str) -> (Provider, TestApp) {
    let provider = Provider::start().await;
    let secret =
        std::env::temp_dir().join(format!("nexus-it-secret-{}", provider.issuer.replace(['/', ':'], "")));
    let mut app = TestApp::configured(&provider.section(&secret, more), false).await;
    std::fs::remove_file(secret).unwrap();
    app.move_in().await;
    (provider, app)
}

fn ana(groups: &[&str]) -> Value {
    json!({"sub": "ana-1", "email": "ana@test.example", "email_verified": true, "name": "Ana", "groups": groups})
}

async fn roles(browser: &mut Browser<'_>) -> Value {
    browser.get("/api/v1/me").await.json()["roles"].clone()
}

#[tokio::test]
async fn a_group_gives_a_role_and_takes_it_back() {
    let (provider, app) = scene(ROLES).await;
    let mut browser = app.browser();
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("Sign in with Fake") && page.body.contains("/sign-in/oidc/fake"), "{page:?}");
    let to = provider.sign_in(&app, &mut browser, "?next=/decisions", &ana(&["deciders", "staff"])).await;
    assert_eq!(to, "/decisions");
    assert_eq!(roles(&mut browser).await, json!(["approver"]));
    let first = browser.session().unwrap();
    let to = provider.sign_in(&app, &mut browser, "", &ana(&["staff"])).await;
    assert_eq!(to, "/sign-in?error=SSO_NO_ROLE&next=");
    assert!(!Browser::with(&app, &first).is_in().await, "a lost group is a lost role, in every session");
}

#[tokio::test]
async fn an_address_signs_nobody_in() {
    let (provider, app) = scene(ROLES).await;
    let mut browser = app.browser();
    let claims =
        json!({"sub": "x", "email": "admin@test.example", "email_verified": true, "groups": ["deciders"]});
    let to = provider.sign_in(&app, &mut browser, "", &claims).await;
    assert_eq!(to, "/sign-in?error=SSO_ADDRESS_TAKEN&next=");
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn who_may_not_come_in_is_told_why_by_a_code() {
    let domain = "allowed_email_domains = ['test.example']\njust_in_time = true\n";
    let stranger = json!({"sub": "b", "email": "b@evil.example", "email_verified": true});
    let wrong_nonce = json!({"sub": "b", "nonce": "another"});
    let other_audience = json!({"sub": "b", "aud": "another"});
    for (more, person, code) in [
        (domain, stranger.clone(), "SSO_DOMAIN"),
        ("", stranger, "SSO_UNKNOWN"),
        ("just_in_time = true\n", ana(&[]), "SSO_NO_ROLE"),
        ("just_in_time = true\n", wrong_nonce, "SSO_NOT_PROVEN"),
        ("just_in_time = true\n", other_audience, "SSO_NOT_PROVEN"),
    ] {
        let (provider, app) = scene(more).await;
        let mut browser = app.browser();
        let to = provider.sign_in(&app, &mut browser, "", &person).await;
        assert!(to.starts_with(&format!("/sign-in?error={code}&")), "{to}");
        assert!(browser.session().is_none());
    }
}

#[tokio::test]
async fn a_callback_is_good_once_in_the_browser_that_asked_for_it() {
    let (provider, app) = scene(ROLES).await;
    let refused = "/sign-in?error=SSO_STATE&next=";
    let mut browser = app.browser();
    let there = browser.get("/sign-in/oidc/fake").await;
    let cookie = there.cookie("nexus-browser").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let back = provider.agree(&app, there.location(), &ana(&["deciders"]));

    let mut thief = app.browser();
    assert_eq!(thief.get(&back).await.location(), refused, "a browser without a cookie");
    thief.get("/sign-in/oidc/fake").await;
    assert_eq!(thief.get(&back).await.location(), refused, "a browser that asked for something else");
    let tampered = format!("{}0", &back[..back.len() - 1]);
    for wrong in [tampered.as_str(), "/sign-in/oidc/fake/callback?code=code-0", "/sign-in/oidc/fake/callback"]
    {
        assert_eq!(browser.get(wrong).await.location(), refused, "{wrong}");
    }
    assert!(thief.session().is_none() && browser.session().is_none());
    assert_eq!(browser.get(&back).await.location(), "/");
    let mut replayed = browser.copy();
    replayed.cookies.remove("nexus-session");
    assert_eq!(replayed.get(&back).await.location(), refused);
    assert!(browser.is_in().await && !replayed.is_in().await);
    assert_eq!(browser.get("/sign-in/oidc/none/callback").await.status, 404);
    assert_eq!(browser.get("/sign-in/oidc/none").await.status, 404);

    let mut late = app.browser();
    let there = late.get("/sign-in/oidc/fake").await;
    app.pass(10 * 60 + 1);
    let back = provider.agree(&app, there.location(), &ana(&["deciders"]));
    assert_eq!(late.get(&back).await.location(), refused);
}

#[tokio::test]
async fn an_answer_for_one_provider_is_none_for_another() {
    let first = Provider::start().await;
    let secret = std::env::temp_dir().join(format!("nexus-it-two-{}", first.issuer.replace(['/', ':'], "")));
    let section = first.section(&secret, ROLES);
    let second = section.replace("name = 'fake'", "name = 'second'");
    let mut app = TestApp::configured(&format!("{section}{second}"), false).await;
    std::fs::remove_file(secret).unwrap();
    app.move_in().await;
    let mut browser = app.browser();
    let there = browser.get("/sign-in/oidc/fake").await;
    let back = first.agree(&app, there.location(), &ana(&["deciders"])).replace("/fake/", "/second/");
    assert_eq!(browser.get(&back).await.location(), "/sign-in?error=SSO_STATE&next=");
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn what_another_issuer_or_the_provider_itself_refuses_leads_nowhere() {
    let (provider, app) = scene(ROLES).await;
    let mut browser = app.browser();
    for (more, code) in
        [("&iss=https%3A%2F%2Fevil.example", "SSO_NOT_PROVEN"), ("&error=access_denied", "SSO_DENIED")]
    {
        let there = browser.get("/sign-in/oidc/fake").await;
        let back = provider.agree(&app, there.location(), &ana(&["deciders"]));
        let to = browser.get(&format!("{back}{more}")).await.location().to_owned();
        assert!(to.starts_with(&format!("/sign-in?error={code}")), "{to}");
        assert!(browser.session().is_none());
    }
}

#[tokio::test]
async fn linking_takes_proof_from_both_sides() {
    let (provider, app) = scene("").await;
    let mut stranger = app.browser();
    let to = stranger.get("/sign-in/oidc/fake?purpose=link").await;
    assert!(to.location().starts_with("/sign-in?error=UNAUTHENTICATED"), "{to:?}");
    let mut browser = app.signed_in("approver").await;
    app.pass(16 * 60);
    let to = browser.get("/sign-in/oidc/fake?purpose=link&next=%2Faccount").await;
    assert_eq!(to.location(), "/sign-in/again?error=STEP_UP_REQUIRED&next=%2Faccount");
    browser.post("/sign-in/again", &[("password", PASSWORD)]).await;
    let before = browser.session();
    let to = provider.sign_in(&app, &mut browser, "?purpose=link&next=/account", &ana(&[])).await;
    assert_eq!(to, "/account");
    assert_ne!(browser.session(), before, "a new way in is a change of privilege");
    let mut second = app.browser();
    assert_eq!(provider.sign_in(&app, &mut second, "", &ana(&[])).await, "/");
    assert_eq!(second.get("/api/v1/me").await.json()["actor"]["id"], "approver@test.example");
    assert_eq!(browser.get("/sign-in/oidc/fake?purpose=whatever").await.status, 404);
}

#[tokio::test]
async fn a_link_that_was_begun_ends_with_the_session() {
    let (provider, app) = scene("").await;
    let mut browser = app.signed_in("approver").await;
    let thief = browser.session().unwrap();
    let answer = provider.begin(&app, &mut browser, "?purpose=link&next=/account", &ana(&[])).await;
    let mut own = app.signed_in("approver").await;
    own.post("/sign-out", &[]).await;
    let person = governance::PersonId::new("prs_approver").unwrap();
    let caller = app.call("admin").await;
    app.control.end_sessions_of(&caller, &person, None).await.unwrap();
    let to = browser.get(&answer).await;
    assert!(to.location().starts_with("/sign-in?error=SSO_STATE"), "{to:?}");
    assert!(!Browser::with(&app, &thief).is_in().await);
    let mut second = app.browser();
    let to = provider.sign_in(&app, &mut second, "", &ana(&[])).await;
    assert!(to.starts_with("/sign-in?error=SSO_UNKNOWN"), "nothing was linked: {to}");
}

#[tokio::test]
async fn a_password_that_proves_somebody_again_leaves_the_session_with_its_provider() {
    let (provider, app) = scene("").await;
    let mut browser = app.signed_in("approver").await;
    provider.sign_in(&app, &mut browser, "?purpose=link&next=/account", &ana(&[])).await;
    browser.post("/sign-in/again", &[("password", PASSWORD)]).await;
    assert!(browser.is_in().await);
    let ended = app.control.store().delete_vouched_sessions(&provider.issuer, Some("ana-1"), None).await;
    assert_eq!(ended.unwrap(), 1);
    assert!(!browser.is_in().await);
}

#[tokio::test]
async fn proving_oneself_again_is_for_the_same_person() {
    let (provider, app) = scene(ROLES).await;
    let mut browser = app.browser();
    provider.sign_in(&app, &mut browser, "", &ana(&["deciders"])).await;
    let before = browser.session().unwrap();
    let other = json!({"sub": "ben-1", "email": "ben@test.example", "groups": ["deciders"]});
    let to = provider.sign_in(&app, &mut browser, "?purpose=again&next=/decisions", &other).await;
    assert_eq!(to, "/sign-in?error=SSO_OTHER_PERSON&next=%2Fdecisions");
    assert_eq!(browser.session().as_ref(), Some(&before));
    // Somebody who proved themselves at the provider long ago has not done it again.
    let mut stale = ana(&["deciders"]);
    stale["auth_time"] = json!(app.seconds() - 3600);
    let to = provider.sign_in(&app, &mut browser, "?purpose=again", &stale).await;
    assert!(to.starts_with("/sign-in?error=SSO_NOT_PROVEN"), "{to}");
    let to =
        provider.sign_in(&app, &mut browser, "?purpose=again&next=/decisions", &ana(&["deciders"])).await;
    assert_eq!(to, "/decisions");
    assert_ne!(browser.session().unwrap(), before);
    assert!(!Browser::with(&app, &before).is_in().await);
}

#[tokio::test]
async fn an_invitation_is_accepted_by_whose_address_it_names() {
    let (provider, app) = scene("").await;
    let whom = control::access::invitation::Invitation {
        email: "ana@test.example".to_owned(),
        name: "Ana".to_owned(),
        roles: vec![control::Role::Auditor],
    };
    let (_, token) = app.control.invite(&app.call("admin").await, whom).await.unwrap();
    let query = format!("?invitation={token}");
    let other = json!({"sub": "ben-1", "email": "ben@test.example", "email_verified": true});
    let unverified = json!({"sub": "ana-2", "email": "ana@test.example", "email_verified": false});
    for wrong in [other, unverified] {
        let mut browser = app.browser();
        let to = provider.sign_in(&app, &mut browser, &query, &wrong).await;
        assert!(to.starts_with("/sign-in?error=INVALID_INPUT"), "{to}");
        assert!(browser.session().is_none());
    }
    let mut browser = app.browser();
    assert_eq!(provider.sign_in(&app, &mut browser, &query, &ana(&[])).await, "/");
    assert_eq!(roles(&mut browser).await, json!(["auditor"]));
    let again = json!({"sub": "ana-3", "email": "ana@test.example", "email_verified": true});
    let to = provider.sign_in(&app, &mut app.browser(), &query, &again).await;
    assert!(to.starts_with("/sign-in?error=INVALID_INPUT"), "a link works once: {to}");
}
