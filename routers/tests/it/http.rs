//! What is sent, what an answer is, and a state with a name for everything that is none.

use crate::endpoint::{Endpoint, OLD_SECRET, Reply, SECRET, completed, error, request, says};
use axum::http::HeaderMap;
use control::{Live, Router as _, RunReport};
use governance::{Value, digest};
use standardwebhooks::Webhook;
use std::time::{Duration, Instant};

fn kinds(report: &RunReport) -> Vec<&str> {
    report.events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test]
async fn the_request_is_signed_with_every_secret_and_says_what_is_to_run() {
    let endpoint = Endpoint::start(vec![completed(1)]).await;
    let report = endpoint.run("").await;
    assert_eq!((report.error, report.steps_executed), (None, 1));
    let [seen] = endpoint.seen().try_into().unwrap();
    assert_eq!(seen.line, "POST /run?token=t0ken HTTP/1.1");
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(seen.headers["webhook-id"], "run_7");
    assert_eq!(seen.headers["idempotency-key"], "run_7");
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, seen.headers[name].parse().unwrap());
    }
    for secret in [SECRET, OLD_SECRET] {
        let hook = Webhook::new(secret).unwrap();
        hook.verify(seen.body.as_bytes(), &headers).unwrap();
        let altered = seen.body.replace("checkout", "Checkout");
        assert!(hook.verify(altered.as_bytes(), &headers).is_err());
    }
    let stranger = Webhook::new("whsec_c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vy").unwrap();
    assert!(stranger.verify(seen.body.as_bytes(), &headers).is_err());
    let body = seen.json();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap().to_owned();
    assert_eq!((text("run_id"), text("adapter_id")), ("run_7".to_owned(), "http:keys".to_owned()));
    assert_eq!((text("goal"), text("mode")), ("Rotate the keys".to_owned(), "apply".to_owned()));
    assert_eq!(text("plan"), "{\"key\":\"checkout\"}");
    assert_eq!(body.get("max_steps").and_then(Value::as_i64), Some(4));
    assert_eq!(body.get("request"), Some(&request().request));
    assert_eq!(text("request_digest"), digest::of_value(&request().request));
    assert!(governance::Timestamp::parse(&text("sent_at")).is_ok());
}

#[tokio::test]
async fn an_answer_becomes_the_record_of_the_run_with_everything_it_said() {
    let answer = r#"{"run_id":"RUN","status":"completed","steps_executed":2,"cost":{"eur":3},
        "results":[{"step":1,"status":"completed","output":"old key kept"},{"step":2,"status":"completed"}]}"#;
    let endpoint = Endpoint::start(vec![says(answer)]).await;
    let report = endpoint.run("").await;
    assert_eq!(
        kinds(&report),
        ["RUN_STARTED", "ROUTER_ANSWERED", "STEP_COMPLETED", "STEP_COMPLETED", "RUN_COMPLETED"]
    );
    let told = format!("{report:?}");
    assert!(told.contains("old key kept") && told.contains("eur"), "{told}");
    assert!(!told.contains("t0ken") && !told.contains("whsec_") && !told.contains("MDEy"), "{told}");
}

#[tokio::test]
async fn what_an_endpoint_repeats_of_its_secrets_and_its_address_is_not_kept() {
    let answer = r#"{"run_id":"RUN","status":"failed","steps_executed":1,"me":"/run?token=t0ken",
        "results":[{"step":1,"status":"failed","output":["SECRET"]}],"error":{"code":"KEY","message":"not SECRET"}}"#;
    let endpoint = Endpoint::start(vec![says(&answer.replace("SECRET", SECRET))]).await;
    let told = format!("{:?}", endpoint.run("").await);
    assert!(told.contains("KEY: not [redacted]"), "{told}");
    assert!(!told.contains("t0ken") && !told.contains("MDEy"), "{told}");
}

#[tokio::test]
async fn a_run_that_failed_over_there_failed_here_in_its_words() {
    let answer = r#"{"run_id":"RUN","status":"failed","steps_executed":1,
        "results":[{"step":1,"status":"failed"}],"error":{"code":"CANCELLED","message":"no such key"}}"#;
    let report = Endpoint::start(vec![says(answer)]).await.run("").await;
    let (code, words) = error(&report);
    assert_eq!(code, "ROUTER_RUN_FAILED", "an endpoint does not speak with our codes");
    assert!(words.contains("CANCELLED: no such key"), "{words}");
    assert_eq!((report.steps_executed, kinds(&report)[2]), (1, "STEP_FAILED"));
}

