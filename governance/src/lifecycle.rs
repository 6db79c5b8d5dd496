//! The lifecycle of a decision: computed, never stored. State, what blocks it in triage order, and progress.

use crate::decision::{Approval, Decision, Origin, Phase, State};
use crate::json::{Value, object};
use crate::standing::{NotCounted, Standing};
use crate::time::Timestamp;
use crate::timeline::{self, TimelineEntry};
use std::collections::BTreeSet;

/// Entries that a timeline shows unless asked for more.
pub const DEFAULT_TIMELINE_LIMIT: usize = 20;

/// What keeps a decision from running. The order here is the triage order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockingCode {
    /// No policy is attached.
    NoPolicy,
    /// It ran already.
    AlreadyExecuted,
    /// It ran and failed.
    ExecutionFailed,
    /// An approver said no. Ours.
    Rejected,
    /// The requester took it back. Ours.
    Withdrawn,
    /// It is running now. Ours.
    ExecutionInProgress,
    /// It is imported evidence. Ours.
    ImportedEvidence,
    /// An approval does not count because of who stands behind it, and too few are left. Ours.
    ApproverNotEntitled,
    /// Enough approvals were given, and some have lapsed.
    ApprovalExpired,
    /// Too few approvals.
    MissingApprovals,
}

impl BlockingCode {
    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoPolicy => "NO_POLICY",
            Self::AlreadyExecuted => "ALREADY_EXECUTED",
            Self::ExecutionFailed => "EXECUTION_FAILED",
            Self::Rejected => "REJECTED",
            Self::Withdrawn => "WITHDRAWN",
            Self::ExecutionInProgress => "EXECUTION_IN_PROGRESS",
            Self::ImportedEvidence => "IMPORTED_EVIDENCE",
            Self::ApproverNotEntitled => "APPROVER_NOT_ENTITLED",
            Self::ApprovalExpired => "APPROVAL_EXPIRED",
            Self::MissingApprovals => "MISSING_APPROVALS",
        }
    }
}

/// One reason why a decision cannot run now.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockingReason {
    /// The stable code.
    pub code: BlockingCode,
    /// The same in words.
    pub message: String,
    /// Its figures, for machines.
    pub details: Value,
}

impl BlockingReason {
    fn new(code: BlockingCode, message: impl Into<String>, details: Value) -> Self {
        Self { code, message: message.into(), details }
    }

    /// As interfaces write it.
    pub fn to_value(&self) -> Value {
        object([
            ("code", self.code.as_str().into()),
            ("message", self.message.as_str().into()),
            ("details", self.details.clone()),
        ])
    }
}

/// How far a decision has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
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

impl Progress {
    /// As interfaces write it.
    pub fn to_value(self) -> Value {
        object([
            ("approvals", format!("{}/{}", self.approvals_current, self.approvals_required).into()),
            ("approvals_current", self.approvals_current.into()),
            ("approvals_required", self.approvals_required.into()),
            ("ready_to_execute", self.ready_to_execute.into()),
            ("has_executed", self.has_executed.into()),
            ("execution_outcome", self.execution_outcome.into()),
        ])
    }
}

/// Everything computed about a decision at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Lifecycle {
    /// The state.
    pub state: State,
    /// What blocks it, most important first.
    pub blocking_reasons: Vec<BlockingReason>,
    /// How far it has come.
    pub progress: Progress,
    /// The newest entries of its timeline, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Entries before truncation.
    pub timeline_total: usize,
}

impl Lifecycle {
    /// Whether entries were left out.
    pub fn timeline_truncated(&self) -> bool {
        self.timeline.len() < self.timeline_total
    }

    /// As interfaces write it.
    pub fn to_value(&self) -> Value {
        let reasons = self.blocking_reasons.iter().map(BlockingReason::to_value).collect();
        let timeline = self.timeline.iter().map(TimelineEntry::to_value).collect();
        object([
            ("state", self.state.as_str().into()),
            ("is_blocked", (!self.blocking_reasons.is_empty()).into()),
            ("blocking_reasons", Value::Array(reasons)),
            ("progress", self.progress.to_value()),
            ("timeline", Value::Array(timeline)),
            ("timeline_total", i64::try_from(self.timeline_total).unwrap_or(i64::MAX).into()),
            ("timeline_truncated", self.timeline_truncated().into()),
        ])
    }
}

/// The lifecycle at this moment, with the newest `limit` timeline entries.
pub fn compute(decision: &Decision, now: Timestamp, standing: &Standing, limit: usize) -> Lifecycle {
    let mut timeline = timeline::compute(decision);
    let timeline_total = timeline.len();
    let timeline = timeline.split_off(timeline_total.saturating_sub(limit));
    Lifecycle {
        state: decision.state(now, standing),
        blocking_reasons: blocking_reasons(decision, now, standing),
        progress: progress(decision, now, standing),
        timeline,
        timeline_total,
    }
}

/// What keeps the decision from running at this moment; empty when nothing does.
pub fn blocking_reasons(decision: &Decision, now: Timestamp, standing: &Standing) -> Vec<BlockingReason> {
    match terminal_reason(decision) {
        Some(reason) => vec![reason],
        None => approval_reasons(decision, now, standing),
    }
}

