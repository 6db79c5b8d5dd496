//! `mcp`: lets a program that speaks MCP over its standard streams talk to a server. Each message goes to `/api/mcp` with
//! the key, and what comes back goes to standard output, where nothing else is ever written.
//!
//! It holds no rule and understands no tool; it refuses to guess an answer where none came.

mod link;
mod message;
mod sse;

use crate::screen::Screen;
use crate::settings::Access;
use crate::stop::Stop;
use clap::Args;
use link::Link;
use message::{Kind, Message};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// Lines that may wait for a slow reader.
const WAITING: usize = 64;

/// Arguments of `mcp`.
#[derive(Debug, Clone, Args)]
pub struct McpArgs {
    #[command(flatten)]
    access: Access,
}

/// Relays until standard input ends.
pub async fn run(args: &McpArgs) -> Result<(), Stop> {
    let server = args.access.server(Screen::new(false))?;
    let (out, lines) = mpsc::channel(WAITING);
    let printer = tokio::spawn(print(lines));
    let link = Arc::new(Link::new(server, out));
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    let mut going_on: HashMap<String, AbortHandle> = HashMap::new();
    while let Ok(Some(line)) = input.next_line().await {
        if line.trim().is_empty() {
            continue;
        }
        let message = match Message::read(&line) {
            Ok(message) => message,
            Err(answer) => {
                link.say(answer).await;
                continue;
            }
        };
        going_on.retain(|_, task| !task.is_finished());
        match message.kind() {
            // Whoever greets waits for the answer, and what follows needs its session.
            Kind::Initialize => link.relay(message).await,
            Kind::Cancels(request) if !link.has_session().await => {
                // Without a session a request ends with its connection.
                if let Some(task) = going_on.remove(&request) {
                    task.abort();
                }
            }
            Kind::Request(id) => {
                let link = link.clone();
                let task = tokio::spawn(async move { link.relay(message).await });
                going_on.insert(id, task.abort_handle());
            }
            Kind::Cancels(_) | Kind::Other => link.relay(message).await,
        }
    }
    for task in going_on.values() {
        task.abort();
    }
    link.close().await;
    drop(link);
    // What is said already is still printed.
    drop(printer.await);
    Ok(())
}

/// One line after another, each whole.
async fn print(mut lines: mpsc::Receiver<String>) {
    let mut output = tokio::io::stdout();
    while let Some(mut line) = lines.recv().await {
        line.push('\n');
        if output.write_all(line.as_bytes()).await.is_err() || output.flush().await.is_err() {
            // Nobody reads any more; standard input will end, too.
            return;
        }
    }
}