#[tokio::test]
async fn everything_that_is_no_answer_has_a_named_state_and_is_asked_once() {
    let elsewhere = Endpoint::start(vec![completed(1)]).await;
    let to_elsewhere =
        Box::leak(format!("location: http://127.0.0.1:{}/run\r\n", elsewhere.port).into_boxed_str());
    let good = r#"{"run_id":"RUN","status":"completed","steps_executed":1}"#;
    let invalid = "ROUTER_ANSWER_INVALID";
    let unknown = "nobody knows what it did";
    for (reply, code, says_so) in [
        (
            Reply::Says(400, "", "no such plan".to_owned()),
            "ROUTER_REFUSED",
            "no such plan; nothing was started",
        ),
        (Reply::Says(404, "", String::new()), "ROUTER_REFUSED", "404"),
        (Reply::Says(429, "retry-after: 0\r\n", String::new()), "ROUTER_REFUSED", "nothing was started"),
        (Reply::Says(401, "", "x".repeat(50_000)), "ROUTER_REFUSED", "401"),
        (
            Reply::Says(404, "", "no route for /run?token=t0ken".to_owned()),
            "ROUTER_REFUSED",
            "no route for [redacted]; nothing was started",
        ),
        (Reply::Says(408, "retry-after: 0\r\n", String::new()), "ROUTER_LOST", unknown),
        (Reply::Says(500, "", good.to_owned()), "ROUTER_LOST", unknown),
        (Reply::Says(503, "retry-after: 0\r\n", String::new()), "ROUTER_LOST", unknown),
        (Reply::HangsUp, "ROUTER_LOST", unknown),
        (Reply::HalfAnAnswer, "ROUTER_LOST", unknown),
        (Reply::Says(302, to_elsewhere, String::new()), invalid, "302"),
        (Reply::Says(307, to_elsewhere, String::new()), invalid, "307"),
        (Reply::Says(201, "", good.to_owned()), invalid, "only 200"),
        (Reply::Says(202, "", good.to_owned()), invalid, unknown),
        (Reply::Says(204, "", String::new()), invalid, "204"),
        (Reply::Endless, invalid, "longer than 1048576 bytes"),
        (says(&format!("{good}{}", " ".repeat(1024 * 1024))), invalid, "longer"),
        (says("done"), invalid, unknown),
        (says(""), invalid, "not JSON"),
        (says(&format!("{good}{good}")), invalid, "not JSON"),
        (says(&good.replace("completed", "running")), invalid, "status"),
        (says(&good.replace("RUN", "run_8")), "ROUTER_ANSWERED_OTHER", "run_8"),
        (says(&good.replace('}', r#","mode":"dry_run"}"#)), "ROUTER_ANSWERED_OTHER", "mode"),
        (says(&good.replace('}', r#","adapter_id":"http:x"}"#)), "ROUTER_ANSWERED_OTHER", "http:x"),
    ] {
        let told = format!("{reply:?}");
        let endpoint = Endpoint::start(vec![reply, completed(1)]).await;
        let report = endpoint.run("attempts = 5\n").await;
        let (found, words) = error(&report);
        assert_eq!(found, code, "{told:.80}: {words}");
        assert!(words.contains(says_so) && words.len() < 900, "{told:.80}: {words}");
        assert!(!words.contains("t0ken"), "{words}");
        assert_eq!(endpoint.seen().len(), 1, "{told:.80}");
        assert_eq!(kinds(&report).last(), Some(&"RUN_FAILED"));
    }
    assert_eq!(elsewhere.connections(), 0, "a redirect is not followed");
}

#[tokio::test]
async fn an_endpoint_that_says_nothing_is_not_waited_for_beyond_the_limit() {
    let endpoint = Endpoint::start(vec![Reply::Silence]).await;
    let begun = Instant::now();
    let report = endpoint.run("timeout_seconds = 1\nidempotent = true\n").await;
    let (code, words) = error(&report);
    assert_eq!(code, "TIMED_OUT");
    assert!(words.contains("within 1 seconds") && words.contains("may go on"), "{words}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    endpoint.left().await;
    assert_eq!(endpoint.seen().len(), 1);
}

#[tokio::test]
async fn a_cancelled_run_lets_go_of_the_endpoint_and_says_that_it_may_go_on() {
    let endpoint = Endpoint::start(vec![Reply::Silence]).await;
    let (router, live) = (endpoint.router("timeout_seconds = 600\n"), Live::default());
    let stop = async {
        while endpoint.seen().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        live.cancel("ana@example.com");
    };
    let asked = request();
    let (report, ()) = tokio::join!(router.run(&asked, &live), stop);
    let (code, words) = error(&report);
    assert_eq!(code, "CANCELLED");
    assert!(words.contains("ana@example.com") && words.contains("may go on"), "{words}");
    tokio::time::timeout(Duration::from_secs(5), endpoint.left()).await.unwrap();
}

#[tokio::test]
async fn a_run_that_was_cancelled_before_it_began_sends_nothing() {
    let endpoint = Endpoint::start(vec![completed(1)]).await;
    let live = Live::default();
    live.cancel("ana@example.com");
    let report = endpoint.router("").run(&request(), &live).await;
    let (code, words) = error(&report);
    assert_eq!(code, "CANCELLED");
    assert!(words.contains("nothing had been sent"), "{words}");
    assert_eq!(endpoint.connections(), 0);
}
