//! A request, and what becomes of it.

use crate::{Mode, PolicyInput, State, page};
use control::requests::RequestInput;
use governance::Decision;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A request for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "goal": "Rotate the production database key",
    "plan": "rotate-key --database production",
    "mode": "dry_run",
    "policy": { "min_approvals": 2, "labels": ["production"] },
}))]
pub struct NewDecision {
    /// What is to be achieved, for people.
    #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
    pub goal: String,
    /// What exactly will run; what is approved.
    #[schema(max_length = 100_000)]
    pub plan: Option<String>,
    /// Rehearsed (the default) or real.
    pub mode: Option<Mode>,
    /// The name of the template to start from.
    pub template: Option<String>,
    /// Policy values: the whole policy, or what replaces the template's.
    pub policy: Option<PolicyInput>,
}

impl From<NewDecision> for RequestInput {
    fn from(new: NewDecision) -> Self {
        Self {
            goal: new.goal,
            plan: new.plan,
            mode: new.mode.unwrap_or(Mode::DryRun).into(),
            template: new.template,
            policy: new.policy.unwrap_or_default().into(),
        }
    }
}

/// A decision that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Requested {
    /// Its id.
    pub decision_id: String,
    /// How many events it has.
    pub version: u32,
    /// Its page, for people: the link to give to whoever should approve.
    #[schema(format = "uri")]
    pub url: String,
    /// Its state.
    pub state: State,
}

impl Requested {
    /// Of a decision that was just asked for.
    pub fn of(decision: &Decision, state: governance::State, public_url: &str) -> Self {
        Self {
            decision_id: decision.id.to_string(),
            version: decision.version(),
            url: page(public_url, &decision.id),
            state: state.into(),
        }
    }
}
