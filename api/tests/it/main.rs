//! The machines' doors over real HTTP, on a real database, with real keys.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod decisions;
mod evidence;
mod idempotency;
mod pages;
mod resources;
mod runs;
mod served;
mod stream;
mod strict;
mod wait;
mod walls;
