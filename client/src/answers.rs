//! What the server says of a decision, read as leniently as any third party would: members that are not needed may be
//! missing, others may come.

use crate::printable::printable;
use crate::problem::Reason;
use serde::Deserialize;
use serde_json::Value;

/// A decision.
#[expect(clippy::struct_field_names, reason = "the server's word")]
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Decision {
    /// Its id.
    pub decision_id: String,
    /// Its page.
    pub url: Option<String>,
    /// What is to be achieved.
    pub goal: Option<String>,
    /// What exactly will run.
    pub plan: Option<String>,
    /// `dry_run` or `apply`.
    pub mode: Option<String>,
    /// What it needs before it may run.
    pub policy: Value,
    /// State and what blocks it.
    pub lifecycle: Lifecycle,
    /// Who approved.
    pub approvals: Vec<Approval>,
    /// Its run.
    pub run: Option<Run>,
    /// What is known of the run while it runs.
    pub live: Option<Live>,
}

/// State and what blocks it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Lifecycle {
    /// The state.
    pub state: String,
    /// What blocks it, the most important first.
    pub blocking_reasons: Vec<Reason>,
    /// How far it has come.
    pub progress: Progress,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
}

/// One thing that happened.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// In words, with what people said about it.
    pub summary: String,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Approvals that count.
    pub approvals_current: u32,
    /// Approvals that it takes.
    pub approvals_required: u32,
}

/// An approval.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Approval {
    /// Who.
    pub actor: Value,
    /// What they are called.
    pub name: Option<String>,
    /// What they said.
    pub comment: Option<String>,
    /// Until when.
    pub expires_at: Option<String>,
    /// Whether it counts now.
    pub counts: Option<bool>,
    /// Why it does not.
    pub reason: Option<String>,
}

/// A run.
#[expect(clippy::struct_field_names, reason = "the server's word")]
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Run {
    /// Its id.
    pub run_id: String,
    /// Through which adapter.
    pub adapter_id: String,
    /// `running`, `completed`, `failed`, `unknown`.
    pub status: String,
}

/// A run while it runs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Live {
    /// Steps done.
    pub steps: u32,
    /// What it does now.
    pub doing: Option<String>,
    /// Who wants it to stop.
    pub cancel_requested_by: Option<String>,
}

/// What a wait came to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Waited {
    /// `met`, `never` or `timed_out`.
    pub waited: String,
    /// The decision then.
    pub decision: Decision,
}

/// The right to carry a run out.
#[derive(Debug, Clone, Deserialize)]
pub struct Begun {
    /// The run.
    pub run_id: String,
    /// Longest time that it may take.
    pub time_limit_seconds: u64,
    /// After so long without a word the server gives it up.
    pub silence_seconds: u64,
}

/// What the server says when it hears how far a run is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Heard {
    /// Who wants it to stop.
    pub cancel_requested_by: Option<String>,
}

impl Decision {
    /// The state.
    pub fn state(&self) -> &str {
        &self.lifecycle.state
    }

    /// The id of its run, where it has one.
    pub fn run_id(&self) -> Option<&str> {
        self.run.as_ref().map(|run| run.run_id.as_str())
    }

    /// What blocks it, in words; empty where nothing does.
    pub fn missing(&self) -> String {
        let reasons: Vec<String> =
            self.lifecycle.blocking_reasons.iter().map(|reason| printable(&reason.message)).collect();
        reasons.join("; ")
    }

    /// What happened last, with the words of whoever did it: why it was rejected.
    pub fn last(&self) -> String {
        self.lifecycle.timeline.last().map(|entry| printable(&entry.summary)).unwrap_or_default()
    }

    /// Whether this blocks it.
    pub fn is_blocked_by(&self, code: &str) -> bool {
        self.lifecycle.blocking_reasons.iter().any(|reason| reason.code == code)
    }

    /// Approvals as people write them: `1 of 2`.
    pub fn count(&self) -> String {
        let Progress { approvals_current, approvals_required } = self.lifecycle.progress;
        format!("{approvals_current} of {approvals_required}")
    }

    /// The page for people, or the id where there is none.
    pub fn page(&self) -> String {
        printable(self.url.as_deref().unwrap_or(&self.decision_id))
    }
}

impl Approval {
    /// Who, for people.
    pub fn who(&self) -> String {
        let id = self.actor.get("id").and_then(Value::as_str).or(self.actor.as_str()).unwrap_or("somebody");
        match self.name.as_deref().filter(|name| *name != id) {
            Some(name) => format!("{} ({})", printable(name), printable(id)),
            None => printable(id),
        }
    }
}
