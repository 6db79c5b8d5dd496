//! `cargo xtask bench`: figures as ratios, from the package `bench`, with a temporary Postgres beside it.
//! Refuses to report figures of its own: what is printed was measured, or read off the built files.

use anyhow::Result;

use crate::test::{budget, postgres};
use crate::{build, process, tree};

/// Runs the benchmark in the release profile, then prints the size of the browser's half.
pub fn run(forwarded: &[String]) -> Result<()> {
    // The pages that are measured name files of the browser's half, which the server embeds.
    let sizes = build::site()?;
    let address = postgres::ensure(postgres::Durability::On)?;
    let mut cargo = tree::cargo()?;
    cargo.args(["run", "--release", "--package", "bench", "--"]).args(forwarded);
    cargo.env(postgres::VARIABLE, address);
    let measured = process::run(&mut cargo);
    postgres::stop();
    measured?;
    budget::check(sizes)
}
