//! A server on a database of its own, a clock that is set, and browsers that keep their cookie.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use control::{Clock, Control, Role, Routers, SystemClock, SystemEntropy};
use governance::{PersonId, Timestamp, WorkspaceId};
use server::config::Config;
use server::web::{Web, router};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use store::directory::PersonRecord;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// The clock of a test: it stands still until it is moved.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A server.
pub struct TestApp {
    router: Router,
    /// Its use cases.
    pub control: Control,
    /// Where everybody works, once there is somebody.
    pub workspace: Option<WorkspaceId>,
    /// Cancelled when it stops.
    pub stopping: CancellationToken,
    clock: Arc<TestClock>,
    file: PathBuf,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: String,
}

impl Answer {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.header(CONTENT_TYPE.as_str()), "application/problem+json", "{self:?}");
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], self.status.as_u16());
        problem["code"].as_str().unwrap().to_owned()
    }
}

impl TestApp {
    /// Nobody has an account yet.
    pub async fn empty() -> Self {
        Self::configured("", false).await
    }

    /// Nobody has an account yet; with this configuration.
    pub async fn configured(toml: &str, demo: bool) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let file = std::env::temp_dir().join(format!("nexus-it-{}-{count}.db", std::process::id()));
        let config: Config = toml::from_str(toml).unwrap();
        let store = store::open(&format!("sqlite://{}", file.display())).await.unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(SystemClock.now().micros())));
        let port: Arc<dyn Clock> = clock.clone();
        let routers = Routers::new(config.adapters.clone(), &port).unwrap();
        let control = Control::new(store, routers, port, Arc::new(SystemEntropy));
        let stopping = CancellationToken::new();
        let web = Web::new(control.clone(), &config, demo, stopping.clone());
        Self { router: router(&web), control, workspace: None, stopping, clock, file }
    }

    /// The demo, as `serve --demo` makes it.
    pub async fn demo() -> Self {
        let app = Self::configured("", true).await;
        server::demo::prepare(app.control.store()).await.unwrap();
        app
    }

    /// A workspace with one person of each kind: `admin` (all roles), `requester`, `approver`, `second` (approver),
    /// `author`, `auditor`. All have the same password, which is hashed once: hashing is slow on purpose.
    pub async fn with_people() -> Self {
        let mut app = Self::empty().await;
        app.move_in().await;
        app
    }

    /// Adds those people.
    pub async fn move_in(&mut self) {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hash = HASH
            .get_or_init(|| async { control::password::hash(PASSWORD, &SystemEntropy).await.unwrap() })
            .await;
        let workspace = store::directory::WorkspaceRecord {
            id: WorkspaceId::new("wsp_test").unwrap(),
            name: "Test".to_owned(),
            forbid_self_approval: true,
            created_at: self.control.now(),
        };
        self.control.store().create_workspace(&workspace).await.unwrap();
        for (name, roles) in [
            ("admin", &Role::ALL[..]),
            ("requester", &[Role::Requester]),
            ("other", &[Role::Requester]),
            ("approver", &[Role::Approver]),
            ("second", &[Role::Approver]),
            ("author", &[Role::Author]),
            ("auditor", &[Role::Auditor]),
        ] {
            let person = PersonRecord {
                id: PersonId::new(format!("prs_{name}")).unwrap(),
                actor_id: format!("{name}@test.example"),
                name: name.to_owned(),
                password_hash: Some(hash.clone()),
                roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
                suspended: false,
                created_at: self.control.now(),
            };
            self.control.store().create_person(&workspace.id, &person).await.unwrap();
        }
        self.workspace = Some(workspace.id);
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A browser that nobody signed in with.
    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookie: None }
    }

    /// A browser that this person signed in with.
    pub async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in(name, PASSWORD).await;
        assert_eq!(answer.location(), "/", "{answer:?}");
        assert!(browser.cookie.is_some());
        browser
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", ".lock", "-lock"] {
            drop(std::fs::remove_file(format!("{}{suffix}", self.file.display())));
        }
    }
}

/// A browser: same-origin forms, one cookie.
pub struct Browser<'a> {
    app: &'a TestApp,
    /// `name=value`.
    pub cookie: Option<String>,
}

impl Browser<'_> {
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.request(Method::GET, path, None).await
    }

    /// Sends a plain form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.request(Method::POST, path, Some(body.join("&"))).await
    }

    /// Signs in.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", &format!("{name}@test.example")), ("password", password)]).await
    }

    async fn request(&mut self, method: Method, path: &str, form: Option<String>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "127.0.0.1:3000")
            .header("accept", "text/html,application/xhtml+xml")
            .header("referer", "http://127.0.0.1:3000/")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if form.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let answer = self.app.send(request.body(form.map_or_else(Body::empty, Body::from)).unwrap()).await;
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let pair = cookie.split(';').next().unwrap();
            let removed = pair.ends_with('=') || cookie.contains("Max-Age=0");
            self.cookie = (!removed).then(|| pair.to_owned());
        }
        answer
    }
}

/// Percent-encoded for a form or an address.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
