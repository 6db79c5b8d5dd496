//! What may happen next: a decision, a command and a moment in; new facts or a refusal out.
//!
//! Nothing here knows roles; whether a person may approve at all was decided before. Here stands what holds for
//! everyone, whichever door they came through.

use crate::actor::{Actor, ActorKind};
use crate::decision::{Decision, Origin, Phase};
use crate::digest;
use crate::event::{Body, NewEvent, TemplateRef};
use crate::json::{Value, object};
use crate::lifecycle;
use crate::policy::{Mode, Policy, Violation};
use crate::refusal::Refusal;
use crate::standing::Standing;
use crate::template::Template;
use crate::time::Timestamp;

/// Longest goal, in characters.
pub const MAX_GOAL_CHARS: usize = 4_000;
/// Longest plan, in characters.
pub const MAX_PLAN_CHARS: usize = 100_000;
/// Longest comment or reason, in characters.
pub const MAX_COMMENT_CHARS: usize = 4_000;
/// Most labels, and most required capabilities.
pub const MAX_LABELS: usize = 32;
/// Longest label or capability, in characters.
pub const MAX_LABEL_CHARS: usize = 100;

/// Recorded when a run took more steps than its policy allows.
pub const MAX_STEPS_EXCEEDED: &str = "MAX_STEPS_EXCEEDED";
/// Recorded when nobody knows how a run ended.
pub const OUTCOME_UNKNOWN: &str = "OUTCOME_UNKNOWN";

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

/// Policy values given with a request: the whole policy, or what replaces a template's values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyInput {
    /// Distinct approvers needed.
    pub min_approvals: Option<i64>,
    /// Modes that may be asked for.
    pub allowed_modes: Option<Vec<String>>,
    /// Capabilities that the adapter must have.
    pub require_adapter_capabilities: Option<Vec<String>>,
    /// Most steps.
    pub max_steps: Option<i64>,
    /// Labels; they replace, they do not merge.
    pub labels: Option<Vec<String>>,
    /// Whether the requester's own approval is refused.
    pub forbid_self_approval: Option<bool>,
    /// How old the approver's sign-in may be, in minutes.
    pub max_sign_in_age_minutes: Option<i64>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What is to be achieved.
    pub goal: String,
    /// What exactly will run.
    pub plan: Option<String>,
    /// Rehearsed or real.
    pub mode: Mode,
    /// The template to start from.
    pub template: Option<&'a Template>,
    /// Policy values.
    pub policy: PolicyInput,
    /// What the workspace says about self-approval where the policy says nothing.
    pub forbid_self_approval: bool,
}

/// The facts of a new decision.
pub fn request(context: &Context, request: Request<'_>) -> Result<Vec<NewEvent>, Refusal> {
    let goal = required(request.goal.trim(), "the goal", MAX_GOAL_CHARS)?;
    let plan = optional(request.plan, "the plan", MAX_PLAN_CHARS)?;
    let (policy, template) =
        resolve(request.template, request.policy, request.mode, request.forbid_self_approval)?;
    if !policy.allows_mode(request.mode) {
        let allowed = policy.allowed_modes().to_vec();
        return Err(Refusal::ModeNotAllowed { mode: request.mode, allowed });
    }
    let labels = policy.labels().to_vec();
    let created = Body::DecisionCreated { goal, plan, mode: request.mode, labels };
    Ok(vec![by(context, created), by(context, Body::PolicyAttached { policy, template })])
}

/// The policy that a request would get, and the template reference that it would keep.
pub fn resolve(
    template: Option<&Template>,
    input: PolicyInput,
    mode: Mode,
    forbid_self_approval: bool,
) -> Result<(Policy, Option<TemplateRef>), Refusal> {
    check_entries(input.labels.as_deref(), "the list of labels")?;
    check_entries(input.require_adapter_capabilities.as_deref(), "the list of capabilities")?;
    let overrides = overrides(&input);
    let base = template.map(Template::policy);
    let default_modes = || match (base, mode) {
        (Some(policy), _) => policy.allowed_modes().iter().map(|mode| mode.as_str().to_owned()).collect(),
        (None, Mode::DryRun) => vec!["dry_run".to_owned()],
        (None, Mode::Apply) => vec!["dry_run".to_owned(), "apply".to_owned()],
    };
    let policy = Policy::new(
        input.min_approvals.unwrap_or_else(|| base.map_or(1, |policy| i64::from(policy.min_approvals()))),
        &input.allowed_modes.unwrap_or_else(default_modes),
        input.require_adapter_capabilities.unwrap_or_else(|| {
            base.map_or_else(Vec::new, |policy| policy.require_adapter_capabilities().to_vec())
        }),
        input.max_steps.or_else(|| base.and_then(Policy::max_steps).map(i64::from)),
        input.labels.unwrap_or_else(|| base.map_or_else(Vec::new, |policy| policy.labels().to_vec())),
    )
    .map_err(Refusal::Policy)?;
    let forbid = input
        .forbid_self_approval
        .or_else(|| base.map(Policy::forbid_self_approval))
        .unwrap_or(forbid_self_approval);
    let machines = base.is_some_and(Policy::allow_machine_approvals);
    let base_age = || base.and_then(Policy::max_sign_in_age_minutes).map(i64::from);
    let policy = policy
        .forbidding_self_approval(forbid)
        .allowing_machine_approvals(machines)
        .asking_for_a_recent_sign_in(input.max_sign_in_age_minutes.or_else(base_age))
        .map_err(Refusal::Policy)?;
    let reference = template.map(|template| TemplateRef {
        name: template.name().to_owned(),
        digest: template.digest(),
        snapshot: template.snapshot(),
        overrides,
    });
    Ok((policy, reference))
}

