//! Evidence over real HTTP: taken away byte for byte, brought in, and verified.

use crate::decisions::Scene;
use control::KeyScope;
use governance::{canonical, verify};
use serde_json::{Value as Json, json};

impl Scene {
    /// A decision that ran: its address.
    async fn ran(&self) -> String {
        let address = self.asked(&json!({"goal": "Rotate", "policy": {"min_approvals": 1}})).await;
        self.done(&address, "approve", &self.ana, &json!({})).await;
        self.done(&address, "execute", &self.robot, &json!({"adapter_id": "simulate"})).await;
        address
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_verifies_byte_for_byte() {
    let scene = Scene::new().await;
    let address = scene.ran().await;
    for (what, checks) in
        [("bundle", 3), ("package", 6), ("package?mode=embedded", 6), ("package?mode=reference", 5)]
    {
        let answer = scene.served.get(&format!("{address}/{what}"), &scene.robot).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, "application/json"),
            "{what}"
        );
        assert!(
            answer.header("content-disposition").starts_with("attachment; filename=\"decision-"),
            "{answer:?}"
        );
        let value = governance::json::parse(&answer.body).unwrap();
        assert_eq!(canonical::to_string(&value), answer.body, "{what}");
        let report = verify::verify(&value).unwrap();
        assert!(report.ok && report.checks.len() == checks, "{what}: {report:?}");
        let digest = answer.header("x-nexus-digest");
        assert!(digest.starts_with("sha256:") && answer.body.contains(digest), "{what}: {digest}");
        // The server's own verification says the same.
        let body: Json = serde_json::from_str(&answer.body).unwrap();
        let verified = scene.served.post("/api/v1/verify", &scene.robot, &body).await.json();
        assert_eq!((&verified["ok"], verified["checks"].as_array().unwrap().len()), (&json!(true), checks));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_exported_is_refused() {
    let scene = Scene::new().await;
    let open = scene.asked(&json!({"goal": "x", "policy": {"min_approvals": 1}})).await;
    let early = scene.served.get(&format!("{open}/package"), &scene.robot).await.problem();
    assert_eq!(early.0, 422, "{early:?}");
    let early = scene.served.get(&format!("{open}/package?mode=reference"), &scene.robot).await.problem();
    assert_eq!(early, (409, "NO_ROUTER_LINK".to_owned()));
    assert_eq!(
        scene.served.get(&format!("{open}/bundle"), &scene.ana).await.problem(),
        (403, "FORBIDDEN".to_owned())
    );
    let mode = scene.served.get(&format!("{open}/package?mode=whole"), &scene.robot).await.problem();
    assert_eq!(mode, (422, "INVALID_INPUT".to_owned()));
    assert_eq!(scene.served.get("/api/v1/decisions/none/bundle", &scene.robot).await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_brought_in_as_evidence() {
    let scene = Scene::new().await;
    let address = scene.ran().await;
    let text = scene.served.get(&format!("{address}/bundle"), &scene.robot).await.body;
    let bundle: Json = serde_json::from_str(&text).unwrap();
    let south = scene.served.found("south").await;
    let manager = scene.served.token(&south, &[KeyScope::Manage, KeyScope::Read]).await;
    let import = async |bundle: &Json, mode: &str| {
        scene
            .served
            .post("/api/v1/bundles", &manager, &json!({"bundle": bundle, "conflict_mode": mode}))
            .await
    };
    let first = import(&bundle, "reject_on_conflict").await;
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(first.header("location"), address);
    assert_eq!(first.json()["original_id"], first.json()["decision_id"]);
    assert_eq!(import(&bundle, "reject_on_conflict").await.problem(), (409, "DECISION_EXISTS".to_owned()));
    assert_eq!(import(&json!(text), "overwrite").await.status, 201);
    let other = import(&json!(text), "new_decision_id").await.json();
    assert_ne!(other["original_id"], other["decision_id"]);
    let read = scene.served.get(&address, &manager).await.json();
    assert_eq!(read["origin"], "imported");
    let list = scene.served.get("/api/v1/decisions", &manager).await.json();
    assert_eq!(list["decisions"].as_array().unwrap().len(), 2);
    // What was changed on the way is not evidence.
    let mut changed = bundle.clone();
    changed["decision"]["goal"] = json!("Rotate something else");
    let refused = import(&changed, "new_decision_id").await.problem();
    assert_eq!(refused, (422, "INTEGRITY_MISMATCH".to_owned()));
    for body in [
        json!({"bundle": bundle}),
        json!({"conflict_mode": "overwrite"}),
        json!({"bundle": 7, "conflict_mode": "overwrite"}),
        json!({"bundle": bundle, "conflict_mode": "maybe"}),
        json!({"bundle": "no json", "conflict_mode": "overwrite"}),
    ] {
        let answer = scene.served.post("/api/v1/bundles", &manager, &body).await;
        assert_eq!(answer.problem().0, 422, "{answer:?}");
    }
    // Nothing will ever happen to evidence: nobody waits for it.
    let waited = scene.served.get(&format!("{address}/wait?for=approved&timeout=20"), &manager).await.json();
    assert_eq!(waited["waited"], "met", "it ran, over there");
    // What ran here stays, whatever is brought in.
    let at_home = scene.served.token(&scene.admin, &[KeyScope::Manage]).await;
    let body = json!({"bundle": bundle, "conflict_mode": "overwrite"});
    let refused = scene.served.post("/api/v1/bundles", &at_home, &body).await.problem();
    assert_eq!(refused, (409, "DECISION_EXISTS".to_owned()));
    assert_eq!(scene.served.get(&address, &scene.robot).await.json()["origin"], "native");
    let open = scene.asked(&json!({"goal": "Later", "policy": {"min_approvals": 1}})).await;
    let text = scene.served.get(&format!("{open}/bundle"), &scene.robot).await.body;
    assert_eq!(import(&json!(text), "reject_on_conflict").await.status, 201);
    let waited = scene.served.get(&format!("{open}/wait?for=approved&timeout=20"), &manager).await.json();
    assert_eq!(waited["waited"], "never");
    let body = json!({"bundle": bundle, "conflict_mode": "overwrite"});
    let by_machine = scene.served.post("/api/v1/bundles", &scene.robot, &body).await.problem();
    assert_eq!(by_machine, (403, "KEY_FORBIDDEN".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn verification_names_what_does_not_hold() {
    let scene = Scene::new().await;
    let address = scene.ran().await;
    let text = scene.served.get(&format!("{address}/package"), &scene.robot).await.body;
    let changed: Json = serde_json::from_str(&text.replace("Rotate", "Delete")).unwrap();
    let answer = scene.served.post("/api/v1/verify", &scene.robot, &changed).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let verified = answer.json();
    assert_eq!((&verified["ok"], &verified["kind"]), (&json!(false), &json!("package")));
    let failed = verified["checks"].as_array().unwrap().iter().filter(|check| check["ok"] == false).count();
    assert!(failed >= 2, "{verified}");
    let nothing = scene.served.post("/api/v1/verify", &scene.robot, &json!({"a": 1})).await;
    assert_eq!(nothing.problem(), (422, "INVALID_INPUT".to_owned()));
    assert_eq!(scene.served.post("/api/v1/verify", "", &json!({"a": 1})).await.problem().0, 401);
}
