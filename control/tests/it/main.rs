//! The use cases on a real SQLite file, with a clock that the tests set. No mocks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod approvals;
mod evidence;
mod execute;
mod permissions;
mod scene;
mod subprocess;