fn overrides(input: &PolicyInput) -> Value {
    let given = [
        ("min_approvals", input.min_approvals.map(Value::from)),
        ("allowed_modes", input.allowed_modes.as_deref().map(Value::from)),
        ("require_adapter_capabilities", input.require_adapter_capabilities.as_deref().map(Value::from)),
        ("max_steps", input.max_steps.map(Value::from)),
        ("labels", input.labels.as_deref().map(Value::from)),
        ("forbid_self_approval", input.forbid_self_approval.map(Value::from)),
        ("max_sign_in_age_minutes", input.max_sign_in_age_minutes.map(Value::from)),
    ];
    Value::Object(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
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

/// Starts a run: every rule is checked here, at this moment. `mode` is the requested one unless given; a request
/// for a rehearsal never becomes a real run.
pub fn execute(
    decision: &Decision,
    context: &Context,
    adapter_id: &str,
    capabilities: &[String],
    mode: Option<Mode>,
) -> Result<Vec<NewEvent>, Refusal> {
    if decision.origin == Origin::Imported {
        return Err(Refusal::Imported);
    }
    let reasons = lifecycle::blocking_reasons(decision, context.now, &context.standing);
    if !reasons.is_empty() {
        return Err(Refusal::Blocked(reasons));
    }
    let requested = decision.mode.unwrap_or(Mode::DryRun);
    let mode = mode.unwrap_or(requested);
    if mode == Mode::Apply && requested == Mode::DryRun {
        return Err(Refusal::ModeNotRequested { requested });
    }
    let approvals = decision.active_approvals(context.now, &context.standing);
    let policy = decision.policy.as_ref();
    let broken =
        policy.map(|policy| policy.violations(mode, approvals, Some(capabilities))).unwrap_or_default();
    match broken.into_iter().next() {
        None => {}
        Some(Violation::ModeNotAllowed { mode, allowed }) => {
            return Err(Refusal::ModeNotAllowed { mode, allowed });
        }
        Some(Violation::MissingCapabilities { missing }) => {
            return Err(Refusal::MissingCapabilities { missing });
        }
        Some(Violation::MissingApprovals { .. }) => {
            return Err(Refusal::Blocked(lifecycle::blocking_reasons(
                decision,
                context.now,
                &context.standing,
            )));
        }
    }
    let dry_run = mode == Mode::DryRun;
    let compiled = decision.router_request(adapter_id, dry_run).unwrap_or(object([]));
    let router_request_digest = digest::of_value(&compiled);
    let requested = Body::ExecutionRequested {
        adapter_id: adapter_id.to_owned(),
        dry_run,
        approvals_not_counted: decision.not_counted(context.now, &context.standing),
    };
    let started = Body::ExecutionStarted { router_request_digest };
    Ok(vec![by(context, requested), NewEvent { actor: Actor::control(), body: started }])
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Well.
    Completed {
        /// Digest of the router's answer, bare hexadecimal.
        response_digest: String,
        /// Steps taken.
        steps_executed: u32,
    },
    /// Badly, or unknown.
    Failed {
        /// A stable code.
        code: String,
        /// The same in words.
        message: String,
    },
}

/// Records how a run ended. More steps than the policy allows make it a failure, whatever the router says.
pub fn finish(decision: &Decision, run_id: &str, outcome: Outcome) -> Result<Vec<NewEvent>, Refusal> {
    if decision.phase != Phase::Executing {
        return Err(Refusal::NotExecuting);
    }
    let run_id = run_id.to_owned();
    let limit = decision.policy.as_ref().and_then(Policy::max_steps);
    let body = match outcome {
        Outcome::Completed { steps_executed, .. } if limit.is_some_and(|limit| steps_executed > limit) => {
            Body::ExecutionFailed {
                error_code: MAX_STEPS_EXCEEDED.to_owned(),
                error_message: format!(
                    "the router took {steps_executed} steps; the policy allows {}",
                    limit.unwrap_or_default()
                ),
                run_id: Some(run_id),
            }
        }
        Outcome::Completed { response_digest, steps_executed } => Body::ExecutionCompleted {
            run_id,
            response_digest,
            steps_executed: Some(i64::from(steps_executed)),
        },
        Outcome::Failed { code, message } => {
            Body::ExecutionFailed { error_code: code, error_message: message, run_id: Some(run_id) }
        }
    };
    Ok(vec![NewEvent { actor: Actor::control(), body }])
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

fn check_entries(entries: Option<&[String]>, field: &'static str) -> Result<(), Refusal> {
    let Some(entries) = entries else { return Ok(()) };
    if entries.len() > MAX_LABELS {
        return Err(Refusal::TooMany { field, limit: MAX_LABELS });
    }
    for entry in entries {
        required(entry.trim(), "an entry of the list", MAX_LABEL_CHARS)?;
    }
    Ok(())
}
