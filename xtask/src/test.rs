//! `cargo xtask test`: the gate. Steps in order, output streamed, the first failing step ends it.
//! Refuses to skip by itself: what cannot be run fails, unless the caller left it out by name.

mod api;
mod browser;
pub mod budget;
mod demo;
mod licence;
mod mcp;
pub mod postgres;
mod python;
mod saml;
mod supply;
mod tally;

use std::ffi::OsStr;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::{build, process, tree};
use tally::Tally;

/// Which steps to run.
#[derive(Args)]
pub struct Selection {
    /// Run this step alone; may be repeated.
    #[arg(long, value_enum, value_name = "STEP")]
    only: Vec<Step>,
    /// Leave this step out; may be repeated.
    #[arg(long, value_enum, value_name = "STEP", conflicts_with = "only")]
    skip: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Formatting, and clippy without a warning.
    Lint,
    /// Licences, banned crates and where crates come from.
    Supply,
    /// Every Rust test, on both databases.
    Rust,
    /// The server with SAML, and its tests.
    Saml,
    /// Both halves build, and the wasm keeps its size.
    Wasm,
    /// The REST door, against its OpenAPI document.
    Api,
    /// The MCP door, against the official conformance suite, inspector and Python client.
    Mcp,
    /// A real browser, with JavaScript and without.
    Browser,
}

const ORDER: [Step; 8] =
    [Step::Lint, Step::Supply, Step::Rust, Step::Saml, Step::Wasm, Step::Api, Step::Mcp, Step::Browser];

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Supply => "supply",
            Self::Rust => "rust",
            Self::Saml => "saml",
            Self::Wasm => "wasm",
            Self::Api => "api",
            Self::Mcp => "mcp",
            Self::Browser => "browser",
        }
    }

    fn run(self, tally: &mut Tally) -> Result<()> {
        match self {
            Self::Lint => lint(),
            Self::Supply => supply::check(),
            Self::Rust => rust_tests(tally),
            Self::Saml => saml::check(tally),
            Self::Wasm => budget::check(build::site()?),
            Self::Api => api::check(&build::build(build::Profile::Dev)?),
            Self::Mcp => mcp::run(&build::build(build::Profile::Dev)?),
            Self::Browser => browser::run(&build::build(build::Profile::Dev)?, tally),
        }
    }
}

/// Runs the chosen steps and closes with what each took, and with the count of tests if any were counted.
pub fn run(selection: &Selection) -> Result<()> {
    let chosen = ORDER.into_iter().filter(|step| match selection.only.as_slice() {
        [] => !selection.skip.contains(step),
        only => only.contains(step),
    });
    let chosen: Vec<Step> = chosen.collect();
    let mut tally = Tally::default();
    let mut report: Vec<(Step, Duration, bool)> = Vec::new();
    let mut failure = None;
    for (number, step) in chosen.iter().enumerate() {
        let begun = Instant::now();
        let title = format!("[{}/{}] {}", number + 1, chosen.len(), step.name());
        let outcome = process::timed(&title, || step.run(&mut tally));
        report.push((*step, begun.elapsed(), outcome.is_ok()));
        if let Err(error) = outcome {
            failure = Some(error.context(format!("step `{}` failed", step.name())));
            break;
        }
    }
    postgres::stop();
    for (step, took, passed) in &report {
        let word = if *passed { "passed" } else { "FAILED" };
        process::say(&format!("{word} {:8} {:7.1} s", step.name(), took.as_secs_f64()));
    }
    for step in chosen.iter().skip(report.len()) {
        process::say(&format!("not run {}", step.name()));
    }
    tally.close();
    failure.map_or(Ok(()), Err)
}

fn lint() -> Result<()> {
    process::run(tree::cargo()?.args(["fmt", "--all", "--check"]))?;
    let mut clippy = tree::cargo()?;
    clippy.args(["clippy", "--locked", "--workspace", "--exclude", "frontend", "--all-targets"]);
    process::run(clippy.args(["--", "-D", "warnings"]))
}

fn rust_tests(tally: &mut Tally) -> Result<()> {
    let mut cargo = tree::cargo()?;
    cargo.args(["test", "--locked", "--workspace", "--exclude", "frontend", "--no-fail-fast"]);
    cargo.env(postgres::VARIABLE, postgres::ensure(postgres::Durability::Off)?);
    if let Some(folder) = conformance_folder()? {
        cargo.env("NEXUS_CONFORMANCE_DIR", folder);
    }
    counted(&mut cargo, tally)
}

/// Runs `cargo test …` and counts what it ran.
fn counted(cargo: &mut Command, tally: &mut Tally) -> Result<()> {
    let before = tally.failed;
    let outcome = process::run_reading(cargo, |line| tally.count_cargo_line(line));
    if tally.failed > before {
        bail!("{} Rust tests failed", tally.failed - before);
    }
    outcome
}

/// The vectors that fix formats and digests: where the caller says, or beside this tree.
fn conformance_folder() -> Result<Option<std::path::PathBuf>> {
    if let Some(given) = env::var_os("NEXUS_CONFORMANCE_DIR").filter(|given| given != OsStr::new("")) {
        let folder = fs::canonicalize(&given).context("NEXUS_CONFORMANCE_DIR names no folder")?;
        return Ok(Some(folder));
    }
    let beside = tree::root()?.join("../shared/conformance");
    Ok(if beside.is_dir() { Some(fs::canonicalize(beside)?) } else { None })
}
