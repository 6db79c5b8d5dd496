//! Messages over the pipes, one to a line.

use crate::Options;
use crate::router::{Router, Said};
use serde_json::{Value, json};
use std::io::{BufRead as _, Write as _};
use std::process::exit;

pub fn serve(options: &Options) {
    if options.is("garbage-first") {
        write("Welcome to nexus-router!");
    }
    if options.is("mute") && options.noted("nexus-router.adapters") > 0 {
        helper(options);
        std::thread::sleep(std::time::Duration::from_mins(10));
    }
    let mut router = Router::new(options.clone());
    let mut last = Value::Null;
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        let message: Value = serde_json::from_str(&line).unwrap();
        if message["method"] == "notifications/cancelled" {
            options.note("cancelled");
        }
        if let Some(answer) = answer(options, &mut router, &message) {
            write(&answer.to_string());
            if options.is("deaf") && options.noted("nexus-router.adapters") > 1 {
                helper(options);
                std::thread::sleep(std::time::Duration::from_mins(10));
            }
            if message["params"]["name"] == "nexus-router.run" {
                after(options, &answer);
                last = answer;
            }
        }
    }
    if options.is("twice-late") && !last.is_null() {
        contradict(&last);
    }
    if options.is("stubborn") {
        std::thread::sleep(std::time::Duration::from_mins(10));
    }
}

fn write(line: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        exit(0);
    }
}

/// The answer to a message; `None` where there is none. May never come back.
pub fn answer(options: &Options, router: &mut Router, message: &Value) -> Option<Value> {
    let id = message.get("id")?;
    let result = match message["method"].as_str()? {
        "initialize" if !options.is("modern") => json!({
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "nexus-router", "version": "0.7.0"},
        }),
        "server/discover" if options.is("modern") => json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
            "ttlMs": 0, "cacheScope": "private",
        }),
        "ping" => json!({}),
        "tools/list" => router.tools(),
        "tools/call" => {
            let name = message["params"]["name"].as_str()?;
            if name == "nexus-router.run" {
                before(options, message)?;
            }
            if let Some(code) = refused(options, name) {
                let error = json!({"code": code, "message": "that is not possible"});
                return Some(json!({"jsonrpc": "2.0", "id": id, "error": error}));
            }
            let Said(said, error) = router.call(name, &message["params"]["arguments"]);
            let text = said.as_str().map_or_else(|| said.to_string(), str::to_owned);
            let content = json!([{"type": "text", "text": text}]);
            if error || options.is("text-only") {
                json!({"content": content, "isError": error})
            } else {
                json!({"content": content, "structuredContent": said, "isError": false})
            }
        }
        other => {
            let error = json!({"code": -32601, "message": format!("no such method: {other}")});
            return Some(json!({"jsonrpc": "2.0", "id": id, "error": error}));
        }
    };
    Some(json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

/// The code of an error instead of an answer.
fn refused(options: &Options, tool: &str) -> Option<i32> {
    match (options.mode.as_str(), tool) {
        ("wrong-params", "nexus-router.run") => Some(-32602),
        ("no-method", "nexus-router.run") | ("refuses-record", "nexus-router.export") => Some(-32601),
        _ => None,
    }
}

/// What goes wrong before a run is answered. `None` when it never is.
fn before(options: &Options, message: &Value) -> Option<()> {
    let token = &message["params"]["_meta"]["progressToken"];
    let progress = |done: u32, words: &str| {
        let params = json!({"progressToken": token, "progress": done, "message": words});
        json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": params}).to_string()
    };
    match options.mode.as_str() {
        "dies" => exit(9),
        "silent" | "stubborn" => {
            options.note("nexus-router.run");
            helper(options);
            let secret = std::env::var("PATH").unwrap_or_default();
            write(&progress(3, &format!("half way, key {secret}")));
            return None;
        }
        "garbage" => write("starting the run …"),
        "unasked" => write(r#"{"jsonrpc":"2.0","id":999,"result":{}}"#),
        "endless-line" => loop {
            let mut out = std::io::stdout().lock();
            if out.write_all(&[b'x'; 8192]).is_err() {
                exit(0);
            }
        },
        "endless-progress" => loop {
            write(&progress(1, &"still at it ".repeat(1000)));
        },
        _ => {}
    }
    Some(())
}

/// Starts a process that outlives this one, unless somebody ends it.
fn helper(options: &Options) {
    let mut child = std::process::Command::new("/bin/sleep").arg("600").spawn().unwrap();
    options.note(&format!("started {}", child.id()));
    std::thread::spawn(move || child.wait());
}

/// What goes wrong after a run was answered.
fn after(options: &Options, answer: &Value) {
    match options.mode.as_str() {
        "twice" => contradict(answer),
        "twice-the-same" => write(&answer.to_string()),
        _ => {}
    }
}

fn contradict(answer: &Value) {
    let mut other = answer.clone();
    other["result"]["structuredContent"]["summary"]["steps"] = json!(7);
    write(&other.to_string());
}
