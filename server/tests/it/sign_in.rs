//! Coming in and staying out.

use crate::app::{PASSWORD, TestApp};
use crate::browser::encoded;

#[tokio::test]
async fn the_right_password_signs_in_and_goes_on() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    let fields = [
        ("email", " Requester@Test.example "),
        ("password", PASSWORD),
        ("next", "/decisions?state=approved"),
    ];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/decisions?state=approved"), "{answer:?}");
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["nexus-session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_this_host() {
    let mut app = TestApp::configured("[http]\npublic_url = 'https://nexus.example'", false).await;
    app.move_in().await;
    let answer = app.browser().sign_in("requester", PASSWORD).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-nexus-session="), "{cookie}");
    assert!(cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    assert!(answer.header("strict-transport-security").contains("max-age="), "{answer:?}");
}

#[tokio::test]
async fn next_never_leaves_this_site() {
    let app = TestApp::with_people().await;
    let long = format!("/{}", "a".repeat(4000));
    for next in [
        "https://evil.example",
        "HTTPS:evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/a\nb",
        "/a\r\nset-cookie: x=y",
        "/\u{0}",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "@evil.example",
        &long,
        "",
    ] {
        let fields = [("email", "requester@test.example"), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.browser().post("/sign-in", &fields).await.location(), "/", "{next:?}");
        let mut browser = app.signed_in("requester").await;
        let answer = browser.post("/sign-in/again", &[("password", PASSWORD), ("next", next)]).await;
        assert_eq!(answer.location(), "/", "{next:?}");
        // A refusal keeps it for the next try, as a value.
        let answer =
            app.browser().post("/sign-in", &[("email", "x"), ("password", "x"), ("next", next)]).await;
        assert!(answer.location().starts_with("/sign-in?error=") || answer.status == 429, "{answer:?}");
        let page = app.browser().get(&format!("/sign-in/code?state=x&next={}", encoded(next))).await;
        assert!(!page.body.contains("href=\"//") && !page.body.contains("href=\"https:"), "{page:?}");
    }
    // A page of this site that only looks like one of another.
    for next in ["/decisions/..//evil.example", "/%2F/evil.example", "/.//evil.example"] {
        let fields = [("email", "requester@test.example"), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.browser().post("/sign-in", &fields).await.location(), next);
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_look_the_same() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    for name in ["requester", "nobody"] {
        let answer = browser.sign_in(name, "wrong horse battery").await;
        let expected = format!("/sign-in?error=WRONG_CREDENTIALS&email={name}%40test.example&next=");
        assert_eq!((answer.status.as_u16(), answer.location()), (303, expected.as_str()));
        assert!(browser.session().is_none());
    }
    let answer = browser.post("/sign-in", &[]).await;
    assert!(answer.location().starts_with("/sign-in?error="), "{answer:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_forgiven_later() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    for _ in 0..5 {
        browser.sign_in("requester", "wrong horse battery").await;
    }
    assert_eq!(browser.sign_in("requester", PASSWORD).await.status, 429);
    app.pass(15 * 60 + 1);
    assert_eq!(browser.sign_in("requester", PASSWORD).await.location(), "/");
}

#[tokio::test]
async fn the_suspended_stay_out_and_are_put_out() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("requester").await;
    app.suspend("requester").await;
    let answer = browser.get("/decisions/none/bundle.json").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "UNAUTHENTICATED"));
    let answer = app.browser().sign_in("requester", PASSWORD).await;
    assert!(answer.location().contains("error=WRONG_CREDENTIALS"), "{answer:?}");
}

#[tokio::test]
async fn the_demo_door_is_not_there_without_the_demo() {
    let app = TestApp::with_people().await;
    let answer = app.browser().post("/demo-sign-in", &[("actor_id", "admin@test.example")]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "NOT_FOUND"));
}

#[tokio::test]
async fn the_demo_door_opens_only_to_the_demos_people() {
    let mut app = TestApp::configured("", true).await;
    app.move_in().await;
    let mut browser = app.browser();
    for actor in ["admin@test.example", "alice@northwind.example"] {
        assert_eq!(browser.post("/demo-sign-in", &[("actor_id", actor)]).await.status, 404);
        assert!(browser.session().is_none());
    }
    assert_eq!(browser.post("/demo-sign-in", &[]).await.status, 404);
}
