//! One decision for one reader at one moment.

use crate::{ActionName, Actor, Lifecycle, Live, Mode, Origin, Policy, Run, page};
use control::{DecisionView, Permitted};
use governance::{Standing, Timestamp, decision as rules};
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// One decision, with all that is computed of it and all that the caller may do.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct Decision {
    /// Its id.
    pub decision_id: String,
    /// How many events it has: what `expected_version` is compared with.
    pub version: u32,
    /// Its page, for people.
    #[schema(format = "uri")]
    pub url: String,
    /// Decided here, or brought in as evidence.
    pub origin: Origin,
    /// What is to be achieved.
    pub goal: Option<String>,
    /// What exactly will run.
    pub plan: Option<String>,
    /// Rehearsed or real.
    pub mode: Option<Mode>,
    /// Who asked.
    pub requester: Option<Actor>,
    /// The rules.
    pub policy: Option<Policy>,
    /// The template that the rules came from.
    pub template: Option<TemplateName>,
    /// What an approval binds to: SHA-256 over the id and the digests of request and policy.
    pub request_digest: String,
    /// State, blocking reasons, progress and timeline.
    pub lifecycle: Lifecycle,
    /// Approvals, the latest of each actor.
    pub approvals: Vec<Approval>,
    /// What the caller may do now.
    pub actions: Vec<ActionState>,
    /// Adapters that it can be executed through.
    pub adapters: Vec<String>,
    /// Its latest run.
    pub run: Option<Run>,
    /// What is known of the run while it runs.
    pub live: Option<Live>,
}

impl Decision {
    /// As a reader sees it at this moment.
    pub fn of(view: &DecisionView, public_url: &str, now: Timestamp) -> Self {
        let decision = &view.decision;
        Self {
            decision_id: decision.id.to_string(),
            version: decision.version(),
            url: page(public_url, &decision.id),
            origin: decision.origin.into(),
            goal: decision.goal.clone(),
            plan: decision.plan.clone(),
            mode: decision.mode.map(Mode::from),
            requester: decision.requester.as_ref().map(Actor::from),
            policy: decision.policy.as_ref().map(Policy::from),
            template: decision.template.as_ref().map(|template| TemplateName {
                name: template.name.clone(),
                digest: template.digest.clone(),
            }),
            request_digest: view.request_digest.clone(),
            lifecycle: Lifecycle::from(&view.lifecycle),
            approvals: decision.approvals.values().map(|one| Approval::of(one, view, now)).collect(),
            actions: view.actions.iter().map(ActionState::from).collect(),
            adapters: view.adapters.iter().map(|adapter| adapter.id.clone()).collect(),
            run: view.run.as_ref().map(Run::from),
            live: view.live.as_ref().map(Live::from),
        }
    }
}

/// The template that a decision's rules came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct TemplateName {
    /// Its name.
    pub name: String,
    /// Its digest.
    pub digest: String,
}

/// An approval as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Approval {
    /// Who gave it.
    pub actor: Actor,
    /// What they are called.
    pub name: Option<String>,
    /// Why.
    pub comment: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    pub granted_at: String,
    /// Until when it counts.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// Whether it counts at this moment.
    pub counts: bool,
    /// Why it does not: `revoked`, `expired`, `role_lost`, `suspended`, `unknown`, `same_person`, `requester` or
    /// `machine`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<&'static str>,
}

impl Approval {
    fn of(approval: &rules::Approval, view: &DecisionView, now: Timestamp) -> Self {
        let actor = &approval.actor;
        let reason = why_not(approval, view, now);
        Self {
            actor: Actor::from(actor),
            name: view.names.get(actor.id()).cloned(),
            comment: approval.comment.clone(),
            granted_at: approval.granted_at.to_string(),
            expires_at: approval.expires_at.map(|at| at.to_string()),
            counts: reason.is_none(),
            reason,
        }
    }
}

/// Why an approval does not count, where it does not.
fn why_not(approval: &rules::Approval, view: &DecisionView, now: Timestamp) -> Option<&'static str> {
    if approval.revoked.is_some() {
        return Some("revoked");
    }
    if approval.has_expired(now) {
        return Some("expired");
    }
    let actor = &approval.actor;
    if let Some(one) = view.not_counted.iter().find(|one| one.actor == actor.id()) {
        return Some(one.reason.as_str());
    }
    // What remains is what the log alone keeps from counting: one's own, or a machine's.
    let own = view.decision.requester.as_ref() == Some(actor);
    let fills_a_seat = view.decision.may_fill_a_seat(actor, &Standing::of_the_log());
    (!fills_a_seat).then_some(if own { "requester" } else { "machine" })
}

/// Whether something is open to the caller now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct ActionState {
    /// What.
    pub action: ActionName,
    /// Whether they may.
    pub allowed: bool,
    /// Why not, in words for them.
    pub reason: Option<String>,
}

impl From<&Permitted> for ActionState {
    fn from(permitted: &Permitted) -> Self {
        Self {
            action: permitted.action.into(),
            allowed: permitted.reason.is_none(),
            reason: permitted.reason.clone(),
        }
    }
}
