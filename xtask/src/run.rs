//! `cargo xtask run`: builds, then becomes the server, so that signals and the exit code are the server's own.
//! Refuses to mix the example with real data: `--demo` and `--sso` have a database of their own.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{build, demo_sso, process};

/// What the server is to show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// The caller's own.
    Own,
    /// The example.
    Demo,
    /// The example, and a provider to sign in with.
    DemoSso,
}

impl Data {
    /// By the flags; `--sso` means `--demo` too.
    pub fn chosen(demo: bool, sso: bool) -> Self {
        match (demo, sso) {
            (_, true) => Self::DemoSso,
            (true, false) => Self::Demo,
            (false, false) => Self::Own,
        }
    }
}

/// Does not return unless the build or the start fails.
pub fn run(data: Data, forwarded: &[String]) -> Result<()> {
    if data == Data::DemoSso && forwarded.iter().any(|argument| names_a_configuration(argument)) {
        bail!("`--sso` writes a configuration itself: leave `--config` out, or run without `--sso`");
    }
    let binary = build::build(build::Profile::Dev)?;
    let database = if data == Data::Own { "sqlite://nexus.db" } else { "sqlite://nexus-demo.db" };
    let mut server = Command::new(&binary);
    server.arg("serve");
    if data != Data::Own {
        server.arg("--demo");
    }
    // A database that the caller chose stays chosen, except for the example's.
    if data != Data::Own || env::var_os("NEXUS_DATABASE_URL").is_none() {
        server.env("NEXUS_DATABASE_URL", database);
    }
    if data == Data::DemoSso {
        server.arg("--config").arg(demo_sso::start()?);
    }
    server.args(forwarded);
    process::say(&format!("starting nexus-control serve on {database}"));
    Err(server.exec()).with_context(|| format!("{} cannot be started", binary.display()))
}

fn names_a_configuration(argument: &str) -> bool {
    argument == "--config" || argument.starts_with("--config=")
}
