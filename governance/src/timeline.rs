//! A decision's timeline: one line per event, and one computed line where the approvals became enough.

use crate::decision::Decision;
use crate::event::{Body, Event};
use crate::json::{Value, object};
use crate::standing::Standing;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// The computed line's type, beside the event types.
pub const THRESHOLD_MET: &str = "THRESHOLD_MET";

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub ts: Timestamp,
    /// `decision`, `policy`, `approval` or `execution`.
    pub category: &'static str,
    /// A short word for what happened.
    pub label: &'static str,
    /// A sentence for people.
    pub summary: String,
    /// Who, `system:` before machines; `None` for computed lines.
    pub actor: Option<String>,
    /// The event's type.
    pub event_type: &'static str,
    /// The event's place in the stream.
    pub seq: u32,
}

impl TimelineEntry {
    /// As interfaces write it.
    pub fn to_value(&self) -> Value {
        object([
            ("ts", self.ts.to_string().into()),
            ("category", self.category.into()),
            ("label", self.label.into()),
            ("summary", self.summary.as_str().into()),
            ("actor", self.actor.clone().into()),
            ("event_type", self.event_type.into()),
            ("seq", self.seq.into()),
        ])
    }
}

/// The whole timeline, oldest first.
pub fn compute(decision: &Decision) -> Vec<TimelineEntry> {
    let threshold = threshold_event(decision);
    let mut entries = Vec::with_capacity(decision.events.len() + 1);
    for event in &decision.events {
        entries.push(entry(event));
        if let Some((seq, required)) = threshold.filter(|(seq, _)| *seq == event.seq) {
            entries.push(TimelineEntry {
                ts: event.ts,
                category: "decision",
                label: "approved",
                summary: format!("Approval threshold met ({required}/{required})"),
                actor: None,
                event_type: THRESHOLD_MET,
                seq,
            });
        }
    }
    entries
}

/// The first event at which enough distinct approvers stood, whatever their expiry, and how many that took. The
/// timeline tells the log: who stands behind the approvers is said where a run was asked for.
pub fn threshold_event(decision: &Decision) -> Option<(u32, u32)> {
    let required = decision.policy.as_ref()?.min_approvals();
    let log = Standing::of_the_log();
    let mut standing = BTreeSet::new();
    for event in &decision.events {
        match &event.body {
            Body::ApprovalGranted { .. } if decision.may_fill_a_seat(&event.actor, &log) => {
                standing.insert(event.actor.id());
            }
            Body::ApprovalRevoked { .. } => {
                standing.remove(event.actor.id());
            }
            _ => continue,
        }
        if u32::try_from(standing.len()).is_ok_and(|count| count >= required) {
            return Some((event.seq, required));
        }
    }
    None
}

fn entry(event: &Event) -> TimelineEntry {
    let (category, label, summary) = describe(event);
    TimelineEntry {
        ts: event.ts,
        category,
        label,
        summary,
        actor: Some(event.actor.to_string()),
        event_type: event.body.type_name(),
        seq: event.seq,
    }
}

fn describe(event: &Event) -> (&'static str, &'static str, String) {
    let who = event.actor.id();
    match &event.body {
        Body::DecisionCreated { .. } => ("decision", "created", "Decision created".to_owned()),
        Body::PolicyAttached { template: Some(template), .. } => {
            ("policy", "policy", format!("Policy attached from template \"{}\"", template.name))
        }
        Body::PolicyAttached { template: None, .. } => ("policy", "policy", "Policy attached".to_owned()),
        Body::ApprovalGranted { comment, .. } => {
            ("approval", "approved", quoted(format!("Approval granted by {who}"), comment.as_deref()))
        }
        Body::ApprovalRevoked { reason } => {
            ("approval", "revoked", quoted(format!("Approval revoked by {who}"), reason.as_deref()))
        }
        Body::ExecutionRequested { adapter_id, dry_run, approvals_not_counted } => {
            let mode = if *dry_run { "dry-run" } else { "apply" };
            let mut summary = format!("Execution requested ({mode}) via {adapter_id}");
            if !approvals_not_counted.is_empty() {
                let names: Vec<String> = approvals_not_counted.iter().map(ToString::to_string).collect();
                summary = format!("{summary} (approvals not counted: {})", names.join("; "));
            }
            ("execution", "requested", summary)
        }
        Body::ExecutionStarted { .. } => ("execution", "started", "Execution started".to_owned()),
        Body::ExecutionCompleted { steps_executed, .. } => {
            let summary = match steps_executed.filter(|steps| *steps != 0) {
                Some(steps) => format!("Execution completed ({steps} steps)"),
                None => "Execution completed".to_owned(),
            };
            ("execution", "completed", summary)
        }
        Body::ExecutionFailed { error_message, .. } => {
            let summary = if error_message.is_empty() {
                "Execution failed".to_owned()
            } else {
                format!("Execution failed: {}", shortened(error_message))
            };
            ("execution", "failed", summary)
        }
        Body::DecisionRejected { reason } => {
            ("decision", "rejected", quoted(format!("Rejected by {who}"), Some(reason)))
        }
        Body::DecisionWithdrawn { reason } => {
            ("decision", "withdrawn", quoted(format!("Withdrawn by {who}"), reason.as_deref()))
        }
    }
}

fn quoted(sentence: String, words: Option<&str>) -> String {
    match words.filter(|words| !words.is_empty()) {
        Some(words) => format!("{sentence}: \"{words}\""),
        None => sentence,
    }
}

/// At most 50 characters: 47 and three dots.
fn shortened(text: &str) -> String {
    if text.chars().count() > 50 {
        text.chars().take(47).collect::<String>() + "..."
    } else {
        text.to_owned()
    }
}
