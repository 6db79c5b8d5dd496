//! A workspace with an admin who has every role, on a fresh database, and whoever else a test needs.

use control::requests::RequestInput;
use control::routers::SubprocessConfig;
use control::{Caller, Clock, Control, Entrance, Error, Role, Routers, SystemEntropy, password};
use governance::decide::PolicyInput;
use governance::workspace_log::{Act, ActKind, Door, Entry, NewEntry};
use governance::{Actor, Decision, DecisionId, Mode, PersonId, Timestamp, Value, WorkspaceId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::{Change, Enactment};
use tokio::sync::OnceCell;

pub const PASSWORD: &str = "correct horse battery";
/// Where everybody calls from.
pub const ADDRESS: &str = "192.0.2.1";
/// Set where there is a Postgres to try.
const POSTGRES: &str = "NEXUS_TEST_POSTGRES_URL";

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
    /// Of everybody's address. Actor ids are taken once in a database, and tests share the one on Postgres.
    pub domain: String,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Vec::new()).await
    }

    pub async fn with(adapters: Vec<SubprocessConfig>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_763_700_000_000_000)));
        let control = open(&folder, &clock, adapters).await;
        Self::begin(control, clock, folder, "example.com".to_owned()).await
    }

    /// The same scene on every engine that is there.
    pub async fn each() -> Vec<Self> {
        let mut scenes = vec![Self::new().await];
        if let Ok(url) = std::env::var(POSTGRES) {
            let folder = tempfile::tempdir().unwrap();
            let clock = Arc::new(TestClock(AtomicI64::new(1_763_700_000_000_000)));
            let control = open_at(&url, &clock, Vec::new()).await;
            // The name of the folder is as unique as a name can be.
            let tag = folder.path().file_name().unwrap().to_str().unwrap().replace('.', "").to_lowercase();
            scenes.push(Self::begin(control, clock, folder, format!("{tag}.example.com")).await);
        } else {
            println!("{POSTGRES} is not set: SQLite alone");
        }
        scenes
    }

    async fn begin(
        control: Control,
        clock: Arc<TestClock>,
        folder: tempfile::TempDir,
        domain: String,
    ) -> Self {
        let admin = newcomer(&control, "ada", &domain).await;
        let workspace = found(&control, "Northwind", admin).await;
        let person = workspace.1;
        let entrance = Entrance::web(ADDRESS, control.now());
        let admin = control.caller(&workspace.0, &person, entrance).await.unwrap();
        Self { control, clock, admin, folder, domain }
    }

    /// Adds a person with these roles to the admin's workspace and calls as them.
    pub async fn person(&self, name: &str, roles: &[Role]) -> Caller {
        self.member(&self.admin.workspace, name, roles).await
    }

    /// Adds a person with these roles to a workspace and calls as them. Their password is the known one.
    pub async fn member(&self, workspace: &WorkspaceId, name: &str, roles: &[Role]) -> Caller {
        let person = newcomer(&self.control, name, &self.domain).await;
        let id = person.id.clone();
        let entry = entry(&self.control, ActKind::PersonJoined, &person.actor_id);
        let changes = vec![Change::CreatePerson(person), join(workspace, &id, roles)];
        enact(&self.control, workspace, changes, entry).await;
        self.call(workspace, &id).await.unwrap()
    }

    /// Makes somebody who is there already a member of another workspace, and calls as them there.
    pub async fn also(&self, workspace: &WorkspaceId, caller: &Caller, roles: &[Role]) -> Caller {
        let entry = entry(&self.control, ActKind::PersonJoined, caller.actor.id());
        let changes = vec![join(workspace, &caller.person, roles)];
        enact(&self.control, workspace, changes, entry).await;
        self.call(workspace, &caller.person).await.unwrap()
    }

    /// Another workspace, with somebody in every role who belongs nowhere else.
    pub async fn elsewhere(&self, name: &str) -> Caller {
        let person = newcomer(&self.control, &format!("{name}-admin"), &self.domain).await;
        let (workspace, person) = found(&self.control, name, person).await;
        self.call(&workspace, &person).await.unwrap()
    }

    /// The next call of somebody who signs in at this moment.
    pub async fn call(&self, workspace: &WorkspaceId, person: &PersonId) -> Result<Caller, Error> {
        self.control.caller(workspace, person, Entrance::web(ADDRESS, self.control.now())).await
    }

    /// The same person's next call, after signing in again.
    pub async fn again(&self, caller: &Caller) -> Result<Caller, Error> {
        self.call(&caller.workspace, &caller.person).await
    }

    /// Keeps somebody out, or lets them back in.
    pub async fn suspend(&self, caller: &Caller, suspended: bool) {
        self.control.set_suspended(&self.admin, &caller.person, suspended).await.unwrap();
    }

    /// A rehearsal that takes this many approvals, asked for by the caller.
    pub async fn request(&self, by: &Caller, approvals: i64) -> DecisionId {
        self.control.request(by, input(Mode::DryRun, approvals)).await.unwrap().id.clone()
    }

    pub async fn load(&self, id: &DecisionId) -> Decision {
        self.control.decision(&self.admin, id).await.unwrap().decision
    }

    /// The whole log of a workspace.
    pub async fn log(&self, workspace: &WorkspaceId) -> Vec<Entry> {
        self.control.store().whole_workspace_log(workspace).await.unwrap()
    }
}

