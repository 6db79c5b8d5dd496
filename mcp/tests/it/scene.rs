//! A server with the MCP door and nothing else, a workspace with people and keys, and clients of both protocols.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use control::keys::KeyInput;
use control::requests::RequestInput;
use control::{
    AdapterInfo, Caller, Clock, Control, Door, Entrance, KeyScope, Live, Role, Router, Routers, RunReport,
    RunRequest, SystemClock, SystemEntropy,
};
use governance::decide::PolicyInput;
use governance::workspace_log::{Act, ActKind, Door as Entered, NewEntry};
use governance::{Actor, DecisionId, Mode, PersonId, Value, WorkspaceId};
use mcp::{Settings, Who};
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, ElicitRequestParams,
    ElicitResult, ElicitationAction, Implementation, JsonObject, ProgressNotificationParam, ProtocolVersion,
};
use rmcp::service::{NotificationContext, RequestContext, RoleClient, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt as _, ErrorData};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::{Change, Enactment};
use tokio_util::sync::CancellationToken;

/// Where everybody calls from.
const ADDRESS: &str = "192.0.2.1";

/// An adapter that counts how often each decision ran, and takes as long as it is told.
#[derive(Default)]
pub struct Counter {
    pub runs: Mutex<Vec<String>>,
    pub pause: Mutex<Duration>,
}

#[async_trait::async_trait]
impl Router for Counter {
    fn adapters(&self) -> Vec<AdapterInfo> {
        vec![AdapterInfo {
            id: "counter".to_owned(),
            description: "counts".to_owned(),
            capabilities: vec!["count".to_owned()],
            dry_run_only: false,
            command: Vec::new(),
            at_the_caller: false,
        }]
    }

    fn check(&self, _: &str, _: Option<&str>, _: bool) -> Result<(), String> {
        Ok(())
    }

