//! Why a command line ends before it is done: with which code, and in which words.

use crate::exit::Exit;
use crate::server::CallError;
use serde_json::{Value, json};

/// An early end.
#[derive(Debug)]
pub struct Stop {
    /// With this code.
    pub exit: Exit,
    /// What happened and what to do, for people.
    pub words: String,
    /// The server's code, where it said one.
    pub code: Option<String>,
}

impl Stop {
    /// One with these words.
    pub fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self { exit, words: words.into(), code: None }
    }

    /// The command line or a file is not as it must be.
    pub fn usage(words: impl Into<String>) -> Self {
        Self::new(Exit::Usage, words)
    }

    /// As `--json` prints it.
    pub fn to_json(&self) -> Value {
        json!({
            "outcome": self.exit.as_str(),
            "exit_code": self.exit.code(),
            "message": self.words,
            "code": self.code,
        })
    }
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unreachable(words) => Self::new(Exit::Unreachable, words),
            CallError::Refused(problem) => {
                Self { exit: Exit::Refused, words: problem.words(), code: Some(problem.code) }
            }
        }
    }
}
