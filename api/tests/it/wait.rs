//! Waiting for a decision.

use crate::served::{Answer, Served};
use control::{Caller, KeyScope, Role};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const SCOPES: [KeyScope; 3] = [KeyScope::Request, KeyScope::Read, KeyScope::Execute];

struct Scene {
    served: Arc<Served>,
    admin: Caller,
    key_id: String,
    key: String,
    /// Of somebody who may approve.
    token: String,
}

impl Scene {
    async fn new() -> Self {
        let served = Arc::new(Served::new().await);
        let admin = served.found("northwind").await;
        let bo = served.person(&admin.workspace, "bo", &[Role::Approver]).await;
        let (key_id, key) = served.key(&admin, &SCOPES).await;
        let token = served.token(&bo, &[KeyScope::Read, KeyScope::Decide]).await;
        Self { served, admin, key_id, key, token }
    }

    /// A wait that has begun, with how long it took.
    async fn waiting(&self, id: &str, question: &str) -> JoinHandle<(Answer, Duration)> {
        let (served, key) = (self.served.clone(), self.key.clone());
        let path = format!("/api/v1/decisions/{id}/wait{question}");
        let begun = tokio::spawn(async move {
            let began = Instant::now();
            (served.get(&path, &key).await, began.elapsed())
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!begun.is_finished(), "it did not wait");
        begun
    }
}

#[tokio::test]
async fn a_wait_ends_at_once_when_somebody_approves() {
    let scene = Scene::new().await;
    let id = scene.served.request(&scene.key).await;
    let wait = scene.waiting(&id, "?for=approved&timeout=60").await;
    let began = Instant::now();
    let path = format!("/api/v1/decisions/{id}/approve");
    assert_eq!(scene.served.post(&path, &scene.token, &json!({})).await.status, 200);
    let (answer, _) = wait.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let answer = answer.json();
    assert_eq!(
        (&answer["waited"], &answer["decision"]["lifecycle"]["state"]),
        (&json!("met"), &json!("approved"))
    );
    assert_eq!(answer["decision"]["decision_id"], id);
}

#[tokio::test]
async fn a_wait_for_what_can_never_be_says_so_at_once() {
    let scene = Scene::new().await;
    let id = scene.served.request(&scene.key).await;
    let wait = scene.waiting(&id, "").await;
    let ended = scene.waiting(&id, "?for=ended").await;
    let path = format!("/api/v1/decisions/{id}/reject");
    let answer = scene.served.post(&path, &scene.token, &json!({"reason": "no"})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (never, took) = wait.await.unwrap();
    assert_eq!(never.json()["waited"], "never");
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(ended.await.unwrap().0.json()["waited"], "met");
}

#[tokio::test]
async fn a_wait_ends_when_its_time_is_over() {
    let scene = Scene::new().await;
    let id = scene.served.request(&scene.key).await;
    for (seconds, most) in [(0, 900), (2, 3500)] {
        let began = Instant::now();
        let answer =
            scene.served.get(&format!("/api/v1/decisions/{id}/wait?timeout={seconds}"), &scene.key).await;
        assert_eq!(answer.json()["waited"], "timed_out");
        let took = began.elapsed();
        assert!(took >= Duration::from_secs(seconds) && took < Duration::from_millis(most), "{took:?}");
    }
}

#[tokio::test]
async fn a_wait_ends_when_its_key_is_revoked_or_the_server_stops() {
    let scene = Scene::new().await;
    let id = scene.served.request(&scene.key).await;
    let revoked = scene.waiting(&id, "?timeout=60").await;
    scene.served.control.revoke_key(&scene.admin, &scene.key_id).await.unwrap();
    let (answer, took) = revoked.await.unwrap();
    assert_eq!(answer.problem(), (401, "UNAUTHENTICATED".to_owned()));
    assert!(took < Duration::from_secs(5), "{took:?}");
    let (_, key) = scene.served.key(&scene.admin, &SCOPES).await;
    let scene = Scene { key, ..scene };
    let stopped = scene.waiting(&scene.served.request(&scene.key).await, "?timeout=60").await;
    scene.served.stopping.cancel();
    let (answer, took) = stopped.await.unwrap();
    assert_eq!(answer.json()["waited"], "timed_out");
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn what_may_not_be_waited_for_is_refused() {
    let scene = Scene::new().await;
    let id = scene.served.request(&scene.key).await;
    let elsewhere = scene.served.found("southwind").await;
    let (_, foreign) = scene.served.key(&elsewhere, &KeyScope::ALL[..5]).await;
    let (_, other) = scene.served.key(&scene.admin, &[KeyScope::Request]).await;
    for (question, key, expected) in [
        ("", foreign.as_str(), (404, "NOT_FOUND")),
        ("", other.as_str(), (404, "NOT_FOUND")),
        ("", "", (401, "UNAUTHENTICATED")),
        ("?for=lunch", &scene.key, (422, "INVALID_INPUT")),
        ("?timeout=301", &scene.key, (422, "INVALID_INPUT")),
        ("?timeout=-1", &scene.key, (422, "INVALID_INPUT")),
        ("?until=approved", &scene.key, (422, "INVALID_INPUT")),
        ("?timeout=1&timeout=2", &scene.key, (422, "INVALID_INPUT")),
    ] {
        let (status, code) =
            scene.served.get(&format!("/api/v1/decisions/{id}/wait{question}"), key).await.problem();
        assert_eq!((status, code.as_str()), expected, "{question}");
    }
}

#[tokio::test]
async fn nobody_holds_more_than_fifty_calls_open() {
    let scene = Scene::new().await;
    let id = scene.served.request(&scene.key).await;
    let mut open = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (served, key) = (scene.served.clone(), scene.key.clone());
        let path = format!("/api/v1/decisions/{id}/wait?timeout=30");
        open.spawn(async move { served.get(&path, &key).await });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let path = format!("/api/v1/decisions/{id}/wait?timeout=0");
    let answer = scene.served.get(&path, &scene.key).await;
    assert_eq!(answer.problem(), (429, "TOO_MANY_OPEN".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
    // Others are not kept out, and who hangs up gives the place back.
    assert_eq!(scene.served.get(&path, &scene.token).await.status, 200);
    open.abort_all();
    while open.join_next().await.is_some() {}
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(scene.served.get(&path, &scene.key).await.status, 200);
}
