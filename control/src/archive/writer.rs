//! Writing the ZIP: one time for all entries, one way of packing, decisions in the order of their ids and then what is
//! said about them. Into a file without a name, so that memory holds one decision and a disk forgets it.

use super::contents::Contents;
use super::csv;
use super::manifest::{Entry, Listed, manifest};
use super::{MOST_FILE_BYTES, too_much};
use crate::Error;
use governance::json::Value;
use governance::{canonical, digest};
use std::fs::File;
use std::io::{BufWriter, Seek as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What it is and how it is checked.
const README: &str = include_str!("README.txt");
/// How hard to pack. Another level gives other bytes.
const LEVEL: i64 = 6;

/// An archive in the making.
pub struct Writer {
    zip: ZipWriter<BufWriter<File>>,
    files: Vec<Entry>,
    /// Bytes so far, unpacked.
    pub unpacked: u64,
}

impl Writer {
    /// Nothing yet.
    pub fn begun() -> Result<Self, Error> {
        let file = tempfile::tempfile().map_err(fault)?;
        Ok(Self { zip: ZipWriter::new(BufWriter::new(file)), files: Vec::new(), unpacked: 0 })
    }

    /// Adds a decision.
    pub fn decision(&mut self, contents: Contents) -> Result<Listed, Error> {
        let Contents { listed, files } = contents;
        for (name, text) in files {
            self.file(format!("decisions/{}/{name}", listed.folder), &text)?;
        }
        Ok(listed)
    }

    /// Adds what is said about them, and closes it.
    pub fn finished(mut self, head: Value, listed: &[Listed]) -> Result<(File, u64), Error> {
        self.file("decisions.csv".to_owned(), &csv::table(listed))?;
        self.file("README.txt".to_owned(), README)?;
        self.files.sort();
        let manifest = canonical::to_string(&manifest(head, listed, &self.files));
        self.file("manifest.json".to_owned(), &manifest)?;
        self.files.sort();
        let line = |entry: &Entry| format!("{}  {}\n", entry.sha256, entry.name);
        let sums: String = self.files.iter().map(line).collect();
        self.file("SHA256SUMS".to_owned(), &sums)?;
        let mut file = self.zip.finish().map_err(fault)?.into_inner().map_err(fault)?;
        let bytes = file.stream_position().map_err(fault)?;
        file.rewind().map_err(fault)?;
        Ok((file, bytes))
    }

    fn file(&mut self, name: String, text: &str) -> Result<(), Error> {
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        // `verify` would refuse it.
        if size > MOST_FILE_BYTES {
            return Err(too_much());
        }
        // The first moment that a ZIP can tell.
        let time = DateTime::from_date_and_time(1980, 1, 1, 0, 0, 0).map_err(fault)?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(time)
            .unix_permissions(0o644);
        self.zip.start_file(name.as_str(), options).map_err(fault)?;
        self.zip.write_all(text.as_bytes()).map_err(fault)?;
        self.unpacked = self.unpacked.saturating_add(size);
        self.files.push(Entry { name, sha256: digest::sha256_hex(text.as_bytes()), size });
        Ok(())
    }
}

fn fault(error: impl std::fmt::Display) -> Error {
    Error::Fault(format!("an archive could not be written: {error}"))
}
