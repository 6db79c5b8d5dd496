//! `verify` on an archive of evidence: the files are those that were written, every checksum is right, the manifest says
//! what is there, every document in it verifies, and what stands beside a document says the same. Nothing is unpacked to
//! disk. What two programs could read differently (a name twice, entries that the table of contents does not have) is
//! refused before anything in it is looked at.

mod contents;

use contents::Contents;
use control::archive::MOST_FILE_BYTES;
use governance::verify::Report;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// What a ZIP begins with.
const MAGIC: [u8; 4] = *b"PK\x03\x04";
/// More files, and more bytes of them, are in no archive that the server makes.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// The part of a Unix mode that says what kind of thing it is, and the kind that a file is.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// One check of the archive itself.
#[derive(Debug)]
pub struct ArchiveCheck {
    /// Stable name.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was checked, in words.
    pub detail: &'static str,
    /// What does not hold, at most a few.
    pub wrong: Vec<String>,
}

/// What was found.
#[derive(Debug)]
pub struct ArchiveReport {
    /// Whether everything holds.
    pub ok: bool,
    /// What the manifest says.
    pub summary: Vec<(&'static str, String)>,
    /// The archive's own checks.
    pub checks: Vec<ArchiveCheck>,
    /// Each document by its name.
    pub documents: Vec<(String, Result<Report, String>)>,
}

/// Whether the file is a ZIP by its first bytes.
pub fn is_archive(path: &Path) -> bool {
    let mut first = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == MAGIC
}

/// Verifies an archive. Fails where it cannot be read at all, or not by everybody alike.
pub fn verify_archive(path: &Path) -> Result<ArchiveReport, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let unreadable = |error: ZipError| format!("this is no readable ZIP: {error}");
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(unreadable)?;
    if zip.len() > MOST_FILES {
        return Err(format!("the archive has more than {MOST_FILES} files"));
    }
    if zip.offset() != 0 || !zip.comment().is_empty() {
        return Err("there is something before or behind the files of the archive".to_owned());
    }
    // Another program may read the file's own header, or find what the table of contents leaves out or has twice.
    zip.validate_header_consistency()
        .map_err(|error| format!("programs may read this ZIP differently: {error}"))?;
    let mut found = Contents::default();
    let mut left = MOST_BYTES;
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(unreadable)?;
        let name = entry.name().map_err(|error| error.to_string())?.into_owned();
        // Of another kind is what is written as a link, a folder or a device.
        let kind = entry.unix_mode().map_or(0, |mode| mode & KIND);
        if entry.is_dir() || (kind != 0 && kind != REGULAR) {
            return Err(format!("{name}: this is no regular file"));
        }
        let mut bytes = Vec::new();
        // No entry is trusted to be as small as it says.
        let most = left.min(MOST_FILE_BYTES);
        entry.take(most + 1).read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > MOST_FILE_BYTES {
            return Err(format!("{name}: this unpacks to more than {MOST_FILE_BYTES} bytes"));
        }
        left = left
            .checked_sub(size)
            .ok_or_else(|| format!("the archive unpacks to more than {MOST_BYTES} bytes"))?;
        found.add(name, &bytes);
    }
    found.judged()
}