    fn command(&self, _: &str, _: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    fn time_limit_seconds(&self, _: &str) -> u64 {
        60
    }

    async fn run(&self, request: &RunRequest, live: &Live) -> RunReport {
        self.runs.lock().unwrap().push(request.goal.clone());
        live.step(1, "counting");
        let pause = *self.pause.lock().unwrap();
        tokio::time::sleep(pause).await;
        if request.goal.contains("break") {
            return RunReport::failed("BROKEN", "it broke\n✓ all is well", 1, Vec::new());
        }
        RunReport { steps_executed: 1, error: None, events: Vec::new(), record: None }
    }
}

pub struct Scene {
    pub control: Control,
    pub admin: Caller,
    pub approver: Caller,
    pub counter: Arc<Counter>,
    pub url: String,
    pub stopping: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Scene {
    pub async fn new() -> Self {
        // Once in a process; a second time is only refused.
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let store =
            store::open(&format!("sqlite://{}", folder.path().join("nexus.db").display())).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let counter = Arc::new(Counter::default());
        let mut routers = Routers::new(Vec::new(), &clock).unwrap();
        routers.add(counter.clone()).unwrap();
        let control = Control::new(store, routers, clock, Arc::new(SystemEntropy));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stopping = CancellationToken::new();
        let settings = Settings {
            public_url: url.as_str().into(),
            hosts: Vec::new(),
            token_issuers: vec!["https://idp.example".to_owned()],
            stopping: stopping.clone(),
        };
        let site: axum::Router = axum::Router::new()
            .merge(mcp::routes(control.clone(), settings))
            .route("/elsewhere", any(|| async { axum::http::StatusCode::UNAUTHORIZED }))
            .layer(from_fn_with_state(control.clone(), identify))
            .layer(from_fn_with_state(Arc::<str>::from(url.as_str()), mcp::challenge));
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
        let admin = found(&control, "Northwind", "ada@example.com").await;
        let approver = hired(&control, &admin.workspace, "ann", &[Role::Approver]).await;
        Self { control, admin, approver, counter, url, stopping, _folder: folder }
    }

    /// Adds a person with these roles and calls as them, signed in.
    pub async fn person(&self, name: &str, roles: &[Role]) -> Caller {
        hired(&self.control, &self.admin.workspace, name, roles).await
    }

    /// Another workspace with somebody in every role.
    pub async fn elsewhere(&self) -> Caller {
        found(&self.control, "Southwind", "eve@example.org").await
    }

    /// Lets somebody else than the admin approve, as they do on a page.
    pub async fn approve(&self, id: &str) {
        let id = DecisionId::new(id).unwrap();
        self.control.approve(&self.approver, &id, None, None, None).await.unwrap();
    }

    /// A machine's key of the admin's.
    pub async fn key(&self, scopes: &[KeyScope]) -> String {
        self.control.create_key(&self.admin, key_input(scopes)).await.unwrap().1
    }

    /// A person's own token.
    pub async fn token(&self, person: &Caller, scopes: &[KeyScope]) -> String {
        self.control.create_token(person, key_input(scopes)).await.unwrap().1
    }

    /// A client of the older protocol, with sessions.
    pub async fn client(&self, key: &str) -> Client {
        self.serve(key, Person::absent(), Era::Sessions).await
    }

    /// A client of either protocol in front of a person.
    pub async fn serve(&self, key: &str, person: Person, era: Era) -> Client {
        let mut config = StreamableHttpClientTransportConfig::with_uri(format!("{}/api/mcp", self.url));
        config.auth_header = Some(key.to_owned());
        let transport = StreamableHttpClientTransport::with_client(reqwest::Client::new(), config);
        let mode = match era {
            Era::Sessions => ClientLifecycleMode::Initialize,
            Era::Current => {
                ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
            }
        };
        Client(person.serve_with_lifecycle(transport, mode).await.unwrap())
    }

    /// A request of the admin's, for a rehearsal that takes this many approvals.
    pub async fn request(&self, goal: &str, approvals: i64) -> DecisionId {
        let policy = PolicyInput { min_approvals: Some(approvals), ..PolicyInput::default() };
        let input =
            RequestInput { goal: goal.to_owned(), plan: None, mode: Mode::DryRun, template: None, policy };
        self.control.request(&self.admin, input).await.unwrap().id.clone()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

/// As the server's own middleware: a key becomes a caller, and a wrong one is refused.
async fn identify(State(control): State<Control>, mut request: Request, next: Next) -> Response {
    let header =
        request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().to_owned());
    let key = header.as_deref().and_then(|value| value.strip_prefix("Bearer "));
    let caller = match key {
        Some(key) => control.key_caller(key, Door::Mcp, ADDRESS).await.ok(),
        None => None,
    };
    request.extensions_mut().insert(Who(caller));
    next.run(request).await
}

/// Which protocol a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// 2025-11-25 and before: a handshake, a session, questions inside of a call.
    Sessions,
    /// 2026-07-28: each request stands alone, questions are answers.
    Current,
}

/// A person in front of a client, or none.
#[derive(Clone)]
pub struct Person {
    answer: Option<ElicitResult>,
    pub asked: Arc<Mutex<Vec<String>>>,
    /// What their client was told while it waited.
    pub told: Arc<Mutex<Vec<String>>>,
    /// Done while the person reads.
    pub meanwhile: Option<Meanwhile>,
}

type Meanwhile = Arc<dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl Person {
    /// The client cannot ask anybody.
    pub fn absent() -> Self {
        Self { answer: None, asked: Arc::default(), told: Arc::default(), meanwhile: None }
    }

    pub fn says_yes() -> Self {
        let yes = ElicitResult::new(ElicitationAction::Accept);
        Self { answer: Some(yes.with_content(serde_json::json!({ "confirm": true }))), ..Self::absent() }
    }

    pub fn leaves_it_unticked() -> Self {
        let no = ElicitResult::new(ElicitationAction::Accept);
        Self { answer: Some(no.with_content(serde_json::json!({ "confirm": false }))), ..Self::absent() }
    }

    pub fn declines() -> Self {
        Self { answer: Some(ElicitResult::new(ElicitationAction::Decline)), ..Self::absent() }
    }

    pub fn while_reading(mut self, meanwhile: Meanwhile) -> Self {
        self.meanwhile = Some(meanwhile);
        self
    }
}

impl ClientHandler for Person {
    fn get_info(&self) -> ClientConfig {
        let capabilities = match &self.answer {
            Some(_) => ClientCapabilities::builder().enable_elicitation().build(),
            None => ClientCapabilities::default(),
        };
        ClientConfig::new(capabilities, Implementation::new("test", "1"))
    }

