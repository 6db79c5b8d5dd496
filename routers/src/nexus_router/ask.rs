//! What a router is asked, in the shape that nexus-router 0.7 publishes for its requests.

use super::offer::prefix;
use super::plan;
use super::trouble::{Trouble, quoted};
use control::RunRequest;
use control::routers::SecretValues;
use governance::Value;
use governance::canonical;
use governance::decide::MAX_STEPS_EXCEEDED;
use governance::json::object;
use rmcp::model::JsonObject;

/// The mode that is asked for. Rehearsals never come this far.
pub(super) const MODE: &str = "apply";

/// A request, with what its answer must agree with.
pub(super) struct Ask {
    /// What is to be achieved.
    pub(super) goal: String,
    /// The adapter, under the router's own id.
    pub(super) adapter: String,
    /// What the adapter must be able to do.
    pub(super) required: Vec<String>,
    /// Most steps.
    pub(super) max_steps: Option<u32>,
    /// The steps, where the decision has a plan.
    pub(super) plan: Option<Value>,
    /// What no words about the answer may hold.
    pub(super) secrets: SecretValues,
}

impl Ask {
    /// Reads a run's request. Refuses a plan that a router could not read or that has more steps than the policy allows.
    pub(super) fn of(request: &RunRequest, router: &str, secrets: &SecretValues) -> Result<Self, Trouble> {
        let refused = |words: String| Trouble::new("PLAN_INVALID", words);
        let plan = request.plan.as_deref().map(plan::steps).transpose().map_err(refused)?;
        let steps = plan.as_ref().and_then(Value::as_array).map_or(0, <[Value]>::len);
        if let Some(most) = request.max_steps
            && u32::try_from(steps).unwrap_or(u32::MAX) > most
        {
            let words = format!("the plan has {steps} steps; the policy allows {most}");
            return Err(Trouble::new(MAX_STEPS_EXCEEDED, words));
        }
        let required =
            request.request.get("require_capabilities").and_then(Value::as_array).unwrap_or_default();
        Ok(Self {
            goal: request.goal.clone(),
            adapter: request.adapter_id.strip_prefix(&prefix(router)).unwrap_or_default().to_owned(),
            required: required.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            max_steps: request.max_steps,
            plan,
            secrets: secrets.clone(),
        })
    }

    /// Words of the answer as part of a sentence.
    pub(super) fn quoted(&self, words: &str) -> String {
        quoted(words, &self.secrets)
    }

    /// The request as it goes out.
    pub(super) fn arguments(&self) -> Result<JsonObject, Trouble> {
        let mut members = vec![
            ("goal", self.goal.as_str().into()),
            ("mode", MODE.into()),
            (
                "dispatch",
                object([
                    ("adapter_id", self.adapter.as_str().into()),
                    ("require_capabilities", self.required.as_slice().into()),
                ]),
            ),
        ];
        let policy = object([("allow_apply", true.into())]);
        let limited =
            self.max_steps.map(|most| object([("allow_apply", true.into()), ("max_steps", most.into())]));
        members.push(("policy", limited.unwrap_or(policy)));
        if let Some(plan) = &self.plan {
            members.push(("plan_override", plan.clone()));
        }
        let members = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        serde_json::from_str(&canonical::to_string(&Value::Object(members)))
            .map_err(|why| Trouble::new("PLAN_INVALID", format!("the plan cannot be sent: {why}")))
    }
}
