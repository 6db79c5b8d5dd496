//! The pages, by area.

pub mod audit;
pub mod decisions;
pub mod entry;
pub mod inbox;
pub mod requests;
pub mod templates;
pub mod verify;

// Plain pages: made on the server, with nothing for the browser to run.
#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod join;
#[cfg(feature = "ssr")]
pub mod keys;
#[cfg(feature = "ssr")]
pub mod log;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod sign_in;
