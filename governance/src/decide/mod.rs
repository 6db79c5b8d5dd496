//! What may happen next: a decision, a command and a moment in; new facts or a refusal out.
//!
//! Nothing here knows roles; whether a person may approve at all was decided before. Here stands what holds for
//! everyone, whichever door they came through.

mod request;
mod run;

pub use request::{
    MAX_GOAL_CHARS, MAX_LABEL_CHARS, MAX_LABELS, MAX_PLAN_CHARS, PolicyInput, Request, request, resolve,
};
pub use run::{MAX_STEPS_EXCEEDED, OUTCOME_UNKNOWN, Outcome, at_the_caller, execute, finish};

use crate::actor::{Actor, ActorKind};
use crate::decision::{Decision, Origin, Phase};
use crate::event::{Body, NewEvent};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::standing::Standing;
use crate::time::Timestamp;

/// Longest comment or reason, in characters.
pub const MAX_COMMENT_CHARS: usize = 4_000;

/// The moment, who acts, and who stands behind the actors then.
#[derive(Debug, Clone)]
pub struct Context {
    /// Now.
    pub now: Timestamp,
    /// Who acts.
    pub actor: Actor,
    /// Who stands behind this actor and those of the decision.
    pub standing: Standing,
    /// When the acting person last proved who they are; `None` where nobody signed in, as with a key.
    pub signed_in_at: Option<Timestamp>,
}

impl Context {
    /// A moment and an actor, knowing nothing but the log.
    pub fn new(now: Timestamp, actor: Actor) -> Self {
        Self { now, actor, standing: Standing::of_the_log(), signed_in_at: None }
    }

    /// The same with what a directory says of the actors.
    #[must_use]
    pub fn with_standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// The same with the moment of the sign-in.
    #[must_use]
    pub fn with_sign_in(mut self, signed_in_at: Option<Timestamp>) -> Self {
        self.signed_in_at = signed_in_at;
        self
    }

    /// Whether the acting person is the one behind this actor.
    fn is(&self, actor: &Actor) -> bool {
        self.standing.same_person(&self.actor, actor)
    }
}

/// An approval. A person counts once, whichever of their actors they act as: while theirs stands, approving again
/// is refused as `AlreadyApproved`. Whether the sign-in is recent comes last, so that nobody signs in for nothing.
pub fn approve(
    decision: &Decision,
    context: &Context,
    comment: Option<String>,
    expires_at: Option<Timestamp>,
) -> Result<Vec<NewEvent>, Refusal> {
    open(decision, context, "approved")?;
    let policy = decision.policy.as_ref();
    let machines = policy.is_some_and(Policy::allow_machine_approvals);
    if context.actor.kind() == ActorKind::System && !machines {
        return Err(Refusal::MachineApproval);
    }
    let own = decision.requester.as_ref().is_some_and(|requester| context.is(requester));
    if own && policy.is_some_and(Policy::forbid_self_approval) {
        return Err(Refusal::SelfApproval);
    }
    let comment = optional(comment, "the comment", MAX_COMMENT_CHARS)?;
    if expires_at.is_some_and(|at| at <= context.now) {
        return Err(Refusal::ExpiryInPast);
    }
    let mut standing = decision.approvals.values().filter(|approval| approval.is_active(context.now));
    if let Some(approval) = standing.find(|approval| context.is(&approval.actor)) {
        return Err(Refusal::AlreadyApproved { since: approval.granted_at });
    }
    signed_in_lately(policy, context)?;
    Ok(vec![by(context, Body::ApprovalGranted { comment, expires_at })])
}

fn signed_in_lately(policy: Option<&Policy>, context: &Context) -> Result<(), Refusal> {
    let Some(minutes) = policy.and_then(Policy::max_sign_in_age_minutes) else { return Ok(()) };
    let oldest = context.now.plus_seconds(-60 * i64::from(minutes));
    match context.signed_in_at {
        Some(at) if at >= oldest => Ok(()),
        _ => Err(Refusal::SignInTooOld { minutes }),
    }
}

/// Takes the person's own voice back; possible until a run starts. That is every approval of theirs, whichever of
/// their actors gave it: otherwise the next one would count in its place. Each is revoked in the name of the actor
/// that gave it, so that a machine takes back no more than its own.
pub fn revoke(
    decision: &Decision,
    context: &Context,
    reason: Option<String>,
) -> Result<Vec<NewEvent>, Refusal> {
    open(decision, context, "changed")?;
    let reason = optional(reason, "the reason", MAX_COMMENT_CHARS)?;
    let human = context.actor.kind() == ActorKind::Human;
    let own = |actor: &Actor| actor.id() == context.actor.id() || (human && context.is(actor));
    let revoked: Vec<NewEvent> = decision
        .approvals
        .values()
        .filter(|approval| approval.revoked.is_none() && own(&approval.actor))
        .map(|approval| NewEvent {
            actor: approval.actor.clone(),
            body: Body::ApprovalRevoked { reason: reason.clone() },
        })
        .collect();
    if revoked.is_empty() { Err(Refusal::NothingToRevoke) } else { Ok(revoked) }
}

/// Says no, with a reason. Ends the decision.
pub fn reject(decision: &Decision, context: &Context, reason: &str) -> Result<Vec<NewEvent>, Refusal> {
    open(decision, context, "rejected")?;
    if context.actor.kind() == ActorKind::System {
        return Err(Refusal::MachineApproval);
    }
    let reason = required(reason.trim(), "the reason", MAX_COMMENT_CHARS)?;
    Ok(vec![by(context, Body::DecisionRejected { reason })])
}

/// Takes the request back. Only the person who made it may, as whichever actor. Ends the decision.
pub fn withdraw(
    decision: &Decision,
    context: &Context,
    reason: Option<String>,
) -> Result<Vec<NewEvent>, Refusal> {
    open(decision, context, "withdrawn")?;
    if !decision.requester.as_ref().is_some_and(|requester| context.is(requester)) {
        return Err(Refusal::NotRequester);
    }
    let reason = optional(reason, "the reason", MAX_COMMENT_CHARS)?;
    Ok(vec![by(context, Body::DecisionWithdrawn { reason })])
}

fn by(context: &Context, body: Body) -> NewEvent {
    NewEvent { actor: context.actor.clone(), body }
}

fn open(decision: &Decision, context: &Context, action: &'static str) -> Result<(), Refusal> {
    if decision.origin == Origin::Imported {
        return Err(Refusal::Imported);
    }
    if decision.phase == Phase::Open {
        Ok(())
    } else {
        Err(Refusal::NotOpen { action, state: decision.state(context.now, &context.standing) })
    }
}

fn required(text: &str, field: &'static str, limit: usize) -> Result<String, Refusal> {
    if text.is_empty() {
        return Err(Refusal::Text { field, limit, missing: true });
    }
    within(text, field, limit).map(|()| text.to_owned())
}

fn optional(text: Option<String>, field: &'static str, limit: usize) -> Result<Option<String>, Refusal> {
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => within(&text, field, limit).map(|()| Some(text)),
        None => Ok(None),
    }
}

fn within(text: &str, field: &'static str, limit: usize) -> Result<(), Refusal> {
    if text.chars().count() > limit { Err(Refusal::Text { field, limit, missing: false }) } else { Ok(()) }
}
