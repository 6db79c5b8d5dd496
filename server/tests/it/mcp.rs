//! The MCP door in the whole site, and the bridge that brings it to programs that speak over their standard streams.

use crate::app::TestApp;
use axum::body::Body;
use axum::http::Request;
use control::keys::KeyInput;
use control::{Entrance, KeyScope};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);

async fn key(app: &TestApp, scopes: &[KeyScope]) -> String {
    let workspace = app.workspace.clone().unwrap();
    let people = app.control.store().people(&workspace).await.unwrap();
    let admin = people.iter().find(|person| person.name == "admin").unwrap();
    let entrance = Entrance::web("192.0.2.1", app.control.now());
    let admin = app.control.caller(&workspace, &admin.id, entrance).await.unwrap();
    let input = KeyInput { name: "robot".to_owned(), scopes: scopes.to_vec(), days: None };
    app.control.create_key(&admin, input).await.unwrap().1
}

fn initialize(id: u32) -> Value {
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    json!({ "jsonrpc": "2.0", "id": id, "method": "initialize", "params": params })
}

fn post(body: &Value, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post("/api/mcp")
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_string())).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_has_no_good_key_hears_where_to_get_one() {
    let app = TestApp::with_people().await;
    let good = format!("Bearer {}", key(&app, &[KeyScope::Read]).await);
    for headers in [&[][..], &[("authorization", "Bearer nxc_wrong")], &[("authorization", "Bearer eyJ.x.y")]]
    {
        let answer = app.send(post(&initialize(1), headers)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "UNAUTHENTICATED"));
        let about = "http://127.0.0.1:3000/.well-known/oauth-protected-resource/api/mcp";
        assert_eq!(answer.header("www-authenticate"), format!("Bearer resource_metadata=\"{about}\""));
    }
    assert_eq!(app.send(post(&initialize(1), &[("authorization", &good)])).await.status, 200);
    let evil = [("authorization", good.as_str()), ("origin", "https://evil.example")];
    assert_eq!(app.send(post(&initialize(1), &evil)).await.code(), "CROSS_SITE");
    let about = Request::get("/.well-known/oauth-protected-resource").body(Body::empty()).unwrap();
    let about = app.send(about).await;
    assert_eq!((about.status.as_u16(), about.header("access-control-allow-origin")), (200, "*"));
    assert!(about.json().get("authorization_servers").is_none(), "nobody's tokens are taken here");
    // A key of this door opens no page.
    let page =
        Request::get("/api/mcp/../../decisions").header("authorization", &good).body(Body::empty()).unwrap();
    assert_ne!(app.send(page).await.status, 200);
}

/// A server on a port of its own.
struct Served {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Served {
    async fn at(app: &TestApp, address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = server::web::router(&app.web);
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(stopped).await.unwrap();
        });
        Self { address, stop, task }
    }

    async fn stop(self) -> String {
        self.stop.cancel();
        self.task.await.unwrap();
        self.address.to_string()
    }
}

/// The program, as an MCP client starts it.
struct Bridge {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
}

