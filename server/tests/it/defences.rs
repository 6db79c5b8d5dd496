//! What every answer carries, and what no request gets through with.

use crate::app::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, Request};

fn post(headers: &[(&str, &str)]) -> Request<Body> {
    let mut request =
        Request::builder().method(Method::POST).uri("/sign-out").header("host", "127.0.0.1:3000");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn another_sites_forms_are_refused() {
    let app = TestApp::with_people().await;
    let browser = app.signed_in("requester").await;
    let cookie = browser.cookie.unwrap();
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ] {
        let mut headers = headers.to_vec();
        headers.push(("cookie", &cookie));
        let answer = app.send(post(&headers)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "CROSS_SITE"), "{headers:?}");
    }
    // Nothing of it signed anybody out; our own form does.
    let own = [("origin", "http://127.0.0.1:3000"), ("cookie", cookie.as_str())];
    assert_eq!(app.send(post(&own)).await.status, 303);
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let app = TestApp::with_people().await;
    let mut visitor = app.browser();
    let mut answers = Vec::new();
    for path in ["/sign-in", "/", "/nowhere", "/pkg/none.js", "/healthz", "/decisions/none/bundle.json"] {
        answers.push((path.to_owned(), visitor.get(path).await));
    }
    answers.push(("refused".to_owned(), app.send(post(&[("sec-fetch-site", "cross-site")])).await));
    answers.push(("redirect".to_owned(), visitor.sign_in("nobody", "wrong horse battery").await));
    let large = Request::post("/sign-in").header("content-length", "3000000").body(Body::empty()).unwrap();
    answers.push(("too large".to_owned(), app.send(large).await));
    let method = Request::delete("/healthz").body(Body::empty()).unwrap();
    answers.push(("method".to_owned(), app.send(method).await));
    for (what, answer) in &answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        assert!(!answer.header("permissions-policy").is_empty(), "{what}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{what}");
        assert_eq!(answer.header("strict-transport-security"), "", "{what}");
        assert_eq!(policy(answer), POLICY, "{what}");
    }
    let statuses: Vec<u16> = answers.iter().map(|(_, answer)| answer.status.as_u16()).collect();
    assert_eq!(statuses.get(2..), Some(&[404, 404, 200, 401, 403, 303, 413, 405][..]), "{answers:#?}");
}

const POLICY: &str = "default-src 'none'; script-src 'nonce-N' 'strict-dynamic' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

fn nonce(answer: &Answer) -> &str {
    let policy = answer.header("content-security-policy");
    policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map(|(nonce, _)| nonce).unwrap()
}

fn policy(answer: &Answer) -> String {
    answer.header("content-security-policy").replace(nonce(answer), "N")
}

#[tokio::test]
async fn the_page_has_the_nonce_of_its_policy_and_no_other_script() {
    let app = TestApp::empty().await;
    let mut browser = app.browser();
    let mut seen = Vec::new();
    for path in ["/sign-in", "/nowhere"] {
        let answer = browser.get(path).await;
        let nonce = nonce(&answer).to_owned();
        let scripts = answer.body.matches("<script").count();
        let allowed = answer.body.matches(&format!("nonce=\"{nonce}\"")).count();
        assert!(scripts >= 1 && allowed >= scripts, "{path}: {nonce}\n{}", answer.body);
        assert!(nonce.len() >= 20 && !seen.contains(&nonce), "{nonce}");
        seen.push(nonce);
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_page_for_people_and_a_problem_for_programs() {
    let app = TestApp::empty().await;
    let answer = app.browser().get("/nowhere").await;
    assert_eq!(answer.status, 404);
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    for path in ["/nowhere", "/api/none"] {
        let answer = app.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "NOT_FOUND"));
    }
}
