//! Where things stand in the source tree, and the `cargo` that builds it.
//! Refuses to look at the current folder: a task does the same from wherever it is started.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folder with the workspace's Cargo.toml.
pub fn root() -> Result<PathBuf> {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    Ok(manifest.parent().context("xtask stands in no workspace")?.to_path_buf())
}

/// Where Cargo puts what it compiles for this machine.
pub fn target_dir() -> Result<PathBuf> {
    let root = root()?;
    Ok(env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |chosen| root.join(chosen)))
}

/// Where Cargo puts what it compiles for the browser: apart, because another compiler may do it.
pub fn front_dir() -> Result<PathBuf> {
    Ok(target_dir()?.join("front"))
}

/// What the server embeds. Fixed, since `server/src/assets.rs` names it at compile time.
pub fn site_dir() -> Result<PathBuf> {
    Ok(root()?.join("target/site"))
}

/// The Cargo that started this task, run from the workspace's root.
pub fn cargo() -> Result<Command> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()?);
    // `cargo run` puts the host toolchain's libraries first; another compiler must not find them.
    cargo.env_remove("LD_LIBRARY_PATH");
    // It also describes xtask's own package. Build scripts that watch those variables, as ring's does, would compile
    // again each time a developer goes from `cargo test` to `cargo xtask` and back.
    for (name, _) in env::vars_os().filter(|(name, _)| describes_a_package(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    Ok(cargo)
}

fn describes_a_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_MANIFEST_")
        || matches!(variable, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR")
}

/// The first of these programs that PATH has.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        env::split_paths(&path).map(|folder| folder.join(name)).find(|program| is_executable(program))
    })
}

fn is_executable(program: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    program.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
