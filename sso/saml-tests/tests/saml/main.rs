//! SAML sign-in, tried against another implementation.
//!
//! `saml-rs` plays the provider: it makes its metadata, reads ours and our request, and answers. It is kind, though, so
//! for everything that must be refused the answers are written out here and signed with its signer. The few signatures
//! that it cannot make stand in `data`, made with `xmlsec1`.

#[cfg(test)]
mod accepted;
#[cfg(test)]
mod answer;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod wrapping;
