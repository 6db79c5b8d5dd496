//! Declared commands, really started: output, limits, secrets, and what cannot be started.

use crate::scene::{Scene, input};
use control::lists::{DecisionFilter, PageRequest};
use control::routers::SubprocessConfig;
use control::{DecisionView, Role};
use governance::json::{self, Value};
use governance::{Mode, Standing, State};
use std::time::{Duration, Instant};

fn adapter(name: &str, script: &str, more: &str) -> SubprocessConfig {
    let text = format!(
        "name = {name:?}\ncommand = [\"/bin/sh\", \"-c\", {script:?}]\ncapabilities = [\"timeout\"]\n{more}"
    );
    toml::from_str(&text).unwrap()
}

/// Runs a real request through an adapter and answers with the decision and its step's record.
async fn run(scene: &Scene, adapter: &str, plan: Option<&str>) -> (DecisionView, Value) {
    let bo = scene.person(&format!("bo-{adapter}").replace(':', "-"), &[Role::Approver]).await;
    let mut request = input(Mode::Apply, 1);
    request.plan = plan.map(str::to_owned);
    let id = scene.control.request(&scene.admin, request).await.unwrap().id.clone();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    scene.control.execute(&scene.admin, &id, None, adapter, None).await.unwrap();
    let view = scene.control.decision(&scene.admin, &id).await.unwrap();
    let bundle = json::parse(view.run.as_ref().unwrap().bundle.as_deref().unwrap()).unwrap();
    assert!(governance::router_bundle::is_sound(&bundle));
    let events = bundle.get("events").unwrap().as_array().unwrap().to_vec();
    let step = events.iter().find(|event| {
        let kind = event.get("type").and_then(Value::as_str).unwrap();
        kind == "STEP_COMPLETED" || kind == "STEP_FAILED"
    });
    let step = step.and_then(|event| event.get("payload")).cloned().unwrap_or(Value::Null);
    (view, step)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap()
}

