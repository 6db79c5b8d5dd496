//! Execution: once, under rules checked at that moment, with an honest record whatever happens.

use crate::scene::{Scene, input, open};
use control::{Error, Role};
use governance::decide::{self, Context, PolicyInput};
use governance::{Decision, Event, Mode, Phase, Standing, State, json};
use std::sync::Arc;
use store::{Append, RunWrite};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_callers_one_runs_and_all_get_its_outcome() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (control, admin, id) = (scene.control.clone(), scene.admin.clone(), id.clone());
        calls.spawn(async move { control.execute(&admin, &id, None, "simulate", None).await });
    }
    let mut runs = Vec::new();
    while let Some(answer) = calls.join_next().await {
        match answer.unwrap() {
            Ok(decision) => runs.push(decision.latest_execution().unwrap().run_id.clone().unwrap()),
            // Who comes after the end is told that it ran already.
            Err(error) => assert_eq!(error.code(), "BLOCKED", "{error}"),
        }
    }
    assert!(!runs.is_empty());
    runs.dedup();
    assert_eq!(runs.len(), 1, "{runs:?}");
    let decision = scene.load(&id).await;
    assert_eq!(decision.executions.len(), 1);
    assert_eq!(decision.state(scene.control.now(), &Standing::of_the_log()), State::Completed);
}

#[tokio::test]
async fn the_rules_of_the_policy_are_checked_when_it_runs() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let mut needs = input(Mode::DryRun, 1);
    needs.policy.require_adapter_capabilities = Some(vec!["teleport".to_owned()]);
    let id = scene.control.request(&scene.admin, needs).await.unwrap().id.clone();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let refused = scene.control.execute(&scene.admin, &id, None, "simulate", None).await;
    assert_eq!(refused.unwrap_err().code(), "MISSING_CAPABILITIES");
    let refused = scene.control.execute(&scene.admin, &id, None, "subprocess:none", None).await;
    assert!(matches!(refused, Err(Error::NotFound("adapter"))));
    assert!(scene.load(&id).await.executions.is_empty(), "nothing was recorded");

    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let refused = scene.control.execute(&scene.admin, &id, None, "simulate", Some(Mode::Apply)).await;
    assert_eq!(refused.unwrap_err().code(), "MODE_NOT_REQUESTED");

    let id = scene.control.request(&scene.admin, input(Mode::Apply, 1)).await.unwrap().id.clone();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let refused = scene.control.execute(&scene.admin, &id, None, "simulate", None).await;
    assert_eq!(refused.unwrap_err().code(), "INVALID_INPUT", "simulate only rehearses");

    let mut wrong = input(Mode::Apply, 1);
    wrong.policy = PolicyInput { allowed_modes: Some(vec!["dry_run".to_owned()]), ..wrong.policy };
    assert_eq!(scene.control.request(&scene.admin, wrong).await.unwrap_err().code(), "MODE_NOT_ALLOWED");
}

#[tokio::test]
async fn a_finished_decision_never_runs_again() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let done = scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
    assert_eq!(done.state(scene.control.now(), &Standing::of_the_log()), State::Completed);
    let refused = scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap_err();
    assert!(refused.to_string().contains("already been executed"), "{refused}");
}

#[tokio::test]
async fn a_run_without_a_result_is_recorded_as_unknown_and_not_tried_again() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    // What a crash leaves behind: the start is in the log, the result is not.
    let mut decision: Decision = scene.load(&id).await;
    let now = scene.control.now();
    let context = Context::new(now, scene.admin.actor.clone());
    for new in decide::execute(&decision, &context, "simulate", &[], None).unwrap() {
        let seq = decision.version();
        decision.evolve(Event::record(new, seq, now));
    }
    let run = RunWrite {
        run_id: governance::RunId::new("run_lost").unwrap(),
        decision_id: id.clone(),
        adapter_id: "simulate".to_owned(),
        status: "running".to_owned(),
        started_at: now,
        finished_at: None,
        bundle: None,
    };
    let workspace = scene.admin.workspace.clone();
    let append = Append {
        workspace,
        decision: Arc::new(decision),
        new_events: 2,
        run: Some(run),
        directory: None,
        door: None,
    };
    scene.control.store().append(append).await.unwrap();
    scene.control.store().close().await;

    let Scene { control, clock, admin, folder, .. } = scene;
    drop(control);
    let control = open(&folder, &clock, Vec::new()).await;
    assert_eq!(control.recover(false).await.unwrap(), 0, "another server could still be running it");
    assert_eq!(control.recover(true).await.unwrap(), 1);
    assert_eq!(control.recover(true).await.unwrap(), 0);
    let view = control.decision(&admin, &id).await.unwrap();
    assert_eq!(view.decision.phase, Phase::Failed);
    let reason = &view.lifecycle.blocking_reasons[0];
    assert_eq!(reason.details.get("error_code").and_then(json::Value::as_str), Some("OUTCOME_UNKNOWN"));
    assert_eq!(view.run.unwrap().status, "unknown");
    let refused = control.execute(&admin, &id, None, "simulate", None).await;
    assert_eq!(refused.unwrap_err().code(), "BLOCKED");
    for embed in [false, true] {
        let package = control.export_package(&admin, &id, embed).await.unwrap();
        assert!(
            governance::verify::verify_text(&package.json).unwrap().ok,
            "what is unknown is evidence too"
        );
    }
}

#[tokio::test]
async fn imported_evidence_of_a_begun_run_is_neither_waited_for_nor_ended_here() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    // What another system would export in the middle of a run.
    let mut decision = scene.load(&id).await;
    let now = scene.control.now();
    let context = Context::new(now, scene.admin.actor.clone());
    for new in decide::execute(&decision, &context, "simulate", &[], None).unwrap() {
        let seq = decision.version();
        decision.evolve(Event::record(new, seq, now));
    }
    let bundle = governance::canonical::to_string(&governance::bundle::export(&decision, now).value);
    let copy =
        scene.control.import_bundle(&scene.admin, &bundle, "new_decision_id").await.unwrap().decision_id;
    let refused = scene.control.execute(&scene.admin, &copy, None, "simulate", None).await;
    assert_eq!(refused.unwrap_err().code(), "IMPORTED_EVIDENCE");
    assert_eq!(scene.control.recover(true).await.unwrap(), 0);
    assert_eq!(scene.load(&copy).await.version(), decision.version(), "the evidence is as it came");
}