fn terminal_reason(decision: &Decision) -> Option<BlockingReason> {
    if decision.policy.is_none() {
        return Some(BlockingReason::new(
            BlockingCode::NoPolicy,
            "Decision has no policy attached",
            object([]),
        ));
    }
    let execution = decision.latest_execution();
    let reason = match &decision.phase {
        Phase::Completed => {
            let run_id = execution.and_then(|execution| execution.run_id.clone());
            BlockingReason::new(
                BlockingCode::AlreadyExecuted,
                "Decision has already been executed successfully",
                object([("run_id", run_id.into())]),
            )
        }
        Phase::Failed => {
            let (code, message) = match execution.and_then(|execution| execution.error.clone()) {
                Some((code, message)) => (Some(code), message),
                None => (None, String::new()),
            };
            let words = if message.is_empty() {
                "Previous execution failed".to_owned()
            } else {
                format!("Previous execution failed: {message}")
            };
            let details = object([("error_code", code.into()), ("error_message", message.into())]);
            BlockingReason::new(BlockingCode::ExecutionFailed, words, details)
        }
        Phase::Rejected(ending) => BlockingReason::new(
            BlockingCode::Rejected,
            format!("Rejected by {}", ending.actor.id()),
            object([("actor", ending.actor.id().into()), ("reason", ending.reason.clone().into())]),
        ),
        Phase::Withdrawn(ending) => BlockingReason::new(
            BlockingCode::Withdrawn,
            format!("Withdrawn by {}", ending.actor.id()),
            object([("actor", ending.actor.id().into()), ("reason", ending.reason.clone().into())]),
        ),
        Phase::Executing => BlockingReason::new(
            BlockingCode::ExecutionInProgress,
            "Execution is in progress",
            object([("adapter_id", execution.map(|execution| execution.adapter_id.clone()).into())]),
        ),
        Phase::Draft | Phase::Open if decision.origin == Origin::Imported => BlockingReason::new(
            BlockingCode::ImportedEvidence,
            "Imported as evidence; it can never run here",
            object([]),
        ),
        Phase::Draft | Phase::Open => return None,
    };
    Some(reason)
}

/// Too few approvals, and why: two reasons where somebody's approval does not count, else one.
fn approval_reasons(decision: &Decision, now: Timestamp, standing: &Standing) -> Vec<BlockingReason> {
    let Some(required) = decision.policy.as_ref().map(crate::policy::Policy::min_approvals) else {
        return Vec::new();
    };
    let current = decision.active_approvals(now, standing);
    if current >= required {
        return Vec::new();
    }
    let not_counted = decision.not_counted(now, standing);
    if !not_counted.is_empty() {
        return vec![not_entitled(&not_counted, current, required), missing(current, required)];
    }
    vec![expired(decision, now, standing, current, required).unwrap_or_else(|| missing(current, required))]
}

fn not_entitled(not_counted: &[NotCounted], current: u32, required: u32) -> BlockingReason {
    let names: Vec<String> = not_counted.iter().map(ToString::to_string).collect();
    let head = match not_counted {
        [_] => "An approval no longer counts".to_owned(),
        several => format!("{} approvals no longer count", several.len()),
    };
    BlockingReason::new(
        BlockingCode::ApproverNotEntitled,
        format!("{head}: {}", names.join("; ")),
        object([
            ("required", required.into()),
            ("current", current.into()),
            ("not_entitled", Value::Array(not_counted.iter().map(NotCounted::to_value).collect())),
        ]),
    )
}

fn expired(
    decision: &Decision,
    now: Timestamp,
    standing: &Standing,
    current: u32,
    required: u32,
) -> Option<BlockingReason> {
    let seats = || {
        let fills = |approval: &&Approval| decision.may_fill_a_seat(&approval.actor, standing);
        decision.approvals.values().filter(|approval| approval.revoked.is_none()).filter(fills)
    };
    let people: BTreeSet<_> = seats().map(|approval| standing.being(&approval.actor)).collect();
    let expired = seats().filter(|approval| approval.has_expired(now)).count();
    let expired = u32::try_from(expired).unwrap_or(u32::MAX);
    if expired == 0 || u32::try_from(people.len()).unwrap_or(u32::MAX) < required {
        return None;
    }
    Some(BlockingReason::new(
        BlockingCode::ApprovalExpired,
        format!("Approvals expired: {expired} approval(s) have expired"),
        object([
            ("expired_count", expired.into()),
            ("current_valid", current.into()),
            ("required", required.into()),
        ]),
    ))
}

fn missing(current: u32, required: u32) -> BlockingReason {
    let missing = required.saturating_sub(current);
    let plural = if missing == 1 { "" } else { "s" };
    BlockingReason::new(
        BlockingCode::MissingApprovals,
        format!("Missing {missing} approval{plural}"),
        object([("required", required.into()), ("current", current.into()), ("missing", missing.into())]),
    )
}

fn progress(decision: &Decision, now: Timestamp, standing: &Standing) -> Progress {
    let state = decision.state(now, standing);
    let execution_outcome = match state {
        State::Completed => Some("success"),
        State::Failed => Some("failed"),
        State::Executing => Some("pending"),
        _ => None,
    };
    Progress {
        approvals_current: decision.active_approvals(now, standing),
        approvals_required: decision.policy.as_ref().map_or(1, crate::policy::Policy::min_approvals),
        ready_to_execute: state == State::Approved && decision.origin == Origin::Native,
        has_executed: execution_outcome.is_some(),
        execution_outcome,
    }
}
