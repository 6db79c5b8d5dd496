//! From a request to a verified package, through `control` and a real endpoint.

use crate::endpoint::{Endpoint, Reply, clock, completed, says};
use control::access::set_up::SetupInput;
use control::requests::RequestInput;
use control::{Caller, Control, Entrance, Routers, SystemEntropy};
use governance::decide::PolicyInput;
use governance::verify::verify_text;
use governance::{Decision, DecisionId, Mode, Phase};
use std::sync::Arc;
use std::time::Duration;

struct Scene {
    control: Control,
    ada: Caller,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn new(endpoint: &Endpoint) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("nexus.db").display());
        let mut routers = Routers::new(Vec::new(), &clock()).unwrap();
        routers.add(Arc::new(endpoint.router("timeout_seconds = 60\n"))).unwrap();
        assert!(routers.add(Arc::new(endpoint.router(""))).is_err(), "no two of one name");
        let control =
            Control::new(store::open(&url).await.unwrap(), routers, clock(), Arc::new(SystemEntropy));
        let token = control.issue_setup_token().await.unwrap().unwrap();
        let input = SetupInput {
            workspace: "Northwind".to_owned(),
            name: "Ada".to_owned(),
            email: "ada@example.com".to_owned(),
            password: "correct horse battery".to_owned(),
        };
        let signed_in = control.redeem_setup(&token, input, "192.0.2.1").await.unwrap();
        let entrance = Entrance::web("192.0.2.1", control.now());
        let ada = control.caller(&signed_in.workspace, &signed_in.person_id, entrance).await.unwrap();
        Self { control, ada, _folder: folder }
    }

    async fn approved(&self, mode: Mode, policy: PolicyInput) -> DecisionId {
        let input = RequestInput {
            goal: "Rotate the keys".to_owned(),
            plan: Some("checkout".to_owned()),
            mode,
            template: None,
            policy: PolicyInput { min_approvals: Some(1), forbid_self_approval: Some(false), ..policy },
        };
        let id = self.control.request(&self.ada, input).await.unwrap().id.clone();
        self.control.approve(&self.ada, &id, None, None, None).await.unwrap();
        id
    }

    async fn execute(&self, id: &DecisionId) -> Result<Arc<Decision>, control::Error> {
        self.control.execute(&self.ada, id, None, "http:keys", None).await
    }
}

fn error(decision: &Decision) -> (&str, &str) {
    let error = decision.latest_execution().unwrap().error.as_ref().unwrap();
    (&error.0, &error.1)
}

#[tokio::test]
async fn what_was_approved_runs_at_the_endpoint_and_its_package_verifies() {
    let answer = r#"{"run_id":"RUN","status":"completed","steps_executed":1,
        "results":[{"step":1,"status":"completed","output":{"key":"k2","took":0.25}}]}"#;
    let endpoint = Endpoint::start(vec![says(answer)]).await;
    let scene = Scene::new(&endpoint).await;
    let policy = PolicyInput {
        require_adapter_capabilities: Some(vec!["rotate".to_owned()]),
        max_steps: Some(1),
        ..PolicyInput::default()
    };
    let id = scene.approved(Mode::Apply, policy).await;
    let done = scene.execute(&id).await.unwrap();
    assert_eq!(done.phase, Phase::Completed);
    let sent = endpoint.seen()[0].json();
    let started = done.events.iter().find(|event| event.body.type_name() == "EXECUTION_STARTED").unwrap();
    assert_eq!(started.body.payload().get("router_request_digest"), sent.get("request_digest"));
    assert_eq!(sent.get("plan").and_then(governance::Value::as_str), Some("checkout"));
    let package = scene.control.export_package(&scene.ada, &id, true).await.unwrap();
    assert!(verify_text(&package.json).unwrap().ok);
    assert!(package.json.contains("k2") && !package.json.contains("t0ken"));
    let forged = package.json.replace("k2", "k3");
    assert!(!verify_text(&forged).is_ok_and(|verdict| verdict.ok));
}

#[tokio::test]
async fn what_the_policy_forbids_never_reaches_the_endpoint_and_neither_does_a_rehearsal() {
    let endpoint = Endpoint::start(vec![completed(1)]).await;
    let scene = Scene::new(&endpoint).await;
    let needs =
        PolicyInput { require_adapter_capabilities: Some(vec!["undo".to_owned()]), ..PolicyInput::default() };
    let id = scene.approved(Mode::Apply, needs).await;
    assert_eq!(scene.execute(&id).await.unwrap_err().code(), "MISSING_CAPABILITIES");
    let id = scene.approved(Mode::DryRun, PolicyInput::default()).await;
    assert_eq!(scene.execute(&id).await.unwrap().phase, Phase::Completed);
    assert_eq!(endpoint.connections(), 0);
}

#[tokio::test]
async fn more_steps_than_the_policy_allows_is_a_failure() {
    let endpoint = Endpoint::start(vec![completed(3)]).await;
    let scene = Scene::new(&endpoint).await;
    let id = scene.approved(Mode::Apply, PolicyInput { max_steps: Some(2), ..PolicyInput::default() }).await;
    let done = scene.execute(&id).await.unwrap();
    assert_eq!((&done.phase, error(&done).0), (&Phase::Failed, "MAX_STEPS_EXCEEDED"));
}

#[tokio::test]
async fn a_run_that_is_cancelled_says_who_wanted_it_and_its_package_verifies() {
    let endpoint = Endpoint::start(vec![Reply::Silence]).await;
    let scene = Scene::new(&endpoint).await;
    let id = scene.approved(Mode::Apply, PolicyInput::default()).await;
    let cancel = async {
        while endpoint.seen().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        scene.control.cancel(&scene.ada, &id).await.unwrap();
    };
    let (done, ()) = tokio::join!(scene.execute(&id), cancel);
    let done = done.unwrap();
    let (code, words) = error(&done);
    assert_eq!(code, "CANCELLED");
    assert!(words.contains("ada@example.com") && words.contains("may go on"), "{words}");
    let package = scene.control.export_package(&scene.ada, &id, true).await.unwrap();
    assert!(verify_text(&package.json).unwrap().ok);
}
