//! The one translation of a use case's failure to MCP: a tool result that a model can read and act on, marked as an
//! error. A fault's text stays in the log; whoever called gets an id to ask about it by.

use crate::render;
use control::{Entropy as _, Error, SystemEntropy};
use governance::digest::sha256_hex;
use rmcp::model::{CallToolResult, ContentBlock};
use schemars::JsonSchema;
use serde::Serialize;
use std::error::Error as _;
use wire::{BlockingReason, Problem, TimelineEntry};

/// Why a tool did not do what it was called for.
#[derive(Debug)]
pub struct Refusal(Box<Told>);

/// The same as it is told. Nothing was recorded, unless `message` says so.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Refusal")]
pub struct Told {
    /// The stable code: what a program looks at.
    pub code: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// What to do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_to_do: Option<String>,
    /// The page where people read and decide: show it to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What keeps the decision from running, the most important first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocking_reasons: Vec<BlockingReason>,
    /// What happened since the version that was expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<TimelineEntry>,
    /// The argument that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How long to wait before another attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
}

impl Refusal {
    /// A refusal with its own words.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Told {
            code,
            message: message.into(),
            what_to_do: advice(code).map(str::to_owned),
            url: None,
            blocking_reasons: Vec::new(),
            changes: Vec::new(),
            field: None,
            retry_after_seconds: None,
        }))
    }

    /// An argument that makes no sense.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let mut refusal = Self::new("INVALID_INPUT", message);
        refusal.0.field = Some(field.to_owned());
        refusal
    }

    /// The same with the page where people read and decide.
    pub fn at(mut self, url: String) -> Self {
        self.0.url = Some(url);
        self
    }

    /// The same with how long to wait before another attempt.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// As the answer of a tool.
    pub fn into_result(self) -> CallToolResult {
        let text = render::refusal(&self.0);
        let mut result = CallToolResult::error(vec![ContentBlock::text(text)]);
        result.structured_content = serde_json::to_value(&self.0).ok();
        result
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        if error.is_fault() {
            return fault(&error);
        }
        let problem = Problem::from(&error);
        let mut refusal = Self::new(problem.code, problem.detail);
        refusal.0.blocking_reasons = problem.blocking_reasons.unwrap_or_default();
        refusal.0.changes = problem.changes.unwrap_or_default();
        refusal.0.field = problem.field;
        refusal.0.retry_after_seconds = problem.retry_after_seconds;
        refusal
    }
}

/// Something broke here: logged with its whole chain, shown without it.
fn fault(error: &Error) -> Refusal {
    let random = sha256_hex(&SystemEntropy.bytes().unwrap_or_default());
    let id: String = random.chars().take(16).collect();
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    tracing::error!(fault.id = %id, "a tool failed: {text}");
    Refusal::new("FAULT", format!("something went wrong on the server; the log knows it as `{id}`"))
}

/// What a model should do about it.
fn advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "KEY_FORBIDDEN" => {
            "Show a person the link: they decide there, signed in to a browser. Then call `nexus-control.wait`."
        }
        "CONFIRMATION_NEEDED" | "STEP_UP_REQUIRED" => {
            "Give the person the link and ask them to decide there. Then call `nexus-control.wait`."
        }
        "DECLINED" => "Respect it. Do not ask again unless the person tells you to.",
        "BLOCKED" => {
            "Read the blocking reasons. If approvals are missing, show the people concerned the link, then call \
             `nexus-control.wait`; do not try to run it another way."
        }
        "CHANGED" => "Read it again with `nexus-control.inspect`, then decide anew.",
        "NOT_FOUND" => "Check the id with `nexus-control.list_requests`; you see only what your key may see.",
        "FORBIDDEN" => "Ask a person for a key with that scope, or ask somebody who may to do it.",
        "RUNS_AT_THE_CALLER" => {
            "Choose another adapter that `nexus-control.inspect` lists, or have it run with `nexus-control gate`."
        }
        "MISSING_CAPABILITIES" => "Choose one of the adapters that `nexus-control.inspect` lists.",
        "SELF_APPROVAL_FORBIDDEN" => "Somebody else has to approve: show them the link.",
        "INVALID_INPUT" | "INVALID_POLICY" => "Correct the arguments and call again.",
        "THROTTLED" => "Wait as long as it says, then call again.",
        "TOO_MANY_OPEN" => "Let another of your waits end first, then call again.",
        "FAULT" => {
            "Tell the person, with this id. Before you try again, look with `nexus-control.status` what happened."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_an_id_and_nothing_else() {
        let refusal = Refusal::from(Error::Fault("disk on fire".to_owned()));
        let result = refusal.into_result();
        let shown = serde_json::to_string(&result).unwrap();
        assert!(shown.contains("FAULT") && !shown.contains("fire"), "{shown}");
        assert_eq!(result.is_error, Some(true));
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let refusal = Refusal::from(Error::KeyForbidden);
        assert_eq!(refusal.0.code, "KEY_FORBIDDEN");
        assert!(refusal.0.what_to_do.unwrap().contains("person"));
    }
}
