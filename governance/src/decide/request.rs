//! A request: what is asked for, and the policy that it gets from a template and its own values.

use super::{Context, by, optional, required};
use crate::event::{Body, NewEvent, TemplateRef};
use crate::json::Value;
use crate::policy::{Mode, Policy};
use crate::refusal::Refusal;
use crate::template::Template;

/// Longest goal, in characters.
pub const MAX_GOAL_CHARS: usize = 4_000;
/// Longest plan, in characters.
pub const MAX_PLAN_CHARS: usize = 100_000;
/// Most labels, and most required capabilities.
pub const MAX_LABELS: usize = 32;
/// Longest label or capability, in characters.
pub const MAX_LABEL_CHARS: usize = 100;

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
