//! The same router over streamable HTTP, on a real socket.

use crate::scene::{DEPLOY, Log, PLAN, PROGRAM, Scene, declare, error};
use control::Router;
use governance::Phase;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server process that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn scene(mode: &str, token: Option<&str>, limit: u32) -> (Scene, Server) {
    let folder = tempfile::tempdir().unwrap();
    let log = Log(folder.path().join("log"));
    let mut command = Command::new(PROGRAM);
    command.args(["--http", "--token", "t0ken", "--mode", mode, "--log"]).arg(&log.0);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let declared = format!(
        "url = \"http://{}/mcp\"\nallow_private = [\"127.0.0.0/8\"]\ntimeout_seconds = {limit}\n",
        address.trim()
    );
    let scene = Scene::with(&declared, token, log, folder).await;
    (scene, Server(child))
}

async fn ready(mode: &str, limit: u32) -> (Scene, Server) {
    let (scene, server) = scene(mode, Some("t0ken"), limit).await;
    scene.router.refresh().await.unwrap();
    (scene, server)
}

#[tokio::test]
async fn a_run_over_http_is_as_good_as_one_over_pipes() {
    let (scene, _server) = ready("", 60).await;
    assert_eq!(scene.router.adapters()[0].id, DEPLOY);
    let done = scene.run(Some(PLAN)).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
    let (package, record) = scene.package(&done).await;
    assert!(record.get("provenance").is_none() && !package.contains("t0ken"));
    assert_eq!(scene.log.runs(), 1);
    scene.log.wait_for("ended session-1").await;
}

#[tokio::test]
async fn a_router_that_knows_no_handshake_is_spoken_to_without_one() {
    let (scene, _server) = ready("modern", 60).await;
    let done = scene.run(Some(PLAN)).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
    let scene = Scene::new("modern", "").await;
    let done = scene.run(Some(PLAN)).await;
    assert_eq!((&done.phase, error(&done).1), (&Phase::Completed, String::new()));
    assert_eq!(scene.log.runs(), 1);
}

#[tokio::test]
async fn a_router_that_wants_another_token_or_leads_elsewhere_is_not_used() {
    let (scene, _server) = scene("", Some("wrong"), 60).await;
    let words = scene.router.refresh().await.unwrap_err();
    assert!(words.contains("401") && !words.contains("wrong"), "{words}");
    let (scene, _server) = self::scene("redirects", Some("t0ken"), 60).await;
    let words = scene.router.refresh().await.unwrap_err();
    assert!(words.contains("302"), "{words}");
    assert!(scene.router.adapters().is_empty());
}

#[tokio::test]
async fn each_way_to_fail_over_http_has_its_name() {
    for (mode, expected, says) in [
        ("drops", "ROUTER_LOST", "nobody knows what it did"),
        ("breaks", "ROUTER_LOST", "500"),
        ("tired", "ROUTER_LOST", "408"),
        ("no-answer", "ROUTER_LOST", "without an answer"),
        ("forbids", "ROUTER_REFUSED", "403"),
        ("page", "ROUTER_ANSWER_INVALID", "text/html"),
        ("endless", "ROUTER_ANSWER_INVALID", "MiB"),
        ("twice", "ROUTER_ANSWERED_TWICE", "twice"),
        ("other-adapter", "ROUTER_ANSWERED_OTHER", "`null`"),
    ] {
        let (scene, _server) = ready(mode, 60).await;
        let done = scene.run(Some(PLAN)).await;
        let (code, words) = error(&done);
        assert_eq!((&done.phase, code.as_str()), (&Phase::Failed, expected), "{mode}: {words}");
        assert!(words.contains(says), "{mode}: {words}");
        scene.package(&done).await;
    }
}

#[tokio::test]
async fn a_run_over_http_ends_at_its_time_limit_and_the_router_is_told() {
    let (scene, _server) = ready("hangs", 2).await;
    let (code, words) = error(&scene.run(Some(PLAN)).await);
    assert_eq!(code, "TIMED_OUT", "{words}");
    scene.log.wait_for("cancelled").await;
    assert_eq!(scene.log.runs(), 1, "and it is not asked again");
}

#[tokio::test]
async fn a_router_that_is_gone_started_nothing() {
    let (scene, server) = ready("", 60).await;
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (code, words) = error(&scene.run(Some(PLAN)).await);
    assert_eq!(code, "ROUTER_UNREACHABLE");
    assert!(words.ends_with("nothing was started"), "{words}");
}

#[tokio::test]
async fn an_address_that_nobody_opened_is_never_asked() {
    let refused = declare("url = \"http://127.0.0.1:1/mcp\"", None).err().unwrap();
    assert!(refused.contains("allow_private"), "{refused}");
    let public = declare("url = \"https://localhost:1/mcp\"", None).unwrap();
    let words = public.refresh().await.unwrap_err();
    assert!(words.contains("nothing was started"), "{words}");
}
