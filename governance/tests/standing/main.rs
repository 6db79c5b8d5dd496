//! Who stands behind the actors, and whose voice counts: one person is one approver, a lost role is a lost voice,
//! and the log says afterwards whom it did not count.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commands;
mod properties;
mod runs;
mod scene;
mod voices;
