//! A call that comes twice is done once.

use crate::served::{Answer, CALL_LIMIT, Served, read};
use api::{Api, Problem, Who, idempotency};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use control::{Door, KeyScope};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

const REQUEST: [KeyScope; 2] = [KeyScope::Request, KeyScope::Read];

fn body() -> Json {
    json!({"goal": "Rotate the keys", "policy": {"min_approvals": 1}})
}

async fn with_key(served: &Served, path: &str, key: &str, body: &Json, idempotency: &str) -> Answer {
    read(served.posting(path, key, body).header("idempotency-key", idempotency)).await
}

async fn decisions(served: &Served, key: &str) -> usize {
    served.get("/api/v1/decisions?limit=200", key).await.json()["decisions"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_equal_calls_at_once_do_it_once_and_are_answered_alike() {
    let served = Arc::new(Served::new().await);
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    let mut calls = JoinSet::new();
    for _ in 0..30 {
        let (served, key) = (served.clone(), key.clone());
        calls.spawn(async move {
            loop {
                let answer = with_key(&served, "/api/v1/decisions", &key, &body(), "one").await;
                if answer.status == 201 {
                    return answer;
                }
                // The first one is still going on: asked again, as the answer says.
                assert_eq!(answer.problem(), (409, "IDEMPOTENCY_KEY_IN_USE".to_owned()));
                assert_eq!(answer.header("retry-after"), "1");
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        });
    }
    let answers = calls.join_all().await;
    let first = &answers[0];
    assert!(first.header("location").starts_with("/api/v1/decisions/"), "{first:?}");
    for answer in &answers {
        assert_eq!((&answer.body, answer.header("location")), (&first.body, first.header("location")));
        assert_eq!(answer.header("content-type"), first.header("content-type"));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let replayed = answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true").count();
    assert_eq!((replayed, decisions(&served, &key).await), (29, 1));
}

#[tokio::test]
async fn another_call_under_the_same_key_is_refused_and_another_caller_never_meets_it() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    let (_, other) = served.key(&admin, &REQUEST).await;
    let first = with_key(&served, "/api/v1/decisions", &key, &body(), "one").await;
    assert_eq!(first.status, 201);
    let mut changed = body();
    changed["goal"] = "Something else".into();
    let path = format!("/api/v1/decisions/{}/withdraw", first.json()["decision_id"].as_str().unwrap());
    for answer in [
        with_key(&served, "/api/v1/decisions", &key, &changed, "one").await,
        with_key(&served, &path, &key, &json!({}), "one").await,
    ] {
        assert_eq!(answer.problem(), (409, "IDEMPOTENCY_KEY_REUSED".to_owned()));
    }
    let of_other = with_key(&served, "/api/v1/decisions", &other, &changed, "one").await;
    assert_eq!((of_other.status.as_u16(), of_other.header("idempotency-replayed")), (201, ""));
    assert_eq!(decisions(&served, &key).await, 2);
}

#[tokio::test]
async fn an_answer_outlives_a_restart_and_a_refusal_is_an_answer_too() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    let made = with_key(&served, "/api/v1/decisions", &key, &body(), "made").await;
    let bad = json!({"goal": "x", "template": "not-there"});
    let refused = with_key(&served, "/api/v1/decisions", &key, &bad, "refused").await;
    assert!(refused.status.is_client_error(), "{refused:?}");
    refused.problem();
    let served = served.restarted().await;
    for (first, body, name) in [(&made, body(), "made"), (&refused, bad, "refused")] {
        let again = with_key(&served, "/api/v1/decisions", &key, &body, name).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    assert_eq!(decisions(&served, &key).await, 1);
}

#[tokio::test]
async fn a_call_that_was_cut_off_is_unknown_once_it_cannot_go_on_any_more() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    // The server died between taking the key and answering.
    let caller = served.control.key_caller(&key, Door::Api, "192.0.2.1").await.unwrap();
    let text = format!("POST\n/api/v1/decisions\n{}", body());
    let digest = governance::digest::sha256_hex(text.as_bytes());
    served.control.claim(&caller, "one", digest).await.unwrap();
    let ask = async || with_key(&served, "/api/v1/decisions", &key, &body(), "one").await.problem();
    assert_eq!(ask().await, (409, "IDEMPOTENCY_KEY_IN_USE".to_owned()));
    served.pass(i64::try_from(CALL_LIMIT.as_secs()).unwrap());
    assert_eq!(ask().await, (409, "IDEMPOTENCY_OUTCOME_UNKNOWN".to_owned()));
    assert_eq!(decisions(&served, &key).await, 0);
}

#[tokio::test]
async fn what_was_turned_away_at_the_door_may_come_again() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    let wrong = served.call(reqwest::Method::POST, "/api/v1/decisions", &key).body(body().to_string());
    let wrong = read(wrong.header("idempotency-key", "one").header("content-type", "text/plain")).await;
    assert_eq!(wrong.status, 415, "{wrong:?}");
    let large = json!({"goal": "x".repeat(api::BODY_LIMIT)});
    assert_eq!(with_key(&served, "/api/v1/decisions", &key, &large, "one").await.status, 413);
    assert_eq!(with_key(&served, "/api/v1/decisions", "", &body(), "one").await.status, 401);
    let right = with_key(&served, "/api/v1/decisions", &key, &body(), "one").await;
    assert_eq!((right.status.as_u16(), right.header("idempotency-replayed")), (201, ""), "{right:?}");
}

#[tokio::test]
async fn what_changes_nothing_is_asked_anew_each_time() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    for document in [json!({}), json!({}), json!({"other": 1})] {
        let answer = with_key(&served, "/api/v1/verify", &key, &document, "one").await;
        assert_ne!(answer.status, 409, "{answer:?}");
        assert_eq!(answer.header("idempotency-replayed"), "");
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_with_words() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    for odd in ["", "two words", &"k".repeat(256)] {
        // Verifying and reports on a run need no key, and read it alike.
        for path in ["/api/v1/decisions", "/api/v1/verify", "/api/v1/runs/run_none/progress"] {
            let answer = with_key(&served, path, &key, &body(), odd).await;
            assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{path} {odd}");
            assert_eq!(answer.json()["field"], "Idempotency-Key");
        }
    }
    let twice = served.posting("/api/v1/decisions", &key, &body());
    let twice = read(twice.header("idempotency-key", "a").header("idempotency-key", "b")).await;
    assert_eq!(twice.problem(), (422, "INVALID_INPUT".to_owned()));
    assert_eq!(decisions(&served, &key).await, 0);
}

#[tokio::test]
async fn a_caller_who_hangs_up_cuts_nothing_off() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    let body = body();
    for number in 0..20 {
        let name = format!("k{number}");
        let call = with_key(&served, "/api/v1/decisions", &key, &body, &name);
        drop(tokio::time::timeout(std::time::Duration::from_millis(number), call).await);
    }
    // Whatever came of each: asked again it is done, and once.
    for number in 0..20 {
        let name = format!("k{number}");
        let mut answer = with_key(&served, "/api/v1/decisions", &key, &body, &name).await;
        while answer.status == 409 {
            assert_eq!(answer.problem().1, "IDEMPOTENCY_KEY_IN_USE");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            answer = with_key(&served, "/api/v1/decisions", &key, &body, &name).await;
        }
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    assert_eq!(decisions(&served, &key).await, 20);
}

#[tokio::test]
async fn a_call_that_broke_is_unknown_from_then_on_and_not_done_again() {
    let served = Served::new().await;
    let admin = served.found("northwind").await;
    let (_, key) = served.key(&admin, &REQUEST).await;
    let caller = served.control.key_caller(&key, Door::Api, "192.0.2.1").await.unwrap();
    let done = Arc::new(AtomicU32::new(0));
    let counted = done.clone();
    let breaks = async move || {
        counted.fetch_add(1, Ordering::SeqCst);
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "FAULT", "it broke half-way")
    };
    let api =
        Api::new(served.control.clone(), "https://nexus.example".into(), served.stopping.clone(), CALL_LIMIT);
    let once = from_fn_with_state(api, idempotency::once);
    let router = Router::new().route("/breaks", post(breaks)).layer(once);
    let mut answers = Vec::new();
    for _ in 0..3 {
        let call = Request::builder().method(Method::POST).uri("/breaks").header("idempotency-key", "one");
        let call = call.extension(Who(Some(caller.clone()))).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(call).await.unwrap();
        let status = response.status().as_u16();
        let body: Json =
            serde_json::from_slice(&to_bytes(response.into_body(), 10_000).await.unwrap()).unwrap();
        answers.push((status, body["code"].as_str().unwrap().to_owned()));
    }
    let unknown = (409, "IDEMPOTENCY_OUTCOME_UNKNOWN".to_owned());
    assert_eq!(answers, [(500, "FAULT".to_owned()), unknown.clone(), unknown]);
    assert_eq!(done.load(Ordering::SeqCst), 1);
}
