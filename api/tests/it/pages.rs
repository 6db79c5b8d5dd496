//! The pages: what the API is, and what a problem means.

use crate::served::Served;
use api::codes;

#[tokio::test]
async fn the_page_about_the_api_runs_nothing_and_loads_nothing_from_elsewhere() {
    let served = Served::new().await;
    let page = served.get("/api/docs", "").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    for never in ["<script", "style=", "src=", "onclick", "javascript:", "@import"] {
        assert!(!page.body.contains(never), "{never}");
    }
    let style = served.get("/api/docs/style.css", "").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.body.contains("--ground") && !style.body.contains("url("));
}

#[tokio::test]
async fn every_problem_has_its_page_and_nothing_else_has_one() {
    let served = Served::new().await;
    for code in &codes::ALL {
        let page = served.get(&format!("/problems/{}", wire::slug(code.code)), "").await;
        assert_eq!(page.status, 200, "{}", code.code);
        assert!(page.body.contains(code.code) && page.body.contains("What to do"), "{}", code.code);
    }
    for nowhere in ["PLAN_CHANGED", "x", "%3Cscript%3E", "plan-changed/x"] {
        assert_eq!(served.get(&format!("/problems/{nowhere}"), "").await.status, 404, "{nowhere}");
    }
    // What a problem points to is there.
    let problem = served.get("/api/v1/me", "").await.json();
    let path = problem["type"].as_str().unwrap().strip_prefix("https://nexus.example").unwrap().to_owned();
    assert_eq!(served.get(&path, "").await.status, 200);
}
