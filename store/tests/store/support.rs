//! Benches to try a store on, and tales to tell it.

use governance::{
    Actor, ActorKind, Body, Decision, DecisionId, Event, Mode, NewEvent, Origin, Policy, Timestamp,
    WorkspaceId,
};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor as _};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Append, Appended, DecisionFilter, PageRequest, Store, StoreError};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A store of its own for one test.
pub struct Bench {
    pub store: Arc<dyn Store>,
    pub url: String,
    folder: Option<PathBuf>,
    database: Option<(PgConnectOptions, String)>,
}

fn unique() -> String {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().subsec_nanos();
    format!("nexus_test_{}_{nanos}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A store in a fresh SQLite file.
pub async fn sqlite() -> Bench {
    let folder = std::env::temp_dir().join(unique());
    let url = format!("sqlite://{}", folder.join("nexus.db").display());
    let store = store::open(&url).await.unwrap();
    Bench { store, url, folder: Some(folder), database: None }
}

/// A store in a fresh Postgres database.
pub async fn postgres() -> Bench {
    let Ok(server) = std::env::var("NEXUS_TEST_POSTGRES_URL") else {
        panic!("NEXUS_TEST_POSTGRES_URL is not set; `cargo xtask test` starts a Postgres and sets it");
    };
    let options = PgConnectOptions::from_str(&server).unwrap();
    let name = unique();
    let mut admin: PgConnection = options.connect().await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    let url = options.clone().database(&name).to_url_lossy().to_string();
    let store = store::open(&url).await.unwrap();
    Bench { store, url, folder: None, database: Some((options, name)) }
}

/// Does something behind the store's back.
pub async fn execute(url: &str, sql: &'static str) {
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url).await.unwrap();
        conn.execute(sql).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(url).await.unwrap();
        conn.execute(sql).await.unwrap();
        conn.close().await.unwrap();
    }
}

impl Bench {
    /// Closes the store and removes what it left.
    pub async fn end(self) {
        self.store.close().await;
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(folder).unwrap();
        }
        if let Some((options, name)) = self.database {
            let mut admin: PgConnection = options.connect().await.unwrap();
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
        }
    }
}

/// A moment, in seconds after some beginning.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_763_000_000_000_000 + seconds * 1_000_000)
}

pub fn ws(name: &str) -> WorkspaceId {
    WorkspaceId::new(name).unwrap()
}

pub fn id(name: &str) -> DecisionId {
    DecisionId::new(name).unwrap()
}

pub fn human(name: &str) -> Actor {
    Actor::new(ActorKind::Human, name).unwrap()
}

pub fn created(goal: &str, labels: &[&str]) -> Body {
    Body::DecisionCreated {
        goal: goal.to_owned(),
        plan: None,
        mode: Mode::Apply,
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    }
}

pub fn policy(min_approvals: i64, forbid_self_approval: bool) -> Policy {
    let modes = ["dry_run".to_owned(), "apply".to_owned()];
    let policy = Policy::new(min_approvals, &modes, Vec::new(), None, Vec::new()).unwrap();
    policy.forbidding_self_approval(forbid_self_approval)
}

pub fn attached(min_approvals: i64, forbid_self_approval: bool) -> Body {
    Body::PolicyAttached { policy: policy(min_approvals, forbid_self_approval), template: None }
}

pub fn granted(expires_at: Option<Timestamp>) -> Body {
    Body::ApprovalGranted { comment: None, expires_at }
}

/// One decision as it grows.
#[derive(Clone)]
pub struct Story {
    pub workspace: WorkspaceId,
    pub decision: Decision,
    unsaved: u32,
}

impl Story {
    pub fn new(workspace: &str, name: &str) -> Self {
        Self::of(workspace, name, Origin::Native)
    }

    pub fn of(workspace: &str, name: &str, origin: Origin) -> Self {
        Self { workspace: ws(workspace), decision: Decision::empty(id(name), origin), unsaved: 0 }
    }

    /// A request with a policy for one approval.
    pub fn request(workspace: &str, name: &str, seconds: i64, requester: &str, goal: &str) -> Self {
        let tale = Self::new(workspace, name).then(seconds, requester, created(goal, &[]));
        tale.then(seconds, requester, attached(1, false))
    }

    #[must_use]
    pub fn then(mut self, seconds: i64, actor: &str, body: Body) -> Self {
        let new = NewEvent { actor: human(actor), body };
        let event = Event::record(new, self.decision.version(), at(seconds));
        self.decision.evolve(event);
        self.unsaved += 1;
        self
    }

    #[must_use]
    pub fn started(self, seconds: i64, actor: &str) -> Self {
        let requested = Body::ExecutionRequested {
            adapter_id: "simulate".to_owned(),
            dry_run: false,
            approvals_not_counted: Vec::new(),
        };
        let started = Body::ExecutionStarted { router_request_digest: "00".to_owned() };
        self.then(seconds, actor, requested).then(seconds, actor, started)
    }

    #[must_use]
    pub fn completed(self, seconds: i64) -> Self {
        let body = Body::ExecutionCompleted {
            run_id: "run".to_owned(),
            response_digest: "11".to_owned(),
            steps_executed: Some(3),
        };
        self.then(seconds, "nexus-control", body)
    }

    pub fn append(&mut self) -> Append {
        Append {
            workspace: self.workspace.clone(),
            decision: Arc::new(self.decision.clone()),
            new_events: std::mem::take(&mut self.unsaved),
            run: None,
            directory: None,
            door: None,
        }
    }

    pub async fn save(&mut self, store: &Arc<dyn Store>) -> Appended {
        store.append(self.append()).await.unwrap()
    }

    pub async fn try_save(&mut self, store: &Arc<dyn Store>) -> Result<Appended, StoreError> {
        store.append(self.append()).await
    }
}

/// Ids on all pages of a list.
pub async fn ids(
    store: &Arc<dyn Store>,
    workspace: &str,
    filter: &DecisionFilter,
    now: Timestamp,
) -> Vec<String> {
    let mut page = PageRequest { after: None, limit: 2, oldest_first: true };
    let mut found = Vec::new();
    loop {
        let rows = store.list(&ws(workspace), filter, &page, now).await.unwrap();
        assert!(rows.rows.len() <= 2);
        found.extend(rows.rows.into_iter().map(|row| row.id.to_string()));
        match rows.next {
            Some(next) => page.after = Some(next),
            None => return found,
        }
    }
}

/// Ids of what waits for somebody.
pub async fn waiting(store: &Arc<dyn Store>, workspace: &str, actor: &str, now: Timestamp) -> Vec<String> {
    let page = PageRequest { after: None, limit: 50, oldest_first: true };
    let rows = store.waiting_for(&ws(workspace), &[actor.to_owned()], &page, now).await.unwrap().rows;
    rows.into_iter().map(|row| row.id.to_string()).collect()
}

/// What is said twice is said by the same model: live and rebuilt agree.
pub async fn assert_rebuilt_is_equal(store: &Arc<dyn Store>) {
    let live = store.dump_read_model().await.unwrap();
    store.rebuild().await.unwrap();
    assert_eq!(live, store.dump_read_model().await.unwrap());
}
