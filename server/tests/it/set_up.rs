//! The first start: one link, one use, one first person.

use crate::app::{PASSWORD, TestApp};

fn form(token: &str) -> [(&str, &str); 5] {
    [
        ("token", token),
        ("workspace", "Northwind"),
        ("name", "Ana"),
        ("email", "ana@test.example"),
        ("password", PASSWORD),
    ]
}

#[tokio::test]
async fn the_link_makes_the_first_admin_and_works_once() {
    let app = TestApp::empty().await;
    let token = app.control.issue_setup_token().await.unwrap().unwrap();
    let mut browser = app.browser();
    assert_eq!(browser.get(&format!("/set-up?token={token}")).await.status, 200);
    let answer = browser.post("/set-up", &form(&token)).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/"), "{answer:?}");
    assert!(browser.session().is_some());
    assert!(app.control.issue_setup_token().await.unwrap().is_none());

    let mut second = app.browser();
    let answer = second.post("/set-up", &form(&token)).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().contains("error="), "{answer:?}");
    assert!(second.session().is_none());
    assert_eq!(app.signed_in("ana").await.get("/").await.status, 200);
}

#[tokio::test]
async fn a_wrong_an_old_and_a_replaced_token_are_refused() {
    let app = TestApp::empty().await;
    let replaced = app.control.issue_setup_token().await.unwrap().unwrap();
    let token = app.control.issue_setup_token().await.unwrap().unwrap();
    let mut browser = app.browser();
    for wrong in ["", "0000", &replaced] {
        let answer = browser.post("/set-up", &form(wrong)).await;
        let back =
            format!("/set-up?token={wrong}&workspace=Northwind&name=Ana&email=ana%40test.example&error=");
        assert!(answer.location().starts_with(&back), "{answer:?}");
    }
    app.pass(24 * 3600 + 1);
    let answer = browser.post("/set-up", &form(&token)).await;
    assert!(answer.location().contains("error=INVALID_INPUT"), "{answer:?}");
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn a_short_password_is_refused_and_the_link_still_works() {
    let app = TestApp::empty().await;
    let token = app.control.issue_setup_token().await.unwrap().unwrap();
    let mut browser = app.browser();
    let mut short = form(&token);
    short[4].1 = "short";
    let answer = browser.post("/set-up", &short).await;
    assert!(answer.location().ends_with("&error=INVALID_INPUT"), "{answer:?}");
    assert!(!answer.location().contains("short"), "{answer:?}");
    assert_eq!(browser.post("/set-up", &form(&token)).await.location(), "/");
}
