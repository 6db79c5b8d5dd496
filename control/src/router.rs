//! The port to what really runs things. A router gets a compiled request and answers with a run's record.

use crate::live::Live;
use async_trait::async_trait;
use governance::{RunId, Timestamp, Value};

/// The code of a run that somebody stopped.
pub const CANCELLED: &str = "CANCELLED";
/// The code of a run that took longer than it may.
pub const TIMED_OUT: &str = "TIMED_OUT";
/// The code of a run whose router cannot be reached: nothing was started.
pub const ROUTER_UNREACHABLE: &str = "ROUTER_UNREACHABLE";
/// The code of a run whose router went away after it was asked: nobody knows what it did.
pub const ROUTER_LOST: &str = "ROUTER_LOST";
/// The code of a run whose router said no, in its own words: nothing was started.
pub const ROUTER_REFUSED: &str = "ROUTER_REFUSED";
/// The code of a run whose router answered something that is no answer.
pub const ROUTER_ANSWER_INVALID: &str = "ROUTER_ANSWER_INVALID";
/// The code of a run whose router answered more than once, and not the same.
pub const ROUTER_ANSWERED_TWICE: &str = "ROUTER_ANSWERED_TWICE";
/// The code of a run whose router answered about something else: another goal, mode, adapter or run.
pub const ROUTER_ANSWERED_OTHER: &str = "ROUTER_ANSWERED_OTHER";
/// The code of a run that its router carried out, and that failed, in the router's own words.
pub const ROUTER_RUN_FAILED: &str = "ROUTER_RUN_FAILED";

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
    /// Whether whoever asked carries the run out, through the gate: this server only says who may, and records.
    pub at_the_caller: bool,
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
    /// The router's own record of the run, where it keeps one: it is bound and embedded in place of `events`.
    pub record: Option<RunRecord>,
}

impl RunReport {
    /// A run that failed with a stable code and words.
    pub fn failed(
        code: &str,
        message: impl Into<String>,
        steps_executed: u32,
        events: Vec<RunEvent>,
    ) -> Self {
        Self { steps_executed, error: Some((code.to_owned(), message.into())), events, record: None }
    }
}

/// A router's own record of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// The run's id over there: what events and packages name.
    pub run_id: String,
    /// Its nexus-router bundle, sound ([`governance::router_bundle::is_sound`]) and with an `integrity` section.
    pub bundle: Value,
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

/// A router. It must end within its own limits and report, also when it is cancelled; it must not panic on any request.
#[async_trait]
pub trait Router: Send + Sync {
    /// What it offers, as far as is known now. Never asks anybody: that is [`Router::refresh`].
    fn adapters(&self) -> Vec<AdapterInfo>;

    /// Whether a run through this adapter is this router's business.
    fn owns(&self, adapter_id: &str) -> bool {
        self.adapters().iter().any(|one| one.id == adapter_id)
    }

    /// Asks again what there is, where that takes asking. Words when nobody answers: what was known then stays.
    async fn refresh(&self) -> Result<(), String> {
        Ok(())
    }

    /// Refuses, in words, a plan that this adapter could not run, before anything is recorded.
    fn check(&self, adapter_id: &str, plan: Option<&str>, dry_run: bool) -> Result<(), String>;

    /// The command that a run with this plan would start, argument by argument; empty where there is none. Where the
    /// plan does not fit, the declared command with its open fields.
    fn command(&self, adapter_id: &str, plan: Option<&str>) -> Vec<String>;

    /// Longest time that a run may take, in seconds.
    fn time_limit_seconds(&self, adapter_id: &str) -> u64;

    /// Runs, and tells `live` how far it is. Once `live` is cancelled it stops as soon as it can and reports
    /// [`CANCELLED`].
    async fn run(&self, request: &RunRequest, live: &Live) -> RunReport;
}
