//! Who comes in: a caller, under the server's own name, in nobody else's session.

use crate::scene::{Era, Person, Scene};
use control::KeyScope;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response};
use serde_json::{Value, json};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",
    "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
const LIST: &str = r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#;

async fn post(scene: &Scene, body: &str, headers: &[(&str, &str)]) -> Response {
    let mut all = HeaderMap::new();
    all.insert("content-type", HeaderValue::from_static("application/json"));
    all.insert("accept", HeaderValue::from_static("application/json, text/event-stream"));
    for (name, value) in headers {
        all.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let url = format!("{}/api/mcp", scene.url);
    Client::new().post(url).headers(all).body(body.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn nobody_comes_in_without_a_caller_and_hears_where_tokens_come_from() {
    let scene = Scene::new().await;
    let key = scene.key(&[KeyScope::Read]).await;
    let wrong = format!("Bearer {}x", &key[..key.len() - 1]);
    for headers in [&[][..], &[("authorization", wrong.as_str())], &[("authorization", "Basic YTpi")]] {
        for body in [INITIALIZE, LIST, "nonsense"] {
            let answer = post(&scene, body, headers).await;
            assert_eq!(answer.status(), 401);
            let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
            let about = format!("{}/.well-known/oauth-protected-resource/api/mcp", scene.url);
            assert_eq!(challenge, format!("Bearer resource_metadata=\"{about}\""));
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "UNAUTHENTICATED");
        }
    }
    let elsewhere = reqwest::get(format!("{}/elsewhere", scene.url)).await.unwrap();
    assert!(!elsewhere.headers().contains_key("www-authenticate"), "the challenge is this door's alone");
}

#[tokio::test]
async fn what_the_door_says_of_itself_is_public() {
    let scene = Scene::new().await;
    for path in ["", "/api/mcp"] {
        let answer =
            reqwest::get(format!("{}/.well-known/oauth-protected-resource{path}", scene.url)).await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("max-age"));
        let about: Value = answer.json().await.unwrap();
        assert_eq!(about["resource"], format!("{}/api/mcp", scene.url));
        assert_eq!(about["authorization_servers"], json!(["https://idp.example"]));
        assert_eq!(about["bearer_methods_supported"], json!(["header"]));
        assert!(about["scopes_supported"].as_array().unwrap().contains(&json!("decide")));
    }
}

#[tokio::test]
async fn other_names_and_other_pages_are_refused() {
    let scene = Scene::new().await;
    let bearer = format!("Bearer {}", scene.key(&[KeyScope::Read]).await);
    let own = scene.url.clone();
    for (header, value, status) in [
        ("host", "evil.example", 403),
        ("host", "127.0.0.1:1", 403),
        ("origin", "https://evil.example", 403),
        ("origin", "http://127.0.0.1:1", 403),
        ("origin", "null", 403),
        ("origin", own.as_str(), 200),
    ] {
        let answer = post(&scene, INITIALIZE, &[("authorization", &bearer), (header, value)]).await;
        assert_eq!(answer.status(), status, "{header}: {value}");
    }
}

#[tokio::test]
async fn a_session_answers_to_nobody_but_who_began_it() {
    let scene = Scene::new().await;
    let mine = format!("Bearer {}", scene.key(&[KeyScope::Read]).await);
    let other = format!("Bearer {}", scene.key(&[KeyScope::Read]).await);
    let begun = post(&scene, INITIALIZE, &[("authorization", &mine)]).await;
    let session = begun.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    let ready = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    for (key, status) in [(&other, 404), (&mine, 202)] {
        let answer = post(&scene, ready, &[("authorization", key), ("mcp-session-id", &session)]).await;
        assert_eq!(answer.status(), status);
    }
    for (key, status) in [(&other, 404), (&mine, 200)] {
        let answer = post(&scene, LIST, &[("authorization", key), ("mcp-session-id", &session)]).await;
        assert_eq!(answer.status(), status);
    }
    let url = format!("{}/api/mcp", scene.url);
    let delete = |key: &str| {
        let request =
            Client::new().delete(&url).header("authorization", key).header("mcp-session-id", &session);
        request.send()
    };
    assert_eq!(delete(&other).await.unwrap().status(), 404);
    assert!(delete(&mine).await.unwrap().status().is_success());
    let unknown = post(&scene, LIST, &[("authorization", &mine), ("mcp-session-id", "made-up")]).await;
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_key_that_is_revoked_stops_within_its_session() {
    let scene = Scene::new().await;
    let (record, key) = {
        let input =
            control::keys::KeyInput { name: "r".to_owned(), scopes: vec![KeyScope::Read], days: None };
        scene.control.create_key(&scene.admin, input).await.unwrap()
    };
    let bearer = format!("Bearer {key}");
    let begun = post(&scene, INITIALIZE, &[("authorization", &bearer)]).await;
    let session = begun.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    scene.control.revoke_key(&scene.admin, &record.id).await.unwrap();
    let answer = post(&scene, LIST, &[("authorization", &bearer), ("mcp-session-id", &session)]).await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn what_is_malformed_is_a_protocol_error_and_what_is_too_large_is_not_read() {
    let scene = Scene::new().await;
    let bearer = format!("Bearer {}", scene.key(&[KeyScope::Read]).await);
    let bearer = ("authorization", bearer.as_str());
    for body in ["", "{", "[]", r#"{"jsonrpc":"2.0"}"#, "\u{0}"] {
        let answer = post(&scene, body, &[bearer]).await;
        assert!(answer.status().is_client_error(), "{body:?}: {}", answer.status());
    }
    assert_eq!(post(&scene, &" ".repeat(3 * 1024 * 1024), &[bearer]).await.status(), 413);
    assert_eq!(post(&scene, LIST, &[bearer, ("content-type", "text/plain")]).await.status(), 415);
    assert_eq!(post(&scene, LIST, &[bearer, ("accept", "text/html")]).await.status(), 406);
    for era in [Era::Sessions, Era::Current] {
        let client = scene.serve(bearer.1.trim_start_matches("Bearer "), Person::absent(), era).await;
        let unknown = rmcp::model::CallToolRequestParams::new("nexus-control.delete");
        let error = client.0.call_tool(unknown).await.unwrap_err().to_string();
        assert!(error.contains("there is no tool"), "{error}");
    }
}

#[tokio::test]
async fn a_member_that_is_there_twice_is_refused_wherever_it_is() {
    let scene = Scene::new().await;
    let bearer = format!("Bearer {}", scene.key(&[KeyScope::Request, KeyScope::Read]).await);
    let call = |tool: &str, arguments: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{{"name":"nexus-control.{tool}",
            "arguments":{arguments}}}}}"#
        )
    };
    for body in [
        call("request", r#"{"goal":"Read a file","goal":"Drop the database"}"#),
        call("request", r#"{"goal":"Read a file","g\u006fal":"Drop the database"}"#),
        call("verify", r#"{"document":{"schema":"a","events":[{"type":"x","type":"y"}]}}"#),
        call("import_bundle", r#"{"bundle_json":{"events":[],"events":[]}}"#),
        call("status", r#"{"request_id":"a"},"arguments":{"request_id":"b"}"#),
    ] {
        let answer = post(&scene, &body, &[("authorization", &bearer)]).await;
        assert_eq!(answer.status(), 400, "{body}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(-32700)), "{body}");
        assert_eq!(answer["error"]["data"]["code"], "INVALID_JSON");
        assert!(answer["error"]["message"].as_str().unwrap().contains("twice"), "{answer}");
    }
}
