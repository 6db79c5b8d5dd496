//! Exit codes. The gate hands on the command's own code; ours lie where neither shells, `curl`, `sysexits` nor signals
//! have theirs. They are a promise: none of them ever changes its meaning.

/// How a command line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// It ran, or was checked, and the outcome is a failure.
    Failed = 1,
    /// The command line, the settings or a file could not be read.
    Usage = 2,
    /// The gated command is there and cannot be started.
    NotExecutable = 126,
    /// There is no such command.
    NotFound = 127,
    /// An approver said no.
    Rejected = 210,
    /// The request was taken back.
    Withdrawn = 211,
    /// Nobody decided in time.
    TimedOut = 212,
    /// Enough people had approved, and at the end of the wait some approvals had lapsed.
    Expired = 213,
    /// No answer that makes sense, after trying for a while. Nothing was started.
    Unreachable = 214,
    /// The server says no. Nothing was started.
    Refused = 215,
    /// Somebody else began this run, or it ran before. Nothing was started.
    NotOurs = 216,
    /// The command was stopped because somebody asked for it.
    Cancelled = 217,
    /// The command was stopped because it took longer than it may.
    TimeLimit = 218,
    /// The command ran, and the server has not recorded how it ended.
    NotRecorded = 219,
    /// A signal ended the wait. The request is still open.
    Interrupted = 220,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The word in `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "completed",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::NotExecutable | Self::NotFound => "not_started",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::TimedOut => "timed_out",
            Self::Expired => "expired",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::NotOurs => "not_ours",
            Self::Cancelled => "cancelled",
            Self::TimeLimit => "time_limit",
            Self::NotRecorded => "not_recorded",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The table as `gate --help` prints it.
pub const TABLE: &str = include_str!("gate/exit-codes.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_ours_stands_in_the_table() {
        for exit in [
            Exit::Usage,
            Exit::NotExecutable,
            Exit::NotFound,
            Exit::Rejected,
            Exit::Withdrawn,
            Exit::TimedOut,
            Exit::Expired,
            Exit::Unreachable,
            Exit::Refused,
            Exit::NotOurs,
            Exit::Cancelled,
            Exit::TimeLimit,
            Exit::NotRecorded,
            Exit::Interrupted,
        ] {
            let number = exit.code().to_string();
            assert!(TABLE.split_whitespace().any(|word| word == number), "{exit:?}");
        }
    }

    #[test]
    fn ours_are_no_codes_of_signals() {
        assert!(Exit::Rejected.code() > 128 + 64);
    }
}
