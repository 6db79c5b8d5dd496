//! A problem of the server's (RFC 9457), read as leniently as any third party would.

use crate::printable::printable;
use serde::Deserialize;
use std::time::Duration;

/// Why the server did not do it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// In words.
    pub detail: Option<String>,
    /// The status in words.
    pub title: Option<String>,
    /// Under which the server's log knows it.
    pub trace_id: Option<String>,
    /// What keeps a decision from running.
    pub blocking_reasons: Option<Vec<Reason>>,
    /// How long to wait.
    pub retry_after_seconds: Option<u64>,
}

/// What keeps a decision from running.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    /// The stable code.
    pub code: String,
    /// In words.
    pub message: String,
}

impl Problem {
    /// Reads one. `None` where the answer is none: some other server, or something in between, spoke.
    pub fn read(status: u16, text: &str) -> Option<Self> {
        let mut problem: Self = serde_json::from_str(text).ok()?;
        problem.status = status;
        (!problem.code.is_empty()).then_some(problem)
    }

    /// In words for people, on one line, steering no terminal.
    pub fn words(&self) -> String {
        let words = self.detail.as_deref().or(self.title.as_deref()).unwrap_or("the server refused this");
        let reasons: Vec<&str> = self.reasons().iter().map(|reason| reason.message.as_str()).collect();
        let mut text = printable(words);
        if !reasons.is_empty() && !reasons.iter().any(|reason| words.contains(reason)) {
            text = format!("{text}: {}", printable(&reasons.join("; ")));
        }
        let trace = self.trace_id.as_deref().filter(|_| self.status >= 500);
        let trace = trace.map(|id| format!(", trace {}", printable(id))).unwrap_or_default();
        format!("{text} ({}{trace})", printable(&self.code))
    }

    /// What keeps the decision from running.
    pub fn reasons(&self) -> &[Reason] {
        self.blocking_reasons.as_deref().unwrap_or_default()
    }

    /// Whether this is the code, or among the reasons.
    pub fn is(&self, codes: &[&str]) -> bool {
        let mut all = self.reasons().iter().map(|reason| reason.code.as_str()).chain([self.code.as_str()]);
        all.any(|code| codes.contains(&code))
    }

    /// Whether the same call may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        matches!(self.status, 429 | 500 | 502 | 503 | 504) || self.code == "IDEMPOTENCY_KEY_IN_USE"
    }

    /// How long the server asks to wait.
    pub fn wait(&self) -> Option<Duration> {
        self.retry_after_seconds.map(|seconds| Duration::from_secs(seconds.min(60)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_with_its_reasons_and_steers_nothing() {
        let text = r#"{"status":1,"code":"BLOCKED","detail":"it is \u001b[31mblocked","blocking_reasons":[{"code":"REJECTED","message":"Ben said no"}],"more":1}"#;
        let problem = Problem::read(409, text).unwrap();
        assert_eq!(problem.words(), "it is \u{fffd}[31mblocked: Ben said no (BLOCKED)");
        assert!(problem.is(&["REJECTED"]) && problem.is(&["BLOCKED"]) && !problem.is(&["WITHDRAWN"]));
        assert!(!problem.is_temporary());
    }

    #[test]
    fn an_answer_of_somebody_else_is_no_problem_of_ours() {
        assert!(Problem::read(404, "<html>").is_none());
        assert!(Problem::read(404, "{}").is_none());
    }
}
