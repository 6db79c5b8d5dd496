//! How fast anyone may be: 429 with `Retry-After`, counted where it should be.

use crate::app::{Answer, PASSWORD, TestApp};
use crate::browser::Browser;
use axum::body::Body;
use axum::http::Method;
use control::KeyScope;

fn waits(answer: &Answer) -> bool {
    answer.status == 429 && answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0)
}

/// Sends an empty form until it is refused; how often it was not.
async fn until_refused(browser: &mut Browser<'_>, path: &str) -> (usize, Answer) {
    for sent in 0..1000 {
        let answer = browser.post(path, &[]).await;
        if answer.status == 429 {
            return (sent, answer);
        }
    }
    panic!("never refused");
}

#[tokio::test]
async fn a_person_is_told_to_wait_on_the_page_they_were_on() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    for _ in 0..5 {
        browser.sign_in("requester", "wrong horse battery").await;
    }
    let fields = [("email", "requester@test.example"), ("password", PASSWORD)];
    let answer = browser.post("/sign-in", &fields).await;
    assert!(waits(&answer), "{answer:?}");
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    assert!(answer.body.contains("action=\"/sign-in\"") && answer.body.contains("requester@test.example"));
    assert!(!answer.body.contains(PASSWORD) && browser.session().is_none());
    // From elsewhere too: it is the account that waits. Others do not.
    assert!(waits(&app.browser().sign_in("requester", PASSWORD).await));
    assert_eq!(browser.sign_in("approver", PASSWORD).await.location(), "/");
}

#[tokio::test]
async fn strangers_are_counted_by_address_and_callers_by_person() {
    let app = TestApp::with_people().await;
    let mut stranger = app.browser();
    let (sent, answer) = until_refused(&mut stranger, "/sign-out").await;
    assert!(sent >= 60 && waits(&answer), "{sent} {answer:?}");
    // The same address in a session is somebody; and another address is another stranger.
    let mut colleague = app.signed_in("requester").await;
    colleague.address = stranger.address;
    assert_eq!(colleague.post("/workspace", &[]).await.status, 404);
    assert_eq!(app.browser().post("/sign-out", &[]).await.status, 303);
    let (sent, answer) = until_refused(&mut colleague, "/api/rename").await;
    assert!(sent >= 250 && waits(&answer), "{sent} {answer:?}");
    // By person, wherever they are; reading goes on.
    let mut elsewhere = colleague.copy();
    assert!(waits(&elsewhere.post("/api/rename", &[]).await));
    assert_eq!(colleague.get("/account").await.status, 200);
}

#[tokio::test]
async fn where_somebody_comes_from_is_said_by_believed_proxies_alone() {
    let proxied = "[http]\ntrusted_proxies = ['10.0.0.0/8']\n";
    for (toml, believed) in
        [("", false), ("[http]\ntrusted_proxies = ['192.0.2.0/24']\n", false), (proxied, true)]
    {
        let app = TestApp::configured(toml, false).await;
        let mut browser = app.browser();
        let (_, answer) = until_refused(&mut browser, "/sign-out").await;
        assert!(waits(&answer));
        browser.headers.push(("x-forwarded-for".to_owned(), "203.0.113.77".to_owned()));
        let status = browser.post("/sign-out", &[]).await.status.as_u16();
        assert_eq!(status, if believed { 303 } else { 429 }, "{toml}");
        for name in ["forwarded", "x-real-ip", "x-forwarded-host"] {
            browser.headers = vec![(name.to_owned(), "203.0.113.78".to_owned())];
            assert_eq!(browser.post("/sign-out", &[]).await.status, 429, "{name} {toml}");
        }
    }
}

#[tokio::test]
async fn a_sessions_address_is_the_connections_and_not_what_a_header_claims() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    browser.headers.push(("x-forwarded-for".to_owned(), "203.0.113.77".to_owned()));
    browser.sign_in("requester", PASSWORD).await;
    let sessions = app.control.my_sessions(&app.call("requester").await, None).await.unwrap();
    assert_eq!(sessions[0].address, browser.address.ip().to_string());
    assert_eq!(sessions[0].agent, "Testzilla/1.0");
}

#[tokio::test]
async fn every_answer_of_the_machines_door_says_how_many_calls_are_left() {
    let mut app = TestApp::configured("[http]\ncalls_per_minute = 10\n", false).await;
    app.move_in().await;
    let admin = app.call("admin").await;
    let (_, key) = app.key(&admin, "robot", &[KeyScope::Read]).await;
    let (_, other) = app.key(&admin, "other", &[KeyScope::Read]).await;
    let browser = app.browser();
    let ask = async |path: &str, key: &str| {
        let request = browser.prepared(Method::GET, path).header("authorization", format!("Bearer {key}"));
        app.send(request.body(Body::empty()).unwrap()).await
    };
    let left = |answer: &Answer| {
        let number = |name: &str| answer.header(name).parse::<u64>().unwrap_or_else(|_| panic!("{answer:?}"));
        (number("ratelimit-limit"), number("ratelimit-remaining"), number("ratelimit-reset"))
    };
    // Reading counts here, and so does what is not found.
    for (number, path) in ["/api/v1/me", "/api/v1/decisions", "/api/v1/decisions/nowhere"].iter().enumerate()
    {
        let (limit, remaining, reset) = left(&ask(path, &key).await);
        assert_eq!((limit, remaining), (5, 4 - number as u64), "{path}");
        assert!((1..=18).contains(&reset), "{reset}");
    }
    let mut answer = ask("/api/v1/me", &key).await;
    while answer.status == 200 {
        answer = ask("/api/v1/me", &key).await;
    }
    assert!(waits(&answer), "{answer:?}");
    assert_eq!((answer.code().as_str(), left(&answer).1), ("THROTTLED", 0));
    // A program that runs away with a key locks out neither its owner nor their other keys.
    assert_eq!(left(&ask("/api/v1/me", &other).await).1, 4);
    let mut owner = app.signed_in("admin").await;
    assert_eq!(owner.post("/workspace", &[]).await.status, 404);
    // A wrong key and none are strangers, and hear how much is left too.
    assert_eq!(left(&ask("/api/v1/me", "nxc_wrong").await).0, 60);
    let document = app.browser().get("/api/v1/openapi.json").await;
    assert_eq!((document.status.as_u16(), left(&document).0), (200, 60));
}
