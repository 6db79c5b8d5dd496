//! Runs that the caller carries out itself, over real HTTP.

use crate::decisions::Scene;
use control::KeyScope;
use serde_json::{Value as Json, json};

const PLAN: &str = r#"{"command":["true"],"working_dir":"/"}"#;

impl Scene {
    /// An approved request for a real run: its address.
    async fn approved(&self) -> String {
        let policy = json!({"min_approvals": 1, "allowed_modes": ["apply"]});
        let body = json!({"goal": "Deploy", "plan": PLAN, "mode": "apply", "policy": policy});
        let address = self.asked(&body).await;
        self.done(&address, "approve", &self.ana, &json!({})).await;
        address
    }

    /// A run that has begun: its address and its decision's.
    async fn begun(&self) -> (String, String) {
        let address = self.approved().await;
        let begun = self.served.post(&format!("{address}/runs"), &self.robot, &json!({"plan": PLAN})).await;
        assert_eq!(begun.status, 201, "{begun:?}");
        assert_eq!(begun.json()["decision_id"], address.rsplit('/').next().unwrap());
        assert!(begun.json()["silence_seconds"].as_u64().unwrap() >= 10);
        (begun.header("location").to_owned(), address)
    }
}

fn report(exit_code: i64) -> Json {
    let output = json!({"tail": "done\n", "bytes": 5, "sha256": "a".repeat(64)});
    json!({"exit_code": exit_code, "error": null, "duration_ms": 1200, "stdout": output, "stderr": output})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_ones_own_begins_once_is_heard_of_and_ends() {
    let scene = Scene::new().await;
    let (run, decision) = scene.begun().await;
    let again = scene.refused(&decision, "runs", &scene.robot, &json!({"plan": PLAN})).await;
    assert_eq!(again.0, 409, "{again:?}");
    let heard = scene
        .done(&run, "progress", &scene.robot, &json!({"steps": 1, "doing": "copying", "tail": "42 %"}))
        .await;
    assert_eq!(heard, json!({"cancel_requested_by": null}));
    let seen = scene.served.get(&decision, &scene.robot).await.json();
    assert_eq!(
        (&seen["live"]["doing"], &seen["lifecycle"]["state"]),
        (&json!("copying"), &json!("executing"))
    );
    let going_on = scene.served.get(&run, &scene.robot).await.json();
    assert_eq!((&going_on["live"]["tail"], &going_on["record"]), (&json!("42 %"), &Json::Null));
    // Somebody wants it to stop, and whoever runs it hears so.
    let cancel = scene.served.post(&format!("{decision}/cancel"), &scene.robot, &json!({})).await;
    assert_eq!(cancel.status, 202, "{cancel:?}");
    let wish = cancel.json()["live"]["cancel_requested_by"].clone();
    assert!(wish.as_str().unwrap().starts_with("nxc_"), "{wish}");
    let heard =
        scene.done(&run, "progress", &scene.robot, &json!({"steps": 1, "doing": "", "tail": ""})).await;
    assert_eq!(heard["cancel_requested_by"], wish);
    // It ended before it could stop.
    let ended = scene.done(&run, "result", &scene.robot, &report(0)).await;
    assert_eq!(ended["lifecycle"]["state"], "completed");
    let same = scene.done(&run, "result", &scene.robot, &report(0)).await;
    assert_eq!(same["version"], ended["version"]);
    let other = scene.refused(&run, "result", &scene.robot, &report(1)).await;
    assert_eq!(other, (409, "NOT_EXECUTING".to_owned()));
    let late =
        scene.refused(&run, "progress", &scene.robot, &json!({"steps": 1, "doing": "", "tail": ""})).await;
    assert_eq!(late, (409, "NOT_EXECUTING".to_owned()));
    let record = scene.served.get(&run, &scene.robot).await.json();
    assert_eq!((&record["status"], &record["live"]), (&json!("completed"), &Json::Null));
    assert!(record["record"].to_string().contains("\"duration_ms\":1200"), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_failed_is_an_answer_and_not_a_problem() {
    let scene = Scene::new().await;
    let (run, _) = scene.begun().await;
    let mut report = report(3);
    report["error"] = json!({"code": "TIMED_OUT", "message": "it took longer than an hour"});
    let ended = scene.done(&run, "result", &scene.robot, &report).await;
    assert_eq!((&ended["lifecycle"]["state"], &ended["run"]["status"]), (&json!("failed"), &json!("failed")));
    let last = ended["lifecycle"]["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(last["event_type"], "EXECUTION_FAILED");
    assert!(last["summary"].as_str().unwrap().contains("longer than an hour"), "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_approved_begins_and_only_when_it_is() {
    let scene = Scene::new().await;
    let address = scene.approved().await;
    let other = scene.refused(&address, "runs", &scene.robot, &json!({"plan": format!("{PLAN} ")})).await;
    assert_eq!(other, (409, "PLAN_CHANGED".to_owned()));
    let stale =
        scene.refused(&address, "runs", &scene.robot, &json!({"plan": PLAN, "expected_version": 2})).await;
    assert_eq!(stale, (409, "CHANGED".to_owned()));
    let by_ana = scene.refused(&address, "runs", &scene.ana, &json!({"plan": PLAN})).await;
    assert_eq!(by_ana, (403, "FORBIDDEN".to_owned()));
    let policy = json!({"min_approvals": 1, "allowed_modes": ["apply", "dry_run"]});
    let body = json!({"goal": "Deploy", "plan": PLAN, "mode": "apply", "policy": policy});
    let open = scene.asked(&body).await;
    let early = scene.refused(&open, "runs", &scene.robot, &json!({"plan": PLAN})).await;
    assert_eq!(early, (409, "BLOCKED".to_owned()));
    // What people approved as something that the server runs, nobody carries out themselves.
    let plan = r#"{"service":"payments"}"#;
    let body = json!({"goal": "Deploy", "plan": plan, "mode": "apply", "policy": policy});
    let at_the_server = scene.asked(&body).await;
    scene.done(&at_the_server, "approve", &scene.ana, &json!({})).await;
    let refused = scene.refused(&at_the_server, "runs", &scene.robot, &json!({"plan": plan})).await;
    assert_eq!(refused, (409, "NOT_FOR_THE_GATE".to_owned()));
    // And the other way round: a command for the gate runs through no adapter, and this server starts no gate.
    let adapter = json!({"adapter_id": "gate"});
    let refused = scene.refused(&address, "execute", &scene.robot, &adapter).await;
    assert_eq!(refused, (409, "RUNS_AT_THE_CALLER".to_owned()));
    // A rehearsal reaches nobody, so that nobody begins it.
    let rehearsal = scene.asked(&json!({"goal": "x", "plan": PLAN, "policy": {"min_approvals": 1}})).await;
    scene.done(&rehearsal, "approve", &scene.ana, &json!({})).await;
    let refused = scene.refused(&rehearsal, "runs", &scene.robot, &json!({"plan": PLAN})).await;
    assert_eq!(refused, (422, "INVALID_INPUT".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_its_callers_and_nobody_elses() {
    let scene = Scene::new().await;
    let (run, _) = scene.begun().await;
    let scopes = [KeyScope::Request, KeyScope::Execute, KeyScope::Read];
    let (_, another) = scene.served.key(&scene.admin, &scopes).await;
    let progress = json!({"steps": 0, "doing": "x", "tail": ""});
    let theirs = scene.refused(&run, "progress", &another, &progress).await;
    assert_eq!(theirs, (403, "NOT_YOUR_RUN".to_owned()));
    let theirs = scene.refused(&run, "result", &another, &report(0)).await;
    assert_eq!(theirs, (403, "NOT_YOUR_RUN".to_owned()));
    let south = scene.served.found("south").await;
    let (_, elsewhere) = scene.served.key(&south, &scopes).await;
    assert_eq!(scene.served.get(&run, &elsewhere).await.problem().0, 404);
    assert_eq!(scene.refused(&run, "result", &elsewhere, &report(0)).await.0, 404);
    assert_eq!(scene.served.get("/api/v1/runs/none", &scene.robot).await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_has_its_form() {
    let scene = Scene::new().await;
    let (run, _) = scene.begun().await;
    for (pointer, value, field) in [
        ("/stdout/sha256", json!("A".repeat(64)), "stdout.sha256"),
        ("/stderr/sha256", json!("a"), "stderr.sha256"),
        ("/stdout/tail", json!("x".repeat(256 * 1024 + 1)), "stdout.tail"),
        ("/stdout/bytes", json!(-1), "stdout.bytes"),
        ("/duration_ms", json!(1.5), "duration_ms"),
        ("/error", json!({"code": "lower", "message": ""}), "error.code"),
        ("/error", json!({"code": "X"}), "error"),
        ("/exit_code", json!("zero"), "exit_code"),
    ] {
        let mut body = report(0);
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = scene.served.post(&format!("{run}/result"), &scene.robot, &body).await;
        assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{pointer}");
        assert_eq!(answer.json()["field"], field, "{pointer}");
    }
    // None of it ended the run.
    assert_eq!(scene.served.get(&run, &scene.robot).await.json()["status"], "running");
}
