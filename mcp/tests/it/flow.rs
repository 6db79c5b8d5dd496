//! The five steps, by a machine, in both protocols.

use crate::scene::{Era, Person, Scene};
use control::KeyScope;
use governance::DecisionId;
use serde_json::json;
use std::time::Duration;

const ALL: [KeyScope; 4] = [KeyScope::Request, KeyScope::Execute, KeyScope::Read, KeyScope::Export];

#[tokio::test]
async fn a_machine_asks_waits_runs_and_proves_in_either_protocol() {
    let scene = Scene::new().await;
    let key = scene.key(&ALL).await;
    for era in [Era::Sessions, Era::Current] {
        let client = scene.serve(&key, Person::absent(), era).await;
        let plan = r#"{"service":"checkout"}"#;
        let wish = json!({ "goal": format!("Deploy {era:?}"), "plan": plan, "mode": "apply", "min_approvals": 1,
            "allowed_modes": ["dry_run", "apply"], "require_adapter_capabilities": ["count"], "labels": ["prod"] });
        let asked = client.call("request", wish).await.done();
        let id = asked.request_id();
        assert_eq!(asked.value()["state"], "pending_approval");
        assert_eq!(asked.value()["approvals_required"], 1);
        let url = asked.value()["url"].as_str().unwrap().to_owned();
        assert_eq!(url, format!("{}/decisions/{id}", scene.url));
        assert!(asked.text().contains(&url) && asked.value().get("note").is_none());

        let status = client.call("status", json!({ "request_id": id })).await.done();
        assert_eq!(status.value()["progress"]["approvals"], "0/1");
        assert_eq!(status.value()["blocking_reasons"][0]["code"], "MISSING_APPROVALS");

        let blocked = client.call("execute", json!({ "request_id": id, "adapter_id": "counter" })).await;
        assert_eq!(blocked.refused(), "BLOCKED");
        assert_eq!(blocked.value()["blocking_reasons"][0]["code"], "MISSING_APPROVALS");
        assert_eq!(blocked.value()["url"], url, "people are shown where to decide");
        assert!(blocked.value()["what_to_do"].as_str().unwrap().contains("wait"));

        let (control, approver) = (scene.control.clone(), scene.approver.clone());
        let decision = DecisionId::new(id.as_str()).unwrap();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            control.approve(&approver, &decision, None, None, None).await.unwrap();
        });
        let waited = client.call("wait", json!({ "request_id": id, "timeout_seconds": 20 })).await.done();
        assert_eq!(
            (&waited.value()["waited"], &waited.value()["state"]),
            (&json!("met"), &json!("approved"))
        );

        let run = client
            .call("execute", json!({ "request_id": id, "adapter_id": "counter", "dry_run": false }))
            .await;
        let run = run.done();
        assert_eq!(run.value()["lifecycle"]["state"], "completed");
        assert!(run.text().starts_with("✓ Executed"), "{}", run.text());

        let again = client.call("execute", json!({ "request_id": id, "adapter_id": "counter" })).await;
        assert_eq!(again.refused(), "BLOCKED");
        let proof =
            client.call("export_audit_package", json!({ "request_id": id, "mode": "embedded" })).await.done();
        let text = proof.value()["canonical_json"].as_str().unwrap().to_owned();
        let verified = client.call("verify", json!({ "document": text })).await.done();
        assert_eq!(verified.value()["ok"], true, "{}", verified.text());
    }
    assert_eq!(scene.counter.runs.lock().unwrap().len(), 2, "once each");
}

