//! OpenID Connect, as the relying party: authorization code with PKCE, ID tokens, userinfo, and signing out both ways.
//!
//! [`Provider::begin`] makes the address to send a browser to, [`Provider::finish`] turns what came back into
//! [`Claims`](crate::Claims), [`Provider::logged_out`] reads a logout token, [`Provider::access_token`] one that a program
//! brings to call us. State between the two halves, replay of
//! codes and of logout tokens, and what a person may then do belong to the caller. There is no implicit flow, no
//! password grant, no unsigned or symmetrically signed token, and no plain HTTP except to this machine.

mod access_token;
mod callback;
mod claims;
mod discovery;
mod exchange;
mod http;
mod id_token;
mod logout;
mod provider;
mod settings;
mod signed;

pub use access_token::{Access, claimed_issuer};
pub use callback::{Begun, Callback, Started, Wish};
pub use http::http_client;
pub use logout::LoggedOut;
pub use provider::Provider;
pub use settings::{Secret, Settings};

use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;

/// The signatures that count: asymmetric ones that this build can check. `none` proves nothing, and with `HS*` whoever
/// can check a token can also make one. RFC 8725, section 3.1.
const ALGORITHMS: [(&str, Algorithm); 9] = [
    ("RS256", Algorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", Algorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", Algorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", Algorithm::RsaSsaPssSha256),
    ("PS384", Algorithm::RsaSsaPssSha384),
    ("PS512", Algorithm::RsaSsaPssSha512),
    ("ES256", Algorithm::EcdsaP256Sha256),
    ("ES384", Algorithm::EcdsaP384Sha384),
    ("EdDSA", Algorithm::EdDsa),
];

/// Why a token was refused, by the name of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// The keys at hand do not prove it; newer ones may.
    Keys(&'static str),
    /// It would not help to ask again.
    Check(&'static str),
}

impl Refusal {
    fn check(self) -> &'static str {
        match self {
            Self::Keys(check) | Self::Check(check) => check,
        }
    }
}
