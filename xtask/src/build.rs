//! `cargo xtask build`: the browser's half, then the server around it, as one binary.
//! Refuses to build the server first: it embeds the site as it stands when it is compiled.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, site, tree, wasm};

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to compile.
    Dev,
    /// Quick to run.
    Release,
}

impl Profile {
    /// What `--dev` on the command line means.
    pub fn from_dev_flag(dev: bool) -> Self {
        if dev { Self::Dev } else { Self::Release }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds both halves and says where the binary is.
pub fn build(profile: Profile) -> Result<PathBuf> {
    site()?;
    process::timed("compiling the server", || {
        let mut cargo = tree::cargo()?;
        cargo.args(["build", "--locked", "--package", "server", "--bin", "nexus-control"]);
        if profile == Profile::Release {
            // Incremental objects are optimised apart from each other; what ships is not.
            cargo.arg("--release").env("CARGO_INCREMENTAL", "0");
        }
        process::run(&mut cargo)
    })?;
    Ok(tree::target_dir()?.join(profile.folder()).join("nexus-control"))
}

/// Builds what browsers load, and says how large it came out.
pub fn site() -> Result<Vec<site::Size>> {
    let modules = wasm::build()?;
    site::assemble(&modules)
}
