//! A router as a process of ours: messages over its standard input and output, one to a line. Its environment is empty
//! but for what the operator allows, and it ends with everything that it started.

use super::config::NexusRouterConfig;
use super::lines::{Lines, Next};
use super::trouble::Trouble;
use super::wire::{Heard, MESSAGE_BYTES, Said, Wire, too_long};
use control::router::ROUTER_UNREACHABLE;
use control::routers::SecretValues;
use control::routers::subprocess::{end, kill_group};
use governance::RunId;
use rmcp::RoleClient;
use rmcp::transport::Transport;
use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

/// How long it may take to end by itself once nobody speaks to it any more.
const GRACE: Duration = Duration::from_secs(5);
/// How long what it wrote before it ended may take to arrive.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// Longest line of its log that is kept, and how much of its log in all.
const LOG_LINE: usize = 4 * 1024;
const LOG_BYTES: usize = 64 * 1024;

/// The process.
pub(super) struct Process {
    wire: Wire,
    child: Child,
    group: Group,
    stdin: Arc<Mutex<Option<ChildStdin>>>,
    stdout: Lines<ChildStdout>,
}

/// A process with everything that it started. Gone when this is.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        kill_group(self.0);
    }
}

impl Process {
    /// Starts it.
    pub(super) fn start(
        config: &NexusRouterConfig,
        run: Option<&RunId>,
        wire: Wire,
    ) -> Result<Self, Trouble> {
        let unreachable =
            |why: &str| Trouble::new(ROUTER_UNREACHABLE, format!("it could not be started: {why}"));
        let mut child = command(config, run).spawn().map_err(|why| unreachable(&why.to_string()))?;
        let group = Group(child.id());
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(unreachable("it has no pipes"));
        };
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log(config.name.clone(), stderr, wire.secrets().clone()));
        }
        let stdout = Lines::new(stdout, MESSAGE_BYTES);
        Ok(Self { wire, child, group, stdin: Arc::new(Mutex::new(Some(stdin))), stdout })
    }

    /// Hears what it still has to say, until it is gone. Something that it started may hold the pipe open for ever, so
    /// that the end of the pipe alone is not waited for.
    async fn hear_out(&mut self) {
        let rest = async { while hear(&mut self.stdout, &self.wire).await.is_some() {} };
        let gone = async {
            let _ = self.child.wait().await;
            tokio::time::sleep(LAST_WORDS).await;
        };
        tokio::select! {
            () = rest => {}
            () = gone => {}
        }
    }
}

/// The next message; `None` when there is none any more.
async fn hear(stdout: &mut Lines<ChildStdout>, wire: &Wire) -> Option<Heard> {
    while !wire.is_broken() {
        match stdout.next().await {
            Next::Line(line) if line.is_empty() => {}
            Next::Line(line) => {
                if let Some(message) = wire.hear(&line) {
                    return Some(message);
                }
            }
            Next::TooLong => wire.fail(too_long()),
            Next::End => return None,
        }
    }
    None
}

impl Transport<RoleClient> for Process {
    type Error = io::Error;

    fn send(&mut self, item: Said) -> impl Future<Output = io::Result<()>> + Send + 'static {
        self.wire.say(&item);
        let stdin = self.stdin.clone();
        async move {
            let mut line = serde_json::to_vec(&item)?;
            line.push(b'\n');
            let mut stdin = stdin.lock().await;
            let pipe = stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            pipe.write_all(&line).await?;
            pipe.flush().await
        }
    }

    async fn receive(&mut self) -> Option<Heard> {
        hear(&mut self.stdout, &self.wire).await
    }

    async fn close(&mut self) -> io::Result<()> {
        // Whoever still writes writes to a router that does not read; the pipe then ends with the process.
        if let Ok(mut stdin) = self.stdin.try_lock() {
            stdin.take();
        }
        if !self.wire.is_broken() {
            // What it says now still counts: an answer that contradicts the first one.
            let _ = tokio::time::timeout(GRACE, self.hear_out()).await;
        }
        end(&mut self.child, self.group.0.take()).await;
        Ok(())
    }
}

fn command(config: &NexusRouterConfig, run: Option<&RunId>) -> Command {
    let mut command = Command::new(config.command.first().map(String::as_str).unwrap_or_default());
    command
        .args(config.command.get(1..).unwrap_or_default())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    if let Some(run) = run {
        command.env("NEXUS_RUN_ID", run.as_str());
    }
    for name in config.env.iter().chain(&config.secret_env) {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    if let Some(folder) = &config.working_dir {
        command.current_dir(folder);
    }
    command
}

/// What it writes about itself goes to our log, as far as there is room; the rest is thrown away.
async fn log(router: String, stderr: ChildStderr, secrets: SecretValues) {
    let mut lines = Lines::new(stderr, LOG_LINE);
    let mut room = LOG_BYTES;
    loop {
        match lines.next().await {
            Next::Line(line) => {
                let shown = secrets.clean(&line);
                if let Some(left) = room.checked_sub(shown.len()) {
                    room = left;
                    tracing::debug!(router, "{shown}");
                }
            }
            Next::TooLong => lines.forget(),
            Next::End => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_router_that_left_its_group_is_ended_too() {
        let script = "setpgrp(0, getpgrp(getppid())); $| = 1; print \"gone\\n\"; sleep 600";
        let config = serde_json::json!({ "name": "ops", "command": ["/usr/bin/perl", "-e", script] });
        let config: NexusRouterConfig = serde_json::from_value(config).unwrap();
        let wire = Wire::default();
        let Ok(mut process) = Process::start(&config, None, wire.clone()) else { panic!("no perl") };
        assert!(matches!(process.stdout.next().await, Next::Line(line) if line == "gone"));
        wire.end();
        tokio::time::timeout(Duration::from_secs(10), process.close()).await.unwrap().unwrap();
        assert!(process.child.try_wait().unwrap().is_some());
    }
}
