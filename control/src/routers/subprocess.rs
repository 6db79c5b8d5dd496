//! `subprocess:<name>`: commands that the operator declared. A request never brings a command, only typed fields.
//!
//! Arguments are handed over one by one, never through a shell. The environment is empty but for an allow-list;
//! secret values in captured output are replaced before anything is stored.

mod ended;
mod fields;
mod output;
mod redact;
mod shell;

pub use fields::FieldConfig;
pub use output::{end, kill_group};

use super::SecretValues;
use crate::clock::Clock;
use crate::live::Live;
use crate::router::{AdapterInfo, Router, RunEvent, RunReport, RunRequest};
use async_trait::async_trait;
use ended::{Ended, ended, verdict};
use governance::Value;
use governance::json::object;
use output::{Capture, Captured};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, Command};

/// A command as the operator declares it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubprocessConfig {
    /// Its name; the adapter's id is `subprocess:<name>`.
    pub name: String,
    /// What it does, for people.
    #[serde(default)]
    pub description: String,
    /// Program and arguments. `{field}` in an argument stands for a declared field.
    pub command: Vec<String>,
    /// What policies may require of it.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Longest run, in seconds.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Working folder; the server's own when absent.
    pub working_dir: Option<PathBuf>,
    /// Names of environment variables that it gets from the server.
    #[serde(default)]
    pub env: Vec<String>,
    /// The same, whose values are replaced in captured output.
    #[serde(default)]
    pub secret_env: Vec<String>,
    /// Bytes kept of each of its two outputs.
    #[serde(default = "default_output")]
    pub output_limit_bytes: usize,
    /// Fields that a decision's plan fills in, as a JSON object.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldConfig>,
}

fn default_timeout() -> u64 {
    300
}

fn default_output() -> usize {
    64 * 1024
}

/// One declared command as a router.
pub struct Subprocess {
    id: String,
    config: SubprocessConfig,
    secrets: SecretValues,
    clock: Arc<dyn Clock>,
}

impl Subprocess {
    /// Checks the declaration. The refusal says what to change.
    pub fn new(config: SubprocessConfig, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let name = &config.name;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        if name.is_empty() || name.len() > 100 || !name.chars().all(plain) {
            return Err(format!(
                "adapter name `{name}` must have 1 to 100 letters, digits, `-`, `_`, `.` or `:`"
            ));
        }
        if config.command.first().is_none_or(String::is_empty) {
            return Err(format!("adapter `{name}` has no command"));
        }
        if config.timeout_seconds == 0 || config.timeout_seconds > 24 * 3600 {
            return Err(format!("adapter `{name}`: timeout_seconds must be 1 to 86400"));
        }
        let refused = |why: String| format!("adapter `{name}`: {why}");
        fields::check_declaration(&config.command, &config.fields).map_err(refused)?;
        let variable = |name: &str| std::env::var_os(name);
        let secrets = SecretValues::of_variables(&config.secret_env, variable).map_err(refused)?;
        Ok(Self { id: format!("subprocess:{name}"), config, secrets, clock })
    }

    fn event(&self, kind: &str, payload: Value) -> RunEvent {
        RunEvent { ts: self.clock.now(), kind: kind.to_owned(), payload }
    }

    fn command(&self, arguments: &[String], request: &RunRequest) -> Command {
        let program = arguments.first().map(String::as_str).unwrap_or_default();
        let mut command = Command::new(program);
        command
            .args(arguments.get(1..).unwrap_or_default())
            .env_clear()
            .env("NEXUS_RUN_ID", request.run_id.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        for name in self.config.env.iter().chain(&self.config.secret_env) {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(folder) = &self.config.working_dir {
            command.current_dir(folder);
        }
        command
    }

    async fn supervise(&self, mut child: Child, live: &Live) -> (Ended, Captured, Captured) {
        let limit = self.config.output_limit_bytes;
        let group = child.id();
        let stdout = Capture::start(child.stdout.take(), limit, self.secrets.clone(), live.clone());
        let stderr = Capture::start(child.stderr.take(), limit, self.secrets.clone(), live.clone());
        let ended = ended(&mut child, Duration::from_secs(self.config.timeout_seconds), live).await;
        // What it left behind goes too: a forgotten grandchild would hold the pipes open for ever.
        output::end(&mut child, group).await;
        let (stdout, stderr) = tokio::join!(stdout.finish(), stderr.finish());
        (ended, stdout, stderr)
    }
}

#[async_trait]
impl Router for Subprocess {
    fn adapters(&self) -> Vec<AdapterInfo> {
        vec![AdapterInfo {
            id: self.id.clone(),
            description: self.config.description.clone(),
            capabilities: self.config.capabilities.clone(),
            dry_run_only: false,
            command: self.config.command.clone(),
            at_the_caller: false,
        }]
    }

    fn check(&self, _adapter_id: &str, plan: Option<&str>, _dry_run: bool) -> Result<(), String> {
        fields::arguments(&self.config.command, &self.config.fields, plan).map(|_| ())
    }

    fn command(&self, _adapter_id: &str, plan: Option<&str>) -> Vec<String> {
        let filled = fields::arguments(&self.config.command, &self.config.fields, plan);
        filled.unwrap_or_else(|_| self.config.command.clone())
    }

    fn time_limit_seconds(&self, _adapter_id: &str) -> u64 {
        self.config.timeout_seconds
    }

    async fn run(&self, request: &RunRequest, live: &Live) -> RunReport {
        let arguments =
            match fields::arguments(&self.config.command, &self.config.fields, request.plan.as_deref()) {
                Ok(arguments) => arguments,
                Err(why) => return RunReport::failed("PLAN_INVALID", why, 0, Vec::new()),
            };
        let started = object([("step", 1_i64.into()), ("command", arguments.as_slice().into())]);
        let mut events = vec![
            self.event(
                "RUN_STARTED",
                object([("mode", "apply".into()), ("adapter_id", self.id.as_str().into())]),
            ),
            self.event("STEP_STARTED", started),
        ];
        let child = match self.command(&arguments, request).spawn() {
            Ok(child) => child,
            Err(error) => {
                events.push(self.event("RUN_FAILED", object([("error", error.to_string().into())])));
                return RunReport::failed(
                    "COMMAND_NOT_STARTED",
                    format!("the command could not be started: {error}"),
                    0,
                    events,
                );
            }
        };
        live.step(0, arguments.first().map(String::as_str).unwrap_or_default());
        let (ended, stdout, stderr) = self.supervise(child, live).await;
        let (exit_code, error) = verdict(&ended, self.config.timeout_seconds, live);
        let step = object([
            ("step", 1_i64.into()),
            ("exit_code", exit_code.map(i64::from).into()),
            ("stdout", stdout.text.into()),
            ("stdout_truncated", stdout.truncated.into()),
            ("stderr", stderr.text.into()),
            ("stderr_truncated", stderr.truncated.into()),
        ]);
        let failed = error.is_some();
        events.push(self.event(if failed { "STEP_FAILED" } else { "STEP_COMPLETED" }, step));
        let status = if failed { "failed" } else { "completed" };
        let ended = object([("status", status.into()), ("steps_executed", 1_i64.into())]);
        events.push(self.event(if failed { "RUN_FAILED" } else { "RUN_COMPLETED" }, ended));
        RunReport { steps_executed: 1, error, events, record: None }
    }
}
