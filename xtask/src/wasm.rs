//! What browsers run: the pages' half and the verifier, compiled together, then each bound to JavaScript and shrunk,
//! every step only when its inputs changed.
//! Refuses an unoptimised build: what is tested in a browser is what ships.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{self, Fingerprint};
use crate::wasm_opt::{self, Optimiser};
use crate::{process, tree, wasm_target};

/// A module that browsers load.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The alive pages.
    Pages,
    /// The checks of the page that verifies files: a module of its own, so that no other page carries it.
    Verifier,
}

impl Part {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Pages, Self::Verifier];

    /// The crate that it is made of.
    pub fn package(self) -> &'static str {
        match self {
            Self::Pages => "frontend",
            Self::Verifier => "verifier",
        }
    }

    /// The name of its files. For the pages `.cargo/config.toml` tells the server the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pages => "nexus-control",
            Self::Verifier => "verifier",
        }
    }

    /// Scripts written by hand that go with it: what is put behind the bound one, and a file of its own.
    fn scripts(self) -> &'static [(&'static str, Place)] {
        match self {
            Self::Pages => &[],
            Self::Verifier => {
                &[("verifier/worker.js", Place::Behind), ("verifier/page.js", Place::Beside("verify.js"))]
            }
        }
    }
}

/// Where a script goes.
#[derive(Clone, Copy)]
enum Place {
    /// Behind the script that loads the wasm, in the same file.
    Behind,
    /// Beside it, under this name.
    Beside(&'static str),
}

/// The script, the module and what they import, ready to be served.
pub struct Module {
    /// The folder they lie in.
    pub folder: PathBuf,
}

/// Type-checks both for the browser.
pub fn check() -> Result<()> {
    let compiler = wasm_target::ensure()?;
    process::timed("checking what browsers run", || process::run(&mut compiler.cargo("check")?))
}

/// Compiles, binds and shrinks.
pub fn build() -> Result<Vec<Module>> {
    let compiled = compile()?;
    let optimiser = wasm_opt::find()?;
    Part::ALL.into_iter().map(|part| finish(part, &compiled, optimiser.as_ref())).collect()
}

fn finish(part: Part, compiled: &Path, optimiser: Option<&Optimiser>) -> Result<Module> {
    let name = part.name();
    let raw = compiled.join(format!("{}.wasm", part.package()));
    let bytes = fs::read(&raw).with_context(|| format!("{} cannot be read", raw.display()))?;
    let folder = tree::front_dir()?.join("module").join(name);
    let root = tree::root()?;
    let mut inputs = Fingerprint::of("module")
        .with("wasm", &bytes)
        .with("bindgen", wasm_bindgen_version()?.as_bytes())
        .with("optimiser", optimiser.map_or("none", Optimiser::version).as_bytes());
    for (script, _) in part.scripts() {
        inputs = inputs.with_path(&root, script)?;
    }
    let digest = inputs.finish();
    let stamp = tree::front_dir()?.join(format!("{name}.stamp"));
    if folder.exists() && fingerprint::is_stamped(&stamp, &digest) {
        return Ok(Module { folder });
    }
    process::timed(&format!("binding {name} to JavaScript"), || bind(part, &raw, &folder))?;
    if let Some(optimiser) = optimiser {
        process::timed(&format!("shrinking {name}"), || {
            optimiser.shrink(&folder.join(format!("{name}.wasm")))
        })?;
    }
    fingerprint::write_stamp(&stamp, &digest)?;
    Ok(Module { folder })
}

/// Compiles both at once, since they share what they are made of; says where they lie.
fn compile() -> Result<PathBuf> {
    let compiler = wasm_target::ensure()?;
    let folder = tree::front_dir()?.join(wasm_target::TRIPLE).join("wasm-release");
    let root = tree::root()?;
    let mut inputs = Fingerprint::of("wasm").with("compiler", compiler.identity.as_bytes());
    for path in ["app", "governance", "frontend", "verifier/src", "verifier/Cargo.toml"] {
        inputs = inputs.with_path(&root, path)?;
    }
    for path in ["Cargo.lock", "Cargo.toml", ".cargo"] {
        inputs = inputs.with_path(&root, path)?;
    }
    let digest = inputs.finish();
    let stamp = tree::front_dir()?.join("wasm.stamp");
    let are_there = Part::ALL.iter().all(|part| folder.join(format!("{}.wasm", part.package())).exists());
    if are_there && fingerprint::is_stamped(&stamp, &digest) {
        process::say("what browsers run is unchanged");
        return Ok(folder);
    }
    process::timed("compiling what browsers run", || {
        process::run(compiler.cargo("build")?.args(["--profile", "wasm-release"]))
    })?;
    fingerprint::write_stamp(&stamp, &digest)?;
    Ok(folder)
}

fn bind(part: Part, compiled: &Path, folder: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let name = part.name();
    let mut bindgen = Bindgen::new();
    match part {
        Part::Pages => bindgen.web(true)?,
        // A worker is one plain script: browsers agree on those.
        Part::Verifier => bindgen.no_modules(true)?,
    };
    bindgen.input_path(compiled).out_name(name).typescript(false).omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen refused the module")?;
    output.emit(folder)?;
    // The page asks for <name>.wasm; the tool writes <name>_bg.wasm and says so in the script.
    let module = format!("{name}_bg.wasm");
    fs::rename(folder.join(&module), folder.join(format!("{name}.wasm")))?;
    let script_file = folder.join(format!("{name}.js"));
    let mut script = fs::read_to_string(&script_file)?.replace(&module, &format!("{name}.wasm"));
    for (by_hand, place) in part.scripts() {
        let text = fs::read_to_string(tree::root()?.join(by_hand))?;
        match place {
            Place::Behind => script.push_str(&text),
            Place::Beside(file) => fs::write(folder.join(file), text)?,
        }
    }
    fs::write(script_file, script)?;
    Ok(())
}

/// The library here and the crate in the browser must be one version: the format between them is not stable.
fn wasm_bindgen_version() -> Result<String> {
    let lock = fs::read_to_string(tree::root()?.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let used = locked_version(&lock, "wasm-bindgen")?;
    let ours = locked_version(&lock, "wasm-bindgen-cli-support")?;
    if used != ours {
        bail!("wasm-bindgen is {used} in Cargo.lock but wasm-bindgen-cli-support is {ours}: make them equal");
    }
    Ok(used)
}

fn locked_version(lock: &str, package: &str) -> Result<String> {
    let mut lines = lock.lines();
    lines
        .find(|line| *line == format!("name = \"{package}\""))
        .with_context(|| format!("{package} is not locked"))?;
    let version = lines.next().and_then(|line| line.strip_prefix("version = \""));
    Ok(version.with_context(|| format!("{package} has no version"))?.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_locked_version_of_the_very_package() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n";
        assert_eq!(locked_version(lock, "a").unwrap(), "2.0.0");
        assert!(locked_version(lock, "b").is_err());
    }
}
