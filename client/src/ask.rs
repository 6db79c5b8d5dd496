//! A request as flags say it: the goal, and policy values or a template. What is not given is not sent.

use clap::Args;
use serde_json::{Map, Value, json};

/// What every request says beside its plan.
#[derive(Debug, Clone, Default, Args)]
pub struct Ask {
    /// Template whose policy it gets
    #[arg(long, value_name = "NAME", help_heading = "Policy")]
    pub template: Option<String>,
    /// Distinct people who must approve [default: the template's, else 1]
    #[arg(long, value_name = "COUNT", help_heading = "Policy")]
    pub approvals: Option<u32>,
    /// Label; may be given several times
    #[arg(long = "label", value_name = "LABEL", help_heading = "Policy")]
    pub labels: Vec<String>,
    /// Capability that the adapter must have; may be given several times
    #[arg(long = "require", value_name = "CAPABILITY", help_heading = "Policy")]
    pub capabilities: Vec<String>,
    /// Most steps that a run may take
    #[arg(long, value_name = "COUNT", help_heading = "Policy")]
    pub max_steps: Option<u32>,
    /// Whether the requester's own approval is refused
    #[arg(long, value_name = "true|false", help_heading = "Policy")]
    pub forbid_self_approval: Option<bool>,
    /// How long ago an approver may have signed in, in minutes
    #[arg(long, value_name = "MINUTES", help_heading = "Policy")]
    pub max_sign_in_age: Option<u32>,
}

impl Ask {
    /// The body of the request.
    pub fn body(&self, goal: &str, plan: Option<&str>, mode: &str) -> Value {
        let list = |items: &[String]| (!items.is_empty()).then(|| json!(items));
        let policy: Map<String, Value> = [
            ("min_approvals", self.approvals.map(Value::from)),
            ("require_adapter_capabilities", list(&self.capabilities)),
            ("max_steps", self.max_steps.map(Value::from)),
            ("labels", list(&self.labels)),
            ("forbid_self_approval", self.forbid_self_approval.map(Value::from)),
            ("max_sign_in_age_minutes", self.max_sign_in_age.map(Value::from)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
        let mut body = Map::from_iter([("goal".to_owned(), goal.into()), ("mode".to_owned(), mode.into())]);
        if let Some(plan) = plan {
            body.insert("plan".to_owned(), plan.into());
        }
        if let Some(template) = &self.template {
            body.insert("template".to_owned(), template.as_str().into());
        }
        if !policy.is_empty() {
            body.insert("policy".to_owned(), policy.into());
        }
        Value::Object(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_given_is_sent() {
        assert_eq!(Ask::default().body("g", None, "dry_run"), json!({"goal": "g", "mode": "dry_run"}));
        let ask = Ask {
            template: Some("prod".to_owned()),
            approvals: Some(2),
            labels: vec!["a".to_owned()],
            ..Ask::default()
        };
        let expected = json!({
            "goal": "g", "mode": "apply", "plan": "p", "template": "prod",
            "policy": {"min_approvals": 2, "labels": ["a"]},
        });
        assert_eq!(ask.body("g", Some("p"), "apply"), expected);
    }
}
