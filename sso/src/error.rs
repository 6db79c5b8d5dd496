//! Why a sign-in by a provider did not happen. Unreachable and refused are two different things.

use thiserror::Error;

/// A failure. None of the texts holds a token or a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SsoError {
    /// The provider cannot be reached or answers nonsense: try again, or tell the operator.
    #[error("the sign-in provider `{provider}` does not answer as it should: {problem}")]
    Unreachable {
        /// Its name in the configuration.
        provider: String,
        /// What happened, for the log.
        problem: String,
    },
    /// The provider said no, or the person did: `access_denied`, `login_required`.
    #[error("the sign-in provider refused: {code}")]
    Denied {
        /// The protocol's code; only known characters.
        code: String,
    },
    /// What came back does not prove anything. The text says which check failed, for the log.
    #[error("the answer of the sign-in provider `{provider}` was not accepted: {check}")]
    NotProven {
        /// Its name in the configuration.
        provider: String,
        /// The check that failed, such as `nonce` or `audience`.
        check: String,
    },
    /// The configuration makes no sense: a key to change and what to change it to.
    #[error("{0}")]
    Settings(String),
}
