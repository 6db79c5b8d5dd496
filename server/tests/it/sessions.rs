//! How a session begins, lasts and ends.

use crate::app::TestApp;
use governance::PersonId;

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
    let mut browser = app.browser();
    browser.cookie = Some(planted.to_owned());
    browser.sign_in("requester", crate::app::PASSWORD).await;
    let first = browser.cookie.clone().unwrap();
    assert_ne!(first, planted);

    // Signing in again, as somebody else, ends the first session.
    browser.sign_in("approver", crate::app::PASSWORD).await;
    let second = browser.cookie.clone().unwrap();
    assert_ne!(first, second);
    for old in [planted, &first] {
        let mut thief = app.browser();
        thief.cookie = Some(old.to_owned());
        assert_eq!(thief.get(PRIVATE).await.status, 401, "{old}");
    }
    assert_eq!(browser.get(PRIVATE).await.status, 404);
}

#[tokio::test]
async fn signing_out_ends_it_for_every_copy_of_the_cookie() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("requester").await;
    let copy = browser.cookie.clone();
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/sign-in"));
    assert!(browser.cookie.is_none(), "{answer:?}");
    let mut thief = app.browser();
    thief.cookie = copy;
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
    let workspace = app.workspace.clone().unwrap();
    let person = PersonId::new("prs_requester").unwrap();
    let export = "/decisions/none/package.json";
    assert_eq!(browser.get(export).await.status, 404);
    app.control.store().set_roles(&workspace, &person, &[]).await.unwrap();
    assert_eq!(browser.get(export).await.status, 401);
}
