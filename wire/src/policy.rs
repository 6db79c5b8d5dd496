//! The rules of one decision: as they are, and as they are asked for.

use crate::Mode;
use governance::{Policy as Rules, decide};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a decision needs before it may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Policy {
    /// Distinct approvers needed.
    pub min_approvals: u32,
    /// Modes that may be asked for.
    pub allowed_modes: Vec<Mode>,
    /// Capabilities that the adapter must have.
    pub require_adapter_capabilities: Vec<String>,
    /// Most steps of a run.
    pub max_steps: Option<u32>,
    /// Labels.
    pub labels: Vec<String>,
    /// Whether the requester's own approval is refused.
    pub forbid_self_approval: bool,
    /// Whether a machine may fill a seat.
    pub allow_machine_approvals: bool,
    /// How old the approver's sign-in may be, in minutes.
    pub max_sign_in_age_minutes: Option<u32>,
}

impl From<&Rules> for Policy {
    fn from(rules: &Rules) -> Self {
        Self {
            min_approvals: rules.min_approvals(),
            allowed_modes: rules.allowed_modes().iter().copied().map(Mode::from).collect(),
            require_adapter_capabilities: rules.require_adapter_capabilities().to_vec(),
            max_steps: rules.max_steps(),
            labels: rules.labels().to_vec(),
            forbid_self_approval: rules.forbid_self_approval(),
            allow_machine_approvals: rules.allow_machine_approvals(),
            max_sign_in_age_minutes: rules.max_sign_in_age_minutes(),
        }
    }
}

/// Policy values: the whole policy, or what replaces the template's. What is left out is the template's, or a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyInput {
    /// Distinct approvers needed.
    #[schema(minimum = 1, maximum = 4_294_967_295_i64)]
    pub min_approvals: Option<i64>,
    /// Modes that may be asked for.
    #[schema(min_items = 1)]
    pub allowed_modes: Option<Vec<Mode>>,
    /// Capabilities that the adapter must have.
    #[schema(max_items = 32)]
    pub require_adapter_capabilities: Option<Vec<String>>,
    /// Most steps of a run.
    #[schema(minimum = 1, maximum = 4_294_967_295_i64)]
    pub max_steps: Option<i64>,
    /// Labels; they replace the template's.
    #[schema(max_items = 32)]
    pub labels: Option<Vec<String>>,
    /// Whether the requester's own approval is refused.
    pub forbid_self_approval: Option<bool>,
    /// How old the approver's sign-in may be, in minutes.
    #[schema(minimum = 1, maximum = 10_080)]
    pub max_sign_in_age_minutes: Option<i64>,
}

impl From<PolicyInput> for decide::PolicyInput {
    fn from(input: PolicyInput) -> Self {
        let modes = |modes: Vec<Mode>| {
            modes.into_iter().map(|mode| governance::Mode::from(mode).as_str().to_owned()).collect()
        };
        Self {
            min_approvals: input.min_approvals,
            allowed_modes: input.allowed_modes.map(modes),
            require_adapter_capabilities: input.require_adapter_capabilities,
            max_steps: input.max_steps,
            labels: input.labels,
            forbid_self_approval: input.forbid_self_approval,
            max_sign_in_age_minutes: input.max_sign_in_age_minutes,
        }
    }
}
