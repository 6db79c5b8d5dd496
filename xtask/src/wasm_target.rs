//! A compiler for wasm32-unknown-unknown: rustup's where it can be had, else Debian's with a standard library built here.
//! Refuses to touch the system's own folders: what is built lies below target/ and goes with it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::fingerprint::Fingerprint;
use crate::wasm::Part;
use crate::{debian, process, tree};

/// The target's name, as every tool writes it.
pub const TRIPLE: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

/// How to call Cargo for what browsers run.
#[derive(Clone)]
pub struct WasmCompiler {
    settings: Vec<(&'static str, OsString)>,
    /// What tells this compiler's output from another's.
    pub identity: String,
}

impl WasmCompiler {
    /// Cargo with this compiler chosen and its own target folder.
    pub fn cargo(&self, verb: &str) -> Result<Command> {
        let mut cargo = tree::cargo()?;
        cargo.args([verb, "--locked"]);
        for part in Part::ALL {
            cargo.args(["--package", part.package()]);
        }
        cargo.args(["--target", TRIPLE, "--target-dir"]);
        cargo.arg(tree::front_dir()?);
        // A developer's own setting would reach this profile too, and LTO refuses incremental objects.
        cargo.env("CARGO_INCREMENTAL", "0");
        cargo.envs(self.settings.iter().map(|(name, value)| (*name, value)));
        Ok(cargo)
    }
}

/// Finds or makes one, the cheapest way first.
pub fn ensure() -> Result<WasmCompiler> {
    let default = PathBuf::from(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    if has_target(&default) {
        return plain(&default);
    }
    let debian = PathBuf::from(DEBIAN_RUSTC);
    if let Some(ready) = ready_sysroot(&debian) {
        return with_sysroot(&debian, &ready);
    }
    if tree::find_program(&["rustup"]).is_some() && add_with_rustup() && has_target(&default) {
        return plain(&default);
    }
    if !is_new_enough(&debian) || !Path::new(DEBIAN_SOURCE).exists() {
        debian::install(&["rustc-web", "rust-web-src"], "a compiler for wasm32-unknown-unknown").context(
            "rustup could not fetch the target; where there is a network, `rustup target add \
             wasm32-unknown-unknown` is all it takes",
        )?;
        if !is_new_enough(&debian) {
            bail!("the packaged rustc is older than this workspace's rust-version; update the package lists");
        }
    }
    let sysroot = build_standard_library(&debian)?;
    with_sysroot(&debian, &sysroot)
}

fn has_target(rustc: &Path) -> bool {
    let asked = process::capture(Command::new(rustc).args(["--print", "target-libdir", "--target", TRIPLE]));
    asked.is_ok_and(|folder| contains_core(Path::new(&folder)))
}

fn contains_core(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| {
        entries
            .any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libcore-")))
    })
}

/// Offline, rustup tries for minutes; whoever has a network needs seconds.
fn add_with_rustup() -> bool {
    process::say("asking rustup for wasm32-unknown-unknown, for at most 40 s …");
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TRIPLE]).env("RUSTUP_MAX_RETRIES", "1");
    process::succeeds_within(&mut rustup, Duration::from_secs(40))
}

fn is_new_enough(rustc: &Path) -> bool {
    let Ok(version) = version_of(rustc) else { return false };
    let release = version.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or_default();
    let needed = env!("CARGO_PKG_RUST_VERSION");
    numbers(release) >= numbers(needed)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

fn version_of(rustc: &Path) -> Result<String> {
    process::capture(Command::new(rustc).arg("-vV"))
}

fn plain(rustc: &Path) -> Result<WasmCompiler> {
    Ok(WasmCompiler { settings: Vec::new(), identity: version_of(rustc)? })
}

fn with_sysroot(rustc: &Path, sysroot: &Path) -> Result<WasmCompiler> {
    // These flags replace those of .cargo/config.toml, so its `cfg` is said again.
    let mut flags = OsString::from("--cfg erase_components --sysroot=");
    flags.push(sysroot);
    let settings = vec![("RUSTC", rustc.into()), ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)];
    Ok(WasmCompiler { settings, identity: version_of(rustc)? })
}

