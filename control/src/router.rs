//! The port to what really runs things. A router gets a compiled request and answers with a run's record.

use async_trait::async_trait;
use governance::{RunId, Timestamp, Value};

/// An adapter that decisions can run through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterInfo {
    /// Its id: `simulate`, `subprocess:key-rotation`.
    pub id: String,
    /// What it is, in words.
    pub description: String,
    /// What it can do, as policies require it.
    pub capabilities: Vec<String>,
    /// Whether it only rehearses.
    pub dry_run_only: bool,
    /// The command that it starts, program first, for people to read; empty where there is none.
    pub command: Vec<String>,
}

/// What a router is asked to do.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The run, named before it starts, so that a crash leaves a trace.
    pub run_id: RunId,
    /// Through which adapter.
    pub adapter_id: String,
    /// What is to be achieved.
    pub goal: String,
    /// What exactly will run.
    pub plan: Option<String>,
    /// Rehearsed or real.
    pub dry_run: bool,
    /// Most steps.
    pub max_steps: Option<u32>,
    /// The compiled request, whose digest the log holds.
    pub request: Value,
    /// When it starts.
    pub started_at: Timestamp,
}

/// How a run went.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// Steps taken.
    pub steps_executed: u32,
    /// What went wrong, as a stable code and in words; `None` when nothing did.
    pub error: Option<(String, String)>,
    /// The run's events: type and payload, in order. They become the nexus-router bundle.
    pub events: Vec<RunEvent>,
}

/// One thing that happened during a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEvent {
    /// When.
    pub ts: Timestamp,
    /// What, such as `STEP_COMPLETED`.
    pub kind: String,
    /// Its details.
    pub payload: Value,
}

/// A router. It must end within its own limits and report; it must not panic on any request.
#[async_trait]
pub trait Router: Send + Sync {
    /// What it offers now.
    fn adapters(&self) -> Vec<AdapterInfo>;

    /// Refuses, in words, a plan that this adapter could not run, before anything is recorded.
    fn check(&self, adapter_id: &str, plan: Option<&str>, dry_run: bool) -> Result<(), String>;

    /// The command that a run with this plan would start, argument by argument; empty where there is none. Where the
    /// plan does not fit, the declared command with its open fields.
    fn command(&self, adapter_id: &str, plan: Option<&str>) -> Vec<String>;

    /// Longest time that a run may take, in seconds.
    fn time_limit_seconds(&self, adapter_id: &str) -> u64;

    /// Runs.
    async fn run(&self, request: &RunRequest) -> RunReport;
}
