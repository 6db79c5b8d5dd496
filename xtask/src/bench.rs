//! `cargo xtask bench`: hands over to the benchmark binary `nexus-bench` of package `server`.
//! Refuses to report figures of its own: what is printed is what that binary measured.

use anyhow::Result;

use crate::{process, tree};

/// Runs the benchmark in the release profile with the given arguments.
pub fn run(forwarded: &[String]) -> Result<()> {
    let mut cargo = tree::cargo()?;
    cargo.args(["run", "--release", "--package", "server", "--bin", "nexus-bench", "--"]).args(forwarded);
    process::run(&mut cargo)
}