/// The known password's hash. Hashing is slow on purpose; once is enough.
async fn known_hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(|| async { password::hash(PASSWORD, &SystemEntropy).await.unwrap() }).await.clone()
}

fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("{what}_{}_{nanos}_{number}", std::process::id())
}

async fn newcomer(control: &Control, name: &str, domain: &str) -> NewPerson {
    NewPerson {
        id: PersonId::new(unique("prs")).unwrap(),
        actor_id: format!("{name}@{domain}"),
        name: name.to_owned(),
        password_hash: Some(known_hash().await),
        created_at: control.now(),
    }
}

fn join(workspace: &WorkspaceId, person: &PersonId, roles: &[Role]) -> Change {
    let given_roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
    Change::Join { workspace: workspace.clone(), person: person.clone(), given_roles }
}

fn entry(control: &Control, kind: ActKind, about: &str) -> NewEntry {
    let act = Act { kind, about: about.to_owned(), before: Value::Null, after: Value::Null };
    NewEntry { ts: control.now(), actor: Actor::control(), door: Door::Server, address: String::new(), act }
}

/// Founds a workspace with this person in every role.
async fn found(control: &Control, name: &str, person: NewPerson) -> (WorkspaceId, PersonId) {
    let id = WorkspaceId::new(unique("wsp")).unwrap();
    let workspace = WorkspaceRecord {
        id: id.clone(),
        name: name.to_owned(),
        forbid_self_approval: true,
        created_at: control.now(),
        log_length: 0,
    };
    let person_id = person.id.clone();
    let changes = vec![
        Change::CreateWorkspace(workspace),
        Change::CreatePerson(person),
        join(&id, &person_id, &Role::ALL),
    ];
    enact(control, &id, changes, entry(control, ActKind::WorkspaceCreated, name)).await;
    (id, person_id)
}

async fn enact(control: &Control, workspace: &WorkspaceId, changes: Vec<Change>, entry: NewEntry) {
    let entries = vec![(workspace.clone(), entry)];
    control.store().enact(Enactment { changes, entries, expected: None }).await.unwrap();
}

pub async fn open(
    folder: &tempfile::TempDir,
    clock: &Arc<TestClock>,
    adapters: Vec<SubprocessConfig>,
) -> Control {
    let url = format!("sqlite://{}", folder.path().join("nexus.db").display());
    open_at(&url, clock, adapters).await
}

async fn open_at(url: &str, clock: &Arc<TestClock>, adapters: Vec<SubprocessConfig>) -> Control {
    let store = store::open(url).await.unwrap();
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

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}
