//! Node and the packages of `end2end/`: for the browser tests, and for the sign-in provider of `cargo xtask run --sso`.
//! Where the system's Node is too old (Debian 12 has 18), a newer one comes as a package into target/.
//! Refuses to run a package's own install script: what is tested is what the lock file names.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fingerprint::{self, Fingerprint};
use crate::{debian, process, tree};

/// The least that the sign-in provider runs on.
const AT_LEAST: (u32, u32) = (20, 19);

/// The one that comes as a package where the system's is older.
const OURS: &str = "20.20.2";

/// `node`, `npm` or `npx`, with the Node that is new enough found first.
pub fn tool(name: &str) -> Result<Command> {
    let folder = ours()?.join("bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let mut command = Command::new(name);
    if folder.exists() {
        let folders = std::iter::once(folder).chain(env::split_paths(&path));
        command.env("PATH", env::join_paths(folders).context("PATH cannot be written")?);
    }
    Ok(command)
}

/// Where a Node of our own is, if there is one.
fn ours() -> Result<PathBuf> {
    Ok(tree::target_dir()?.join("node/node_modules").join(package()))
}

fn package() -> String {
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let machine = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    format!("node-{system}-{machine}")
}

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
    let version = process::capture(tool("node")?.arg("--version"))?;
    if is_enough(&version) {
        return Ok(());
    }
    process::timed(&format!("node is {version}: installing {OURS} into target/node"), || {
        let folder = tree::target_dir()?.join("node");
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let mut npm = Command::new("npm");
        npm.arg("install").arg("--prefix").arg(&folder);
        npm.args(["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--force"]);
        process::run(npm.arg(format!("{}@{OURS}", package())))
    })?;
    let version = process::capture(tool("node")?.arg("--version"))?;
    if !is_enough(&version) {
        bail!("node is {version}, the browser tests and `run --sso` need {major}.{minor} or newer");
    }
    Ok(())
}

fn is_enough(version: &str) -> bool {
    numbers(version).is_some_and(|found| found >= AT_LEAST)
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
        let mut npm = tool("npm")?;
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
            assert_eq!(is_enough(version), enough, "{version}");
        }
    }
}
