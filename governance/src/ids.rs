//! Typed ids. An id is a short visible text; nothing here makes new ones, since that takes randomness.

use std::fmt;

/// Longest id that is accepted, in bytes. Bundles of other systems may bring ids of their own making.
pub const MAX_ID_BYTES: usize = 200;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    kind: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} has 1 to {MAX_ID_BYTES} bytes and no control characters", self.kind)
    }
}

impl std::error::Error for IdError {}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks the text and wraps it. Fails when it is empty, too long or holds control characters.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                if text.is_empty() || text.len() > MAX_ID_BYTES || text.chars().any(char::is_control) {
                    return Err(IdError { kind: $kind });
                }
                Ok(Self(text))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

typed_id!(
    /// One workspace: the wall between tenants.
    WorkspaceId,
    "workspace id"
);
typed_id!(
    /// One decision, and so one stream of the log.
    DecisionId,
    "decision id"
);
typed_id!(
    /// One human being who may sign in, whatever identities they use.
    PersonId,
    "person id"
);
typed_id!(
    /// One run of a router.
    RunId,
    "run id"
);
typed_id!(
    /// The adapter that a router runs through, such as `subprocess:key-rotation`.
    AdapterId,
    "adapter id"
);
