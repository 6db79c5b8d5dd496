//! target/site, exactly what the server embeds: `pkg/<hash>/…` and the files of `public/`, each also as .br and .gz.
//! Refuses to touch a site that is already right, since a new time stamp would recompile the server.

use std::io::Write as _;
use std::path::Path;
use std::{fs, io};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

use crate::fingerprint::{self, Fingerprint, files_below};
use crate::{process, styles, tree, wasm};

/// Below this many bytes a compressed copy saves no packet.
const WORTH_COMPRESSING: usize = 1024;

/// How large a module came out.
#[derive(Clone, Copy)]
pub struct Size {
    /// Which one.
    pub part: wasm::Part,
    /// Bytes of wasm as the browser compiles it.
    pub raw: u64,
    /// Bytes of wasm as they cross the network.
    pub brotli: u64,
}

/// Puts the modules, the style sheet and the public files where the server embeds them.
pub fn assemble(modules: &[wasm::Module]) -> Result<Vec<Size>> {
    let root = tree::root()?;
    let site = tree::site_dir()?;
    let sheet = styles::bundle(&root.join("style"))?;
    let mut package = Fingerprint::of("package").with("style", sheet.as_bytes());
    for module in modules {
        package = package.with_path(&module.folder, "")?;
    }
    let package = package.finish();
    let digest =
        Fingerprint::of("site").with("package", package.as_bytes()).with_path(&root, "public")?.finish();
    // Beside the site, not in it: the site holds only what is served.
    let stamp = site.with_extension("stamp");
    let pkg = site.join("pkg").join(&package);
    if !(pkg.exists() && fingerprint::is_stamped(&stamp, &digest)) {
        process::timed("compressing what the browser loads", || {
            let _ = fs::remove_file(&stamp);
            // The folder itself stays, because the server's build script watches it.
            empty(&site)?;
            for module in modules {
                copy_compressed(&module.folder, &pkg)?;
            }
            copy_compressed(&root.join("public"), &site)?;
            place(&pkg.join(format!("{}.css", wasm::Part::Pages.name())), sheet.as_bytes())?;
            fingerprint::write_stamp(&stamp, &digest)
        })?;
    }
    let sizes = wasm::Part::ALL.into_iter().map(|part| measure(&pkg, part)).collect::<Result<Vec<_>>>()?;
    for Size { part, raw, brotli } in &sizes {
        process::say(&format!("{}.wasm: {raw} bytes raw, {brotli} bytes as brotli", part.name()));
    }
    Ok(sizes)
}

fn measure(pkg: &Path, part: wasm::Part) -> Result<Size> {
    let size = |ending: &str| -> Result<u64> {
        let file = pkg.join(format!("{}.{ending}", part.name()));
        Ok(file.metadata().with_context(|| format!("{} is missing", file.display()))?.len())
    };
    Ok(Size { part, raw: size("wasm")?, brotli: size("wasm.br")? })
}

fn empty(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    Ok(())
}

fn copy_compressed(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        let bytes = fs::read(&file)?;
        place(&to.join(file.strip_prefix(from)?), &bytes)?;
    }
    Ok(())
}

fn place(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, bytes)?;
    let is_packed = file.extension().is_some_and(|extension| extension == "png" || extension == "woff2");
    // The module's compressed form is also what its size is judged by, so it always exists.
    let is_module = file.extension().is_some_and(|extension| extension == "wasm");
    if is_packed || (bytes.len() < WORTH_COMPRESSING && !is_module) {
        return Ok(());
    }
    fs::write(with_suffix(file, ".br"), brotli_of(bytes)?)?;
    fs::write(with_suffix(file, ".gz"), gzip_of(bytes)?)?;
    Ok(())
}

fn with_suffix(file: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn brotli_of(bytes: &[u8]) -> Result<Vec<u8>> {
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut packed, &settings)?;
    Ok(packed)
}

fn gzip_of(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