    async fn on_progress(&self, progress: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        self.told.lock().unwrap().extend(progress.message);
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        if let ElicitRequestParams::FormElicitationParams { message, .. } = request {
            self.asked.lock().unwrap().push(message);
        }
        if let Some(meanwhile) = &self.meanwhile {
            meanwhile().await;
        }
        self.answer.clone().ok_or_else(|| ErrorData::internal_error("nobody is here", None))
    }
}

/// A connected client.
pub struct Client(pub RunningService<RoleClient, Person>);

impl Client {
    pub async fn call(&self, tool: &str, arguments: serde_json::Value) -> Said {
        let name = format!("nexus-control.{tool}");
        let arguments: JsonObject = serde_json::from_value(arguments).unwrap();
        let params = CallToolRequestParams::new(name).with_arguments(arguments);
        Said(self.0.call_tool(params).await.unwrap())
    }
}

/// What a tool said.
#[derive(Debug)]
pub struct Said(pub CallToolResult);

impl Said {
    pub fn value(&self) -> &serde_json::Value {
        self.0.structured_content.as_ref().unwrap()
    }

    pub fn text(&self) -> String {
        let texts: Vec<&str> =
            self.0.content.iter().map(|block| block.as_text().unwrap().text.as_str()).collect();
        texts.join("\n")
    }

    /// It was done.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_ne!(self.0.is_error, Some(true), "{}", self.text());
        self
    }

    /// It was refused: the code.
    #[track_caller]
    pub fn refused(&self) -> String {
        assert_eq!(self.0.is_error, Some(true), "{}", self.text());
        let code = self.value()["code"].as_str().unwrap().to_owned();
        assert!(self.text().contains(&code), "{}", self.text());
        code
    }

    pub fn request_id(&self) -> String {
        self.value()["request_id"].as_str().unwrap().to_owned()
    }
}

fn key_input(scopes: &[KeyScope]) -> KeyInput {
    KeyInput { name: "robot".to_owned(), scopes: scopes.to_vec(), days: Some(30) }
}

fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{what}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn newcomer(control: &Control, actor: &str) -> NewPerson {
    NewPerson {
        id: PersonId::new(unique("prs")).unwrap(),
        actor_id: actor.to_owned(),
        name: actor.split('@').next().unwrap().to_owned(),
        password_hash: None,
        created_at: control.now(),
    }
}

fn join(workspace: &WorkspaceId, person: &PersonId, roles: &[Role]) -> Change {
    let given_roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
    Change::Join { workspace: workspace.clone(), person: person.clone(), given_roles }
}

async fn hired(control: &Control, workspace: &WorkspaceId, name: &str, roles: &[Role]) -> Caller {
    let person = newcomer(control, &format!("{name}@example.com"));
    let id = person.id.clone();
    let changes = vec![Change::CreatePerson(person), join(workspace, &id, roles)];
    enact(control, workspace, changes, ActKind::PersonJoined).await;
    signed_in(control, workspace, &id).await
}

async fn found(control: &Control, name: &str, actor: &str) -> Caller {
    let id = WorkspaceId::new(unique("wsp")).unwrap();
    let created_at = control.now();
    let workspace = WorkspaceRecord {
        id: id.clone(),
        name: name.to_owned(),
        forbid_self_approval: true,
        created_at,
        log_length: 0,
    };
    let person = newcomer(control, actor);
    let person_id = person.id.clone();
    let changes = vec![
        Change::CreateWorkspace(workspace),
        Change::CreatePerson(person),
        join(&id, &person_id, &Role::ALL),
    ];
    enact(control, &id, changes, ActKind::WorkspaceCreated).await;
    signed_in(control, &id, &person_id).await
}

async fn signed_in(control: &Control, workspace: &WorkspaceId, person: &PersonId) -> Caller {
    control.caller(workspace, person, Entrance::web(ADDRESS, control.now())).await.unwrap()
}

async fn enact(control: &Control, workspace: &WorkspaceId, changes: Vec<Change>, kind: ActKind) {
    let act = Act { kind, about: String::new(), before: Value::Null, after: Value::Null };
    let (actor, address) = (Actor::control(), String::new());
    let entry = NewEntry { ts: control.now(), actor, door: Entered::Server, address, act };
    let entries = vec![(workspace.clone(), entry)];
    control.store().enact(Enactment { changes, entries, expected: None }).await.unwrap();
}
