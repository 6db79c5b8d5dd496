//! A run: how it starts, where every rule is checked once more, and how it ends.

use super::{Context, by};
use crate::actor::Actor;
use crate::decision::{Decision, Origin, Phase};
use crate::digest;
use crate::event::{Body, NewEvent};
use crate::gate_plan::GatePlan;
use crate::json::object;
use crate::lifecycle;
use crate::policy::{Mode, Policy, Violation};
use crate::refusal::Refusal;

/// Recorded when a run took more steps than its policy allows.
pub const MAX_STEPS_EXCEEDED: &str = "MAX_STEPS_EXCEEDED";
/// Recorded when nobody knows how a run ended.
pub const OUTCOME_UNKNOWN: &str = "OUTCOME_UNKNOWN";

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

/// Refuses to let a caller carry out a plan that is not, to the letter, the one that was asked for and approved; and one
/// that is no command for the gate: whoever approved that was shown what this server would run.
pub fn at_the_caller(decision: &Decision, plan: &str) -> Result<(), Refusal> {
    if decision.plan.as_deref() != Some(plan) {
        Err(Refusal::PlanChanged)
    } else if GatePlan::parse(plan).is_none() {
        Err(Refusal::NotForTheGate)
    } else {
        Ok(())
    }
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
