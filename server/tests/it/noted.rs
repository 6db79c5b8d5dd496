//! What came through REST is noted as such, or as the command line's where our own client says that it is that.

use crate::app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request};
use control::key::KeyScope;
use governance::DecisionId;
use serde_json::json;

async fn doors_of(app: &TestApp, id: &str) -> Vec<String> {
    let workspace = app.workspace.clone().unwrap();
    let doors = app.control.store().doors(&workspace, &DecisionId::new(id).unwrap()).await.unwrap();
    doors.into_iter().map(|(_, door)| door).collect()
}

#[tokio::test]
async fn our_own_client_is_told_from_other_programs_by_what_it_says() {
    let app = TestApp::with_people().await;
    let admin = app.call("admin").await;
    let (_, key) = app.key(&admin, "robot", &[KeyScope::Request, KeyScope::Read]).await;
    let bearer = format!("Bearer {key}");
    let rest = |agent: &str| {
        let body = json!({ "goal": "rotate", "policy": { "min_approvals": 1 } });
        Request::builder()
            .method(Method::POST)
            .uri("/api/v1/decisions")
            .header("host", "127.0.0.1:3000")
            .header("authorization", &bearer)
            .header("content-type", "application/json")
            .header("user-agent", agent)
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    for (agent, door) in [("curl/8.0", "api"), ("nexus-control/1.2.3", "cli"), ("my-nexus-control/1", "api")]
    {
        let made = app.send(rest(agent)).await.json();
        let id =
            made["decision_id"].as_str().or_else(|| made["id"].as_str()).unwrap_or_else(|| panic!("{made}"));
        assert_eq!(doors_of(&app, id).await, [door, door], "{agent}");
    }
}
