//! How a session begins, lasts and ends.

use crate::app::{PASSWORD, TestApp};
use crate::browser::Browser;
use crate::people::person;
use axum::body::{Body, Bytes};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use control::Role;
use futures::channel::oneshot;
use futures::stream::once;
use tower::ServiceExt as _;

const PRIVATE: &str = "/decisions/none/bundle.json";

#[tokio::test]
async fn visitors_get_no_session() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    for path in ["/sign-in", "/", "/nowhere", "/healthz", PRIVATE] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    app.pass(400 * 24 * 3600);
    assert_eq!(app.control.store().delete_expired_sessions(app.control.now()).await.unwrap(), 0);
}

#[tokio::test]
async fn signing_in_takes_a_new_id_whatever_the_browser_brought() {
    let app = TestApp::with_people().await;
    let planted = "nexus-session=AAAAAAAAAAAAAAAAAAAAAA";
    let mut browser = Browser::with(&app, planted);
    browser.sign_in("requester", PASSWORD).await;
    let first = browser.session().unwrap();
    assert_ne!(first, planted);

    // Signing in again, as somebody else, ends the first session.
    browser.sign_in("approver", PASSWORD).await;
    let second = browser.session().unwrap();
    assert_ne!(first, second);
    for old in [planted, &first] {
        assert_eq!(Browser::with(&app, old).get(PRIVATE).await.status, 401, "{old}");
    }
    assert_eq!(browser.get(PRIVATE).await.status, 404);
}

#[tokio::test]
async fn signing_out_ends_it_for_every_copy_of_the_cookie() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("requester").await;
    let mut thief = browser.copy();
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/sign-in"));
    assert!(browser.session().is_none(), "{answer:?}");
    assert_eq!(thief.get(PRIVATE).await.status, 401);
    assert_eq!(thief.post("/sign-out", &[]).await.status, 303);
}

#[tokio::test]
async fn it_ends_when_unused_and_in_any_case_after_a_day_of_work() {
    let app = TestApp::with_people().await;
    let mut unused = app.signed_in("requester").await;
    app.pass(119 * 60);
    assert_eq!(unused.get(PRIVATE).await.status, 404);
    app.pass(121 * 60);
    assert_eq!(unused.get(PRIVATE).await.status, 401);

    let mut used = app.signed_in("requester").await;
    for _ in 0..11 {
        app.pass(3600);
        assert_eq!(used.get(PRIVATE).await.status, 404);
    }
    app.pass(3601);
    assert_eq!(used.get(PRIVATE).await.status, 401);
}

#[tokio::test]
async fn a_role_counts_at_the_next_click() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("requester").await;
    let export = "/decisions/none/package.json";
    assert_eq!(browser.get(export).await.status, 404);
    app.set_roles("requester", &[]).await;
    assert_eq!(browser.get(export).await.status, 401);
}

#[tokio::test]
async fn a_request_in_flight_does_not_bring_back_what_was_signed_out_of() {
    let app = TestApp::with_people().await;
    let workspace = app.found("wsp_other", "Other").await;
    app.let_in(&workspace, &person("requester"), &[Role::Requester]).await;
    for (path, body) in [("/api/rename", "name=Renamed"), ("/workspace", "id=wsp_other")] {
        let mut browser = app.signed_in("requester").await;
        // So long ago that the next request writes the session.
        app.pass(120);
        let (ask, asked) = oneshot::channel();
        let (give, given) = oneshot::channel::<&str>();
        let slow = once(async move {
            ask.send(()).unwrap();
            given.await.map(Bytes::from)
        });
        let request = browser.prepared(Method::POST, path);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from_stream(slow)).unwrap();
        let in_flight = tokio::spawn(app.router().oneshot(request));
        // Once the body is asked for, the session has been read.
        asked.await.unwrap();
        let mut thief = browser.copy();
        assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
        give.send(body).unwrap();
        let answer = in_flight.await.unwrap().unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            assert!(!Browser::with(&app, pair).is_in().await, "{path} signed in again: {pair}");
        }
        assert!(!thief.is_in().await, "{path}");
    }
}

#[tokio::test]
async fn going_to_another_workspace_changes_the_id_and_keeps_when_one_signed_in() {
    let app = TestApp::with_people().await;
    let workspace = app.found("wsp_other", "Other").await;
    app.let_in(&workspace, &person("requester"), &[Role::Approver]).await;
    let mut browser = app.signed_in("requester").await;
    let before = browser.session().unwrap();
    app.pass(20 * 60);
    assert_eq!(browser.post("/workspace", &[("id", "wsp_other")]).await.location(), "/");
    assert_ne!(browser.session().unwrap(), before);
    assert!(!Browser::with(&app, &before).is_in().await);
    let me = browser.get("/api/v1/me").await.json();
    assert_eq!((me["workspace_id"].as_str(), me["roles"][0].as_str()), (Some("wsp_other"), Some("approver")));
    // Going somewhere proves nothing anew: what asks for a recent sign-in still does.
    let answer = browser.post("/api/begin_second_factor", &[]).await;
    assert!(answer.location().starts_with("/sign-in/again"), "{answer:?}");
    // Where one does not belong is not there, and changes nothing.
    app.found("wsp_third", "Third").await;
    for id in ["wsp_third", "wsp_none", ""] {
        assert_eq!(browser.post("/workspace", &[("id", id)]).await.status, 404, "{id}");
    }
    assert!(browser.is_in().await);
    // All of it ends twelve hours after the sign-in, however often one goes.
    for _ in 0..12 {
        app.pass(3540);
        browser.post("/workspace", &[("id", "wsp_test")]).await;
    }
    app.pass(60);
    assert!(!browser.is_in().await);
}

#[tokio::test]
async fn a_session_that_is_ended_elsewhere_is_over_at_its_next_click() {
    let app = TestApp::with_people().await;
    let (mut one, mut two) = (app.signed_in("requester").await, app.signed_in("requester").await);
    let mut third = app.signed_in("requester").await;
    let page = one.get("/account").await;
    let caller = app.call("requester").await;
    let sessions = app.control.my_sessions(&caller, None).await.unwrap();
    assert_eq!(sessions.len(), 3);
    let of_two = sessions.iter().find(|session| session.address == two.address.ip().to_string()).unwrap();
    assert!(page.body.contains(&of_two.name), "{page:?}");
    let answer = one.post("/api/end_my_session", &[("name", &of_two.name)]).await;
    assert!(answer.location().starts_with("/account?done="), "{answer:?}");
    assert!(one.is_in().await && !two.is_in().await && third.is_in().await);
    one.post("/api/end_my_other_sessions", &[]).await;
    assert!(one.is_in().await && !third.is_in().await);
    // An admin ends anybody's of their workspace.
    let mut admin = app.signed_in("keeper").await;
    admin.post("/api/end_sessions_of", &[("id", "prs_requester")]).await;
    assert!(!one.is_in().await && admin.is_in().await);
}
