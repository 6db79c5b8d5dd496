//! What is computed of a decision at one moment.

use crate::{Json, State};
use governance::lifecycle as computed;
use governance::timeline::TimelineEntry as Entry;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// Everything computed about a decision at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct Lifecycle {
    /// The state.
    pub state: State,
    /// Whether anything keeps it from running.
    pub is_blocked: bool,
    /// What keeps it from running, the most important first.
    pub blocking_reasons: Vec<BlockingReason>,
    /// How far it has come.
    pub progress: Progress,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Entries before truncation.
    pub timeline_total: usize,
    /// Whether entries were left out.
    pub timeline_truncated: bool,
}

impl From<&computed::Lifecycle> for Lifecycle {
    fn from(lifecycle: &computed::Lifecycle) -> Self {
        Self {
            state: lifecycle.state.into(),
            is_blocked: !lifecycle.blocking_reasons.is_empty(),
            blocking_reasons: lifecycle.blocking_reasons.iter().map(BlockingReason::from).collect(),
            progress: Progress::from(lifecycle.progress),
            timeline: lifecycle.timeline.iter().map(TimelineEntry::from).collect(),
            timeline_total: lifecycle.timeline_total,
            timeline_truncated: lifecycle.timeline_truncated(),
        }
    }
}

/// How far a decision has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Progress {
    /// Approvals that count and approvals needed, as `1/2`.
    #[schema(example = "1/2")]
    pub approvals: String,
    /// Approvals that count now.
    pub approvals_current: u32,
    /// Approvals needed.
    pub approvals_required: u32,
    /// Whether it could run this moment.
    pub ready_to_execute: bool,
    /// Whether a run has begun.
    pub has_executed: bool,
    /// `pending`, `success` or `failed` once a run has begun.
    pub execution_outcome: Option<&'static str>,
}

impl From<computed::Progress> for Progress {
    fn from(progress: computed::Progress) -> Self {
        Self {
            approvals: format!("{}/{}", progress.approvals_current, progress.approvals_required),
            approvals_current: progress.approvals_current,
            approvals_required: progress.approvals_required,
            ready_to_execute: progress.ready_to_execute,
            has_executed: progress.has_executed,
            execution_outcome: progress.execution_outcome,
        }
    }
}

/// One thing that keeps a decision from running.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct BlockingReason {
    /// The stable code.
    #[schema(example = "MISSING_APPROVALS")]
    pub code: &'static str,
    /// The same in words.
    pub message: String,
    /// Its figures.
    pub details: Json,
}

impl From<&computed::BlockingReason> for BlockingReason {
    fn from(reason: &computed::BlockingReason) -> Self {
        Self {
            code: reason.code.as_str(),
            message: reason.message.clone(),
            details: Json(reason.details.clone()),
        }
    }
}

/// One line of what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct TimelineEntry {
    /// When.
    #[schema(format = DateTime)]
    pub ts: String,
    /// `decision`, `policy`, `approval` or `execution`.
    pub category: &'static str,
    /// A short word for what happened.
    pub label: &'static str,
    /// A sentence for people.
    pub summary: String,
    /// Who, `system:` before machines; nobody where it was computed.
    pub actor: Option<String>,
    /// The type of the event, or `THRESHOLD_MET` where the approvals became enough.
    pub event_type: &'static str,
    /// The event's place in the decision's log.
    pub seq: u32,
}

impl From<&Entry> for TimelineEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            ts: entry.ts.to_string(),
            category: entry.category,
            label: entry.label,
            summary: entry.summary.clone(),
            actor: entry.actor.clone(),
            event_type: entry.event_type,
            seq: entry.seq,
        }
    }
}
