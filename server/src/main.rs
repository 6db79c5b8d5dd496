//! The program `nexus-control`. It reads the command line and makes the runtime; everything else is in the library.

use anyhow::Context as _;
use clap::Parser as _;
use std::num::NonZero;
use std::process::ExitCode;
use std::thread::available_parallelism;

/// Fewer workers than this can starve a page that waits for several answers at once.
const FEWEST_WORKERS: usize = 4;

fn main() -> anyhow::Result<ExitCode> {
    let cli = server::cli::Cli::parse();
    // One TLS provider for the whole process; a second call would only be refused.
    drop(rustls::crypto::ring::default_provider().install_default());
    let cores = available_parallelism().map_or(1, NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.max(FEWEST_WORKERS))
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    Ok(runtime.block_on(cli.run()))
}
