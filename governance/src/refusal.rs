//! Why a command is refused: expected, typed, and worded for the person who reads it. Codes are a stable API.

use crate::decision::State;
use crate::lifecycle::BlockingReason;
use crate::policy::{Mode, PolicyError};
use crate::template::TemplateError;
use crate::time::Timestamp;
use std::fmt;

/// A refusal. Nothing was recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// A text is empty or too long.
    Text {
        /// The field, in words.
        field: &'static str,
        /// Most characters that it may have.
        limit: usize,
        /// Whether it is missing rather than too long.
        missing: bool,
    },
    /// Too many labels or capabilities.
    TooMany {
        /// The field, in words.
        field: &'static str,
        /// Most entries that it may have.
        limit: usize,
    },
    /// The policy asked for is none.
    Policy(PolicyError),
    /// The template asked for is none.
    Template(TemplateError),
    /// The policy does not allow the mode.
    ModeNotAllowed {
        /// What was asked for.
        mode: Mode,
        /// What the policy allows.
        allowed: Vec<Mode>,
    },
    /// The decision was requested, and approved, for another mode.
    ModeNotRequested {
        /// What it was requested for.
        requested: Mode,
    },
    /// The decision is in a state in which this cannot happen.
    NotOpen {
        /// What was asked for, in words: `approved`, `revoked`, …
        action: &'static str,
        /// The state.
        state: State,
    },
    /// The same person approved before and that approval still counts.
    AlreadyApproved {
        /// Since when.
        since: Timestamp,
    },
    /// The requester may not approve their own request.
    SelfApproval,
    /// A machine may not fill a seat meant for a person.
    MachineApproval,
    /// The expiry lies in the past.
    ExpiryInPast,
    /// The policy asks for a sign-in that is more recent than this person's.
    SignInTooOld {
        /// How old it may be, in minutes.
        minutes: u32,
    },
    /// There is no approval of this person to take back.
    NothingToRevoke,
    /// Only the requester may do this.
    NotRequester,
    /// Imported evidence can never change or run.
    Imported,
    /// The rules for running are not met.
    Blocked(Vec<BlockingReason>),
    /// The adapter lacks capabilities that the policy requires.
    MissingCapabilities {
        /// Those that it lacks.
        missing: Vec<String>,
    },
    /// A result arrived for a decision that is not running.
    NotExecuting,
    /// What is about to run is not what was asked for and approved.
    PlanChanged,
    /// What was approved is carried out by whoever asked, or the other way round.
    RunsAtTheCaller,
    /// What was approved is no command for the gate.
    NotForTheGate,
    /// A result arrived from somebody who did not begin the run.
    NotYourRun,
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::TooMany { .. } => "INVALID_INPUT",
            Self::Policy(_) => "INVALID_POLICY",
            Self::Template(_) => "INVALID_TEMPLATE",
            Self::ModeNotAllowed { .. } => "MODE_NOT_ALLOWED",
            Self::ModeNotRequested { .. } => "MODE_NOT_REQUESTED",
            Self::NotOpen { .. } => "NOT_OPEN",
            Self::AlreadyApproved { .. } => "ALREADY_APPROVED",
            Self::SelfApproval => "SELF_APPROVAL_FORBIDDEN",
            Self::MachineApproval => "MACHINE_APPROVAL_FORBIDDEN",
            Self::ExpiryInPast => "EXPIRY_IN_PAST",
            Self::SignInTooOld { .. } => "STEP_UP_REQUIRED",
            Self::NothingToRevoke => "NOTHING_TO_REVOKE",
            Self::NotRequester => "NOT_REQUESTER",
            Self::Imported => "IMPORTED_EVIDENCE",
            Self::Blocked(_) => "BLOCKED",
            Self::MissingCapabilities { .. } => "MISSING_CAPABILITIES",
            Self::NotExecuting => "NOT_EXECUTING",
            Self::PlanChanged => "PLAN_CHANGED",
            Self::RunsAtTheCaller => "RUNS_AT_THE_CALLER",
            Self::NotForTheGate => "NOT_FOR_THE_GATE",
            Self::NotYourRun => "NOT_YOUR_RUN",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { field, missing: true, .. } => write!(f, "{field} is missing; please write it"),
            Self::Text { field, limit, .. } => write!(f, "{field} is longer than {limit} characters; please shorten it"),
            Self::TooMany { field, limit } => write!(f, "{field} has more than {limit} entries; please remove some"),
            Self::Policy(error) => error.fmt(f),
            Self::Template(error) => error.fmt(f),
            Self::ModeNotAllowed { mode, allowed } => {
                let allowed: Vec<&str> = allowed.iter().map(|mode| mode.as_str()).collect();
                write!(f, "mode `{mode}` is not allowed by the policy; it allows {}", allowed.join(", "))
            }
            Self::ModeNotRequested { requested } => {
                write!(f, "this decision was requested for `{requested}` and can only run as that")
            }
            Self::NotOpen { action, state } => {
                write!(f, "a decision that is {} can no longer be {action}", state.as_str().replace('_', " "))
            }
            Self::AlreadyApproved { since } => {
                write!(f, "you approved this already on {}; nothing has changed", since.to_plain())
            }
            Self::SelfApproval => {
                f.write_str("you created this request, and its policy forbids self-approval; somebody else must approve it")
            }
            Self::MachineApproval => f.write_str("a machine cannot approve; a person must"),
            Self::ExpiryInPast => f.write_str("the expiry lies in the past; choose a later time or leave it empty"),
            Self::SignInTooOld { minutes } => {
                let age = if *minutes == 1 { "minute".to_owned() } else { format!("{minutes} minutes") };
                write!(
                    f,
                    "this policy asks that you have signed in within the last {age}; sign in again and you return here"
                )
            }
            Self::NothingToRevoke => f.write_str("you have no approval here that could be taken back"),
            Self::NotRequester => f.write_str("only the person who created the request can withdraw it"),
            Self::Imported => {
                f.write_str("this decision was imported as evidence; it can be read and verified, never changed or run")
            }
            Self::Blocked(reasons) => {
                let texts: Vec<&str> = reasons.iter().map(|reason| reason.message.as_str()).collect();
                write!(f, "it cannot run: {}", texts.join("; "))
            }
            Self::MissingCapabilities { missing } => {
                write!(f, "the adapter lacks what the policy requires: {}", missing.join(", "))
            }
            Self::NotExecuting => f.write_str("the decision is not running, so there is nothing to stop or to report"),
            Self::PlanChanged => f.write_str(
                "what is about to run is not what was approved; run exactly the approved plan, or make a new request",
            ),
            Self::RunsAtTheCaller => f.write_str(
                "this runs where it was asked for and not on the server; `nexus-control gate --decision ID` starts it there",
            ),
            Self::NotForTheGate => f.write_str(
                "what was approved is no command for the gate; execute it through an adapter of the server",
            ),
            Self::NotYourRun => f.write_str("somebody else began this run; only they can say how it goes"),
        }
    }
}

impl std::error::Error for Refusal {}
