//! Node and the packages of `end2end/`: for the browser tests, and for the sign-in provider of `cargo xtask run --sso`.
//! Refuses to run a package's own install script: what is tested is what the lock file names.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::fingerprint::{self, Fingerprint};
use crate::{debian, process, tree};

/// The least that the sign-in provider runs on.
const AT_LEAST: (u32, u32) = (20, 19);

/// Makes sure of Node and of the packages; says where they are.
pub fn ensure() -> Result<PathBuf> {
    let folder = tree::root()?.join("end2end");
    ensure_node()?;
    ensure_packages(&folder)?;
    Ok(folder)
}

fn ensure_node() -> Result<()> {
    let (major, minor) = AT_LEAST;
    let is_there = || tree::find_program(&["node"]).is_some() && tree::find_program(&["npm"]).is_some();
    if !is_there() {
        debian::install(&["nodejs", "npm"], &format!("Node.js {major}.{minor} or newer, with npm"))?;
    }
    let version = process::capture(Command::new("node").arg("--version"))?;
    if numbers(&version).is_none_or(|found| found < AT_LEAST) {
        bail!("node is {version}, the browser tests and `run --sso` need {major}.{minor} or newer");
    }
    Ok(())
}

/// `v20.19.1` as (20, 19).
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn ensure_packages(folder: &Path) -> Result<()> {
    let digest = Fingerprint::of("end2end").with_path(folder, "package-lock.json")?.finish();
    let stamp = folder.join("node_modules/.nexus-stamp");
    if fingerprint::is_stamped(&stamp, &digest) {
        return Ok(());
    }
    process::timed("installing the packages of end2end", || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
        process::run(&mut npm)
    })?;
    fingerprint::write_stamp(&stamp, &digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_compared_by_its_numbers() {
        for (version, enough) in
            [("v20.19.0", true), ("v22.1.0", true), ("v20.9.0", false), ("v18.20.4", false), ("node", false)]
        {
            let found = numbers(version).is_some_and(|found| found >= AT_LEAST);
            assert_eq!(found, enough, "{version}");
        }
    }
}
