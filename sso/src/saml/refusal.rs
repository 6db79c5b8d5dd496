//! Why an answer is not believed, while it is being checked. The names of the checks are documented for operators.

use crate::SsoError;

/// A value that passed its check.
pub type Checked<T> = Result<T, Refused>;

/// A check that failed, or the provider's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The name of the check.
    Check(&'static str),
    /// The provider's status: a code of SAML, letters only.
    Denied(String),
}

impl Refused {
    /// The error for whoever called, with the provider's name in the configuration.
    pub fn by(self, provider: &str) -> SsoError {
        match self {
            Self::Check(check) => {
                SsoError::NotProven { provider: provider.to_owned(), check: check.to_owned() }
            }
            Self::Denied(code) => SsoError::Denied { code },
        }
    }
}
