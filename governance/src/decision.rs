//! A decision: the state that its events add up to. Never stored as truth; always replayed from the log.
//!
//! Replay is lenient as the reference's is, because an imported stream is evidence of what somebody else's
//! system did; what may be added to a stream is decided elsewhere (`decide`), and there it is strict. Which
//! approvals count is in `count`.

use crate::actor::Actor;
use crate::event::{Body, Event, TemplateRef};
use crate::ids::DecisionId;
use crate::policy::{Mode, Policy};
use crate::standing::Standing;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What an approval binds to: SHA-256 over the decision's id and the digests of its first two events, request and policy,
/// which never change after it was made.
pub fn request_digest(id: &DecisionId, events: &[Event]) -> String {
    let mut text = id.as_str().to_owned();
    for event in events.iter().take(2) {
        text.push('\n');
        text.push_str(&event.digest);
    }
    crate::digest::sha256_hex(text.as_bytes())
}

/// Where a stream came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Decided here.
    Native,
    /// Imported from a bundle: evidence, which can never be approved or executed.
    Imported,
}

/// One person's approval, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who gave it.
    pub actor: Actor,
    /// When.
    pub granted_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Option<Timestamp>,
    /// Why.
    pub comment: Option<String>,
    /// When and why it was taken back.
    pub revoked: Option<Revocation>,
}

/// An approval taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
}

impl Approval {
    /// Whether it counts at this moment.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires_at.is_none_or(|at| at > now)
    }

    /// Whether it lapsed by time alone.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires_at.is_some_and(|at| at <= now)
    }
}

/// One attempt to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Through which adapter.
    pub adapter_id: String,
    /// Rehearsed or real.
    pub dry_run: bool,
    /// Who asked for it.
    pub requested_by: Actor,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// The router's run.
    pub run_id: Option<String>,
    /// Digest of the compiled request.
    pub request_digest: Option<String>,
    /// Digest of the router's answer.
    pub response_digest: Option<String>,
    /// Steps taken, where known and not zero.
    pub steps_executed: Option<i64>,
    /// What went wrong: code and words.
    pub error: Option<(String, String)>,
}

/// Why and by whom a decision was ended by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
}

/// What is true of a decision whatever the clock says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Asked for, without a policy.
    Draft,
    /// Collecting approvals, or ready.
    Open,
    /// Running.
    Executing,
    /// Ran well.
    Completed,
    /// Ran badly, or nobody knows.
    Failed,
    /// An approver said no.
    Rejected(Ending),
    /// The requester took it back.
    Withdrawn(Ending),
}

impl Phase {
    /// The word in the read model.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Executing => "executing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Rejected(_) => "rejected",
            Self::Withdrawn(_) => "withdrawn",
        }
    }
}

/// What people call the state: the phase, and for open decisions whether enough approvals stand right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Asked for, without a policy.
    Draft,
    /// Not enough approvals stand.
    PendingApproval,
    /// Enough approvals stand.
    Approved,
    /// Running.
    Executing,
    /// Ran well.
    Completed,
    /// Ran badly, or nobody knows.
    Failed,
    /// An approver said no.
    Rejected,
    /// The requester took it back.
    Withdrawn,
}

impl State {
    /// All states, in the order of a decision's life.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::PendingApproval,
        Self::Approved,
        Self::Executing,
        Self::Completed,
        Self::Failed,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// The word in bundles (in capitals there) and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::PendingApproval => "pending_approval",
            Self::Approved => "approved",
            Self::Executing => "executing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing can change any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Rejected | Self::Withdrawn)
    }
}

/// A decision, replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// Where its stream came from.
    pub origin: Origin,
    /// What is true whatever the clock says.
    pub phase: Phase,
    /// What is to be achieved.
    pub goal: Option<String>,
    /// What exactly will run.
    pub plan: Option<String>,
    /// Rehearsed or real.
    pub mode: Option<Mode>,
    /// Governance labels of the request.
    pub labels: Vec<String>,
    /// Who asked.
    pub requester: Option<Actor>,
    /// The rules.
    pub policy: Option<Policy>,
    /// Where the rules came from.
    pub template: Option<TemplateRef>,
    /// Approvals by actor id, the latest of each.
    pub approvals: BTreeMap<String, Approval>,
    /// Attempts to run, oldest first.
    pub executions: Vec<Execution>,
    /// The log.
    pub events: Vec<Event>,
}

