//! The gate: who may begin, what they may run, what is recorded of it, and what becomes of those who fall silent.

use crate::scene::{Scene, code, input};
use control::gate::{GateReport, Output};
use control::routers::SubprocessConfig;
use control::{Action, Caller, Error, Role};
use governance::verify::verify_text;
use governance::{DecisionId, GatePlan, Mode, Phase, RunId};
use std::sync::Arc;

const PLAN: &str = r#"{"command":["./deploy.sh","--tag","v2"],"working_dir":"/srv"}"#;

fn report(exit_code: i32) -> GateReport {
    let stdout = Output { tail: "deployed\n".to_owned(), bytes: 9, sha256: "ab".repeat(32) };
    GateReport {
        exit_code: Some(exit_code),
        error: None,
        duration_ms: 1200,
        stdout,
        stderr: Output { sha256: "00".repeat(32), ..Output::default() },
    }
}

/// A real run that one person approved, asked for by a requester.
async fn approved(scene: &Scene) -> (Caller, DecisionId) {
    let asker = scene.person("rita", &[Role::Requester]).await;
    let mut wanted = input(Mode::Apply, 1);
    wanted.plan = Some(PLAN.to_owned());
    let id = scene.control.request(&asker, wanted).await.unwrap().id.clone();
    scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
    (asker, id)
}

#[tokio::test]
async fn what_was_approved_runs_at_the_caller_once_and_is_packaged() {
    for scene in Scene::each().await {
        let (asker, id) = approved(&scene).await;
        let begun = scene.control.begin(&asker, &id, None, PLAN).await.unwrap();
        assert_eq!(begun.decision.phase, Phase::Executing);
        let again = scene.control.begin(&asker, &id, None, PLAN).await;
        assert_eq!(code(again), "BLOCKED");
        assert_eq!(
            scene.control.hear(&asker, &begun.run_id, 0, "deploying", "line 1\n").await.unwrap(),
            None
        );
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        let live = view.live.unwrap();
        assert_eq!((live.doing.as_str(), live.tail.as_str()), ("deploying", "line 1\n"));
        let ended = scene.control.finish(&asker, &begun.run_id, report(0)).await.unwrap();
        assert_eq!(ended.phase, Phase::Completed);
        assert!(scene.control.decision(&scene.admin, &id).await.unwrap().live.is_none());
        // The same words again, because the answer was lost.
        scene.control.finish(&asker, &begun.run_id, report(0)).await.unwrap();
        assert_eq!(code(scene.control.finish(&asker, &begun.run_id, report(1)).await), "NOT_EXECUTING");
        let package = scene.control.export_package(&scene.admin, &id, true).await.unwrap();
        assert!(verify_text(&package.json).unwrap().ok);
        assert!(package.json.contains("deployed"));
    }
}

#[tokio::test]
async fn another_plan_is_refused_before_anything_is_recorded() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    for other in [PLAN.replace("v2", "v3"), PLAN.replace("/srv", "/tmp"), format!("{PLAN} "), String::new()] {
        assert_eq!(code(scene.control.begin(&asker, &id, None, &other).await), "PLAN_CHANGED");
    }
    assert_eq!(scene.load(&id).await.phase, Phase::Open);
    let without = scene.request(&asker, 1).await;
    assert_eq!(code(scene.control.begin(&asker, &without, None, "").await), "PLAN_CHANGED");
}

#[tokio::test]
async fn a_rehearsal_never_begins_at_the_caller() {
    let scene = Scene::new().await;
    let asker = scene.person("rita", &[Role::Requester]).await;
    let mut wanted = input(Mode::DryRun, 1);
    wanted.plan = Some(PLAN.to_owned());
    let id = scene.control.request(&asker, wanted).await.unwrap().id.clone();
    scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
    assert_eq!(code(scene.control.begin(&scene.admin, &id, None, PLAN).await), "INVALID_INPUT");
    let real = scene.control.execute(&scene.admin, &id, None, "gate", None).await.unwrap();
    assert!(real.latest_execution().unwrap().dry_run);
}

#[tokio::test]
async fn without_enough_approvals_nothing_begins() {
    let scene = Scene::new().await;
    let mut wanted = input(Mode::Apply, 2);
    wanted.plan = Some(PLAN.to_owned());
    let asker = scene.person("rita", &[Role::Requester]).await;
    let id = scene.control.request(&asker, wanted).await.unwrap().id.clone();
    scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
    assert_eq!(code(scene.control.begin(&asker, &id, None, PLAN).await), "BLOCKED");
}

