//! Why a sign-in provider's word did not let somebody in: codes that are a stable API, and words for people.

use crate::Error;
use std::fmt;

/// Why a provider's word did not let somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SsoRefusal {
    /// The answer belongs to no sign-in that this browser began, or was used before.
    State,
    /// The answer proves nothing.
    NotProven,
    /// The provider, or the person there, said no.
    Denied,
    /// The provider does not answer.
    Unreachable,
    /// The address is not one of the allowed domains.
    Domain,
    /// Known, and without a role in any workspace.
    NoRole,
    /// Nobody here, and accounts are not made by themselves.
    Unknown,
    /// An account with this address exists.
    AddressTaken,
    /// Somebody else than who was asked to prove themselves.
    OtherPerson,
}

impl SsoRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::State => "SSO_STATE",
            Self::NotProven => "SSO_NOT_PROVEN",
            Self::Denied => "SSO_DENIED",
            Self::Unreachable => "SSO_UNREACHABLE",
            Self::Domain => "SSO_DOMAIN",
            Self::NoRole => "SSO_NO_ROLE",
            Self::Unknown => "SSO_UNKNOWN",
            Self::AddressTaken => "SSO_ADDRESS_TAKEN",
            Self::OtherPerson => "SSO_OTHER_PERSON",
        }
    }
}

impl fmt::Display for SsoRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::State => {
                "this sign-in was not begun in this browser, took too long or was used before; begin again"
            }
            Self::NotProven => "the provider's answer could not be trusted; begin again",
            Self::Denied => "the sign-in was refused or stopped at the provider",
            Self::Unreachable => "the sign-in provider does not answer; try again in a moment",
            Self::Domain => "addresses of this domain are not let in here",
            Self::NoRole => "you have no role in any workspace here; ask an admin",
            Self::Unknown => "nobody here is linked to this sign-in; ask an admin to invite you",
            Self::AddressTaken => {
                "an account with this address exists; sign in to it and link this sign-in under My account"
            }
            Self::OtherPerson => "this is somebody else's sign-in; use your own",
        })
    }
}

impl From<SsoRefusal> for Error {
    fn from(refusal: SsoRefusal) -> Self {
        Self::Sso(refusal)
    }
}
