//! A workspace whose only router is the tests' own server process, and what that process wrote down.

use control::access::set_up::SetupInput;
use control::requests::RequestInput;
use control::{Caller, Clock, Control, Entrance, Error, Router, Routers, SystemClock, SystemEntropy};
use governance::decide::PolicyInput;
use governance::json::{self, Value};
use governance::{Decision, DecisionId, Mode, verify};
use routers::{NexusRouter, NexusRouterConfig};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The server's program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_nexus-router-for-tests");
/// The adapter that really runs.
pub const DEPLOY: &str = "nexus-router:ops:deploy";
/// One step that goes well.
pub const PLAN: &str = r#"[{"step_id":"s1","intent":"roll out","call":{"tool":"ship","method":"deploy","args":{"to":"staging"}}}]"#;

pub struct Scene {
    pub control: Control,
    pub ada: Caller,
    pub router: Arc<NexusRouter>,
    pub log: Log,
    _folder: Option<tempfile::TempDir>,
}

/// What the server wrote down.
#[derive(Clone)]
pub struct Log(pub PathBuf);

impl Log {
    pub fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub fn count(&self, what: &str) -> usize {
        self.lines().iter().filter(|line| *line == what).count()
    }

    /// How often a run was asked for.
    pub fn runs(&self) -> usize {
        self.count("nexus-router.run")
    }

    /// Waits until something is written down.
    pub async fn wait_for(&self, what: &str) {
        for _ in 0..500 {
            if self.count(what) > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("`{what}` never happened: {:?}", self.lines());
    }

    /// Whether every process that it started is gone.
    pub async fn all_gone(&self) -> bool {
        let ids = self.lines();
        let ids: Vec<&str> = ids.iter().filter_map(|line| line.strip_prefix("started ")).collect();
        assert!(!ids.is_empty());
        for _ in 0..100 {
            if !ids.iter().any(|id| is_alive(id)) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

fn is_alive(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // One that nobody waits for any more is dead, too.
    stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next()).is_some_and(|state| state != 'Z')
}

impl Scene {
    /// A router over pipes that misbehaves so, asked once what it offers.
    pub async fn new(mode: &str, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = Log(folder.path().join("log"));
        let command = [PROGRAM, "--mode", mode, "--log", log.0.to_str().unwrap()];
        let scene = Self::with(&format!("command = {command:?}\n{settings}"), None, log, folder).await;
        scene.router.refresh().await.unwrap();
        scene
    }

    /// A router as it is declared; nobody was asked yet.
    pub async fn with(declared: &str, token: Option<&str>, log: Log, folder: tempfile::TempDir) -> Self {
        let router = Arc::new(declare(declared, token).unwrap());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let mut routers = Routers::new(Vec::new(), &clock).unwrap();
        routers.add(router.clone()).unwrap();
        let url = format!("sqlite://{}", folder.path().join("nexus.db").display());
        let control = Control::new(store::open(&url).await.unwrap(), routers, clock, Arc::new(SystemEntropy));
        let setup = control.issue_setup_token().await.unwrap().unwrap();
        let input = SetupInput {
            workspace: "Northwind".to_owned(),
            name: "Ada".to_owned(),
            email: "ada@example.com".to_owned(),
            password: "correct horse battery".to_owned(),
        };
        let signed_in = control.redeem_setup(&setup, input, "192.0.2.1").await.unwrap();
        let entrance = Entrance::web("192.0.2.1", control.now());
        let ada = control.caller(&signed_in.workspace, &signed_in.person_id, entrance).await.unwrap();
        Self { control, ada, router, log, _folder: Some(folder) }
    }

    pub async fn approved(&self, mode: Mode, plan: Option<&str>, policy: PolicyInput) -> DecisionId {
        let input = RequestInput {
            goal: "Roll out größer".to_owned(),
            plan: plan.map(str::to_owned),
            mode,
            template: None,
            policy: PolicyInput { min_approvals: Some(1), forbid_self_approval: Some(false), ..policy },
        };
        let id = self.control.request(&self.ada, input).await.unwrap().id.clone();
        self.control.approve(&self.ada, &id, None, None, None).await.unwrap();
        id
    }

    pub async fn execute(&self, id: &DecisionId) -> Result<Arc<Decision>, Error> {
        self.control.execute(&self.ada, id, None, DEPLOY, None).await
    }

    /// Really runs the plan and answers with the decision as the run left it.
    pub async fn run(&self, plan: Option<&str>) -> Arc<Decision> {
        let id = self.approved(Mode::Apply, plan, PolicyInput::default()).await;
        self.execute(&id).await.unwrap()
    }

    /// The package with the run's record, which anybody can verify, as text and as the record in it.
    pub async fn package(&self, decision: &Decision) -> (String, Value) {
        let package = self.control.export_package(&self.ada, &decision.id, true).await.unwrap();
        let report = verify::verify_text(&package.json).unwrap();
        assert!(report.ok, "{report:?}");
        let value = json::parse(&package.json).unwrap();
        let record = value.get("router").unwrap().get("bundle").unwrap().clone();
        (package.json, record)
    }
}

/// The router `ops`, declared so.
pub fn declare(text: &str, token: Option<&str>) -> Result<NexusRouter, String> {
    let mut config: NexusRouterConfig = toml::from_str(&format!("name = \"ops\"\n{text}")).unwrap();
    config.token = token.map(str::to_owned);
    NexusRouter::new(config, Arc::new(SystemClock))
}

/// Code and words of a failed run; empty when it did not fail.
pub fn error(decision: &Arc<Decision>) -> (String, String) {
    decision.latest_execution().unwrap().error.clone().unwrap_or_default()
}
