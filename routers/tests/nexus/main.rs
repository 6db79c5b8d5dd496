//! `nexus-router` against a real MCP server process, through `control` on a real database.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod misbehaviour;
mod offer;
mod run;
mod scene;
mod stop;
