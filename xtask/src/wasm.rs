//! The browser's half: compiled, bound to JavaScript and shrunk, each only when its inputs changed.
//! Refuses an unoptimised build: what is tested in a browser is what ships.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{self, Fingerprint};
use crate::{process, tree, wasm_opt, wasm_target};

/// The name of all three files that a page loads; `.cargo/config.toml` tells the server the same.
pub const NAME: &str = "nexus-control";

/// The script, the module and what they import, ready to be served.
pub struct Module {
    /// The folder they lie in.
    pub folder: PathBuf,
}

/// Type-checks `frontend` for the browser.
pub fn check() -> Result<()> {
    let compiler = wasm_target::ensure()?;
    process::timed("checking the browser's half", || process::run(&mut compiler.cargo("check")?))
}

/// Compiles, binds and shrinks.
pub fn build() -> Result<Module> {
    let raw = compile()?;
    let bytes = fs::read(&raw).with_context(|| format!("{} cannot be read", raw.display()))?;
    let optimiser = wasm_opt::find()?;
    let folder = tree::front_dir()?.join("module");
    let digest = Fingerprint::of("module")
        .with("wasm", &bytes)
        .with("bindgen", wasm_bindgen_version()?.as_bytes())
        .with("optimiser", optimiser.as_ref().map_or("none", |found| found.version()).as_bytes())
        .finish();
    let stamp = tree::front_dir()?.join("module.stamp");
    if folder.exists() && fingerprint::is_stamped(&stamp, &digest) {
        return Ok(Module { folder });
    }
    process::timed("binding the wasm to JavaScript", || bind(&raw, &folder))?;
    if let Some(optimiser) = optimiser {
        process::timed("shrinking the wasm", || optimiser.shrink(&folder.join(format!("{NAME}.wasm"))))?;
    }
    fingerprint::write_stamp(&stamp, &digest)?;
    Ok(Module { folder })
}

fn compile() -> Result<PathBuf> {
    let compiler = wasm_target::ensure()?;
    let module = tree::front_dir()?.join(wasm_target::TRIPLE).join("wasm-release/frontend.wasm");
    let root = tree::root()?;
    let mut inputs = Fingerprint::of("wasm").with("compiler", compiler.identity.as_bytes());
    for path in ["app", "governance", "frontend", "Cargo.lock", "Cargo.toml", ".cargo"] {
        inputs = inputs.with_path(&root, path)?;
    }
    let digest = inputs.finish();
    let stamp = tree::front_dir()?.join("wasm.stamp");
    if module.exists() && fingerprint::is_stamped(&stamp, &digest) {
        process::say("the browser's half is unchanged");
        return Ok(module);
    }
    process::timed("compiling the browser's half", || {
        process::run(compiler.cargo("build")?.args(["--profile", "wasm-release"]))
    })?;
    fingerprint::write_stamp(&stamp, &digest)?;
    Ok(module)
}

fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.input_path(compiled).out_name(NAME).typescript(false).omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen refused the module")?;
    output.emit(folder)?;
    // The page asks for <name>.wasm; the tool writes <name>_bg.wasm and says so in the script.
    let module = format!("{NAME}_bg.wasm");
    fs::rename(folder.join(&module), folder.join(format!("{NAME}.wasm")))?;
    let script_file = folder.join(format!("{NAME}.js"));
    let script = fs::read_to_string(&script_file)?.replace(&module, &format!("{NAME}.wasm"));
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
