//! Walls: whoever may not see a thing is told that it is not there, at every door of the document.

use crate::decisions::Scene;
use crate::served::read;
use control::KeyScope;
use reqwest::Method;
use serde_json::json;

/// Every door with an id in it: method, address, and an example of its body.
fn doors() -> Vec<(Method, &'static str, String)> {
    let mut doors = Vec::new();
    for (path, methods) in api::openapi::document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if path.contains('{') {
                let body = operation.pointer("/requestBody/content/application~1json/example");
                let body = body.map(ToString::to_string).unwrap_or_default();
                doors.push((method.to_uppercase().parse().unwrap(), path.as_str(), body));
            }
        }
    }
    assert!(doors.len() >= 20);
    doors
}

#[tokio::test(flavor = "multi_thread")]
async fn from_elsewhere_nothing_is_there() {
    let scene = Scene::new().await;
    let decision = scene.asked(&json!({"goal": "secret", "policy": {"min_approvals": 1}})).await;
    scene.done(&decision, "approve", &scene.ana, &json!({})).await;
    let ran = scene.done(&decision, "execute", &scene.robot, &json!({"adapter_id": "simulate"})).await;
    let manager = scene.manager().await;
    let template = json!({"name": "prod", "policy": {"min_approvals": 2}});
    assert_eq!(scene.served.post("/api/v1/templates", &manager, &template).await.status, 201);
    let (key_id, _) = scene.served.key(&scene.admin, &[KeyScope::Read]).await;
    let south = scene.served.found("south").await;
    let all = [KeyScope::Read, KeyScope::Request, KeyScope::Execute, KeyScope::Export];
    let (_, machine) = scene.served.key(&south, &all).await;
    let every = [&all[..], &[KeyScope::Decide, KeyScope::Manage]].concat();
    let person = scene.served.token(&south, &every).await;
    for (method, path, body) in doors() {
        let address = path
            .replace("{id}", decision.rsplit('/').next().unwrap())
            .replace("{run_id}", ran["run"]["run_id"].as_str().unwrap())
            .replace("{name}", "prod")
            .replace("{person_id}", "prs_ana")
            .replace("{key_id}", &key_id);
        assert!(!address.contains('{'), "{address}");
        for (who, key, refused) in [
            ("person", &person, &[404][..]),
            ("machine", &machine, &[404, 403]),
            ("nobody", &String::new(), &[401]),
        ] {
            let call = scene.served.call(method.clone(), &address, key);
            let call = if body.is_empty() {
                call
            } else {
                call.header("content-type", "application/json").body(body.clone())
            };
            let answer = read(call).await;
            assert!(refused.contains(&answer.problem().0), "{who} {method} {address}: {answer:?}");
            assert!(!answer.body.contains("secret"), "{who} {method} {address}: {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_only_ask_sees_what_it_asked_for() {
    let scene = Scene::new().await;
    let theirs = scene.asked(&json!({"goal": "theirs", "policy": {"min_approvals": 1}})).await;
    let (_, asker) = scene.served.key(&scene.admin, &[KeyScope::Request]).await;
    let mine = scene.served.request(&asker).await;
    let list = scene.served.get("/api/v1/decisions", &asker).await.json();
    assert_eq!(list["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(list["decisions"][0]["decision_id"], json!(mine));
    for what in ["", "/events", "/wait?timeout=0", "/stream", "/bundle"] {
        let answer = scene.served.get(&format!("{theirs}{what}"), &asker).await;
        assert_eq!(answer.problem().0, 404, "{what}");
    }
    assert_eq!(scene.refused(&theirs, "withdraw", &asker, &json!({})).await.0, 404);
    assert_eq!(scene.served.get(&format!("/api/v1/decisions/{mine}/events"), &asker).await.status, 200);
}
