//! A workspace with a server of its own: Ana looks after it, Ben and Carla approve, and a key asks and runs.

use control::keys::KeyInput;
use control::{Clock, Control, Entrance, KeyScope, Role, Routers, SystemClock, SystemEntropy};
use governance::workspace_log::{Act, ActKind, Door, NewEntry};
use governance::{Actor, PersonId, WorkspaceId};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::{Change, Enactment};
use tempfile::TempDir;

/// A server that runs, and who knows it.
pub struct Works {
    folder: TempDir,
    server: Option<Child>,
    /// `127.0.0.1:port`, the same after a restart.
    pub address: String,
    /// Asks, runs and exports.
    pub key: String,
    /// Personal tokens.
    pub ana: String,
    pub ben: String,
    pub carla: String,
}

impl Works {
    /// Starts one. Runs of which nothing is heard for ten seconds are given up.
    pub fn start() -> Self {
        Self::with_limit(300)
    }

    /// The same, where a run may take so many seconds.
    pub fn with_limit(seconds: u32) -> Self {
        let folder = TempDir::new().unwrap();
        let database = format!("sqlite://{}", folder.path().join("nexus.db").display());
        let toml = format!(
            "[database]\nurl = '{database}'\n[gate]\nsilence_seconds = 10\ntimeout_seconds = {seconds}\n[http]\n\
             calls_per_minute = 100000\n"
        );
        std::fs::write(folder.path().join("nexus-control.toml"), toml).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let [key, ana, ben, carla] = runtime.block_on(people(&database));
        let mut works =
            Self { folder, server: None, address: "127.0.0.1:0".to_owned(), key, ana, ben, carla };
        works.up();
        works
    }

