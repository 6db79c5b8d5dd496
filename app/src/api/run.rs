//! A run as the page of its decision shows it: while it goes on, and once it has ended.

use super::Who;
use super::decision_parts::Live;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// `running`, `completed`, `failed` or `unknown`.
    pub status: String,
    /// Its id.
    pub run_id: String,
    /// Through which adapter.
    pub adapter: String,
    /// Whether it runs where it was asked for, through the gate, and not on this server.
    pub at_the_gate: bool,
    /// Who started it.
    pub started_by: Who,
    /// When it began, microseconds.
    pub started_at: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// Seconds that it took, or has taken so far.
    pub seconds: i64,
    /// Steps taken.
    pub steps: Option<i64>,
    /// Exit code of the command in words, where the record has one.
    pub exit: Option<String>,
    /// What went wrong.
    pub trouble: Option<Trouble>,
    /// What its steps printed, the latest of them.
    pub printed: Vec<Printed>,
    /// Digest of the request that it got.
    pub request_digest: Option<String>,
    /// Digest of its record.
    pub response_digest: Option<String>,
    /// How far it is, while it goes on.
    pub live: Option<Live>,
}

/// What went wrong in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Stable code.
    pub code: String,
    /// What the code means; empty for a code that is not ours.
    pub meaning: String,
    /// What the run said of it.
    pub message: String,
}

/// One output of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The step, where it has a number.
    pub step: Option<i64>,
    /// Whether it is the output for errors.
    pub errors: bool,
    /// The end of what is known of it.
    pub text: String,
    /// What is missing of it, in words; empty when nothing is.
    pub missing: String,
    /// Digest over the whole output, where whoever ran it says one.
    pub sha256: Option<String>,
}