#[tokio::test]
async fn of_twenty_gates_at_once_one_may_begin() {
    for scene in Scene::each().await {
        let (asker, id) = approved(&scene).await;
        let tries = (0..20).map(|_| {
            let (control, asker, id) = (scene.control.clone(), asker.clone(), id.clone());
            tokio::spawn(async move { control.begin(&asker, &id, None, PLAN).await })
        });
        let tries: Vec<_> = tries.collect();
        let mut won = 0;
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error.code(), "BLOCKED", "{error}"),
            }
        }
        assert_eq!(won, 1);
    }
}

#[tokio::test]
async fn only_who_began_says_how_it_goes() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    assert_eq!(code(scene.control.hear(&scene.admin, &run, 0, "", "").await), "NOT_YOUR_RUN");
    assert_eq!(code(scene.control.finish(&scene.admin, &run, report(0)).await), "NOT_YOUR_RUN");
    let stranger = scene.elsewhere("Contoso").await;
    assert_eq!(code(scene.control.finish(&stranger, &run, report(0)).await), "NOT_FOUND");
    let none = RunId::new("run_none").unwrap();
    assert_eq!(code(scene.control.finish(&asker, &none, report(0)).await), "NOT_FOUND");
    // What this server runs itself, nobody reports on.
    let dry = scene.request(&asker, 1).await;
    scene.control.approve(&scene.admin, &dry, None, None, None).await.unwrap();
    scene.control.execute(&scene.admin, &dry, None, "simulate", None).await.unwrap();
    let run = scene.control.decision(&scene.admin, &dry).await.unwrap().run.unwrap().run_id;
    assert_eq!(code(scene.control.finish(&scene.admin, &run, report(0)).await), "NOT_YOUR_RUN");
}

#[tokio::test]
async fn a_command_that_fails_is_a_failure_with_its_status() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    let ended = scene.control.finish(&asker, &run, report(3)).await.unwrap();
    let (code, words) = ended.latest_execution().unwrap().error.clone().unwrap();
    assert_eq!((code.as_str(), words.as_str()), ("COMMAND_FAILED", "the command ended with exit status 3"));
}

#[tokio::test]
async fn whoever_asks_it_to_stop_is_heard_with_the_next_word() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    assert_eq!(code(scene.control.cancel(&scene.admin, &id).await), "NOT_EXECUTING");
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    scene.control.cancel(&scene.admin, &id).await.unwrap();
    let wish = scene.control.hear(&asker, &run, 0, "", "").await.unwrap().unwrap();
    assert_eq!(wish.by, scene.admin.actor.id());
    let auditor = scene.person("otto", &[Role::Auditor]).await;
    assert_eq!(code(scene.control.cancel(&auditor, &id).await), "FORBIDDEN");
}

#[tokio::test]
async fn who_falls_silent_is_recorded_as_unknown_and_heard_no_more() {
    for scene in Scene::each().await {
        let (asker, id) = approved(&scene).await;
        let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
        // Nor does a restart of this server end what runs elsewhere.
        scene.control.recover(true).await.unwrap();
        scene.clock.advance(170);
        scene.control.hear(&asker, &run, 0, "still here", "").await.unwrap();
        for _ in 0..2 {
            scene.control.recover(false).await.unwrap();
            scene.clock.advance(149);
        }
        scene.control.recover(false).await.unwrap();
        assert_eq!(scene.load(&id).await.phase, Phase::Executing);
        scene.clock.advance(2);
        scene.control.recover(false).await.unwrap();
        let decision = scene.load(&id).await;
        assert_eq!(decision.latest_execution().unwrap().error.as_ref().unwrap().0, "OUTCOME_UNKNOWN");
        assert_eq!(code(scene.control.hear(&asker, &run, 0, "", "").await), "NOT_EXECUTING");
        assert_eq!(code(scene.control.finish(&asker, &run, report(0)).await), "NOT_EXECUTING");
        assert_eq!(code(scene.control.begin(&asker, &id, None, PLAN).await), "BLOCKED");
    }
}

#[tokio::test]
async fn two_reports_at_once_leave_one_result() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    let tell = |code| {
        let (control, asker, run) = (scene.control.clone(), asker.clone(), run.clone());
        tokio::spawn(async move { control.finish(&asker, &run, report(code)).await })
    };
    let (good, bad) = (tell(0), tell(1));
    let results: [Result<Arc<_>, Error>; 2] = [good.await.unwrap(), bad.await.unwrap()];
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(scene.load(&id).await.executions.len(), 1);
}

