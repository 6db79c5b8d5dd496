//! These doors on a real socket, over a real SQLite, for people with real keys.

use api::{Api, Who};
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use control::keys::KeyInput;
use control::{
    Caller, Clock, Control, Door, Entrance, KeyScope, Role, Routers, SystemClock, SystemEntropy, password,
};
use governance::workspace_log::{Act, ActKind, Door as LogDoor, NewEntry};
use governance::{Actor, PersonId, Timestamp, Value, WorkspaceId};
use reqwest::{Method, StatusCode};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::{Change, Enactment};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long a call may take, as these servers believe.
pub const CALL_LIMIT: Duration = Duration::from_secs(90);

/// The real time, and what a test adds to it.
#[derive(Default)]
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_seconds(self.0.load(Ordering::SeqCst))
    }
}

/// A server.
pub struct Served {
    pub control: Control,
    pub url: String,
    pub stopping: CancellationToken,
    clock: Arc<TestClock>,
    folder: Option<TempDir>,
    http: reqwest::Client,
}

/// An answer, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["trace_id"].as_str().unwrap().len(), 16, "{problem}");
        let kind = problem["type"].as_str().unwrap();
        assert!(kind.starts_with("https://nexus.example/problems/"), "{problem}");
        (self.status.as_u16(), problem["code"].as_str().unwrap().to_owned())
    }
}

impl Served {
    pub async fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap(), Arc::default()).await
    }

    async fn on(folder: TempDir, clock: Arc<TestClock>) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let control = open(folder.path(), &clock).await;
        let stopping = CancellationToken::new();
        let api = Api::new(control.clone(), "https://nexus.example".into(), stopping.clone(), CALL_LIMIT);
        let router = api::router(&api).layer(from_fn_with_state(control.clone(), identify));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stopped = stopping.clone();
        tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(stopped.cancelled_owned()).await.unwrap();
        });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { control, url, stopping, clock, folder: Some(folder), http }
    }

    /// Stops it and starts another one on the same data.
    pub async fn restarted(mut self) -> Self {
        let (folder, clock) = (self.folder.take().unwrap(), self.clock.clone());
        self.stopping.cancel();
        self.control.finish_running().await;
        self.control.store().close().await;
        drop(self);
        Self::on(folder, clock).await
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A workspace with one person in every role.
    pub async fn found(&self, name: &str) -> Caller {
        let workspace = WorkspaceId::new(format!("wsp_{name}")).unwrap();
        let record = WorkspaceRecord {
            id: workspace.clone(),
            name: name.to_owned(),
            forbid_self_approval: true,
            created_at: self.control.now(),
            log_length: 0,
        };
        self.enact(&workspace, vec![Change::CreateWorkspace(record)]).await;
        self.person(&workspace, &format!("{name}-admin"), &Role::ALL).await
    }

    /// A member with these roles, just signed in.
    pub async fn person(&self, workspace: &WorkspaceId, name: &str, roles: &[Role]) -> Caller {
        let id = PersonId::new(format!("prs_{name}")).unwrap();
        let person = NewPerson {
            id: id.clone(),
            actor_id: format!("{name}@example.com"),
            name: name.to_owned(),
            password_hash: Some(password::hash("correct horse battery", &SystemEntropy).await.unwrap()),
            created_at: self.control.now(),
        };
        let given_roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
        let join = Change::Join { workspace: workspace.clone(), person: id.clone(), given_roles };
        self.enact(workspace, vec![Change::CreatePerson(person), join]).await;
        let entrance = Entrance::web("192.0.2.1", self.control.now());
        self.control.caller(workspace, &id, entrance).await.unwrap()
    }

    async fn enact(&self, workspace: &WorkspaceId, changes: Vec<Change>) {
        let act = Act {
            kind: ActKind::PersonJoined,
            about: "x".to_owned(),
            before: Value::Null,
            after: Value::Null,
        };
        let (ts, address) = (self.control.now(), String::new());
        let entry = NewEntry { ts, actor: Actor::control(), door: LogDoor::Server, address, act };
        let entries = vec![(workspace.clone(), entry)];
        self.control.store().enact(Enactment { changes, entries, expected: None }).await.unwrap();
    }

    /// A machine's key of this admin's: its id and itself.
    pub async fn key(&self, admin: &Caller, scopes: &[KeyScope]) -> (String, String) {
        let (record, key) = self.control.create_key(admin, input(scopes)).await.unwrap();
        (record.id, key)
    }

    /// A personal token of somebody who may approve.
    pub async fn token(&self, person: &Caller, scopes: &[KeyScope]) -> String {
        self.control.create_token(person, input(scopes)).await.unwrap().1
    }

    /// Begins a call.
    pub fn call(&self, method: Method, path: &str, key: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(key)
    }

    /// Asks.
    pub async fn get(&self, path: &str, key: &str) -> Answer {
        read(self.call(Method::GET, path, key)).await
    }

    /// Does.
    pub async fn post(&self, path: &str, key: &str, body: &Json) -> Answer {
        read(self.posting(path, key, body)).await
    }

    /// The same, with more headers to come.
    pub fn posting(&self, path: &str, key: &str, body: &Json) -> reqwest::RequestBuilder {
        let call = self.call(Method::POST, path, key);
        call.header("content-type", "application/json").body(body.to_string())
    }

    /// Requests a rehearsal that one approval is enough for, and says its id.
    pub async fn request(&self, key: &str) -> String {
        let body = serde_json::json!({"goal": "Rotate the keys", "policy": {"min_approvals": 1}});
        let answer = self.post("/api/v1/decisions", key, &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["decision_id"].as_str().unwrap().to_owned()
    }
}

/// Sends a call and reads the answer.
pub async fn read(call: reqwest::RequestBuilder) -> Answer {
    let response = call.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: response.text().await.unwrap() }
}

async fn open(folder: &Path, clock: &Arc<TestClock>) -> Control {
    let url = format!("sqlite://{}", folder.join("nexus.db").display());
    let store = store::open(&url).await.unwrap();
    let clock: Arc<dyn Clock> = clock.clone();
    let routers = Routers::new(Vec::new(), &clock).unwrap();
    Control::new(store, routers, clock, Arc::new(SystemEntropy))
}

fn input(scopes: &[KeyScope]) -> KeyInput {
    KeyInput { name: "robot".to_owned(), scopes: scopes.to_vec(), days: Some(1) }
}

/// Who calls: what the server's own layer does with keys.
async fn identify(State(control): State<Control>, mut request: Request, next: Next) -> Response {
    let bearer = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let who = match bearer.and_then(|value| value.strip_prefix("Bearer ")).filter(|key| !key.is_empty()) {
        Some(key) => match control.key_caller(key, Door::Api, "192.0.2.1").await {
            Ok(caller) => Some(caller),
            Err(error) => return api::Problem::from(error).into_response(),
        },
        None => None,
    };
    request.extensions_mut().insert(Who(who));
    next.run(request).await
}