impl Decision {
    /// A decision before its first event.
    pub fn empty(id: DecisionId, origin: Origin) -> Self {
        Self {
            id,
            origin,
            phase: Phase::Draft,
            goal: None,
            plan: None,
            mode: None,
            labels: Vec::new(),
            requester: None,
            policy: None,
            template: None,
            approvals: BTreeMap::new(),
            executions: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The decision that these events add up to.
    pub fn replay(id: DecisionId, origin: Origin, events: impl IntoIterator<Item = Event>) -> Self {
        let mut decision = Self::empty(id, origin);
        for event in events {
            decision.evolve(event);
        }
        decision
    }

    /// Adds one fact.
    pub fn evolve(&mut self, event: Event) {
        match &event.body {
            Body::DecisionCreated { goal, plan, mode, labels } => {
                self.goal = Some(goal.clone());
                self.plan.clone_from(plan);
                self.mode = Some(*mode);
                self.labels.clone_from(labels);
                self.requester = Some(event.actor.clone());
                self.phase = Phase::Draft;
            }
            Body::PolicyAttached { policy, template } => {
                self.policy = Some(policy.clone());
                self.template.clone_from(template);
                self.phase = Phase::Open;
            }
            Body::ApprovalGranted { comment, expires_at } => {
                let approval = Approval {
                    actor: event.actor.clone(),
                    granted_at: event.ts,
                    expires_at: *expires_at,
                    comment: comment.clone(),
                    revoked: None,
                };
                self.approvals.insert(event.actor.id().to_owned(), approval);
            }
            Body::ApprovalRevoked { reason } => {
                if let Some(approval) = self.approvals.get_mut(event.actor.id()) {
                    approval.revoked = Some(Revocation { at: event.ts, reason: reason.clone() });
                }
            }
            Body::ExecutionRequested { adapter_id, dry_run, .. } => self.executions.push(Execution {
                adapter_id: adapter_id.clone(),
                dry_run: *dry_run,
                requested_by: event.actor.clone(),
                requested_at: event.ts,
                started_at: None,
                completed_at: None,
                run_id: None,
                request_digest: None,
                response_digest: None,
                steps_executed: None,
                error: None,
            }),
            Body::ExecutionStarted { router_request_digest } => {
                if let Some(execution) = self.executions.last_mut() {
                    execution.started_at = Some(event.ts);
                    execution.request_digest = Some(router_request_digest.clone());
                }
                self.phase = Phase::Executing;
            }
            Body::ExecutionCompleted { run_id, response_digest, steps_executed } => {
                if let Some(execution) = self.executions.last_mut() {
                    execution.completed_at = Some(event.ts);
                    execution.run_id = Some(run_id.clone());
                    execution.response_digest = Some(response_digest.clone());
                    execution.steps_executed = steps_executed.filter(|steps| *steps != 0);
                }
                self.phase = Phase::Completed;
            }
            Body::ExecutionFailed { error_code, error_message, run_id } => {
                if let Some(execution) = self.executions.last_mut() {
                    execution.completed_at = Some(event.ts);
                    execution.error = Some((error_code.clone(), error_message.clone()));
                    execution.run_id.clone_from(run_id);
                }
                self.phase = Phase::Failed;
            }
            Body::DecisionRejected { reason } => {
                self.phase = Phase::Rejected(ending(&event, Some(reason.clone())));
            }
            Body::DecisionWithdrawn { reason } => {
                self.phase = Phase::Withdrawn(ending(&event, reason.clone()));
            }
        }
        self.events.push(event);
    }

    /// How many events it has; the version that an append must expect.
    pub fn version(&self) -> u32 {
        u32::try_from(self.events.len()).unwrap_or(u32::MAX)
    }

    /// The state at this moment.
    pub fn state(&self, now: Timestamp, standing: &Standing) -> State {
        match self.phase {
            Phase::Draft => State::Draft,
            Phase::Open if self.is_approved(now, standing) => State::Approved,
            Phase::Open => State::PendingApproval,
            Phase::Executing => State::Executing,
            Phase::Completed => State::Completed,
            Phase::Failed => State::Failed,
            Phase::Rejected(_) => State::Rejected,
            Phase::Withdrawn(_) => State::Withdrawn,
        }
    }

    /// The latest attempt to run.
    pub fn latest_execution(&self) -> Option<&Execution> {
        self.executions.last()
    }

    /// When it was asked for.
    pub fn created_at(&self) -> Option<Timestamp> {
        self.events.first().map(|event| event.ts)
    }

    /// The request that a router would get for this adapter and mode; `None` without a policy.
    pub fn router_request(&self, adapter_id: &str, dry_run: bool) -> Option<crate::json::Value> {
        let goal = self.goal.as_deref().unwrap_or_default();
        self.policy.as_ref().map(|policy| policy.compile(goal, self.plan.as_deref(), adapter_id, dry_run))
    }
}

fn ending(event: &Event, reason: Option<String>) -> Ending {
    Ending { actor: event.actor.clone(), at: event.ts, reason }
}
