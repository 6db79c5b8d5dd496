//! A workspace with one person of each role, on a fresh database.

use control::access::SetupInput;
use control::people::NewPerson;
use control::requests::RequestInput;
use control::routers::SubprocessConfig;
use control::{Caller, Clock, Control, Door, Role, Routers, SystemEntropy};
use governance::decide::PolicyInput;
use governance::{Decision, DecisionId, Mode, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub const PASSWORD: &str = "correct horse battery";

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

pub struct Scene {
    pub control: Control,
    pub clock: Arc<TestClock>,
    pub admin: Caller,
    pub folder: tempfile::TempDir,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Vec::new()).await
    }

    pub async fn with(adapters: Vec<SubprocessConfig>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_763_700_000_000_000)));
        let control = open(&folder, &clock, adapters).await;
        let token = control.issue_setup_token().await.unwrap().unwrap();
        let input = SetupInput {
            workspace: "Northwind".to_owned(),
            name: "Ada Admin".to_owned(),
            email: "Ada@Example.com".to_owned(),
            password: PASSWORD.to_owned(),
        };
        let signed_in = control.redeem_setup(&token, input).await.unwrap();
        let admin = control.caller(&signed_in.workspace, &signed_in.person_id, Door::Web).await.unwrap();
        Self { control, clock, admin, folder }
    }

    /// Adds a person with these roles and calls as them.
    pub async fn person(&self, name: &str, roles: &[Role]) -> Caller {
        let new = NewPerson {
            email: format!("{name}@example.com"),
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
            roles: roles.to_vec(),
        };
        let person = self.control.add_person(&self.admin, new).await.unwrap();
        self.control.caller(&self.admin.workspace, &person.id, Door::Web).await.unwrap()
    }

    /// A rehearsal that takes this many approvals, asked for by the caller.
    pub async fn request(&self, by: &Caller, approvals: i64) -> DecisionId {
        self.control.request(by, input(Mode::DryRun, approvals)).await.unwrap().id.clone()
    }

    pub async fn load(&self, id: &DecisionId) -> Decision {
        self.control.decision(&self.admin, id).await.unwrap().decision
    }
}

pub async fn open(
    folder: &tempfile::TempDir,
    clock: &Arc<TestClock>,
    adapters: Vec<SubprocessConfig>,
) -> Control {
    let url = format!("sqlite://{}", folder.path().join("nexus.db").display());
    let store = store::open(&url).await.unwrap();
    let clock: Arc<dyn Clock> = clock.clone();
    let routers = Routers::new(adapters, &clock).unwrap();
    Control::new(store, routers, clock, Arc::new(SystemEntropy))
}

pub fn input(mode: Mode, approvals: i64) -> RequestInput {
    RequestInput {
        goal: "Rotate the staging keys".to_owned(),
        plan: None,
        mode,
        template: None,
        policy: PolicyInput { min_approvals: Some(approvals), ..PolicyInput::default() },
    }
}
