//! The real router, driven without a network: what browsers, scripts and attackers get to see.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod access_tokens;
mod addresses;
mod app;
mod archive;
mod browser;
mod cli;
mod config;
mod defences;
mod demo;
mod flow;
mod health;
mod keys;
mod live;
mod mcp;
mod noted;
mod oidc;
mod people;
mod provider;
mod rates;
#[cfg(feature = "saml")]
mod saml;
mod second_factor;
mod sessions;
mod set_up;
mod sign_in;
mod sign_out;
mod streams;
