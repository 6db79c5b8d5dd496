//! Stopping: by somebody, or by the time limit. The router is told first, and ended when it does not listen.

use crate::scene::{PLAN, Scene, error};
use governance::decide::PolicyInput;
use governance::{Mode, Phase};
use std::time::{Duration, Instant};

/// Starts a run, waits until the router works on it and cancels it.
async fn cancelled(mode: &str) -> (Scene, Duration) {
    let scene = Scene::new(mode, "timeout_seconds = 60\nsecret_env = [\"PATH\"]").await;
    let id = scene.approved(Mode::Apply, Some(PLAN), PolicyInput::default()).await;
    let cancel = async {
        scene.log.wait_for("nexus-router.run").await;
        let secret = std::env::var("PATH").unwrap();
        loop {
            let live = scene.control.live(&scene.ada, &id).await.unwrap();
            if let Some(live) = live.filter(|live| live.steps == 3) {
                assert_eq!(live.tail, "half way, key [redacted]\n");
                assert!(!live.doing.contains(&secret), "{}", live.doing);
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        scene.control.cancel(&scene.ada, &id).await.unwrap();
        Instant::now()
    };
    let (done, since) = tokio::join!(scene.execute(&id), cancel);
    let (done, took) = (done.unwrap(), since.elapsed());
    let (code, words) = error(&done);
    assert_eq!((&done.phase, code.as_str()), (&Phase::Failed, "CANCELLED"), "{words}");
    assert!(words.contains("cancelled by ada@example.com"), "{words}");
    scene.package(&done).await;
    assert!(scene.log.all_gone().await, "with everything that it started");
    (scene, took)
}

#[tokio::test]
async fn cancelling_tells_the_router_and_says_who_wanted_it() {
    let (scene, took) = cancelled("silent").await;
    assert_eq!(scene.log.count("cancelled"), 1);
    assert!(took < Duration::from_secs(5), "it left by itself: {took:?}");
}

#[tokio::test]
async fn a_router_that_does_not_listen_is_ended() {
    let (_, took) = cancelled("stubborn").await;
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[tokio::test]
async fn a_run_ends_at_its_time_limit() {
    let scene = Scene::new("silent", "timeout_seconds = 2").await;
    let started = Instant::now();
    let done = scene.run(Some(PLAN)).await;
    let (code, words) = error(&done);
    assert_eq!((&done.phase, code.as_str()), (&Phase::Failed, "TIMED_OUT"), "{words}");
    assert!(words.contains("2 seconds") && words.contains("only it can say"), "{words}");
    assert!(started.elapsed() < Duration::from_secs(12));
    assert_eq!(scene.log.count("cancelled"), 1);
    assert!(scene.log.all_gone().await);
}

#[tokio::test]
async fn a_router_that_does_not_begin_to_speak_started_nothing_and_leaves_nothing() {
    let scene = Scene::new("mute", "timeout_seconds = 2").await;
    let (code, words) = error(&scene.run(Some(PLAN)).await);
    assert_eq!(code, "TIMED_OUT", "{words}");
    assert!(words.ends_with("nothing was started"), "{words}");
    assert!(scene.log.all_gone().await);
    assert_eq!(scene.log.lines().iter().filter(|line| line.starts_with("started ")).count(), 3);
}

#[tokio::test]
async fn a_router_that_stops_listening_in_the_middle_of_a_request_is_ended_too() {
    let scene = Scene::new("deaf", "timeout_seconds = 2").await;
    // More than a pipe holds.
    let plan = PLAN.replace("roll out", &"roll out ".repeat(10_000));
    let started = Instant::now();
    let (code, words) = error(&scene.run(Some(&plan)).await);
    assert_eq!(code, "TIMED_OUT", "{words}");
    assert!(started.elapsed() < Duration::from_secs(12));
    assert!(scene.log.all_gone().await);
}
