//! What every answer carries, and what no request gets through with.

use crate::app::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, Request};
use std::collections::BTreeMap;

fn post(headers: &[(&str, &str)]) -> Request<Body> {
    let mut request =
        Request::builder().method(Method::POST).uri("/sign-out").header("host", "127.0.0.1:3000");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// The one address that another site's page posts to by design.
const FROM_ELSEWHERE: [&str; 1] = ["/sign-in/saml/{name}/acs"];

#[tokio::test]
async fn nothing_that_changes_something_is_done_for_another_site() {
    let app = TestApp::with_people().await;
    let browser = app.signed_in("admin").await;
    let doors = server::web::doors().into_iter().map(|(method, path)| (path, method));
    let functions = leptos::server_fn::axum::server_fn_paths();
    let unsafe_ones =
        doors.chain(functions).filter(|(_, method)| !matches!(*method, Method::GET | Method::HEAD));
    let mut asked = 0;
    for (path, method) in unsafe_ones {
        let allowed = FROM_ELSEWHERE.contains(&path);
        assert!(!allowed || cfg!(feature = "saml"));
        for from in ["cross-site", "same-site", "whatever"] {
            let mut request = browser.prepared(method.clone(), &path.replace(['{', '}'], ""));
            request.headers_mut().unwrap().insert("sec-fetch-site", from.parse().unwrap());
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            let refused = answer.status == 403 && answer.body.contains("CROSS_SITE");
            assert_ne!(refused, allowed, "{path} {from}: {answer:?}");
        }
        asked += 1;
    }
    assert!(asked >= 45, "{asked}");
    // The admin is still there, and nothing was made.
    let mut browser = browser;
    assert!(browser.is_in().await);
    assert_eq!(app.control.store().workspaces().await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_answer_that_is_somebodys_business_is_kept_nowhere() {
    let app = TestApp::with_people().await;
    let browser = app.signed_in("admin").await;
    let pages = app.web.pages.iter().chain(app.web.plain_pages.iter()).map(|page| page.path().to_owned());
    let doors = server::web::doors().into_iter().filter(|(method, _)| method == Method::GET);
    let addresses: Vec<String> = pages.chain(doors.map(|(_, path)| path.to_owned())).collect();
    for path in addresses {
        let request = browser.prepared(Method::GET, &path.replace(['{', '}'], ""));
        let answer = app.begin(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(policy(&answer), POLICY, "{path}");
    }
}

#[tokio::test]
async fn only_over_https_is_https_asked_for_from_then_on() {
    for (url, expected) in [("https://nexus.example", "max-age=63072000"), ("http://nexus.example", "")] {
        let mut app = TestApp::configured(&format!("[http]\npublic_url = '{url}'\n"), false).await;
        app.move_in().await;
        for path in ["/sign-in", "/nowhere", "/healthz", "/api/v1/me"] {
            let answer = app.browser().get(path).await;
            assert_eq!(answer.header("strict-transport-security"), expected, "{url} {path}");
        }
        let mut browser = app.signed_in("requester").await;
        app.control.begin_second_factor(&app.call("requester").await).await.unwrap();
        browser.post("/sign-in/again", &[("password", crate::app::PASSWORD)]).await;
        let bound = browser.cookies.keys().all(|name| name.starts_with("__Host-"));
        assert_eq!(bound, url.starts_with("https"), "{:?}", browser.cookies);
    }
}

/// What a browser makes of the policy: each directive with its sources.
fn parsed(policy: &str) -> BTreeMap<&str, Vec<&str>> {
    let directives = policy.split(';').map(str::trim).filter(|part| !part.is_empty());
    let parsed: Vec<_> = directives
        .map(|part| {
            let mut words = part.split_ascii_whitespace();
            (words.next().unwrap(), words.collect::<Vec<_>>())
        })
        .collect();
    let count = parsed.len();
    let parsed: BTreeMap<_, _> = parsed.into_iter().collect();
    assert_eq!(parsed.len(), count, "a directive that is there twice counts once: {policy}");
    parsed
}

#[tokio::test]
async fn the_policy_lets_our_script_run_and_nobody_frame_us() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("admin").await;
    for path in ["/", "/decisions", "/people", "/sign-in", "/nowhere", "/api/v1/me"] {
        let answer = browser.get(path).await;
        let policy = parsed(answer.header("content-security-policy"));
        for (directive, sources) in [
            ("default-src", ["'none'"]),
            ("frame-ancestors", ["'none'"]),
            ("base-uri", ["'none'"]),
            ("form-action", ["'self'"]),
            ("style-src", ["'self'"]),
            ("connect-src", ["'self'"]),
        ] {
            assert_eq!(policy[directive], sources, "{path} {directive}");
        }
        let loose = ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:", "blob:"];
        for (directive, sources) in &policy {
            assert!(!sources.iter().any(|source| loose.contains(source)), "{path} {directive}");
        }
        let own = format!("'nonce-{}'", nonce(&answer));
        let script = &policy["script-src"];
        assert!(script.contains(&own.as_str()) && !policy.contains_key("script-src-elem"), "{script:?}");
        assert!(!answer.body.contains(" style=\"") && !answer.body.contains(" onclick="), "{path}");
    }
}

#[tokio::test]
async fn another_sites_forms_are_refused() {
    let app = TestApp::with_people().await;
    let browser = app.signed_in("requester").await;
    let cookie = browser.session().unwrap();
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
    base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'";

fn nonce(answer: &Answer) -> &str {
    let policy = answer.header("content-security-policy");
    policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map(|(nonce, _)| nonce).unwrap()
}

fn policy(answer: &Answer) -> String {
    answer.header("content-security-policy").replace(nonce(answer), "N")
}

#[tokio::test]
async fn the_page_has_the_nonce_of_its_policy_and_no_other_script() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("requester").await;
    let mut seen = Vec::new();
    // The first two are alive; the others may have a script or none.
    for (path, alive) in [("/", true), ("/decisions", true), ("/templates", false), ("/nowhere", false)] {
        let answer = browser.get(path).await;
        let nonce = nonce(&answer).to_owned();
        let scripts = answer.body.matches("<script").count();
        let allowed = answer.body.matches(&format!("nonce=\"{nonce}\"")).count();
        assert!(allowed >= scripts && (scripts >= 1 || !alive), "{path}: {nonce}\n{}", answer.body);
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
