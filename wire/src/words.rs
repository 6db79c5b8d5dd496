//! Words that stand for themselves: each with its schema, so that a program knows all that can come.

use governance as g;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares an enum whose members are written in snake case, and how it is made from the rules' own.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $member:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $member),+ }
    };
    ($(#[$doc:meta])* $name:ident = $ours:ty { $($(#[$of:meta])* $member:ident),+ $(,)? }) => {
        words!($(#[$doc])* $name { $($(#[$of])* $member),+ });
        impl From<$ours> for $name {
            fn from(ours: $ours) -> Self {
                match ours { $(<$ours>::$member => Self::$member),+ }
            }
        }
        impl From<$name> for $ours {
            fn from(word: $name) -> Self {
                match word { $($name::$member => Self::$member),+ }
            }
        }
    };
}

words!(
    /// Rehearsed or real.
    Mode = g::Mode {
        /// Nothing outside is touched.
        DryRun,
        /// The real thing.
        Apply,
    }
);

words!(
    /// The state of a decision.
    State = g::State {
        /// Asked for, without a policy.
        Draft,
        /// Not enough approvals stand.
        PendingApproval,
        /// Enough approvals stand.
        Approved,
        /// Running.
        Executing,
        /// Ran well.
        Completed,
        /// Ran badly, or nobody knows.
        Failed,
        /// An approver said no.
        Rejected,
        /// The requester took it back.
        Withdrawn,
    }
);

words!(
    /// Where a decision comes from.
    Origin = g::Origin {
        /// Decided here.
        Native,
        /// Brought in as evidence: it can never be approved or executed.
        Imported,
    }
);

words!(
    /// A role in a workspace.
    Role = control::Role {
        /// Asks.
        Requester,
        /// Decides.
        Approver,
        /// Writes templates.
        Author,
        /// Reads everything, changes nothing.
        Auditor,
        /// Looks after people and settings.
        Admin,
    }
);

words!(
    /// What a key may do.
    Scope = control::KeyScope {
        /// Ask, and see and take back what it asked for.
        Request,
        /// Run what is approved.
        Execute,
        /// See decisions and templates.
        Read,
        /// Take bundles and audit packages away.
        Export,
        /// Have actions evaluated.
        Evaluate,
        /// Approve, reject and revoke: of personal tokens alone.
        Decide,
        /// Look after templates, people and keys: of personal tokens alone.
        Manage,
    }
);

words!(
    /// What can be done to a decision.
    ActionName = control::Action {
        /// Approve it.
        Approve,
        /// Take one's approval back.
        Revoke,
        /// Say no.
        Reject,
        /// Take one's request back.
        Withdraw,
        /// Run it.
        Execute,
        /// Ask that its run stops.
        Cancel,
        /// Export it.
        Export,
    }
);

words!(
    /// What to do when the decision's id is taken.
    ConflictMode {
        /// Refuse.
        RejectOnConflict,
        /// Import under a new id.
        NewDecisionId,
        /// Replace; the replaced log is kept.
        Overwrite,
    }
);

impl ConflictMode {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RejectOnConflict => "reject_on_conflict",
            Self::NewDecisionId => "new_decision_id",
            Self::Overwrite => "overwrite",
        }
    }
}

words!(
    /// How a wait ended.
    Waited = control::wait::Waited {
        /// It is what was waited for.
        Met,
        /// It can never be.
        Never,
        /// Not yet.
        TimedOut,
    }
);

words!(
    /// What was verified.
    VerifiedKind = g::verify::Kind {
        /// An audit package.
        Package,
        /// A decision's bundle.
        Bundle,
        /// The log of a workspace.
        WorkspaceLog,
    }
);

words!(
    /// How a run stands.
    RunStatus {
        /// It is going on.
        Running,
        /// It ended well.
        Completed,
        /// It ended badly.
        Failed,
        /// Nobody knows how it ended.
        Unknown,
    }
);

impl RunStatus {
    /// Reads the store's word; one that nobody wrote says that nobody knows.
    pub fn of(word: &str) -> Self {
        match word {
            "running" => Self::Running,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words here and those of the rules are the same, one by one.
    #[test]
    fn every_word_is_the_rules_own() {
        let written = |word: &dyn erased::Word| word.written();
        for state in g::State::ALL {
            assert_eq!(written(&State::from(state)), state.as_str());
        }
        for role in control::Role::ALL {
            assert_eq!(written(&Role::from(role)), role.as_str());
        }
        for scope in control::KeyScope::ALL {
            assert_eq!(written(&Scope::from(scope)), scope.as_str());
        }
        for mode in [g::Mode::DryRun, g::Mode::Apply] {
            assert_eq!(written(&Mode::from(mode)), mode.as_str());
        }
        for mode in [ConflictMode::RejectOnConflict, ConflictMode::NewDecisionId, ConflictMode::Overwrite] {
            assert_eq!(written(&mode), mode.as_str());
            assert!(g::import::ConflictMode::parse(mode.as_str()).is_some());
        }
    }

    mod erased {
        pub trait Word {
            fn written(&self) -> String;
        }

        impl<T: serde::Serialize> Word for T {
            fn written(&self) -> String {
                serde_json::to_value(self).unwrap().as_str().unwrap().to_owned()
            }
        }
    }
}
