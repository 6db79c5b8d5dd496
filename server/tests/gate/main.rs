//! The gate as people use it: the real program against a real server, over real sockets, with kills at every point.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod commands;
mod decided;
mod faults;
mod kills;
mod output;
mod process;
mod proxy;
mod runs;
mod terminal;
mod works;
