//! Every door that takes a body reads it strictly. The doors and a good body for each come from the OpenAPI document, so
//! that a new one is tested as soon as it is there.

use crate::decisions::Scene;
use crate::served::{Answer, read};
use reqwest::Method;
use serde_json::{Value as Json, json};

/// Every POST of the document that takes a body: its address, with something in its holes, and a good body.
fn doors() -> Vec<(String, Json)> {
    let document = api::openapi::document();
    let mut doors = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(content) = methods.pointer("/post/requestBody/content/application~1json") else { continue };
        let address = path.replace(['{', '}'], "");
        doors.push((address, content["example"].clone()));
    }
    assert!(doors.len() >= 13, "{doors:?}");
    doors
}

/// Whose own numbers may be of any size, and whose members are not ours.
fn is_evidence(address: &str) -> bool {
    ["/api/v1/bundles", "/api/v1/verify"].contains(&address)
}

async fn send(scene: &Scene, address: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    let call = scene.served.call(Method::POST, address, &scene.robot);
    read(call.header("content-type", kind).body(body.into())).await
}

const JSON: &str = "application/json";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_refused_everywhere() {
    let scene = Scene::new().await;
    for (address, _) in doors() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for body in
            ["", "nonsense", "{\"a\":1,}", "{\"a\":1}{}", "{\"a\":NaN}", "{\"goal\":\"\\ud800\"}", &deep]
        {
            let answer = send(&scene, &address, JSON, body).await;
            assert_eq!(answer.problem(), (400, "INVALID_JSON".to_owned()), "{address} {body}");
        }
        let answer = send(&scene, &address, JSON, [b'"', 0xff, b'"']).await;
        assert_eq!(answer.problem(), (400, "INVALID_JSON".to_owned()), "{address}");
        for body in ["[]", "null", "\"text\"", "7"] {
            let answer = send(&scene, &address, JSON, body).await;
            assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{address} {body}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_is_there_twice_is_refused_everywhere() {
    let scene = Scene::new().await;
    for (address, good) in doors() {
        let good = good.as_object().cloned().unwrap_or_default();
        let (name, value) =
            good.iter().next().map_or(("goal".to_owned(), json!("x")), |(n, v)| (n.clone(), v.clone()));
        let body = format!("{{\"{name}\":{value},\"{name}\":{value}}}");
        let answer = send(&scene, &address, JSON, body).await;
        assert_eq!(answer.problem(), (400, "INVALID_JSON".to_owned()), "{address}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("twice"), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_nobody_knows_is_refused_everywhere() {
    let scene = Scene::new().await;
    for (address, good) in doors().into_iter().filter(|(address, _)| address != "/api/v1/verify") {
        let mut body = good.as_object().cloned().unwrap_or_default();
        body.insert("colour".to_owned(), json!("red"));
        let answer = send(&scene, &address, JSON, Json::Object(body).to_string()).await;
        assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{address}");
        if !is_evidence(&address) {
            assert!(answer.json()["detail"].as_str().unwrap().contains("colour"), "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_integer_that_others_would_round_is_refused_everywhere() {
    let scene = Scene::new().await;
    for (address, good) in doors().into_iter().filter(|(address, _)| !is_evidence(address)) {
        for number in [
            "9007199254740992",
            "-9007199254740992",
            "-9223372036854775808",
            "123456789012345678901234567890",
        ] {
            let mut members: Vec<String> = good
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| *name != "expected_version")
                .map(|(name, value)| format!("\"{name}\":{value}"))
                .collect();
            members.push(format!("\"expected_version\":{number}"));
            let answer = send(&scene, &address, JSON, format!("{{{}}}", members.join(","))).await;
            assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{address} {number}");
            assert!(answer.json()["detail"].as_str().unwrap().contains("2^53"), "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_content_type_is_refused_everywhere() {
    let scene = Scene::new().await;
    for (address, good) in doors() {
        for kind in
            ["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonx"]
        {
            let answer = send(&scene, &address, kind, good.to_string()).await;
            assert_eq!(answer.problem(), (415, "WRONG_CONTENT_TYPE".to_owned()), "{address} {kind}");
        }
        let none = read(scene.served.call(Method::POST, &address, &scene.robot).body(good.to_string())).await;
        assert_eq!(none.problem(), (415, "WRONG_CONTENT_TYPE".to_owned()), "{address}");
        let with_charset = send(&scene, &address, "Application/JSON; charset=utf-8", "nonsense").await;
        assert_eq!(with_charset.problem().0, 400, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_everywhere() {
    let scene = Scene::new().await;
    let limit = 2 * 1024 * 1024;
    for (address, _) in doors() {
        let answer = send(&scene, &address, JSON, format!("\"{}\"", "x".repeat(limit))).await;
        assert_eq!(answer.problem(), (413, "TOO_LARGE".to_owned()), "{address}");
    }
    // One that just fits is read.
    let answer = send(&scene, "/api/v1/verify", JSON, format!("\"{}\"", "x".repeat(limit - 2))).await;
    assert_eq!(answer.problem().0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_no_words_takes_none() {
    let scene = Scene::new().await;
    let address = "/api/v1/decisions/none/cancel";
    for body in ["", "{}", " { } "] {
        assert_eq!(send(&scene, address, JSON, body).await.problem().0, 404, "{body}");
    }
    assert_eq!(send(&scene, address, JSON, "{\"why\":1}").await.problem(), (422, "INVALID_INPUT".to_owned()));
    assert_eq!(send(&scene, address, JSON, "[]").await.problem(), (422, "INVALID_INPUT".to_owned()));
    assert_eq!(send(&scene, address, "text/plain", "{}").await.problem().0, 415);
    assert_eq!(send(&scene, address, JSON, "{").await.problem(), (400, "INVALID_JSON".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_member_is_named() {
    let scene = Scene::new().await;
    for (body, field) in [
        (json!({"goal": 7}), "goal"),
        (json!({"goal": "x", "mode": "maybe"}), "mode"),
        (json!({"goal": "x", "policy": {"min_approvals": "two"}}), "policy.min_approvals"),
        (json!({"goal": "x", "policy": {"labels": ["a", 1]}}), "policy.labels[1]"),
        (json!({"goal": "x", "policy": {"min_approvals": 1.5}}), "policy.min_approvals"),
        (json!({"goal": "x", "policy": [1]}), "policy"),
    ] {
        let answer = scene.served.post("/api/v1/decisions", &scene.robot, &body).await;
        assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{body}");
        assert_eq!(answer.json()["field"], field, "{body}");
    }
    for (body, code) in [
        (json!({"goal": " "}), "INVALID_INPUT"),
        (json!({"goal": "x", "policy": {"min_approvals": 0}}), "INVALID_POLICY"),
        (json!({"goal": "x", "mode": "apply", "policy": {"allowed_modes": ["dry_run"]}}), "MODE_NOT_ALLOWED"),
    ] {
        let answer = scene.served.post("/api/v1/decisions", &scene.robot, &body).await;
        assert_eq!(answer.problem(), (422, code.to_owned()), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_is_not_taken_is_a_problem_too() {
    let scene = Scene::new().await;
    let answer = read(scene.served.call(Method::DELETE, "/api/v1/decisions", &scene.robot)).await;
    assert_eq!(answer.problem(), (405, "METHOD_NOT_ALLOWED".to_owned()));
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
}
