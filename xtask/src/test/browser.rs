//! The browser tests in `end2end/`: Node, its packages, Python and a Chromium, then Playwright against the built server.
//! Refuses to download a browser: the system's own is used, and where there is none it says how to get one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use super::postgres;
use super::tally::Tally;
use crate::{debian, node, process, tree};

const CHROMIUM_NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const CHROMIUM_ON_A_MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Runs all specs against this server binary.
pub fn run(server: &Path, tally: &mut Tally) -> Result<()> {
    let chromium = ensure_chromium()?;
    let folder = node::ensure()?;
    // Another program than ours opens the archives: its standard library is enough.
    if tree::find_program(&["python3"]).is_none() {
        debian::install(&["python3"], "Python 3")?;
    }
    let mut playwright = node::tool("npx")?;
    playwright.args(["--no-install", "playwright", "test"]).current_dir(&folder);
    playwright.env("NEXUS_BIN", server).env("CHROMIUM_PATH", chromium);
    playwright.env(postgres::VARIABLE, postgres::ensure(postgres::Durability::Off)?);
    let before = tally.failed;
    let outcome = process::run_reading(&mut playwright, |line| tally.count_playwright_line(line));
    if tally.failed > before {
        bail!("{} browser tests failed", tally.failed - before);
    }
    outcome
}

fn ensure_chromium() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM_PATH").filter(|chosen| *chosen != OsString::new()) {
        let chosen = PathBuf::from(chosen);
        fs::metadata(&chosen)
            .with_context(|| format!("CHROMIUM_PATH names no file: {}", chosen.display()))?;
        return Ok(chosen);
    }
    if let Some(found) = installed_chromium() {
        return Ok(found);
    }
    debian::install(&["chromium"], "Chromium (or set CHROMIUM_PATH to one)")?;
    installed_chromium().context("chromium was installed but is not on PATH")
}

fn installed_chromium() -> Option<PathBuf> {
    let on_a_mac = PathBuf::from(CHROMIUM_ON_A_MAC);
    tree::find_program(&CHROMIUM_NAMES).or_else(|| on_a_mac.exists().then_some(on_a_mac))
}
