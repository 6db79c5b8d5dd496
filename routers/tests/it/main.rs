//! `http:<name>` against real sockets, and through `control` on a real database.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod endpoint;
mod http;
mod http_address;
mod http_attempts;
mod http_control;
