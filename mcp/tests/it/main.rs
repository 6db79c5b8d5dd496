//! The MCP door, knocked at by real clients over real sockets, in front of real use cases on a real database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod approve;
mod door;
mod evidence;
mod flow;
mod reading;
mod refusals;
mod scene;
mod together;
