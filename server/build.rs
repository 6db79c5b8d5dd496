//! Makes the folder that the server embeds, so that a fresh clone compiles before the site was ever built.
//! Refuses to build the site: that is `cargo xtask build`, which then finds this crate out of date.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let site = Path::new("../target/site");
    std::fs::create_dir_all(site)?;
    println!("cargo::rerun-if-changed={}", site.display());
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
