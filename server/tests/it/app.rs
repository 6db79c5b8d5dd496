//! A server on a database of its own, with a clock that is set.

use crate::browser::Browser;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, Request, StatusCode};
use control::{Clock, Control, Role, Routers, SystemClock, SystemEntropy};
use governance::{Timestamp, WorkspaceId};
use server::config::Config;
use server::providers::Providers;
use server::web::{Web, router};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
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
    /// What its doors share.
    pub web: Web,
    /// Its use cases.
    pub control: Control,
    /// Where everybody works, once there is somebody.
    pub workspace: Option<WorkspaceId>,
    /// Cancelled when it stops.
    pub stopping: CancellationToken,
    clock: Arc<TestClock>,
    files: PathBuf,
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

    /// The cookie that it sets under this name, with its attributes.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let mut set = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        set.find(|cookie| cookie.split_once('=').is_some_and(|(one, _)| one == name))
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.header(CONTENT_TYPE.as_str()), "application/problem+json", "{self:?}");
        let problem = self.json();
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
        let files = std::env::temp_dir().join(format!("nexus-it-{}-{count}", std::process::id()));
        let file = files.with_extension("toml");
        std::fs::write(&file, toml).unwrap();
        let config = Config::load(Some(&file), []).unwrap();
        let store = store::open(&format!("sqlite://{}", files.with_extension("db").display())).await.unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(SystemClock.now().micros())));
        let port: Arc<dyn Clock> = clock.clone();
        let routers = Routers::new(config.adapters.clone(), &port).unwrap();
        let control = Control::new(store, routers, port, Arc::new(SystemEntropy));
        let control = control.with_local_accounts(config.sign_in.local);
        let stopping = CancellationToken::new();
        let providers = Providers::of(&config).unwrap();
        let web = Web::new(control.clone(), &config, providers, demo, stopping.clone());
        Self { router: router(&web), web, control, workspace: None, stopping, clock, files }
    }

    /// The demo, as `serve --demo` makes it.
    pub async fn demo() -> Self {
        let app = Self::configured("", true).await;
        server::demo::prepare(app.control.store()).await.unwrap();
        app
    }

    /// A workspace with one person of each kind: `admin` (all roles), `keeper` (looks after people and settings and
    /// nothing else), `requester`, `other` (another requester), `approver`, `second` (approver), `author`, `auditor`.
    pub async fn with_people() -> Self {
        let mut app = Self::empty().await;
        app.move_in().await;
        app
    }

    /// Adds those people.
    pub async fn move_in(&mut self) {
        let workspace = self.found("wsp_test", "Test").await;
        for (name, roles) in [
            ("admin", &Role::ALL[..]),
            ("keeper", &[Role::Admin]),
            ("requester", &[Role::Requester]),
            ("other", &[Role::Requester]),
            ("approver", &[Role::Approver]),
            ("second", &[Role::Approver]),
            ("author", &[Role::Author]),
            ("auditor", &[Role::Auditor]),
        ] {
            self.hire(&workspace, name, roles).await;
        }
        self.workspace = Some(workspace);
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Now, in seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.control.now().micros() / 1_000_000
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request whose answer may go on for ever, and reads it whole only where it is no stream.
    pub async fn begin(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let is_stream = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream { Bytes::new() } else { to_bytes(body, usize::MAX).await.unwrap() };
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The router, for what takes longer than one call.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A browser that nobody signed in with.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// A browser that this person signed in with.
    pub async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in(name, PASSWORD).await;
        assert_eq!(answer.location(), "/", "{answer:?}");
        assert!(browser.session().is_some());
        browser
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        remove(&self.files.with_extension("toml"));
        for suffix in ["db", "db-wal", "db-shm", "db.lock", "db-lock"] {
            remove(&self.files.with_extension(suffix));
        }
    }
}

fn remove(path: &Path) {
    drop(std::fs::remove_file(path));
}
