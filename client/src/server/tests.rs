//! Calls over real sockets, to wires that answer badly.

use super::*;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A wire that says these answers, one for each connection, and keeps what was asked.
async fn saying(answers: Vec<String>) -> (Server, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let there = asked.clone();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut buffer = [0; 4096];
                let count = stream.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..count]);
            }
            there.lock().unwrap().push(String::from_utf8(request).unwrap());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let key = "nxc_a_secret".parse().unwrap();
    (Server::new(&url, key, Screen::new(true)).unwrap(), asked)
}

fn answer(status: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}")
}

#[tokio::test]
async fn what_may_go_better_later_is_asked_again_under_the_same_key_and_not_too_soon() {
    let busy = r#"{"code":"UNAVAILABLE","detail":"later"}"#;
    let (server, asked) = saying(vec![
        // Nothing at all, then no JSON, then a problem with a time.
        String::new(),
        answer("502 Bad Gateway", "", "<html>"),
        answer("503 Service Unavailable", "retry-after: 2\r\n", busy),
        answer("201 Created", "idempotency-replayed: true\r\n", "{}"),
    ])
    .await;
    let started = Instant::now();
    let answer = server.call(&Call::post("/x", &json!({})), Duration::from_secs(20)).await.unwrap();
    assert!(answer.replayed);
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    let asked = asked.lock().unwrap();
    let keys: Vec<&str> = asked
        .iter()
        .map(|text| text.lines().find(|line| line.starts_with("idempotency-key")).unwrap())
        .collect();
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(asked[0].starts_with("POST /api/v1/x ") && asked[0].contains("Bearer nxc_a_secret"), "{asked:?}");
}

#[tokio::test]
async fn a_no_is_final_and_a_stranger_is_told_apart() {
    let refused = r#"{"code":"BLOCKED","detail":"no"}"#;
    let (server, asked) = saying(vec![
        answer("409 Conflict", "", refused),
        answer("404 Not Found", "", "<html>"),
        answer("302 Found", "location: http://elsewhere.example/\r\n", ""),
        answer("200 OK", "", "<html>"),
    ])
    .await;
    let patience = Duration::from_secs(5);
    let call = async || server.get::<Value>("/x", patience).await.unwrap_err();
    assert!(matches!(call().await, CallError::Refused(problem) if problem.code == "BLOCKED"));
    for _ in 0..3 {
        let CallError::Unreachable(words) = call().await else { panic!("a stranger was believed") };
        assert!(!words.contains("secret"), "{words}");
    }
    assert_eq!(asked.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn what_must_not_be_repeated_is_not() {
    let (server, asked) = saying(vec![String::new(), answer("200 OK", "", "{}")]).await;
    let call = Call::tell("/x", &json!({}));
    assert!(matches!(server.call(&call, Duration::from_secs(5)).await, Err(CallError::Unreachable(_))));
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[test]
fn the_key_is_in_no_debug_and_an_address_is_one() {
    let server = |url: &str| Server::new(url, "nxc_a_secret".parse().unwrap(), Screen::new(true));
    assert!(!format!("{:?}", server("http://x").unwrap()).contains("secret"));
    for (url, clear) in
        [("http://x", true), ("https://x", false), ("http://127.0.0.1:3", false), ("http://[::1]", false)]
    {
        assert_eq!(server(url).unwrap().is_in_the_clear(), clear, "{url}");
    }
    for wrong in ["nexus.example.com", "ftp://x", "https://a:b@x", ""] {
        assert!(server(wrong).is_err(), "{wrong}");
    }
}
