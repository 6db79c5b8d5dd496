//! What can go wrong with a router, as a stable code and in words. It never decides what a run was worth.

use control::router::{ROUTER_ANSWER_INVALID, ROUTER_LOST, ROUTER_REFUSED, ROUTER_UNREACHABLE};
use control::routers::SecretValues;

/// Characters of a router's own words that are kept.
const WORDS: usize = 500;

/// What people most want to know.
pub(super) const NOTHING: &str = "; nothing was started";

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// A stable code.
    pub(super) code: &'static str,
    /// The same in words.
    pub(super) message: String,
}

impl Trouble {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The router went away.
    pub(super) fn lost(message: impl Into<String>) -> Self {
        Self::new(ROUTER_LOST, message)
    }

    /// The same before the router was asked to run anything: who is lost then was never reached.
    pub(super) fn before_the_run(mut self) -> Self {
        if self.code == ROUTER_LOST {
            self.code = ROUTER_UNREACHABLE;
        }
        if !self.message.ends_with(NOTHING) {
            self.message.push_str(NOTHING);
        }
        self
    }

    /// The same after the router has answered that it ran: whatever it refuses now, something was started.
    pub(super) fn after_the_run(mut self) -> Self {
        if [ROUTER_REFUSED, ROUTER_UNREACHABLE].contains(&self.code) {
            self.code = ROUTER_ANSWER_INVALID;
            let words = self.message.strip_suffix(NOTHING).unwrap_or(&self.message);
            self.message = format!("the router ran it and does not hand over its record: {words}");
        }
        self
    }
}

/// A router's own words without secrets, as many as fit, on one line.
pub(super) fn quoted(words: &str, secrets: &SecretValues) -> String {
    let line: String = secrets.clean(words).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut kept: String = line.chars().take(WORDS).collect();
    if kept.len() < line.len() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_half_of_a_secret_is_quoted() {
        let secrets = SecretValues::new(["s3cret-token".to_owned(), "two words".to_owned()]);
        let long = "x".repeat(WORDS - 6);
        assert_eq!(quoted(&format!("{long}s3cret-token"), &secrets), format!("{long}[redac…"));
        assert_eq!(quoted("a\n two words", &secrets), "a [redacted]");
    }
}
