//! What can be done to a decision: the words that go with it, and what it is afterwards.

use crate::{Decision, Mode, Waited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An approval.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "expected_version": 2, "comment": "read and understood" }))]
pub struct Approve {
    /// The version that the caller saw. Where it has changed since, nothing is recorded and the answer says what is new.
    pub expected_version: Option<u32>,
    /// Why.
    #[schema(max_length = 4000)]
    pub comment: Option<String>,
    /// Until when it counts, as an RFC 3339 time; left out: for good.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// Taking one's approval back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "reason": "the window has moved" }))]
pub struct Revoke {
    /// The version that the caller saw.
    pub expected_version: Option<u32>,
    /// Why.
    #[schema(max_length = 4000)]
    pub reason: Option<String>,
}

/// Saying no. Ends the decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "not during the sale" }))]
pub struct Reject {
    /// The version that the caller saw.
    pub expected_version: Option<u32>,
    /// Why.
    #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
    pub reason: String,
}

/// Taking one's request back. Ends the decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "reason": "no longer needed" }))]
pub struct Withdraw {
    /// The version that the caller saw.
    pub expected_version: Option<u32>,
    /// Why.
    #[schema(max_length = 4000)]
    pub reason: Option<String>,
}

/// Running an approved decision through an adapter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "adapter_id": "simulate" }))]
pub struct Execute {
    /// Through which adapter.
    pub adapter_id: String,
    /// The mode that it was requested for; another is refused.
    pub mode: Option<Mode>,
    /// The version that the caller saw.
    pub expected_version: Option<u32>,
}

/// The decision after something was done to it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
#[serde(untagged)]
pub enum AfterAct {
    /// As the caller sees it now.
    Seen(Box<Decision>),
    /// It was done, and the caller may no longer see the decision.
    Done(Receipt),
}

/// What was done, to a decision that the caller may no longer see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The decision.
    pub decision_id: String,
    /// How many events it has.
    pub version: u32,
}

/// How a wait ended.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct WaitAnswer {
    /// Whether it came to what was waited for, never can, or has not yet.
    pub waited: Waited,
    /// The decision as it is now.
    pub decision: Decision,
}
