//! What a router offers is read from it, when asked and before every run.

use crate::scene::{DEPLOY, Log, PLAN, PROGRAM, Scene, error};
use control::Router;
use governance::Mode;
use governance::Phase;
use governance::decide::PolicyInput;

async fn silent(mode: &str) -> (Scene, String) {
    let folder = tempfile::tempdir().unwrap();
    let log = Log(folder.path().join("log"));
    let command = [PROGRAM, "--mode", mode, "--log", log.0.to_str().unwrap()];
    let scene = Scene::with(&format!("command = {command:?}"), None, log, folder).await;
    let words = scene.router.refresh().await.unwrap_err();
    (scene, words)
}

#[tokio::test]
async fn adapters_and_their_capabilities_come_from_the_router() {
    let scene = Scene::new("", "").await;
    let adapters = scene.router.adapters();
    let ids: Vec<&str> = adapters.iter().map(|adapter| adapter.id.as_str()).collect();
    assert_eq!(ids, [DEPLOY, "nexus-router:ops:null"]);
    assert_eq!(adapters[0].capabilities, ["apply", "dry_run", "external", "timeout"]);
    assert!(!adapters[0].dry_run_only && adapters[1].dry_run_only);
    assert_eq!(scene.log.runs(), 0);
    assert!(scene.log.all_gone().await);
}

#[tokio::test]
async fn a_router_that_does_not_say_runs_what_was_declared() {
    let more = "[[adapter]]\nid = \"deploy\"\ndescription = \"Ships\"\ncapabilities = [\"apply\"]\n";
    let scene = Scene::new("no-adapters", more).await;
    assert_eq!(scene.router.adapters()[0].description, "Ships");
    let done = scene.run(Some(PLAN)).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
}

#[tokio::test]
async fn a_router_that_is_not_there_has_no_adapters_until_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("router");
    let log = Log(folder.path().join("log"));
    let command = [program.to_str().unwrap(), "--log", log.0.to_str().unwrap()].map(str::to_owned);
    let scene = Scene::with(&format!("command = {command:?}"), None, log, folder).await;
    let words = scene.router.refresh().await.unwrap_err();
    assert!(words.contains("`ops`") && words.contains("could not be started"), "{words}");
    assert!(scene.router.adapters().is_empty());
    std::os::unix::fs::symlink(PROGRAM, &program).unwrap();
    scene.router.refresh().await.unwrap();
    assert_eq!(scene.router.adapters().len(), 2);

    // Gone again, it keeps its adapters, and a run through one says that nobody is there.
    std::fs::remove_file(&program).unwrap();
    scene.router.refresh().await.unwrap_err();
    let (code, words) = error(&scene.run(Some(PLAN)).await);
    assert_eq!(code, "ROUTER_UNREACHABLE");
    assert!(words.contains("nothing was started"), "{words}");
}

#[tokio::test]
async fn a_server_that_is_no_nexus_router_says_why_it_is_not_used() {
    for (mode, says) in [
        ("no-run", "no tool `nexus-router.run`"),
        ("garbage-first", "no MCP message: `Welcome to nexus-router!`"),
        ("db-path", "db_path"),
    ] {
        let (scene, words) = silent(mode).await;
        assert!(words.contains(says), "{mode}: {words}");
        assert!(scene.router.adapters().is_empty(), "{mode}");
    }
    let scene = Scene::new("db-path", "db_path = \"runs.db\"").await;
    assert_eq!(scene.run(Some(PLAN)).await.phase, Phase::Completed);
}

#[tokio::test]
async fn what_an_adapter_lost_since_is_noticed_before_the_run() {
    for (mode, expected) in
        [("loses-capability", "MISSING_CAPABILITIES"), ("loses-adapter", "ROUTER_REFUSED")]
    {
        let scene = Scene::new(mode, "").await;
        let needs = PolicyInput {
            require_adapter_capabilities: Some(vec!["timeout".to_owned()]),
            ..PolicyInput::default()
        };
        let id = scene.approved(Mode::Apply, Some(PLAN), needs).await;
        let (code, words) = error(&scene.execute(&id).await.unwrap());
        assert_eq!(code, expected, "{words}");
        assert!(words.ends_with("nothing was started"), "{words}");
        assert_eq!(scene.log.runs(), 0, "{mode}");
    }
}
