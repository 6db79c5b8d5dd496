//! Routers that die, answer twice, answer something else or never end. Each has a named state, and its evidence
//! verifies like any other.

use crate::scene::{PLAN, Scene, error};
use governance::decide::PolicyInput;
use governance::{Mode, Phase};

/// Runs through a router that misbehaves so.
async fn ends_as(mode: &str, expected: &str, says: &str) {
    let scene = Scene::new(mode, "timeout_seconds = 60").await;
    let done = scene.run(Some(PLAN)).await;
    let (code, words) = error(&done);
    assert_eq!((&done.phase, code.as_str()), (&Phase::Failed, expected), "{mode}: {words}");
    assert!(words.contains(says), "{mode}: {words}");
    scene.package(&done).await;
    assert!(scene.log.all_gone().await, "{mode}");
}

#[tokio::test]
async fn a_router_that_dies_is_lost() {
    ends_as("dies", "ROUTER_LOST", "nobody knows what it did").await;
}

#[tokio::test]
async fn a_router_that_answers_twice_is_not_believed() {
    ends_as("twice", "ROUTER_ANSWERED_TWICE", "twice").await;
    // With its last words, after everything else went well.
    ends_as("twice-late", "ROUTER_ANSWERED_TWICE", "twice").await;
}

#[tokio::test]
async fn the_very_same_answer_again_is_no_second_answer() {
    let scene = Scene::new("twice-the-same", "").await;
    let done = scene.run(Some(PLAN)).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
}

#[tokio::test]
async fn an_answer_about_something_else_is_not_believed() {
    for (mode, says) in [
        ("other-adapter", "the adapter is `null` and not `deploy`"),
        ("other-mode", "the mode is `dry_run` and not `apply`"),
        ("other-plan", "plan"),
        ("simulates", "only simulated"),
        ("other-run", "run-of-yesterday"),
        ("other-goal", "something else"),
        ("unasked", "nobody asked"),
    ] {
        ends_as(mode, "ROUTER_ANSWERED_OTHER", says).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_not_believed() {
    for (mode, says) in [
        ("garbage", "no MCP message: `starting the run …`"),
        ("no-record", "no such run"),
        ("edited-record", "digest"),
    ] {
        ends_as(mode, "ROUTER_ANSWER_INVALID", says).await;
    }
}

#[tokio::test]
async fn output_that_never_ends_is_cut_off() {
    ends_as("endless-line", "ROUTER_ANSWER_INVALID", "MiB").await;
    ends_as("endless-progress", "ROUTER_ANSWER_INVALID", "MiB").await;
}

#[tokio::test]
async fn a_routers_own_no_is_told_in_its_words() {
    ends_as("refuses", "ROUTER_REFUSED", "no such adapter (UNKNOWN_ADAPTER); nothing was started").await;
    ends_as("no-method", "ROUTER_REFUSED", "that is not possible (-32601); nothing was started").await;
    ends_as("tool-error", "ROUTER_RUN_FAILED", "the adapter has a bug").await;
    ends_as("record-failed", "ROUTER_RUN_FAILED", "`FAILED`").await;
}

#[tokio::test]
async fn a_no_that_may_come_in_the_middle_of_a_run_or_after_it_proves_nothing() {
    ends_as("wrong-params", "ROUTER_RUN_FAILED", "that is not possible (-32602)").await;
    let says = "the router ran it and does not hand over its record";
    ends_as("refuses-record", "ROUTER_ANSWER_INVALID", says).await;
}

#[tokio::test]
async fn more_steps_than_the_policy_allows_is_a_failure_whatever_the_router_says() {
    let scene = Scene::new("many-steps", "").await;
    let few = PolicyInput { max_steps: Some(2), ..PolicyInput::default() };
    let id = scene.approved(Mode::Apply, Some(PLAN), few).await;
    let done = scene.execute(&id).await.unwrap();
    assert_eq!((&done.phase, error(&done).0.as_str()), (&Phase::Failed, "MAX_STEPS_EXCEEDED"));
    scene.package(&done).await;
}

#[tokio::test]
async fn a_secret_that_a_router_tells_is_not_kept() {
    let secret = std::env::var("PATH").unwrap();
    let scene = Scene::new("tells-secret", "secret_env = [\"PATH\"]").await;
    let done = scene.run(Some(PLAN)).await;
    assert_eq!(done.phase, Phase::Completed, "{:?}", error(&done));
    let (package, _) = scene.package(&done).await;
    assert!(package.contains("[redacted]") && !package.contains(&secret));

    let scene = Scene::new("tells-secret-in-record", "secret_env = [\"PATH\"]").await;
    let done = scene.run(Some(PLAN)).await;
    let (code, words) = error(&done);
    assert_eq!(code, "ROUTER_ANSWER_INVALID", "a record cannot be changed without breaking its digest");
    assert!(words.contains("secret") && !words.contains(&secret), "{words}");
    assert!(!scene.package(&done).await.0.contains(&secret));
}
