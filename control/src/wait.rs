//! Waiting for a decision: until it is approved, decided or over, or until it cannot become so any more.

use crate::{Caller, Control, DecisionView, Error, Operation};
use governance::{DecisionId, Origin, State};
use std::time::Duration;

/// Longest wait of one call.
pub const LONGEST: Duration = Duration::from_mins(5);
/// Approvals lapse without anything being appended: look again at least so often.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// It may be executed, or already was.
    Approved,
    /// People have said yes or no: approved, rejected, withdrawn, or already executed.
    Decided,
    /// Nothing more will happen: it ran, was rejected or was withdrawn.
    Ended,
}

impl Awaited {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Approved, Self::Decided, Self::Ended];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Decided => "decided",
            Self::Ended => "ended",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|awaited| awaited.as_str() == word)
    }
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// It is what was waited for.
    Met,
    /// It can never be: it was rejected or withdrawn, or is evidence from elsewhere.
    Never,
    /// Not yet.
    TimedOut,
}

impl Waited {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Never => "never",
            Self::TimedOut => "timed_out",
        }
    }
}

impl Control {
    /// Waits, at most [`LONGEST`], and answers with the decision as it is then. Ends at once when it is met, when it
    /// never can be, and when the caller may not see the decision any more.
    pub async fn wait(
        &self,
        caller: &Caller,
        id: &DecisionId,
        awaited: Awaited,
        timeout: Duration,
    ) -> Result<(DecisionView, Waited), Error> {
        let until = tokio::time::Instant::now() + timeout.min(LONGEST);
        let mut changes = self.changes(caller);
        loop {
            // A role taken or a key revoked ends the wait.
            let (caller, _) = self.refreshed(caller).await?;
            let decision = self.load_for(&caller, Operation::SeeDecisions, id).await?;
            let context = self.context_of(&caller, &decision).await?;
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            let waited = match reached(decision.state(context.now, &context.standing), awaited) {
                // Evidence from elsewhere: nothing will ever happen to it here.
                None if decision.origin == Origin::Imported => Waited::Never,
                None if !left.is_zero() => {
                    changes.next_of(id, left.min(LOOK_EVERY)).await;
                    continue;
                }
                None => Waited::TimedOut,
                Some(waited) => waited,
            };
            return Ok((self.decision(&caller, id).await?, waited));
        }
    }
}

/// Whether a state is what is waited for, or can never become it.
fn reached(state: State, awaited: Awaited) -> Option<Waited> {
    match (awaited, state) {
        (_, State::Completed) => Some(Waited::Met),
        (Awaited::Ended, State::Failed | State::Rejected | State::Withdrawn) => Some(Waited::Met),
        (Awaited::Approved | Awaited::Decided, State::Approved | State::Executing | State::Failed) => {
            Some(Waited::Met)
        }
        (Awaited::Decided, State::Rejected | State::Withdrawn) => Some(Waited::Met),
        (Awaited::Approved, State::Rejected | State::Withdrawn) => Some(Waited::Never),
        (_, State::Draft | State::PendingApproval) => None,
        (Awaited::Ended, State::Approved | State::Executing) => None,
    }
}
