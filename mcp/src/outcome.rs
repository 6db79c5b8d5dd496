//! What the tools answer: the types of `wire` under the names that programs know from the Python product, with what
//! only this door has to say beside them.

use rmcp::model::{CallToolResult, ContentBlock};
use schemars::JsonSchema;
use serde::Serialize;

/// A tool's answer: for machines, and for whoever reads along.
pub struct Answer {
    result: CallToolResult,
}

impl Answer {
    /// A value with its readable form.
    pub fn new(value: &impl Serialize, text: String) -> Result<Self, control::Error> {
        let value = serde_json::to_value(value)
            .map_err(|error| control::Error::Fault(format!("an answer could not be written: {error}")))?;
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        result.structured_content = Some(value);
        Ok(Self { result })
    }

    /// Says something beside it, where there is something to say.
    pub fn and(mut self, note: Option<String>) -> Self {
        self.result.content.extend(note.map(ContentBlock::text));
        self
    }

    /// As the protocol has it.
    pub fn into_result(self) -> CallToolResult {
        self.result
    }
}

/// A decision that was asked for.
#[derive(Serialize, JsonSchema)]
pub struct Requested {
    /// The id to use with the other tools.
    pub request_id: String,
    #[serde(flatten)]
    pub value: wire::Requested,
    /// Distinct people who have to approve.
    pub approvals_required: u32,
    /// What was ignored of the arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A decision as it stands now.
#[derive(Serialize, JsonSchema)]
pub struct Decision {
    /// The id to use with the other tools.
    pub request_id: String,
    #[serde(flatten)]
    pub value: wire::Decision,
    /// What was ignored of the arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What to know of a decision in a few words.
#[derive(Serialize, JsonSchema)]
pub struct Status {
    /// The id to use with the other tools.
    pub request_id: String,
    /// How many events it has.
    pub version: u32,
    /// The page where people read and decide.
    pub url: String,
    /// Rehearsed or real.
    pub mode: wire::Mode,
    /// The state.
    pub state: wire::State,
    /// What keeps it from running, the most important first.
    pub blocking_reasons: Vec<wire::BlockingReason>,
    /// How far it has come.
    pub progress: wire::Progress,
    /// The run, once there is one.
    pub run: Option<LinkedRun>,
}

/// A run of a decision, in short.
#[derive(Serialize, JsonSchema)]
pub struct LinkedRun {
    /// Its id.
    pub run_id: String,
    /// What runs it.
    pub adapter_id: String,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// What went wrong, as a stable code.
    pub error_code: Option<String>,
    /// What went wrong, in words.
    pub error: Option<String>,
}

/// How a wait ended.
#[derive(Serialize, JsonSchema)]
pub struct Waited {
    /// `met`: it is what was waited for. `never`: it can never be. `timed_out`: not yet; call again.
    pub waited: wire::Waited,
    /// The decision as it is now, in short.
    #[serde(flatten)]
    pub status: Status,
}

/// A page of requests.
#[derive(Serialize, JsonSchema)]
pub struct Requests {
    /// Newest first.
    pub requests: Vec<wire::Summary>,
    /// What to give as `after` for the next page, when there is one.
    pub next: Option<String>,
}

/// A template, made or looked up.
#[derive(Serialize, JsonSchema)]
pub struct Template {
    #[serde(flatten)]
    pub value: wire::Template,
    /// What was ignored of the arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A bundle or an audit package.
#[derive(Serialize, JsonSchema)]
pub struct Exported {
    /// The decision's id.
    pub request_id: String,
    /// A file name for it.
    pub file_name: String,
    /// Its digest: what the document states of itself, and what a verifier computes again.
    pub digest: String,
    /// The document, in canonical JSON: keep it to the letter.
    pub canonical_json: String,
}

/// A bundle that was brought in as evidence.
#[derive(Serialize, JsonSchema)]
pub struct Imported {
    /// The decision's id here.
    pub request_id: String,
    #[serde(flatten)]
    pub value: wire::Imported,
    /// What was ignored of the arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
