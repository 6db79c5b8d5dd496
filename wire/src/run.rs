//! Runs: those that the server carries out, and those that the caller carries out itself through the gate.

use crate::{Json, RunStatus};
use control::gate::{self, GateReport};
use control::lists::{LiveRun, RunWrite};
use governance::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A run of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Run {
    /// Its id.
    pub run_id: String,
    /// Through which adapter.
    pub adapter_id: String,
    /// How it stands.
    pub status: RunStatus,
    /// When it began.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// When it ended.
    #[schema(format = DateTime)]
    pub finished_at: Option<String>,
}

impl From<&RunWrite> for Run {
    fn from(run: &RunWrite) -> Self {
        Self {
            run_id: run.run_id.to_string(),
            adapter_id: run.adapter_id.clone(),
            status: RunStatus::of(&run.status),
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.as_ref().map(Timestamp::to_string),
        }
    }
}

/// What is known of a run while it runs. None of it is evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Live {
    /// When it was last heard of.
    #[schema(format = DateTime)]
    pub heard_at: String,
    /// Steps that are done.
    pub steps: u32,
    /// What it is doing, in its own words.
    pub doing: String,
    /// The end of its output.
    pub tail: String,
    /// Actor id of whoever wants it to stop.
    pub cancel_requested_by: Option<String>,
}

impl From<&LiveRun> for Live {
    fn from(live: &LiveRun) -> Self {
        Self {
            heard_at: live.heard_at.to_string(),
            steps: live.steps,
            doing: live.doing.clone(),
            tail: live.tail.clone(),
            cancel_requested_by: live.cancel.as_ref().map(|wish| wish.by.clone()),
        }
    }
}

/// One run, with what is known of it and what remains of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct RunState {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// Its decision.
    pub decision_id: String,
    /// What is known while it runs.
    pub live: Option<Live>,
    /// Its record, once it ended: a nexus-router bundle.
    pub record: Option<Json>,
}

/// Beginning a run that the caller carries out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "plan": "rotate-key --database production" }))]
pub struct Begin {
    /// What the caller is about to do: to the letter the plan that was approved.
    pub plan: String,
    /// The version that the caller saw.
    pub expected_version: Option<u32>,
}

/// A run that this caller, and nobody else, may carry out now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Begun {
    /// The run.
    pub run_id: String,
    /// Its decision.
    pub decision_id: String,
    /// How many events the decision has.
    pub version: u32,
    /// Longest time that it may take.
    pub time_limit_seconds: u64,
    /// After so long without a word it is recorded as unknown.
    pub silence_seconds: u64,
    /// Whether this answer was given before, under the same `Idempotency-Key`: then it is no permission to start, but
    /// for who asked the first time and never heard it.
    pub begun_before: bool,
}

impl From<&gate::Begun> for Begun {
    fn from(begun: &gate::Begun) -> Self {
        Self {
            run_id: begun.run_id.to_string(),
            decision_id: begun.decision.id.to_string(),
            version: begun.decision.version(),
            time_limit_seconds: begun.time_limit_seconds,
            silence_seconds: begun.silence_seconds,
            begun_before: false,
        }
    }
}

/// How far the caller's run is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "steps": 1, "doing": "copying", "tail": "42 %" }))]
pub struct RunProgress {
    /// Steps that are done.
    pub steps: u32,
    /// What it is doing, in a few words.
    pub doing: String,
    /// The end of its output.
    pub tail: String,
}

/// The answer to progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Heard {
    /// Actor id of whoever wants the run to stop.
    pub cancel_requested_by: Option<String>,
}

/// How the caller's run ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "exit_code": 0,
    "error": null,
    "duration_ms": 5230,
    "stdout": {
        "tail": "rotated\n",
        "bytes": 8,
        "sha256": "dcc0366721e7f48bbab60fec60e1504898812604ceadd3d21852d64b8e3b6320",
    },
    "stderr": {
        "tail": "",
        "bytes": 0,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
}))]
pub struct Report {
    /// The command's exit status; `null` where a signal ended it or it never started.
    pub exit_code: Option<i32>,
    /// What went wrong beside that.
    pub error: Option<ReportError>,
    /// How long it took.
    #[schema(maximum = 9_007_199_254_740_991_i64)]
    pub duration_ms: u64,
    /// What it printed.
    pub stdout: ReportOutput,
    /// What it printed beside.
    pub stderr: ReportOutput,
}

/// What went wrong with a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportError {
    /// A stable code: `CANCELLED`, `TIMED_OUT`, `START_FAILED`, …
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Z0-9_]+$")]
    pub code: String,
    /// The same in words.
    #[schema(max_length = 4000)]
    pub message: String,
}

/// One of a command's two outputs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportOutput {
    /// Its end.
    #[schema(max_length = 262_144)]
    pub tail: String,
    /// How many bytes there were in all.
    #[schema(maximum = 9_007_199_254_740_991_i64)]
    pub bytes: u64,
    /// SHA-256 over all of them, in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
}

impl From<Report> for GateReport {
    fn from(report: Report) -> Self {
        let output = |output: ReportOutput| gate::Output {
            tail: output.tail,
            bytes: output.bytes,
            sha256: output.sha256,
        };
        Self {
            exit_code: report.exit_code,
            error: report.error.map(|error| (error.code, error.message)),
            duration_ms: report.duration_ms,
            stdout: output(report.stdout),
            stderr: output(report.stderr),
        }
    }
}
