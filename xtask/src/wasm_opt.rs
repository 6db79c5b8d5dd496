//! wasm-opt, which takes another tenth off the module: from PATH when new enough, else from npm into target/.
//! Refuses versions before 123, which reject the features that today's compiler uses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, tree};

const OLDEST: u32 = 123;

/// A usable wasm-opt.
pub struct Optimiser {
    program: PathBuf,
    version: String,
}

impl Optimiser {
    fn at(program: PathBuf) -> Option<Self> {
        let version = process::capture(Command::new(&program).arg("--version")).ok()?;
        let number = version.split_whitespace().find_map(|word| word.parse::<u32>().ok())?;
        (number >= OLDEST).then_some(Self { program, version })
    }

    /// What it calls itself.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Replaces the module with a smaller one that does the same.
    pub fn shrink(&self, module: &Path) -> Result<()> {
        let smaller = module.with_extension("smaller");
        let mut command = Command::new(&self.program);
        command.args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int"]);
        command.args(["--enable-sign-ext", "--enable-mutable-globals", "--enable-reference-types"]);
        command.args(["--enable-multivalue"]).arg(module).arg("-o").arg(&smaller);
        process::run(&mut command)?;
        fs::rename(&smaller, module).context("the smaller module cannot be put in place")
    }
}

/// None, said in one line, when neither a new wasm-opt nor npm is there: the module works without, only larger.
pub fn find() -> Result<Option<Optimiser>> {
    if let Some(found) = tree::find_program(&["wasm-opt"]).and_then(Optimiser::at) {
        return Ok(Some(found));
    }
    let folder = tree::target_dir()?.join("wasm-opt");
    let program = folder.join("node_modules/binaryen/bin/wasm-opt");
    let pinned = tree::root()?.join("xtask/wasm-opt");
    let lock = fs::read(pinned.join("package-lock.json")).context("xtask/wasm-opt has no lock file")?;
    let is_current = fs::read(folder.join("package-lock.json")).is_ok_and(|installed| installed == lock);
    if is_current && let Some(found) = Optimiser::at(program.clone()) {
        return Ok(Some(found));
    }
    if tree::find_program(&["npm"]).is_none() {
        process::say("no wasm-opt 123 and no npm to get it with: the wasm stays about a tenth larger");
        return Ok(None);
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(pinned.join(name), folder.join(name))?;
    }
    let installed = process::timed("fetching wasm-opt from npm", || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
            .current_dir(&folder);
        process::run(&mut npm)
    });
    let found = installed.ok().and_then(|()| Optimiser::at(program));
    if found.is_none() {
        let _ = fs::remove_dir_all(&folder);
        process::say("npm could not provide wasm-opt: the wasm stays about a tenth larger");
    }
    Ok(found)
}
