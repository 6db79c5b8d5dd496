//! Answers that go on, through all that stands before the doors: they begin at once, are passed on as they come, and end
//! when the server stops.

use crate::app::TestApp;
use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use control::KeyScope;
use futures::StreamExt as _;
use std::time::Duration;
use tokio::time::timeout;
use tower::ServiceExt as _;

const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_stream_begins_at_once_is_never_packed_and_ends_with_the_server() {
    let app = TestApp::with_people().await;
    let admin = app.call("admin").await;
    let (_, key) = app.key(&admin, "robot", &[KeyScope::Read, KeyScope::Request]).await;
    let browser = app.browser();
    let bearer = format!("Bearer {key}");
    let request = browser.prepared(Method::GET, "/api/v1/events").header("authorization", &bearer);
    let request = request.header(ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
    let response = timeout(SOON, app.router().oneshot(request)).await.expect("it did not begin").unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
    assert!(!response.headers().contains_key("content-encoding"), "{:?}", response.headers());
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut body = response.into_body().into_data_stream();
    let mut heard = String::new();
    let mut hear = async |words: &str| {
        while !heard.contains(words) {
            let chunk = timeout(SOON, body.next()).await.expect("nothing came")?.unwrap();
            heard.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        Some(())
    };
    hear(": connected").await.unwrap();
    let request = browser.prepared(Method::POST, "/api/v1/decisions").header("authorization", &bearer);
    let wish = r#"{"goal":"heard of","policy":{"min_approvals":1}}"#;
    let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(wish)).unwrap();
    let made = app.send(request).await;
    assert_eq!(made.status, 201, "{made:?}");
    hear(made.json()["decision_id"].as_str().unwrap()).await.unwrap();
    app.stopping.cancel();
    assert_eq!(hear("what never comes").await, None, "it went on");
}
