//! Installing what is missing, where that is ours to do: Debian and its kin, as root.
//! Refuses anywhere else: it says which packages to install and leaves the machine alone.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};

use crate::process;

static LISTS_ARE_FRESH: AtomicBool = AtomicBool::new(false);

/// Whether this process may do anything on this machine.
pub fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|data| data.uid() == 0)
}

fn has_apt() -> bool {
    Path::new("/etc/debian_version").exists() && Path::new("/usr/bin/apt-get").exists()
}

/// Installs these packages, or says how to get what `purpose` names.
pub fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let list = packages.join(" ");
    if !has_apt() {
        bail!("{purpose} is missing: install what Debian calls `{list}` with this system's package manager");
    }
    if !is_root() {
        bail!("{purpose} is missing: run `sudo apt-get install --no-install-recommends {list}`, then again");
    }
    process::timed(&format!("installing {list} for {purpose}"), || {
        if !LISTS_ARE_FRESH.swap(true, Ordering::Relaxed) {
            // A stale list is no reason to stop: the packages may be in it, and if not, the next step fails.
            let _ = process::run(apt().args(["-q", "update"]));
        }
        process::run(apt().args(["install", "-q", "-y", "--no-install-recommends"]).args(packages))
            .with_context(|| format!("{purpose}: apt-get could not install {list}"))
    })
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