impl Bridge {
    fn to(url: &str, key: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nexus-control"));
        command.arg("mcp").env_clear().env("NEXUS_URL", url).env("NEXUS_KEY", key);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let (lines, received) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        Self { child, input, output: received }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    fn hear(&self) -> Value {
        let line = self.output.recv_timeout(PATIENCE).unwrap();
        let value: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no protocol: {line}"));
        assert_eq!(value["jsonrpc"], "2.0", "{line}");
        value
    }

    fn ask(&mut self, message: &Value) -> Value {
        self.say(&message.to_string());
        self.hear()
    }

    /// Ends its input: how it ends, what was still said, and what it complained about.
    fn end(mut self) -> (ExitStatus, Vec<String>, String) {
        drop(self.input.take());
        let status = self.child.wait().unwrap();
        let mut complaints = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
        (status, self.output.iter().collect(), complaints)
    }
}

fn list(id: u32) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_bridge_speaks_the_protocol_and_nothing_else() {
    let app = TestApp::with_people().await;
    let served = Served::at(&app, "127.0.0.1:0").await;
    let key = key(&app, &[KeyScope::Request, KeyScope::Read]).await;
    let mut bridge = Bridge::to(&format!("http://{}", served.address), &key);
    let greeting = bridge.ask(&initialize(1));
    assert_eq!(greeting["result"]["protocolVersion"], "2025-11-25");
    bridge.say(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    assert_eq!(bridge.ask(&list(2))["result"]["tools"].as_array().unwrap().len(), 15);
    bridge.say("");
    assert_eq!(bridge.ask(&json!("nonsense"))["error"]["code"], -32700);
    let unknown = bridge.ask(&json!({ "jsonrpc": "2.0", "id": "x", "method": "nothing/here" }));
    assert_eq!((&unknown["id"], &unknown["error"]["code"]), (&json!("x"), &json!(-32601)));
    // Several at once, in whatever order they are answered.
    let call = |id: u32| {
        let params = json!({ "name": "nexus-control.request", "arguments": { "goal": format!("line one\nline {id}") } });
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
    };
    (10..20).for_each(|id| bridge.say(&call(id).to_string()));
    let mut ids: Vec<u64> = (10..20).map(|_| bridge.hear()["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (10..20).collect::<Vec<u64>>());
    let (status, rest, complaints) = bridge.end();
    assert!(status.success() && rest.is_empty(), "{status} {rest:?}");
    assert_eq!(complaints, "");
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_bridge_speaks_the_current_protocol_and_gives_up_a_call_that_is_cancelled() {
    let app = TestApp::with_people().await;
    let served = Served::at(&app, "127.0.0.1:0").await;
    let key = key(&app, &[KeyScope::Request, KeyScope::Read]).await;
    let mut bridge = Bridge::to(&format!("http://{}", served.address), &key);
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "t", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {} });
    let call = |id: u32, tool: &str, arguments: Value| {
        let params =
            json!({ "name": format!("nexus-control.{tool}"), "arguments": arguments, "_meta": meta });
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
    };
    let discover =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": { "_meta": meta } });
    assert!(bridge.ask(&discover)["result"]["supportedVersions"].to_string().contains("2026-07-28"));
    let asked = bridge.ask(&call(2, "request", json!({ "goal": "rotate" })));
    let id = asked["result"]["structuredContent"]["request_id"].clone();
    bridge.say(&call(3, "wait", json!({ "request_id": id, "timeout_seconds": 55 })).to_string());
    tokio::time::sleep(Duration::from_millis(500)).await;
    bridge.say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"#);
    assert_eq!(
        bridge.ask(&call(4, "status", json!({ "request_id": id })))["id"],
        4,
        "the cancelled one is not answered"
    );
    let begun = std::time::Instant::now();
    let (status, rest, complaints) = bridge.end();
    assert!(status.success() && rest.is_empty() && complaints.is_empty(), "{rest:?} {complaints}");
    assert!(begun.elapsed() < Duration::from_secs(5), "it ends with its input");
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_restart_of_the_server_is_none_of_the_clients_business() {
    let app = TestApp::with_people().await;
    let served = Served::at(&app, "127.0.0.1:0").await;
    let key = key(&app, &[KeyScope::Read]).await;
    let mut bridge = Bridge::to(&format!("http://{}", served.address), &key);
    bridge.ask(&initialize(1));
    bridge.say(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    bridge.ask(&list(2));
    let address = served.stop().await;
    let lost = bridge.ask(&list(3));
    assert_eq!(lost["error"]["code"], -32000);
    assert!(lost["error"]["message"].as_str().unwrap().contains("does not answer"), "{lost}");
    let served = Served::at(&app, &address).await;
    assert_eq!(bridge.ask(&list(4))["result"]["tools"].as_array().unwrap().len(), 15);
    let (status, _, complaints) = bridge.end();
    assert!(status.success());
    assert!(complaints.contains("beginning a new one"), "{complaints}");
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_keeps_the_bridge_from_working_is_said_and_the_key_is_not() {
    let app = TestApp::with_people().await;
    let served = Served::at(&app, "127.0.0.1:0").await;
    let wrong = "nxc_aaaaaaaaaaaa_00000000000000000000000000000000secret";
    let mut bridge = Bridge::to(&format!("http://{}", served.address), wrong);
    let refused = bridge.ask(&initialize(1));
    assert!(refused["error"]["message"].as_str().unwrap().contains("does not take this key"), "{refused}");
    let (_, _, complaints) = bridge.end();
    assert!(complaints.contains("UNAUTHENTICATED") && !complaints.contains("secret"), "{complaints}");
    served.stop().await;
    let bridge = Bridge::to("nonsense", wrong);
    let (status, rest, complaints) = bridge.end();
    assert_eq!(status.code(), Some(2));
    assert!(rest.is_empty() && complaints.contains("is no address"), "{complaints}");
}