#[tokio::test]
async fn what_was_approved_for_the_gate_runs_nowhere_else() {
    let scene = Scene::with(vec![anything()]).await;
    let asker = scene.person("rita", &[Role::Requester]).await;
    let plan = GatePlan {
        command: vec!["./deploy.sh".to_owned()],
        working_dir: "/srv".to_owned(),
        files: [].into(),
    };
    let mut wanted = input(Mode::Apply, 1);
    wanted.plan = Some(plan.canonical());
    let id = scene.control.request(&asker, wanted).await.unwrap().id.clone();
    scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
    for adapter in ["subprocess:any", "gate"] {
        assert_eq!(code(scene.control.execute(&asker, &id, None, adapter, None).await), "RUNS_AT_THE_CALLER");
    }
    let view = scene.control.decision(&asker, &id).await.unwrap();
    assert!(view.adapters.is_empty());
    let execute = view.actions.iter().find(|one| one.action == Action::Execute).unwrap();
    assert!(execute.reason.as_ref().unwrap().contains("where it was asked for"));
    assert_eq!(scene.load(&id).await.phase, Phase::Open);
    scene.control.begin(&asker, &id, None, &plan.canonical()).await.unwrap();
}

fn anything() -> SubprocessConfig {
    toml::from_str("name = \"any\"\ncommand = [\"true\"]").unwrap()
}

#[tokio::test]
async fn whoever_only_keeps_talking_reaches_the_limit_all_the_same() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    for _ in 0..19 {
        scene.clock.advance(190);
        scene.control.hear(&asker, &run, 0, "soon", "").await.unwrap();
        scene.control.recover(false).await.unwrap();
    }
    assert_eq!(scene.load(&id).await.phase, Phase::Executing);
    scene.clock.advance(190);
    assert_eq!(code(scene.control.hear(&asker, &run, 0, "soon", "").await), "NOT_EXECUTING");
    scene.control.recover(false).await.unwrap();
    assert_eq!(
        scene.load(&id).await.latest_execution().unwrap().error.as_ref().unwrap().0,
        "OUTCOME_UNKNOWN"
    );
}

#[tokio::test]
async fn a_server_that_slept_holds_the_silence_of_that_time_against_nobody() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    scene.control.recover(false).await.unwrap();
    scene.clock.advance(1000);
    scene.control.recover(false).await.unwrap();
    scene.control.hear(&asker, &run, 0, "here all the time", "").await.unwrap();
    scene.control.finish(&asker, &run, report(0)).await.unwrap();
}

#[tokio::test]
async fn nobody_waits_for_a_run_that_goes_on_elsewhere() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    scene.control.begin(&asker, &id, None, PLAN).await.unwrap();
    let execute = scene.control.execute(&scene.admin, &id, None, "simulate", None);
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), execute).await.unwrap();
    assert_eq!(code(answer), "BLOCKED");
}

#[tokio::test]
async fn what_was_approved_for_the_server_runs_at_no_caller() {
    let scene = Scene::new().await;
    let asker = scene.person("rita", &[Role::Requester]).await;
    let plan = r#"{"service":"payments","version":"9"}"#;
    let mut wanted = input(Mode::Apply, 1);
    wanted.plan = Some(plan.to_owned());
    let id = scene.control.request(&asker, wanted).await.unwrap().id.clone();
    scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
    assert_eq!(code(scene.control.begin(&asker, &id, None, plan).await), "NOT_FOR_THE_GATE");
    assert_eq!(scene.load(&id).await.phase, Phase::Open);
}

#[tokio::test]
async fn a_report_that_has_not_the_form_of_one_ends_nothing() {
    let scene = Scene::new().await;
    let (asker, id) = approved(&scene).await;
    let run = scene.control.begin(&asker, &id, None, PLAN).await.unwrap().run_id;
    let said = |code: &str, words: String| Some((code.to_owned(), words));
    for wrong in [
        GateReport { stdout: Output { sha256: "AB".repeat(32), ..report(0).stdout }, ..report(0) },
        GateReport { stderr: Output { tail: "x".repeat(256 * 1024 + 1), ..report(0).stderr }, ..report(0) },
        GateReport { error: said("timed out", String::new()), ..report(0) },
        GateReport { error: said("TIMED_OUT", "x".repeat(4_001)), ..report(0) },
    ] {
        assert_eq!(code(scene.control.finish(&asker, &run, wrong).await), "INVALID_INPUT");
    }
    assert_eq!(scene.load(&id).await.phase, Phase::Executing);
}