    /// Starts the server, again where it was.
    pub fn up(&mut self) {
        let mut server = program(self.folder.path())
            .arg("serve")
            .env("NEXUS_LISTEN", &self.address)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(self.path("server.log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("http://")).unwrap();
        line.trim().strip_prefix("http://").unwrap().clone_into(&mut self.address);
        std::thread::spawn(move || lines.count());
        self.server = Some(server);
    }

    /// The power goes.
    pub fn kill(&mut self) {
        let mut server = self.server.take().unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// The program as a client of this server, in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path());
        command.args(arguments).env("NEXUS_URL", format!("http://{}", self.address));
        command.env("NEXUS_KEY", &self.key).stdin(Stdio::null());
        command
    }

    /// Runs such a command to its end: exit code, standard output, standard error.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    }

    /// Where everything lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file there; empty where there is none.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Writes a script that may be run.
    pub fn script(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(self.path(name), format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A call of somebody's: status and body.
    pub fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: \
             application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let text = answer.split_once("\r\n\r\n").unwrap().1;
        // Whatever the framing: an answer is one object.
        let text = text.find('{').and_then(|from| text.get(from..=text.rfind('}')?)).unwrap_or("null");
        (status, serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")))
    }

    /// Somebody approves.
    pub fn approve(&self, token: &str, id: &str) {
        let (status, answer) = self.call(token, "POST", &format!("/decisions/{id}/approve"), &json!({}));
        assert_eq!(status, 200, "{answer}");
    }

    /// The decision as Ana sees it.
    pub fn decision(&self, id: &str) -> Value {
        let (status, answer) = self.call(&self.ana, "GET", &format!("/decisions/{id}"), &Value::Null);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Its state.
    pub fn state(&self, id: &str) -> String {
        self.decision(id)["lifecycle"]["state"].as_str().unwrap().to_owned()
    }

    /// Waits until it is in this state.
    pub fn until(&self, id: &str, state: &str, within: Duration) {
        let until = Instant::now() + within;
        while self.state(id) != state {
            assert!(Instant::now() < until, "{id} is {} and never was {state}", self.state(id));
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The code that its run failed with.
    pub fn error_code(&self, id: &str) -> String {
        let reason = &self.decision(id)["lifecycle"]["blocking_reasons"][0];
        assert_eq!(reason["code"], "EXECUTION_FAILED", "{reason}");
        let (_, events) = self.call(&self.ana, "GET", &format!("/decisions/{id}/events"), &Value::Null);
        let last = events["events"].as_array().unwrap().last().unwrap().clone();
        last["payload"]["error_code"].as_str().unwrap().to_owned()
    }

    /// How many decisions there are.
    pub fn count(&self) -> usize {
        let (_, found) = self.call(&self.ana, "GET", "/decisions?limit=200", &Value::Null);
        found["decisions"].as_array().unwrap().len()
    }

    /// How often a run of the decision began.
    pub fn starts(&self, id: &str) -> usize {
        let (_, events) = self.call(&self.ana, "GET", &format!("/decisions/{id}/events"), &Value::Null);
        let events = events["events"].as_array().unwrap().clone();
        events.iter().filter(|event| event["type"] == "EXECUTION_STARTED").count()
    }
}

impl Drop for Works {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            drop(server.kill());
            drop(server.wait());
        }
        if std::thread::panicking() {
            let log = self.read("server.log");
            let lines: Vec<&str> = log.lines().rev().take(15).collect();
            eprintln!("--- server, newest first:\n{}", lines.join("\n"));
        }
    }
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nexus-control"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env("NEXUS_CONFIG", folder.join("nexus-control.toml")).env("HOME", folder);
    command
}

/// Makes the people, and answers with the machine's key and the people's tokens.
async fn people(database: &str) -> [String; 4] {
    let store = store::open(database).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let routers = Routers::new(Vec::new(), &clock).unwrap();
    let control = Control::new(store.clone(), routers, clock, Arc::new(SystemEntropy));
    let workspace = WorkspaceId::new("wsp_works").unwrap();
    let now = control.now();
    let mut changes = vec![Change::CreateWorkspace(WorkspaceRecord {
        id: workspace.clone(),
        name: "Works".to_owned(),
        forbid_self_approval: true,
        created_at: now,
        log_length: 0,
    })];
    let staff = [("ana", &Role::ALL[..]), ("ben", &[Role::Approver]), ("carla", &[Role::Approver])];
    let person = |name: &str| PersonId::new(format!("prs_{name}")).unwrap();
    for (name, roles) in staff {
        changes.push(Change::CreatePerson(NewPerson {
            id: person(name),
            actor_id: format!("{name}@works.example"),
            name: name.to_uppercase(),
            password_hash: None,
            created_at: now,
        }));
        let given_roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
        changes.push(Change::Join { workspace: workspace.clone(), person: person(name), given_roles });
    }
    let entry = NewEntry {
        ts: now,
        actor: Actor::control(),
        door: Door::Server,
        address: String::new(),
        act: Act {
            kind: ActKind::PersonJoined,
            about: "test".to_owned(),
            before: governance::Value::Null,
            after: governance::Value::Null,
        },
    };
    let entries = vec![(workspace.clone(), entry)];
    store.enact(Enactment { changes, entries, expected: None }).await.unwrap();
    let input = |name: &str, scopes: &[KeyScope]| KeyInput {
        name: name.to_owned(),
        scopes: scopes.to_vec(),
        days: Some(1),
    };
    let mut tokens = Vec::new();
    for (name, _) in staff {
        let caller =
            control.caller(&workspace, &person(name), Entrance::web("192.0.2.1", now)).await.unwrap();
        if tokens.is_empty() {
            let scopes = [KeyScope::Request, KeyScope::Execute, KeyScope::Export];
            tokens.push(control.create_key(&caller, input("robot", &scopes)).await.unwrap().1);
        }
        let scopes = if name == "ana" {
            vec![KeyScope::Read, KeyScope::Execute, KeyScope::Request, KeyScope::Manage, KeyScope::Export]
        } else {
            vec![KeyScope::Read, KeyScope::Decide]
        };
        tokens.push(control.create_token(&caller, input(name, &scopes)).await.unwrap().1);
    }
    store.close().await;
    tokens.try_into().unwrap()
}
