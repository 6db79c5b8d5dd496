//! `cargo xtask run`: builds, then becomes the server, so that signals and the exit code are the server's own.
//! Refuses to mix the example with real data: `--demo` has a database of its own.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{build, process};

/// Does not return unless the build or the start fails.
pub fn run(demo: bool, forwarded: &[String]) -> Result<()> {
    let binary = build::build(build::Profile::Dev)?;
    let database = if demo { "sqlite://nexus-demo.db" } else { "sqlite://nexus.db" };
    let mut server = Command::new(&binary);
    server.arg("serve");
    if demo {
        server.arg("--demo");
    }
    // A database that the caller chose stays chosen, except for the example's.
    if demo || env::var_os("NEXUS_DATABASE_URL").is_none() {
        server.env("NEXUS_DATABASE_URL", database);
    }
    server.args(forwarded);
    process::say(&format!("starting nexus-control serve on {database}"));
    Err(server.exec()).with_context(|| format!("{} cannot be started", binary.display()))
}
