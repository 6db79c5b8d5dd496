//! Every page answers every role with a page: never with a fault, never with half of one.

use crate::app::TestApp;
use axum::body::Body;
use axum::http::{Request, header};

const PAGES: [&str; 9] = [
    "/",
    "/decisions",
    "/decisions?state=approved&text=none&after=nonsense",
    "/requests/new",
    "/templates",
    "/templates/new",
    "/audit",
    "/people",
    "/account",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_is_whole_for_every_role() {
    let app = TestApp::with_people().await;
    for name in ["admin", "requester", "approver", "author", "auditor"] {
        let mut browser = app.signed_in(name).await;
        for path in PAGES {
            let answer = browser.get(path).await;
            assert!([200, 403, 422].contains(&answer.status.as_u16()), "{name} {path}: {answer:?}");
            // What comes last when nothing was cut off.
            let whole = answer.body.ends_with("__INCOMPLETE_CHUNKS=[];</script>");
            assert!(whole && answer.body.contains("</html>"), "{name} {path}: {answer:?}");
        }
        for path in ["/decisions/none", "/templates/none", "/nowhere"] {
            assert_eq!(browser.get(path).await.status, 404, "{name} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_not_signed_in_sees_nothing_of_it() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    for path in PAGES {
        let answer = browser.get(path).await;
        let refused = answer.status == 401 || answer.location().starts_with("/sign-in");
        assert!(refused, "{path}: {answer:?}");
        assert!(!answer.body.contains("Test"), "{path}: {answer:?}");
    }
    for path in ["/sign-in", "/set-up?token=x", "/verify"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
}

/// Rendering waits for several answers at once; a page that waits for itself would hang here.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_readers_at_once_get_whole_pages() {
    let app = std::sync::Arc::new(TestApp::demo().await);
    let mut browser = app.browser();
    browser.post("/demo-sign-in", &[("actor_id", "alice@northwind.example")]).await;
    let cookie = browser.cookie.clone().unwrap();
    let readers: Vec<_> = (0..20)
        .map(|_| {
            let (app, cookie) = (app.clone(), cookie.clone());
            tokio::spawn(async move {
                let mut browser = app.browser();
                browser.cookie = Some(cookie);
                for path in ["/", "/decisions", "/templates", "/audit", "/people"] {
                    let page = browser.get(path).await;
                    assert_eq!(page.status, 200, "{path}");
                    assert!(page.body.ends_with("__INCOMPLETE_CHUNKS=[];</script>"), "{path}: {page:?}");
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
}

/// Server functions are public addresses. Those that answer to nobody in particular stand here, each with its reason.
const FOR_EVERYONE: [&str; 2] = [
    // Whom a demo visitor may be; nobody where this is no demo.
    "/api/demo_people",
    // Verifies the file that it is sent, for browsers without JavaScript; it reads nothing of ours.
    "/api/verify_here",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_server_function_answers_a_stranger() {
    let app = TestApp::with_people().await;
    let mut asked = 0;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        // Whatever any of them needs, so that none stops at a missing field before it looks who asks.
        let body = "id=x&name=x&expected_version=2&adapter=simulate&roles=requester&suspended=true&forbid=true\
                    &form[goal]=x&policy[labels]=x&email=x%40test.example&password=x&reason=x&json=x&mode=x\
                    &conflict_mode=x&query[state]=&label=&after=&draft[name]=x&person=x&bundle=x";
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        let answer = app.send(request).await;
        let expected = FOR_EVERYONE.contains(&path);
        assert_eq!(answer.status == 200, expected, "{path}: {answer:?}");
        if !expected {
            assert!(
                !answer.body.contains("prs_") && !answer.body.contains("@test.example"),
                "{path}: {answer:?}"
            );
        }
        asked += 1;
    }
    assert!(asked >= 15, "{asked}");
}
