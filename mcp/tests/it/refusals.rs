//! No, in words that a model can act on: never a protocol error, never a trace of what the caller may not see.

use crate::scene::{Era, Person, Scene};
use control::{KeyScope, Role};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const MACHINE: [KeyScope; 4] = [KeyScope::Request, KeyScope::Execute, KeyScope::Read, KeyScope::Export];
const ABOUT_ONE: [&str; 8] = [
    "status",
    "inspect",
    "wait",
    "approve",
    "revoke_approval",
    "execute",
    "export_bundle",
    "export_audit_package",
];

fn one(tool: &str, id: &str) -> Value {
    match tool {
        "execute" => json!({ "request_id": id, "adapter_id": "simulate" }),
        _ => json!({ "request_id": id }),
    }
}

#[tokio::test]
async fn what_another_workspace_decides_is_not_there() {
    let scene = Scene::new().await;
    let eve = scene.elsewhere().await;
    let id = scene.request("Rotate the keys", 1).await;
    let scopes = [&MACHINE[..], &[KeyScope::Decide, KeyScope::Manage]].concat();
    let token = scene.token(&eve, &scopes).await;
    let client = scene.serve(&token, Person::says_yes(), Era::Sessions).await;
    for tool in ABOUT_ONE {
        for wrong in [id.as_str(), "no-such-id", "", "../../etc"] {
            let said = client.call(tool, one(tool, wrong)).await;
            assert_eq!(said.refused(), "NOT_FOUND", "{tool} {wrong:?}");
            assert!(!said.text().contains("Rotate"));
        }
    }
    let listed = client.call("list_requests", json!({})).await.done();
    assert_eq!(listed.value()["requests"], json!([]));
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_no_more() {
    let scene = Scene::new().await;
    let id = scene.request("Rotate the keys", 1).await;
    let reader = scene.client(&scene.key(&[KeyScope::Read]).await).await;
    for (tool, arguments, code) in [
        ("request", json!({ "goal": "x" }), "FORBIDDEN"),
        ("execute", one("execute", id.as_str()), "FORBIDDEN"),
        ("export_bundle", one("", id.as_str()), "FORBIDDEN"),
        ("export_audit_package", one("", id.as_str()), "FORBIDDEN"),
        ("approve", one("", id.as_str()), "KEY_FORBIDDEN"),
        ("template.create", json!({ "name": "t" }), "KEY_FORBIDDEN"),
        ("import_bundle", json!({ "bundle_json": "{}" }), "KEY_FORBIDDEN"),
    ] {
        let said = reader.call(tool, arguments).await;
        assert_eq!(said.refused(), code, "{tool}");
        assert!(said.value()["what_to_do"].is_string(), "{tool}");
    }
    // One that only asks sees what it asked for itself, and nothing else.
    let asker = scene.client(&scene.key(&[KeyScope::Request]).await).await;
    assert_eq!(asker.call("status", one("", id.as_str())).await.refused(), "NOT_FOUND");
    let own = asker.call("request", json!({ "goal": "mine" })).await.done().request_id();
    asker.call("inspect", one("", &own)).await.done();
    let listed = asker.call("list_requests", json!({})).await.done();
    assert_eq!(listed.value()["requests"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_acts_is_who_called_whatever_the_arguments_say() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let token = scene.token(&bo, &MACHINE).await;
    let key = scene.key(&MACHINE).await;
    let machine = key.rsplit_once('_').unwrap().0;
    for (bearer, acting) in [(token.as_str(), bo.actor.id()), (key.as_str(), machine)] {
        let client = scene.client(bearer).await;
        for actor in [json!("ada@example.com"), json!({ "type": "human", "id": "ada@example.com" }), json!(7)]
        {
            let said = client.call("request", json!({ "goal": "x", "actor": actor })).await.done();
            let note = said.value()["note"].as_str().unwrap();
            assert!(note.contains(acting) && said.text().contains(note), "{note}");
            let seen = client.call("inspect", one("", &said.request_id())).await.done();
            assert_eq!(seen.value()["requester"]["id"], acting);
        }
        let same = client.call("request", json!({ "goal": "x", "actor": { "id": acting } })).await.done();
        assert!(same.value().get("note").is_none());
    }
}

#[tokio::test]
async fn arguments_that_are_not_known_or_make_no_sense_are_refused_with_words() {
    let scene = Scene::new().await;
    let scopes = [&MACHINE[..], &[KeyScope::Decide, KeyScope::Manage]].concat();
    let token = scene.token(&scene.admin, &scopes).await;
    let client = scene.serve(&token, Person::says_yes(), Era::Current).await;
    let tools = client.0.list_all_tools().await.unwrap();
    assert_eq!(tools.len(), 15);
    for tool in tools {
        let name = tool.name.strip_prefix("nexus-control.").unwrap();
        let said = client.call(name, json!({ "bogus": 1 })).await;
        assert_eq!(said.refused(), "INVALID_INPUT", "{name}");
        assert!(said.text().contains("bogus") || said.text().contains("missing"), "{}", said.text());
    }
    for (tool, arguments, word) in [
        ("request", json!({}), "goal"),
        ("request", json!({ "goal": "  " }), "goal"),
        ("request", json!({ "goal": "x", "mode": "real" }), "real"),
        ("request", json!({ "goal": "x", "min_approvals": 0 }), "at least 1"),
        ("request", json!({ "goal": "x", "min_approvals": 9_007_199_254_740_993_i64 }), "min_approvals"),
        ("request", json!({ "goal": "x", "min_approvals": 1.5 }), "1.5"),
        ("request", json!({ "goal": "x", "mode": "apply", "allowed_modes": ["dry_run"] }), "not allowed"),
        ("request", json!({ "goal": "x", "actor": null, "policy": {} }), "policy"),
        ("list_requests", json!({ "limit": 0 }), "1 to 200"),
        ("list_requests", json!({ "limit": 201 }), "1 to 200"),
        ("list_requests", json!({ "after": "x" }), "first page"),
        ("list_requests", json!({ "state": "nowhere" }), "nowhere"),
        ("import_bundle", json!({ "bundle_json": "{}", "replay_after_import": false }), "always replayed"),
        ("verify", json!({ "document": "{\"a\":1,\"a\":2}" }), "readable JSON"),
        ("verify", json!({ "document": {} }), "no audit package"),
    ] {
        let said = client.call(tool, arguments.clone()).await;
        said.refused();
        assert!(said.text().contains(word), "{tool} {arguments}: {}", said.text());
    }
    let id = scene.request("x", 1).await;
    let late = json!({ "request_id": id.as_str(), "expires_at": "tomorrow" });
    assert_eq!(client.call("approve", late).await.value()["field"], "expires_at");
}

#[tokio::test]
async fn a_run_takes_what_the_policy_asks_for() {
    let scene = Scene::new().await;
    let client = scene.client(&scene.key(&MACHINE).await).await;
    let wish = json!({ "goal": "x", "require_adapter_capabilities": ["teleport"] });
    let id = client.call("request", wish).await.done().request_id();
    scene.approve(&id).await;
    let said = client.call("execute", json!({ "request_id": id, "adapter_id": "counter" })).await;
    assert_eq!(said.refused(), "MISSING_CAPABILITIES");
    let said = client.call("execute", json!({ "request_id": id, "adapter_id": "nothing" })).await;
    assert_eq!(said.refused(), "NOT_FOUND");
    let said =
        client.call("execute", json!({ "request_id": id, "adapter_id": "counter", "dry_run": false })).await;
    said.refused();
    // A command for the gate runs through no adapter, and this server starts no gate.
    let plan = r#"{"command":["true"],"working_dir":"/"}"#;
    let wish = json!({ "goal": "x", "mode": "apply", "allowed_modes": ["apply"], "plan": plan });
    let id = client.call("request", wish).await.done().request_id();
    scene.approve(&id).await;
    for adapter in ["counter", "gate"] {
        let said = client.call("execute", json!({ "request_id": id, "adapter_id": adapter })).await;
        assert_eq!(said.refused(), "RUNS_AT_THE_CALLER", "{adapter}");
    }
}

#[tokio::test]
async fn a_call_that_stays_open_takes_a_seat_and_gives_it_back() {
    let scene = Scene::new().await;
    let ann = scene.approver.clone();
    let token = scene.token(&ann, &[KeyScope::Read, KeyScope::Decide]).await;
    let id = scene.request("Rotate the keys", 1).await;
    let all_but_one: Vec<_> = (1..control::seats::MOST).map(|_| scene.control.seat(&ann).unwrap()).collect();
    let client = Arc::new(scene.serve(&token, Person::absent(), Era::Current).await);
    let (waits, about) = (client.clone(), id.clone());
    let waiting = tokio::spawn(async move { waits.call("wait", one("wait", about.as_str())).await });
    tokio::time::timeout(Duration::from_secs(10), async {
        while scene.control.seat(&ann).is_some() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("who waits holds a seat");
    let full = client.call("wait", json!({ "request_id": id.as_str(), "timeout_seconds": 0 })).await;
    assert_eq!(full.refused(), "TOO_MANY_OPEN");
    assert!(full.value()["retry_after_seconds"].as_u64().unwrap() > 0);
    // A person who is asked inside of a call keeps it open as well.
    let asked = Person::says_yes();
    let sessions = scene.serve(&token, asked.clone(), Era::Sessions).await;
    assert_eq!(sessions.call("approve", one("approve", id.as_str())).await.refused(), "TOO_MANY_OPEN");
    assert!(asked.asked.lock().unwrap().is_empty());
    scene.approve(id.as_str()).await;
    waiting.await.unwrap().done();
    let full = Arc::new(AtomicBool::new(false));
    let (control, seen, who) = (scene.control.clone(), full.clone(), ann.clone());
    let person = Person::says_yes().while_reading(Arc::new(move || {
        seen.store(control.seat(&who).is_none(), Ordering::Relaxed);
        Box::pin(async {})
    }));
    let sessions = scene.serve(&token, person, Era::Sessions).await;
    let other = scene.request("Rotate them again", 1).await;
    sessions.call("approve", one("approve", other.as_str())).await.done();
    assert!(full.load(Ordering::Relaxed), "the question held the last seat");
    assert!(scene.control.seat(&ann).is_some());
    drop(all_but_one);
}
