//! Messages over streamable HTTP: JSON, and a stream of events for runs. One connection, one request.

use crate::Options;
use crate::router::Router;
use crate::stdio::answer;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

pub fn serve(options: &Options) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    let router = Arc::new(Mutex::new(Router::new(options.clone())));
    for stream in listener.incoming() {
        let (options, router) = (options.clone(), router.clone());
        std::thread::spawn(move || serve_one(&options, &router, stream.unwrap()));
    }
}

fn serve_one(options: &Options, router: &Mutex<Router>, stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|count| count > 2) {}
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    let mut body = vec![0; header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let wanted = options.token.as_ref().map(|token| format!("Bearer {token}"));
    if wanted.is_some() && wanted != header("authorization") {
        return reply(stream, "401 Unauthorized", "", "");
    }
    if head.starts_with("DELETE") {
        options.note(&format!("ended {}", header("mcp-session-id").unwrap_or_default()));
        return reply(stream, "204 No Content", "", "");
    }
    let message: Value = serde_json::from_slice(&body).unwrap();
    let running = message["params"]["name"] == "nexus-router.run";
    if message["method"] == "initialize" {
        if options.is("redirects") {
            return reply(stream, "302 Found", "Location: http://127.0.0.1:1/\r\n", "");
        }
    } else if options.is("modern") {
        assert_eq!(header("mcp-protocol-version").as_deref(), Some("2026-07-28"));
        assert_eq!(header("mcp-method").as_deref(), message["method"].as_str());
        assert_eq!(header("mcp-name").as_deref(), message["params"]["name"].as_str());
    } else {
        assert_eq!(header("mcp-session-id").as_deref(), Some("session-1"));
        assert_eq!(header("mcp-protocol-version").as_deref(), Some("2025-11-25"));
    }
    if message["method"] == "notifications/cancelled" {
        options.note("cancelled");
    }
    if running {
        match options.mode.as_str() {
            "drops" => return drop(stream),
            "breaks" => return reply(stream, "500 Internal Server Error", "", ""),
            "tired" => return reply(stream, "408 Request Timeout", "", ""),
            "forbids" => return reply(stream, "403 Forbidden", "", ""),
            "no-answer" => {
                return reply(stream, "200 OK", "Content-Type: text/event-stream\r\n", ": nothing\n\n");
            }
            "hangs" => {
                options.note("nexus-router.run");
                std::thread::sleep(std::time::Duration::from_mins(10));
            }
            "endless" => return endless(stream),
            "page" => return reply(stream, "200 OK", "Content-Type: text/html\r\n", "<h1>Sign in</h1>"),
            _ => {}
        }
    }
    let answer = answer(options, &mut router.lock().unwrap(), &message);
    match answer {
        None => reply(stream, "202 Accepted", "", ""),
        Some(answer) if running => {
            let token = &message["params"]["_meta"]["progressToken"];
            let params = json!({"progressToken": token, "progress": 1, "message": "over HTTP"});
            let progress = json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": params});
            let mut events = format!("data: {progress}\n\ndata: {answer}\n\n");
            if options.is("twice") {
                let other = answer.to_string().replace("ok", "error");
                events = [events, format!("data: {other}\n\n")].concat();
            }
            reply(stream, "200 OK", "Content-Type: text/event-stream\r\n", &events);
        }
        Some(answer) if answer.get("error").is_some() => {
            reply(stream, "400 Bad Request", "Content-Type: application/json\r\n", &answer.to_string());
        }
        Some(answer) => {
            let headers = "Content-Type: application/json\r\nMcp-Session-Id: session-1\r\n";
            reply(stream, "200 OK", headers, &answer.to_string());
        }
    }
}

fn reply(mut stream: TcpStream, status: &str, headers: &str, body: &str) {
    let length = body.len();
    let text =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    // Whoever asked may be gone.
    let _ = stream.write_all(text.as_bytes());
}

fn endless(mut stream: TcpStream) {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: ";
    let _ = stream.write_all(head.as_bytes());
    while stream.write_all(&[b'x'; 8192]).is_ok() {}
}