#[tokio::test]
async fn a_command_runs_with_its_fields_and_an_empty_environment() {
    let script = "echo tag=$1; echo home=$HOME; echo run=$NEXUS_RUN_ID; echo oops >&2";
    let mut config = adapter("deploy", script, "[fields.tag]\ntype = \"text\"\n");
    config.command.extend(["deploy".to_owned(), "{tag}".to_owned()]);
    let scene = Scene::with(vec![config]).await;
    let (view, step) = run(&scene, "subprocess:deploy", Some(r#"{"tag":"v1; rm -rf $HOME"}"#)).await;
    assert_eq!(view.lifecycle.state, State::Completed);
    let run_id = view.run.unwrap().run_id;
    assert_eq!(text(&step, "stdout"), format!("tag=v1; rm -rf $HOME\nhome=\nrun={run_id}\n"));
    assert_eq!(text(&step, "stderr"), "oops\n");
    assert_eq!(step.get("exit_code").and_then(Value::as_i64), Some(0));
}

#[tokio::test]
async fn a_failing_command_fails_the_decision() {
    let scene = Scene::with(vec![adapter("fail", "echo no; exit 7", "")]).await;
    let (view, step) = run(&scene, "subprocess:fail", None).await;
    assert_eq!(view.lifecycle.state, State::Failed);
    assert!(view.lifecycle.blocking_reasons[0].message.contains("exit status 7"));
    assert_eq!(text(&step, "stdout"), "no\n");
    let package = scene.control.export_package(&scene.admin, &view.decision.id, true).await.unwrap();
    assert!(governance::verify::verify_text(&package.json).unwrap().ok, "a failure is evidence too");
}

#[tokio::test]
async fn endless_output_and_left_over_children_end_with_the_time_limit() {
    let more = "timeout_seconds = 1\noutput_limit_bytes = 1000\n";
    let scene = Scene::with(vec![adapter("endless", "sleep 600 & yes", more)]).await;
    let started = Instant::now();
    let (view, step) = run(&scene, "subprocess:endless", None).await;
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(view.lifecycle.state, State::Failed);
    assert!(view.lifecycle.blocking_reasons[0].message.contains("limit of 1 seconds"));
    assert_eq!(text(&step, "stdout").len(), 1000);
    assert_eq!(step.get("stdout_truncated").and_then(Value::as_bool), Some(true));
}

/// The variable stands for a secret: every machine has one, and nothing that runs here prints it otherwise.
#[tokio::test]
async fn a_secret_is_neither_shown_nor_kept_even_when_it_is_printed_in_two_halves() {
    let script = r#"tail=${PATH#????????}; printf 'a %s' "${PATH%"$tail"}"; sleep 1.5; echo "$tail z"
        echo "$PATH" >&2; printf ready; sleep 1.5"#;
    let scene = Scene::with(vec![adapter("leaky", script, "secret_env = [\"PATH\"]\n")]).await;
    let path = std::env::var("PATH").unwrap();
    let shown = async {
        let mut shown = Vec::new();
        while !shown.last().is_some_and(|tail: &String| tail.contains("ready")) {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let page = PageRequest { limit: 1, ..PageRequest::default() };
            let listed = scene.control.list(&scene.admin, DecisionFilter::default(), &page).await.unwrap();
            if let Some(row) = listed.rows.first() {
                let live = scene.control.live(&scene.admin, &row.id).await.unwrap();
                shown.extend(live.map(|live| live.tail));
            }
        }
        shown
    };
    let ((view, step), shown) = tokio::join!(run(&scene, "subprocess:leaky", None), shown);
    assert_eq!(view.lifecycle.state, State::Completed);
    assert_eq!(text(&step, "stdout"), "a [redacted] z\nready");
    assert_eq!(text(&step, "stderr"), "[redacted]\n");
    assert!(shown.iter().any(|tail| tail == "a "), "the first half is held back: {shown:?}");
    for tail in shown {
        assert!(!tail.contains(&path[..8]) && !tail.contains(&path[8..]), "{tail}");
    }
}

#[tokio::test]
async fn what_cannot_be_started_is_a_recorded_failure() {
    let config: SubprocessConfig =
        toml::from_str("name = \"gone\"\ncommand = [\"/does/not/exist\"]\n").unwrap();
    let scene = Scene::with(vec![config]).await;
    let (view, _) = run(&scene, "subprocess:gone", None).await;
    assert_eq!(view.lifecycle.state, State::Failed);
    assert!(view.lifecycle.blocking_reasons[0].message.contains("could not be started"));
}

#[tokio::test]
async fn a_plan_that_does_not_fit_is_refused_before_anything_is_recorded() {
    let mut config = adapter("deploy", "true", "[fields.tag]\ntype = \"text\"\n");
    config.command.extend(["deploy".to_owned(), "{tag}".to_owned()]);
    let scene = Scene::with(vec![config]).await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.control.request(&scene.admin, input(Mode::Apply, 1)).await.unwrap().id.clone();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let refused =
        scene.control.execute(&scene.admin, &id, None, "subprocess:deploy", None).await.unwrap_err();
    assert!(refused.to_string().contains("JSON object with tag"), "{refused}");
    assert!(scene.load(&id).await.executions.is_empty());
}

#[tokio::test]
async fn a_dry_run_reaches_no_adapter() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("touched");
    let scene = Scene::with(vec![adapter("touch", &format!("touch {}", file.display()), "")]).await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let done = scene.control.execute(&scene.admin, &id, None, "subprocess:touch", None).await.unwrap();
    assert_eq!(done.state(scene.control.now(), &Standing::of_the_log()), State::Completed);
    assert!(!file.exists());
}

#[tokio::test]
async fn more_steps_than_the_policy_allows_is_a_failure() {
    // One command is one step, so the limit is tested where it is decided.
    use governance::decide::{Outcome, finish};
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let mut request = input(Mode::DryRun, 1);
    request.policy.max_steps = Some(3);
    let id = scene.control.request(&scene.admin, request).await.unwrap().id.clone();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let mut decision = scene.load(&id).await;
    decision.phase = governance::Phase::Executing;
    let outcome = Outcome::Completed { response_digest: "d".to_owned(), steps_executed: 4 };
    let events = finish(&decision, "run", outcome).unwrap();
    assert_eq!(events[0].body.type_name(), "EXECUTION_FAILED");
    assert_eq!(
        events[0].body.payload().get("error_code").and_then(Value::as_str),
        Some("MAX_STEPS_EXCEEDED")
    );
}

/// A command that leaves its own group is no longer reached through it.
#[tokio::test]
async fn a_command_that_left_its_group_ends_with_the_time_limit_too() {
    let script = "exec perl -e 'setpgrp(0, getpgrp(getppid())); $| = 1; print \"begun\"; sleep 600'";
    let more = "timeout_seconds = 2\nenv = [\"PATH\"]\n";
    let scene = Scene::with(vec![adapter("leaver", script, more)]).await;
    let started = Instant::now();
    let (view, step) = run(&scene, "subprocess:leaver", None).await;
    assert_eq!(view.lifecycle.state, State::Failed);
    assert_eq!(text(&step, "stdout"), "begun");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
