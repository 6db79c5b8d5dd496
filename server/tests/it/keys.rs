//! API keys over HTTP: what they open, and that one human stays one approver however they come.

use crate::app::{Answer, PASSWORD, TestApp};
use crate::browser::Browser;
use axum::body::Body;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use control::key::KeyScope;
use governance::PersonId;
use serde_json::json;
use store::Change;

/// A program's call, from the browser's address and with its cookies, if it has any.
async fn call(
    browser: &Browser<'_>,
    app: &TestApp,
    method: Method,
    path: &str,
    key: &[u8],
    body: &str,
) -> Answer {
    let mut bearer = b"Bearer ".to_vec();
    bearer.extend(key);
    let request = browser.prepared(method, path).header(AUTHORIZATION, bearer.as_slice());
    let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_owned())).unwrap();
    app.send(request).await
}

#[tokio::test]
async fn a_wrong_key_is_refused_whatever_cookie_came_with_it() {
    let app = TestApp::with_people().await;
    let admin = app.call("admin").await;
    let (id, key) = app.key(&admin, "robot", &KeyScope::ALL).await;
    let mut browser = app.signed_in("admin").await;
    assert!(browser.is_in().await);
    let last = if key.ends_with('0') { "1" } else { "0" };
    let changed = format!("{}{last}", &key[..key.len() - 1]);
    for wrong in
        [changed.as_bytes(), b"", b"nxc_", id.as_bytes(), b"\xff\xfe", &[key.as_bytes(), b"0"].concat()]
    {
        let answer = call(&browser, &app, Method::GET, "/api/v1/me", wrong, "").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "UNAUTHENTICATED"), "{wrong:?}");
    }
    // With the right one it is the key that calls, and no person.
    let me = call(&browser, &app, Method::GET, "/api/v1/me", key.as_bytes(), "").await.json();
    assert_eq!(
        (me["actor"]["id"].as_str(), me["actor"]["type"].as_str()),
        (Some(id.as_str()), Some("system")),
        "{me}"
    );
    assert!(me["scopes"].as_array().is_some_and(|scopes| scopes.len() == 5), "{me}");
}

#[tokio::test]
async fn a_key_ends_at_once_when_it_is_revoked_expires_or_its_owner_goes() {
    let app = TestApp::with_people().await;
    let (admin, second) = (app.call("admin").await, app.call("keeper").await);
    let browser = app.browser();
    let status =
        async |key: &str| call(&browser, &app, Method::GET, "/api/v1/me", key.as_bytes(), "").await.status;
    let (revoked, one) = app.key(&admin, "one", &[KeyScope::Read]).await;
    let (_, two) = app.key(&admin, "two", &[KeyScope::Read]).await;
    let (_, three) = app.key(&second, "three", &[KeyScope::Read]).await;
    for key in [&one, &two, &three] {
        assert_eq!(status(key).await, 200);
    }
    app.control.revoke_key(&admin, &revoked).await.unwrap();
    assert_eq!((status(&one).await, status(&two).await), (401.try_into().unwrap(), 200.try_into().unwrap()));
    app.suspend("keeper").await;
    assert_eq!((status(&three).await.as_u16(), status(&two).await.as_u16()), (401, 200));
    app.pass(30 * 24 * 3600);
    assert_eq!(status(&two).await, 401);
}

#[tokio::test]
async fn a_key_never_approves() {
    let app = TestApp::with_people().await;
    let (admin, requester) = (app.call("admin").await, app.call("requester").await);
    let (_, key) = app.key(&admin, "robot", &KeyScope::ALL).await;
    let (id, version) = app.request(&requester, "Rehearse", 1).await;
    let browser = app.browser();
    for (act, words) in [("approve", "comment"), ("revoke", "reason"), ("reject", "reason")] {
        let body = json!({"expected_version": version, words: "x"}).to_string();
        let path = format!("/api/v1/decisions/{id}/{act}");
        let answer = call(&browser, &app, Method::POST, &path, key.as_bytes(), &body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "KEY_FORBIDDEN"), "{act}");
    }
    let answer =
        call(&browser, &app, Method::GET, &format!("/api/v1/decisions/{id}"), key.as_bytes(), "").await;
    assert_eq!(answer.json()["version"], version);
}

#[tokio::test]
async fn one_human_with_two_accounts_and_a_key_is_one_approver() {
    let app = TestApp::with_people().await;
    let workspace = app.workspace.clone().unwrap();
    app.hire(&workspace, "twin", &[control::Role::Approver, control::Role::Admin]).await;
    let (_, key) = app.key(&app.call("twin").await, "robot", &KeyScope::ALL).await;
    let (id, _) = app.request(&app.call("requester").await, "Rehearse", 2).await;
    // Both accounts sign in; then it turns out that they are one human.
    let (one, two) = (app.signed_in("approver").await, app.signed_in("twin").await);
    let path = format!("/api/v1/decisions/{id}/approve");
    assert_eq!(json_post(&app, &two, &path).await.status, 200);
    let ids = ["approver", "twin"].map(|name| PersonId::new(format!("prs_{name}")).unwrap());
    let [into, from] = ids;
    app.enact(&workspace, vec![Change::Merge { from, into }]).await;
    let again = json_post(&app, &one, &path).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "ALREADY_APPROVED"));
    // What the other account had is the first one's now; its sessions are over.
    assert_eq!(json_post(&app, &two, &path).await.status, 401);
    let by_key = call(&app.browser(), &app, Method::POST, &path, key.as_bytes(), "{}").await;
    assert_eq!(by_key.code(), "KEY_FORBIDDEN");
    let mut reader = app.signed_in("auditor").await;
    let shown = reader.get(&format!("/api/v1/decisions/{id}")).await.json();
    let lifecycle = &shown["lifecycle"];
    assert_eq!(lifecycle["state"], "pending_approval", "{shown}");
    let answer = json_post(&app, &app.signed_in("second").await, &path).await;
    assert_eq!(answer.json()["lifecycle"]["state"], "approved", "{answer:?}");
}

async fn json_post(app: &TestApp, browser: &Browser<'_>, path: &str) -> Answer {
    let request = browser.prepared(Method::POST, path).header(CONTENT_TYPE, "application/json");
    app.send(request.body(Body::from("{}")).unwrap()).await
}

#[tokio::test]
async fn guessing_keys_is_slowed_down_by_address_alone() {
    let app = TestApp::with_people().await;
    let (_, key) = app.key(&app.call("admin").await, "robot", &[KeyScope::Read]).await;
    let guesser = app.browser();
    for _ in 0..30 {
        let answer = call(&guesser, &app, Method::GET, "/api/v1/me", b"nxc_guess", "").await;
        assert_eq!(answer.status, 401);
    }
    let answer = call(&guesser, &app, Method::GET, "/api/v1/me", b"nxc_guess", "").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "THROTTLED"));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    // A right key does not wait for it, nor does anybody elsewhere.
    assert_eq!(call(&guesser, &app, Method::GET, "/api/v1/me", key.as_bytes(), "").await.status, 200);
    assert_eq!(call(&app.browser(), &app, Method::GET, "/api/v1/me", b"nxc_guess", "").await.status, 401);
    assert_eq!(app.browser().sign_in("requester", PASSWORD).await.location(), "/");
}
