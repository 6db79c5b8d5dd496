//! Whether a request is sent again: only where nothing was sent, or where the endpoint does a run only once.

use crate::endpoint::{Endpoint, Reply, clock, completed, config, error, request};
use control::{Live, Router as _};
use routers::HttpRouter;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const IDEMPOTENT: &str = "idempotent = true\nattempts = 5\n";

/// A port where nobody listens.
async fn nobody() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn an_idempotent_endpoint_is_asked_again_with_the_same_words() {
    let later = "retry-after: 2\r\n";
    let replies =
        vec![Reply::HangsUp, Reply::Says(429, later, String::new()), Reply::HalfAnAnswer, completed(1)];
    let endpoint = Endpoint::start(replies).await;
    let begun = Instant::now();
    let report = endpoint.run(IDEMPOTENT).await;
    assert_eq!(report.error, None);
    assert!(begun.elapsed() >= Duration::from_millis(4400), "2 s were asked for: {:?}", begun.elapsed());
    let seen = endpoint.seen();
    assert_eq!(seen.len(), 4);
    for again in &seen[1..] {
        assert_eq!(again.body, seen[0].body);
        assert_eq!(again.headers["webhook-id"], seen[0].headers["webhook-id"]);
    }
    assert_ne!(seen[3].headers["webhook-timestamp"], seen[0].headers["webhook-timestamp"]);
    assert_ne!(seen[3].headers["webhook-signature"], seen[0].headers["webhook-signature"]);
    let failed = report.events.iter().filter(|event| event.kind == "ATTEMPT_FAILED").count();
    assert_eq!(failed, 3);
}

#[tokio::test]
async fn attempts_end_when_there_are_no_more_or_no_time_is_left() {
    let endpoint = Endpoint::start(vec![Reply::Says(503, "", String::new())]).await;
    let report = endpoint.run("idempotent = true\nattempts = 2\n").await;
    assert_eq!((error(&report).0, endpoint.seen().len()), ("ROUTER_LOST", 2));
    let busy = Endpoint::start(vec![Reply::Says(503, "retry-after: 1000\r\n", String::new())]).await;
    let begun = Instant::now();
    let report = busy.run(&format!("{IDEMPOTENT}timeout_seconds = 20\n")).await;
    assert_eq!((error(&report).0, busy.seen().len()), ("ROUTER_LOST", 1));
    assert!(begun.elapsed() < Duration::from_secs(10), "nobody waits for what comes too late");
    let never =
        Endpoint::start(vec![Reply::Says(429, "retry-after: 18446744073709551615\r\n", String::new())]).await;
    let report = never.run(IDEMPOTENT).await;
    assert_eq!((error(&report).0, never.seen().len()), ("ROUTER_REFUSED", 1));
}

#[tokio::test]
async fn after_an_attempt_that_was_lost_no_refusal_proves_that_nothing_was_started() {
    let refuses = Reply::Says(409, "", "that run is known".to_owned());
    let endpoint = Endpoint::start(vec![Reply::HangsUp, refuses]).await;
    let report = endpoint.run(IDEMPOTENT).await;
    let (code, words) = error(&report);
    assert_eq!(code, "ROUTER_LOST");
    assert!(words.contains("that run is known") && words.contains("earlier attempt"), "{words}");
}

#[tokio::test]
async fn who_cannot_be_reached_is_tried_again_because_nothing_was_sent() {
    let port = nobody().await;
    let url = format!("http://127.0.0.1:{port}/run");
    let router = HttpRouter::new(config(&url, "attempts = 2\n"), clock()).unwrap();
    let report = router.run(&request(), &Live::default()).await;
    let (code, words) = error(&report);
    assert_eq!(code, "ROUTER_UNREACHABLE");
    assert!(words.contains("nothing was started"), "{words}");
    assert_eq!(report.events.iter().filter(|event| event.kind == "ATTEMPT_FAILED").count(), 1);
    let router = HttpRouter::new(config(&url, "attempts = 4\n"), clock()).unwrap();
    let comes = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Endpoint::serve(TcpListener::bind(("127.0.0.1", port)).await.unwrap(), vec![completed(1)], None)
    };
    let (asked, live) = (request(), Live::default());
    let (report, endpoint) = tokio::join!(router.run(&asked, &live), comes);
    assert_eq!((report.error, endpoint.seen().len()), (None, 1));
}
