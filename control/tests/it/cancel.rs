//! Stopping a run: the command ends with everything it started, the log says who wanted it, and a run that is over stays
//! as it ended.

use crate::scene::{Scene, code, input};
use control::routers::SubprocessConfig;
use control::{Caller, Role};
use governance::verify::verify_text;
use governance::{Decision, DecisionId, Mode, Phase};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

fn adapter(script: &str) -> SubprocessConfig {
    toml::from_str(&format!("name = \"work\"\ncommand = [\"/bin/sh\", \"-c\", {script:?}]\n")).unwrap()
}

async fn approved(scene: &Scene) -> (Caller, DecisionId) {
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.control.request(&scene.admin, input(Mode::Apply, 1)).await.unwrap().id.clone();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    (bo, id)
}

/// Starts the run and waits until the command says that it has begun.
async fn begun(scene: &Scene, id: &DecisionId) -> JoinHandle<Arc<Decision>> {
    let (control, admin, named) = (scene.control.clone(), scene.admin.clone(), id.clone());
    let run =
        tokio::spawn(
            async move { control.execute(&admin, &named, None, "subprocess:work", None).await.unwrap() },
        );
    let said = async {
        loop {
            let live = scene.control.live(&scene.admin, id).await.unwrap();
            if live.is_some_and(|live| live.tail.contains("begun")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), said).await.unwrap();
    run
}

fn error(decision: &Decision) -> (&str, &str) {
    let error = decision.latest_execution().unwrap().error.as_ref().unwrap();
    (&error.0, &error.1)
}

/// Whether a process with the number in the file is still there.
async fn is_there(file: &Path) -> bool {
    let number = std::fs::read_to_string(file).unwrap();
    for _ in 0..40 {
        // A zombie counts as gone: nobody may have collected it yet.
        let status = std::fs::read_to_string(format!("/proc/{}/stat", number.trim())).unwrap_or_default();
        if status.is_empty() || status.contains(") Z ") {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

#[tokio::test]
async fn a_cancelled_command_ends_with_its_children_and_the_log_says_who_wanted_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("child");
    let script = format!("trap '' TERM; sleep 600 & echo $! > {}; echo begun; wait", file.display());
    let scene = Scene::with(vec![adapter(&script)]).await;
    let (bo, id) = approved(&scene).await;
    let run = begun(&scene, &id).await;
    assert_eq!(scene.load(&id).await.phase, Phase::Executing);
    let asked = Instant::now();
    scene.control.cancel(&bo, &id).await.unwrap();
    // Asking twice changes nothing, nor does somebody else's name.
    drop(scene.control.cancel(&scene.admin, &id).await);
    let decision = run.await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    let (code, words) = error(&decision);
    assert_eq!(code, "CANCELLED");
    assert!(words.contains(bo.actor.id()), "{words}");
    assert!(!is_there(&file).await);
    let package = scene.control.export_package(&scene.admin, &id, true).await.unwrap();
    assert!(verify_text(&package.json).unwrap().ok);
    assert!(package.json.contains("begun"), "what it had said is kept");
}

#[tokio::test]
async fn a_command_that_never_stops_talking_is_cancelled_like_any_other() {
    let scene = Scene::with(vec![adapter("echo begun; sleep 1.5; yes")]).await;
    let (bo, id) = approved(&scene).await;
    let run = begun(&scene, &id).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    scene.control.cancel(&bo, &id).await.unwrap();
    let decision = tokio::time::timeout(Duration::from_secs(15), run).await.unwrap().unwrap();
    assert_eq!(error(&decision).0, "CANCELLED");
}

#[tokio::test]
async fn what_does_not_run_cannot_be_cancelled() {
    let scene = Scene::with(vec![adapter("echo begun; sleep 2")]).await;
    let (bo, id) = approved(&scene).await;
    assert_eq!(code(scene.control.cancel(&bo, &id).await), "NOT_EXECUTING");
    let run = begun(&scene, &id).await;
    let requester = scene.person("rita", &[Role::Requester]).await;
    assert_eq!(code(scene.control.cancel(&requester, &id).await), "NOT_FOUND", "it is somebody else's");
    let decision = run.await.unwrap();
    assert_eq!(decision.phase, Phase::Completed);
    assert_eq!(code(scene.control.cancel(&bo, &id).await), "NOT_EXECUTING");
    assert_eq!(scene.load(&id).await.phase, Phase::Completed);
    assert!(scene.control.live(&scene.admin, &id).await.unwrap().is_none());
}
