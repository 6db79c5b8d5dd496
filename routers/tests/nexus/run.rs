//! Runs that go as they should, and what is refused before anything runs.

use crate::scene::{DEPLOY, PLAN, Scene, error};
use control::Error;
use governance::decide::PolicyInput;
use governance::json::Value;
use governance::{Mode, Phase};

#[tokio::test]
async fn an_approved_decision_runs_and_its_package_embeds_the_routers_own_record() {
    let scene = Scene::new("", "").await;
    let needs = PolicyInput {
        require_adapter_capabilities: Some(vec!["apply".to_owned(), "timeout".to_owned()]),
        max_steps: Some(1),
        ..PolicyInput::default()
    };
    let id = scene.approved(Mode::Apply, Some(PLAN), needs).await;
    let done = scene.execute(&id).await.unwrap();
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
    let execution = done.latest_execution().unwrap();
    assert_eq!(execution.steps_executed, Some(1));
    let (_, record) = scene.package(&done).await;
    let run = record.get("run").unwrap();
    let over_there = run.get("run_id").and_then(Value::as_str).unwrap();
    assert!(over_there.starts_with("run-"), "the router's own id");
    assert_eq!(execution.run_id.as_deref(), Some(over_there));
    assert_eq!(run.get("status").and_then(Value::as_str), Some("COMPLETED"), "kept as it came");
    assert_eq!(scene.log.runs(), 1);
    assert!(scene.log.count("env NEXUS_RUN_ID") > 0, "{:?}", scene.log.lines());
    assert!(scene.log.all_gone().await);
}

#[tokio::test]
async fn answers_in_text_are_read_as_well() {
    let scene = Scene::new("text-only", "").await;
    let done = scene.run(Some(PLAN)).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
    scene.package(&done).await;
}

#[tokio::test]
async fn without_an_export_the_whole_answer_is_the_record() {
    let scene = Scene::new("no-export", "").await;
    let done = scene.run(Some(PLAN)).await;
    assert_eq!(done.phase, Phase::Completed);
    let (_, record) = scene.package(&done).await;
    let events = record.get("events").unwrap().as_array().unwrap();
    let answered =
        events.iter().find(|event| event.get("type").and_then(Value::as_str) == Some("ROUTER_ANSWERED"));
    let answer = answered.unwrap().get("payload").unwrap();
    for member in ["summary", "dispatch", "run", "plan", "results", "provenance"] {
        assert!(answer.get(member).is_some(), "{member}");
    }
}

#[tokio::test]
async fn a_decision_without_a_plan_leaves_the_plan_to_the_router() {
    let scene = Scene::new("", "").await;
    let done = scene.run(None).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
    assert_eq!(scene.log.runs(), 1);
}

#[tokio::test]
async fn a_failed_step_is_a_failed_run_with_the_routers_record() {
    let scene = Scene::new("", "").await;
    let done = scene.run(Some(&PLAN.replace(r#""to":"#, r#""fail":"#))).await;
    let (code, words) = error(&done);
    assert_eq!((&done.phase, code.as_str()), (&Phase::Failed, "ROUTER_RUN_FAILED"));
    assert!(words.contains("`s1` ended as `error`"), "{words}");
    let (_, record) = scene.package(&done).await;
    assert_eq!(record.get("run").unwrap().get("status").and_then(Value::as_str), Some("FAILED"));
}

#[tokio::test]
async fn a_dry_run_reaches_no_adapter() {
    let scene = Scene::new("", "").await;
    let before = scene.log.lines();
    let id = scene.approved(Mode::DryRun, Some(PLAN), PolicyInput::default()).await;
    assert_eq!(scene.execute(&id).await.unwrap().phase, Phase::Completed);
    assert_eq!(scene.log.lines(), before, "nobody was asked anything");
}

#[tokio::test]
async fn what_the_policy_or_the_adapter_forbids_is_refused_before_anything_is_recorded() {
    let scene = Scene::new("", "").await;
    let before = scene.log.lines();
    let needs =
        PolicyInput { require_adapter_capabilities: Some(vec!["undo".to_owned()]), ..PolicyInput::default() };
    let id = scene.approved(Mode::Apply, Some(PLAN), needs).await;
    assert_eq!(scene.execute(&id).await.unwrap_err().code(), "MISSING_CAPABILITIES");

    let id = scene.approved(Mode::DryRun, Some(PLAN), PolicyInput::default()).await;
    let refused = scene.control.execute(&scene.ada, &id, None, DEPLOY, Some(Mode::Apply)).await;
    assert_eq!(refused.unwrap_err().code(), "MODE_NOT_REQUESTED");

    let id = scene.approved(Mode::Apply, Some("restart it"), PolicyInput::default()).await;
    let refused = scene.execute(&id).await.unwrap_err();
    assert!(refused.to_string().contains("JSON array of steps"), "{refused}");

    let id = scene.approved(Mode::Apply, Some(PLAN), PolicyInput::default()).await;
    let rehearses = "nexus-router:ops:null";
    let refused = scene.control.execute(&scene.ada, &id, None, rehearses, None).await.unwrap_err();
    assert!(refused.to_string().contains("only rehearses"), "{refused}");
    let refused = scene.control.execute(&scene.ada, &id, None, "nexus-router:ops:none", None).await;
    assert!(matches!(refused, Err(Error::NotFound("adapter"))));
    assert!(scene.control.decision(&scene.ada, &id).await.unwrap().decision.executions.is_empty());
    assert_eq!(scene.log.lines(), before, "nobody was asked anything");
}

#[tokio::test]
async fn a_plan_with_more_steps_than_the_policy_allows_is_never_sent() {
    let scene = Scene::new("", "").await;
    let two = format!("{},{}", PLAN.trim_end_matches(']'), PLAN.trim_start_matches('[').replace("s1", "s2"));
    let few = PolicyInput { max_steps: Some(1), ..PolicyInput::default() };
    let id = scene.approved(Mode::Apply, Some(&two), few).await;
    let (code, words) = error(&scene.execute(&id).await.unwrap());
    assert_eq!(code, "MAX_STEPS_EXCEEDED");
    assert!(words.contains("nothing was started"), "{words}");
    assert_eq!(scene.log.runs(), 0);
}
