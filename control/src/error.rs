//! Why a use case did not happen. Refusal, not found, conflict and fault stay four different things.

use crate::access::sso::SsoRefusal;
use governance::Refusal;
use governance::import::ImportError;
use governance::package::PackageError;
use governance::timeline::TimelineEntry;
use store::StoreError;
use thiserror::Error;

/// A use case's failure. Nothing was recorded, unless the text says so.
#[derive(Debug, Error)]
pub enum Error {
    /// Nobody is signed in.
    #[error("please sign in first")]
    Unauthenticated,
    /// The person may see it, but may not do this.
    #[error("this takes {need}; ask an admin of this workspace")]
    Forbidden {
        /// The roles that may, in words.
        need: String,
    },
    /// An API key calls for what only a person may do.
    #[error("an API key cannot do this; a person must, signed in to a browser")]
    KeyForbidden,
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such {0} here")]
    NotFound(&'static str),
    /// It changed since the caller looked.
    #[error("this decision has changed since you opened it; look at what is new and decide again")]
    Changed {
        /// The version that is there now.
        version: u32,
        /// What came since.
        since: Vec<TimelineEntry>,
    },
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A name or id is taken.
    #[error("{0} exists already; choose another name")]
    Exists(&'static str),
    /// A field of the input makes no sense.
    #[error("{message}")]
    Invalid {
        /// The field's name in the form.
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// A bundle cannot be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A package cannot be made.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Too many attempts.
    #[error("too many attempts; try again in {retry_after_seconds} seconds")]
    Throttled {
        /// How long to wait.
        retry_after_seconds: u64,
    },
    /// Name or password are wrong; which of them is not said.
    #[error("e-mail or password is wrong")]
    Credentials,
    /// Passwords are switched off on this server.
    #[error("sign-in with a password is switched off here; use your sign-in provider")]
    LocalAccountsOff,
    /// A sign-in provider's word did not let somebody in.
    #[error("{0}")]
    Sso(SsoRefusal),
    /// Something broke. The text is for the log, not for the caller.
    #[error("{0}")]
    Fault(String),
    /// The store broke.
    #[error("the store failed")]
    Store(#[source] StoreError),
}

impl Error {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden { .. } => "FORBIDDEN",
            Self::KeyForbidden => "KEY_FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::Changed { .. } => "CHANGED",
            Self::Refused(refusal) => refusal.code(),
            Self::Exists(_) => "ALREADY_EXISTS",
            Self::Invalid { .. } => "INVALID_INPUT",
            Self::Import(error) => error.code.as_str(),
            Self::Package(error) => error.code(),
            Self::Throttled { .. } => "THROTTLED",
            Self::Credentials => "WRONG_CREDENTIALS",
            Self::LocalAccountsOff => "LOCAL_ACCOUNTS_OFF",
            Self::Sso(refusal) => refusal.code(),
            Self::Fault(_) | Self::Store(_) => "FAULT",
        }
    }

    /// Whether it is our fault, to be logged with its whole chain and shown without it.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Fault(_) | Self::Store(_))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Exists(what) => Self::Exists(what),
            StoreError::Gone(what) => Self::NotFound(what),
            StoreError::Cursor => Self::Invalid {
                field: "after",
                message: "the page cursor is not valid; start at the first page".to_owned(),
            },
            other => Self::Store(other),
        }
    }
}
