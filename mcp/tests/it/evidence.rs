//! Evidence that leaves and comes in.

use crate::scene::Scene;
use control::KeyScope;
use serde_json::{Value, json};

#[tokio::test]
async fn a_bundle_leaves_is_verified_and_comes_in_elsewhere() {
    let scene = Scene::new().await;
    let exporter = scene.client(&scene.key(&[KeyScope::Export]).await).await;
    let id = scene.request("Rotate the keys", 1).await;
    let said = exporter.call("export_bundle", json!({ "request_id": id.as_str() })).await.done();
    let text = said.value()["canonical_json"].as_str().unwrap().to_owned();
    assert!(said.value()["digest"].as_str().unwrap().starts_with("sha256:"));
    assert!(said.0.content.iter().any(|block| block.as_text().is_some_and(|block| block.text == text)));
    // Without a run there is nothing to bind it to.
    let none = exporter.call("export_audit_package", json!({ "request_id": id.as_str() })).await;
    assert_eq!(none.refused(), "NO_ROUTER_LINK");

    let eve = scene.elsewhere().await;
    let there = scene.client(&scene.token(&eve, &[KeyScope::Manage, KeyScope::Read]).await).await;
    let object: Value = serde_json::from_str(&text).unwrap();
    let came = there.call("import_bundle", json!({ "bundle_json": text })).await.done();
    assert_eq!(came.request_id(), id.as_str());
    let again = there.call("import_bundle", json!({ "bundle_json": object })).await;
    assert_eq!(again.refused(), "DECISION_EXISTS");
    let wish =
        json!({ "bundle_json": object, "conflict_mode": "new_decision_id", "replay_after_import": true });
    let second = there.call("import_bundle", wish).await.done();
    assert_ne!(second.request_id(), id.as_str());
    assert_eq!(second.value()["original_id"], id.as_str());
    let seen = there.call("status", json!({ "request_id": id.as_str() })).await.done();
    assert_eq!(seen.value()["blocking_reasons"][0]["code"], "IMPORTED_EVIDENCE");

    let forged = text.replace("Rotate the keys", "Rotate no keys!");
    assert_ne!(forged, text);
    let verified = there.call("verify", json!({ "document": forged })).await.done();
    assert_eq!(verified.value()["ok"], false);
    assert!(verified.text().starts_with("✗ NOT VERIFIED"), "{}", verified.text());
    let wish = json!({ "bundle_json": forged, "conflict_mode": "new_decision_id" });
    there.call("import_bundle", wish).await.refused();
}
