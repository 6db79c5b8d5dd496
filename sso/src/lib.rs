//! Sign-in protocols: OpenID Connect, and SAML 2.0 behind the feature `saml`.
//!
//! What goes in is what a browser or a provider sent; what comes out is who the provider says this is, once every
//! check of the protocol has passed. It knows nothing of people, roles, sessions or pages, keeps nothing on disk, and
//! never takes a time or an address from a message without checking it. What is not proven is an error.

pub mod claims;
pub mod error;
pub mod oidc;
#[cfg(feature = "saml")]
pub mod saml;

pub use claims::Claims;
pub use error::SsoError;
