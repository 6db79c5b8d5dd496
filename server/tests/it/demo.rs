//! The demo as a visitor finds it: every decision of it opens, whoever looks.

use crate::app::TestApp;

fn decisions(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split("href=\"/decisions/")
        .skip(1)
        .map(|rest| format!("/decisions/{}", rest.split(['"', '?', '#']).next().unwrap()))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_of_it_is_whole() {
    let app = TestApp::demo().await;
    let mut browser = app.browser();
    assert!(browser.get("/sign-in").await.body.contains("/demo-sign-in"));
    for (actor, fewest) in [("alice", 40), ("mei", 40), ("ben", 5)] {
        let actor = format!("{actor}@northwind.example");
        assert_eq!(browser.post("/demo-sign-in", &[("actor_id", &actor)]).await.location(), "/");
        let mut seen = Vec::new();
        for state in ["pending_approval", "approved", "completed", "failed", "rejected", "withdrawn"] {
            let page = browser.get(&format!("/decisions?state={state}")).await;
            assert_eq!(page.status, 200, "{page:?}");
            seen.extend(decisions(&page.body));
        }
        assert!(seen.len() >= fewest, "{actor} sees {}", seen.len());
        for decision in seen {
            let page = browser.get(&decision).await;
            assert_eq!(page.status, 200, "{actor} {decision}: {page:?}");
            assert!(page.body.ends_with("__INCOMPLETE_CHUNKS=[];</script>"), "{actor} {decision}: {page:?}");
        }
        for path in ["/", "/templates", "/templates/prod-deploy", "/audit", "/requests/new"] {
            assert_eq!(browser.get(path).await.status, 200, "{actor} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_left_cannot_be_chosen() {
    let app = TestApp::demo().await;
    let answer = app.browser().post("/demo-sign-in", &[("actor_id", "luis@northwind.example")]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "NOT_FOUND"));
}
