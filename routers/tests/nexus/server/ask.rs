//! nexus-router's published request, version 0.7: every member that may be there, and none that may not.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub goal: String,
    #[serde(default)]
    pub mode: Mode,
    #[serde(default)]
    pub dispatch: Dispatch,
    #[expect(dead_code, reason = "it may be there")]
    pub context: Option<Value>,
    #[serde(default)]
    pub policy: Policy,
    #[serde(default)]
    pub plan_override: Vec<Step>,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    DryRun,
    Apply,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    pub adapter_id: Option<String>,
    #[serde(default)]
    pub require_capabilities: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    #[serde(default)]
    pub allow_apply: bool,
    pub max_steps: Option<std::num::NonZeroU32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(rename = "step_id")]
    pub id: String,
    #[expect(dead_code, reason = "it must be there")]
    pub intent: String,
    pub call: Call,
    #[expect(dead_code, reason = "it may be there")]
    pub expected_output_pointer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub tool: String,
    pub method: String,
    pub args: serde_json::Map<String, Value>,
}

impl Request {
    /// Reads a request, or says what the schema refuses.
    pub fn read(arguments: &Value) -> Result<Self, String> {
        let request: Self = serde_json::from_value(arguments.clone()).map_err(|why| why.to_string())?;
        let steps = &request.plan_override;
        let named = steps
            .iter()
            .all(|step| ![&step.id, &step.call.tool, &step.call.method].iter().any(|text| text.is_empty()));
        if request.goal.is_empty() || !named { Err("a text is empty".to_owned()) } else { Ok(request) }
    }
}