#[tokio::test]
async fn whoever_waits_in_vain_is_told_so() {
    let scene = Scene::new().await;
    let client = scene.client(&scene.key(&ALL).await).await;
    let id = client.call("request", json!({ "goal": "wait" })).await.done().request_id();
    let begun = std::time::Instant::now();
    let waited = client.call("wait", json!({ "request_id": id, "timeout_seconds": 1 })).await.done();
    assert_eq!(waited.value()["waited"], "timed_out");
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let decision = DecisionId::new(id.as_str()).unwrap();
    scene.control.reject(&scene.admin, &decision, None, "not today").await.unwrap();
    let never = client.call("wait", json!({ "request_id": id, "for": "approved" })).await.done();
    assert_eq!(never.value()["waited"], "never");
    let long = client.call("wait", json!({ "request_id": id, "timeout_seconds": 56 })).await;
    assert_eq!(
        (long.refused().as_str(), &long.value()["field"]),
        ("INVALID_INPUT", &json!("timeout_seconds"))
    );
}

#[tokio::test]
async fn a_long_run_tells_how_it_goes_and_goes_on_when_nobody_listens() {
    use rmcp::model::{CallToolRequestParams, ClientRequest, Request};
    use rmcp::service::PeerRequestOptions;
    let scene = Scene::new().await;
    *scene.counter.pause.lock().unwrap() = Duration::from_secs(5);
    let client = scene.client(&scene.key(&ALL).await).await;
    let wish = json!({ "goal": "slow", "mode": "apply", "allowed_modes": ["apply"] });
    let id = client.call("request", wish).await.done().request_id();
    scene.approve(&id).await;
    let arguments = serde_json::from_value(json!({ "request_id": id, "adapter_id": "counter" })).unwrap();
    let params = CallToolRequestParams::new("nexus-control.execute").with_arguments(arguments);
    let request = ClientRequest::CallToolRequest(Request::new(params));
    let sent = client.0.send_cancellable_request(request, PeerRequestOptions::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let status = client.call("inspect", json!({ "request_id": id })).await.done();
    assert_eq!(status.value()["lifecycle"]["state"], "executing");
    assert!(status.text().contains("1 steps done; counting"), "{}", status.text());
    sent.cancel(Some("enough".to_owned())).await.unwrap();
    let waited = client.call("wait", json!({ "request_id": id, "for": "ended" })).await.done();
    assert_eq!(waited.value()["state"], "completed", "hanging up ends no run");
    assert_eq!(scene.counter.runs.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_waits_is_told_how_it_goes() {
    let scene = Scene::new().await;
    *scene.counter.pause.lock().unwrap() = Duration::from_secs(4);
    let key = scene.key(&ALL).await;
    for era in [Era::Sessions, Era::Current] {
        let person = Person::absent();
        let client = scene.serve(&key, person.clone(), era).await;
        let wish = json!({ "goal": "slow", "mode": "apply", "allowed_modes": ["apply"] });
        let id = client.call("request", wish).await.done().request_id();
        client.call("wait", json!({ "request_id": id, "timeout_seconds": 4 })).await.done();
        assert_eq!(*person.told.lock().unwrap(), ["✗ Not executable (Missing 1 approval)"], "{era:?}");
        scene.approve(&id).await;
        client.call("execute", json!({ "request_id": id, "adapter_id": "counter" })).await.done();
        assert_eq!(person.told.lock().unwrap()[1..], ["1 steps done; counting"], "{era:?}");
    }
}

#[tokio::test]
async fn a_run_that_fails_is_told_as_what_it_is() {
    let scene = Scene::new().await;
    let client = scene.client(&scene.key(&ALL).await).await;
    let wish = json!({ "goal": "break", "mode": "apply", "allowed_modes": ["apply"] });
    let id = client.call("request", wish).await.done().request_id();
    scene.approve(&id).await;
    let said = client.call("execute", json!({ "request_id": id, "adapter_id": "counter" })).await.done();
    assert_eq!(said.value()["lifecycle"]["state"], "failed");
    assert!(said.text().starts_with("✗ Executed, and the run failed"), "{}", said.text());
    assert!(said.text().contains("[BROKEN] it broke⏎✓ all is well"), "{}", said.text());
    let status = client.call("status", json!({ "request_id": id })).await.done();
    assert_eq!(status.value()["run"]["error_code"], "BROKEN");
}