/// One folder per compiler version: a new compiler never sees the old one's library.
fn sysroot_of(rustc: &Path) -> Result<PathBuf> {
    let digest = Fingerprint::of("sysroot").with("rustc", version_of(rustc)?.as_bytes()).finish();
    Ok(tree::target_dir()?.join("wasm-sysroot").join(digest))
}

fn library_of(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TRIPLE).join("lib")
}

fn ready_sysroot(rustc: &Path) -> Option<PathBuf> {
    let sysroot = sysroot_of(rustc).ok()?;
    contains_core(&library_of(&sysroot)).then_some(sysroot)
}

fn build_standard_library(rustc: &Path) -> Result<PathBuf> {
    let sysroot = sysroot_of(rustc)?;
    process::timed("building the standard library for wasm32-unknown-unknown", || {
        let scratch = tree::target_dir()?.join("wasm-std");
        fs::create_dir_all(scratch.join("src"))?;
        fs::write(scratch.join("src/lib.rs"), "#![no_std]\n")?;
        // `[workspace]` keeps Cargo from taking the scratch package for a lost member of ours.
        fs::write(
            scratch.join("Cargo.toml"),
            "[package]\nname = \"scratch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
        )?;
        let mut cargo = tree::cargo()?;
        cargo.current_dir(&scratch);
        cargo.args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", TRIPLE, "--target-dir"]);
        cargo.arg(scratch.join("target"));
        // Without the bitcode a later LTO build fails with "failed to get bitcode".
        cargo.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes");
        process::run(&mut cargo)?;
        link_linker(rustc, &sysroot)?;
        place_library(&scratch.join("target").join(TRIPLE).join("release/deps"), &library_of(&sysroot))
    })?;
    Ok(sysroot)
}

/// Filled beside its place and moved there at the end, so that half a library is never taken for one.
fn place_library(built: &Path, library: &Path) -> Result<()> {
    let filling = library.with_extension("filling");
    let _ = fs::remove_dir_all(&filling);
    fs::create_dir_all(&filling)?;
    for entry in fs::read_dir(built).with_context(|| format!("{} cannot be listed", built.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_library = entry.path().extension().is_some_and(|extension| extension == "rlib");
        if is_library && !name.starts_with("libscratch-") {
            fs::copy(entry.path(), filling.join(&name))?;
        }
    }
    let _ = fs::remove_dir_all(library);
    fs::rename(&filling, library)?;
    // Objects compiled against another build of the library would not link.
    let _ = fs::remove_dir_all(tree::front_dir()?.join(TRIPLE));
    Ok(())
}

/// The packaged compiler brings no linker for wasm; rustup's toolchain does, and so does the package `lld`.
fn link_linker(rustc: &Path, sysroot: &Path) -> Result<()> {
    let host = host_of(rustc)?;
    let folder = sysroot.join("lib/rustlib").join(&host).join("bin");
    fs::create_dir_all(&folder)?;
    let place = folder.join("rust-lld");
    let _ = fs::remove_file(&place);
    std::os::unix::fs::symlink(find_linker(&host)?, &place)?;
    Ok(())
}

fn host_of(rustc: &Path) -> Result<String> {
    let version = version_of(rustc)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say which machine it is for")?.to_owned())
}

fn find_linker(host: &str) -> Result<PathBuf> {
    let default = process::capture(Command::new("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    let shipped = Path::new(&default).join("lib/rustlib").join(host).join("bin/rust-lld");
    if shipped.exists() {
        return Ok(shipped);
    }
    if let Some(lld) = tree::find_program(&["lld"]) {
        return Ok(lld);
    }
    debian::install(&["lld"], "a linker for wasm")?;
    tree::find_program(&["lld"]).context("lld was installed but is not on PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("1.100.0") > numbers("1.95"));
        assert!(numbers("1.63.0") < numbers("1.95"));
        assert!(numbers("1.96.0-nightly") >= numbers("1.96"));
    }
}
