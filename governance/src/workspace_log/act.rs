//! What administrators do: the kinds of acts, and one act with what it changed.

use crate::json::{Value, object};

macro_rules! act_kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// The kind of an administrative act. Words are a stable API: added to, never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ActKind {
            $($(#[$doc])* $name,)+
        }

        impl ActKind {
            /// All kinds, none forgotten.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in the log.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

act_kinds! {
    /// The workspace was made.
    WorkspaceCreated = "WORKSPACE_CREATED",
    /// It got another name.
    WorkspaceRenamed = "WORKSPACE_RENAMED",
    /// What it says about self-approval where a policy says nothing.
    SelfApprovalChanged = "SELF_APPROVAL_CHANGED",
    /// Somebody became a member.
    PersonJoined = "PERSON_JOINED",
    /// Somebody got another name.
    PersonRenamed = "PERSON_RENAMED",
    /// Somebody's roles changed.
    RolesChanged = "ROLES_CHANGED",
    /// Somebody was suspended.
    PersonSuspended = "PERSON_SUSPENDED",
    /// A suspended person came back.
    PersonRestored = "PERSON_RESTORED",
    /// Somebody chose another password.
    PasswordChanged = "PASSWORD_CHANGED",
    /// Somebody's password was reset by another.
    PasswordReset = "PASSWORD_RESET",
    /// Somebody set up a second factor.
    SecondFactorEnabled = "SECOND_FACTOR_ENABLED",
    /// Somebody gave their second factor up.
    SecondFactorDisabled = "SECOND_FACTOR_DISABLED",
    /// Somebody's second factor was removed by another.
    SecondFactorReset = "SECOND_FACTOR_RESET",
    /// A way to sign in was linked to a person.
    IdentityLinked = "IDENTITY_LINKED",
    /// A way to sign in was taken from a person.
    IdentityUnlinked = "IDENTITY_UNLINKED",
    /// Two accounts turned out to be one person.
    PeopleMerged = "PEOPLE_MERGED",
    /// Sessions were ended before their time.
    SessionsEnded = "SESSIONS_ENDED",
    /// Somebody was invited.
    InvitationCreated = "INVITATION_CREATED",
    /// An invitation was taken back.
    InvitationRevoked = "INVITATION_REVOKED",
    /// An API key was made.
    KeyCreated = "KEY_CREATED",
    /// An API key was revoked.
    KeyRevoked = "KEY_REVOKED",
    /// The identity providers in the configuration are others than before.
    ProvidersChanged = "PROVIDERS_CHANGED",
    /// This log was exported.
    LogExported = "LOG_EXPORTED",
}

impl ActKind {
    /// Reads the word of a log.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// One administrative act: what it was about, and how that stood before and after. Secrets have no place here.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// What was done.
    pub kind: ActKind,
    /// To whom or what: an actor id, a key's short id, the workspace id.
    pub about: String,
    /// What was changed, as it stood before; `Null` where there was nothing.
    pub before: Value,
    /// The same afterwards; `Null` where nothing is left.
    pub after: Value,
}

impl Act {
    /// The payload that is written, hashed and exported.
    pub fn payload(&self) -> Value {
        object([
            ("about", self.about.as_str().into()),
            ("before", self.before.clone()),
            ("after", self.after.clone()),
        ])
    }
}
