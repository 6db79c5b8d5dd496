//! What a reader of one decision gets: the decision, what is computed of it, and what they may do about it.

use crate::router::AdapterInfo;
use governance::lifecycle::Lifecycle;
use governance::standing::NotCounted;
use governance::{Decision, Policy, Template};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::RunWrite;
use store::live::LiveRun;

/// What a person can do to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Approve.
    Approve,
    /// Revoke one's approval.
    Revoke,
    /// Reject.
    Reject,
    /// Withdraw one's request.
    Withdraw,
    /// Execute.
    Execute,
    /// Stop the run.
    Cancel,
    /// Export.
    Export,
}

/// Whether an action is open to the reader now, and if not, why not, in words for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permitted {
    /// The action.
    pub action: Action,
    /// Why it is not open; `None` when it is.
    pub reason: Option<String>,
    /// The same as a stable code.
    pub code: Option<&'static str>,
}

/// What somebody was writing about a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The comment.
    pub comment: String,
    /// The expiry, as it was typed.
    pub expires_at: String,
}

/// One decision for one reader at one moment.
#[derive(Debug, Clone)]
pub struct DecisionView {
    /// The decision.
    pub decision: Decision,
    /// State, blocking reasons, progress; the whole timeline.
    pub lifecycle: Lifecycle,
    /// Approvals that stand and do not count at this moment, and why.
    pub not_counted: Vec<NotCounted>,
    /// Within how many minutes the reader must have signed in to approve, when that is all that is missing.
    pub step_up: Option<u32>,
    /// What the reader was writing when they had to sign in again.
    pub draft: Option<Draft>,
    /// What the reader may do now.
    pub actions: Vec<Permitted>,
    /// Adapters that the policy lets it run through, for the form.
    pub adapters: Vec<AdapterInfo>,
    /// The latest run's record.
    pub run: Option<RunWrite>,
    /// What is known of the run while it runs.
    pub live: Option<LiveRun>,
    /// What an approval binds to: SHA-256 over decision id and the digests of request and policy.
    pub request_digest: String,
    /// Names of the people in it, by actor id.
    pub names: BTreeMap<String, String>,
}

/// What stands around a decision: beside its log, and beside it in the workspace.
#[derive(Debug, Clone)]
pub struct Around {
    /// Through which door an event came, by its place, where that was noted. No digest covers it.
    pub doors: BTreeMap<u32, String>,
    /// Who could give what is missing; `None` while nothing is.
    pub givers: Option<Givers>,
    /// What ran last for the same goal, or from the same template.
    pub earlier: Option<EarlierRun>,
}

/// People who could give one of the missing approvals today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Givers {
    /// The first of them by name, without the reader; empty for those who may not see people.
    pub names: Vec<String>,
    /// How many there are, the reader among them.
    pub count: u32,
    /// Whether the reader is one of them.
    pub you: bool,
}

/// An earlier decision that completed.
#[derive(Debug, Clone)]
pub struct EarlierRun {
    /// It.
    pub decision: Decision,
    /// Whether its goal is the very same; otherwise only its template is.
    pub same_goal: bool,
}

/// A template with its use.
#[derive(Debug, Clone)]
pub struct TemplateView {
    /// The template.
    pub template: Template,
    /// Decisions made from it; stops at [`store::query::COUNT_CAP`].
    pub uses: u32,
    /// Name of its author.
    pub author: String,
}

/// An exported artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// A file name for it.
    pub file_name: String,
    /// Canonical JSON.
    pub json: String,
    /// Its digest, with `sha256:`.
    pub digest: String,
    /// A readable rendering.
    pub text: String,
}

/// An import's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The decision's id here.
    pub decision_id: governance::DecisionId,
    /// Its id in the bundle.
    pub original_id: governance::DecisionId,
    /// How many events came.
    pub events: u32,
}

/// A policy with what it means for the workspace's people today.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The policy.
    pub policy: Policy,
    /// People who could approve, the asker left out where the policy says so.
    pub possible_approvers: u32,
}
