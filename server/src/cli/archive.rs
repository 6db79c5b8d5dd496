//! `verify` on an archive of evidence: the files are those that were written, every checksum is right, the manifest says
//! what is there, and every document in it verifies. Nothing is unpacked to disk, and no entry is trusted to be as small
//! as it says.

use governance::digest::{bare, sha256_hex};
use governance::json::{self, Value};
use governance::verify::{Report, verify};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;
use zip::ZipArchive;

/// What a ZIP begins with.
const MAGIC: [u8; 4] = *b"PK\x03\x04";
/// More files, and more bytes of them, are in no archive that the server makes.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: u64 = 512 * 1024 * 1024;

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

/// Most problems that one check names.
const NAMED: usize = 20;

/// Whether the file is a ZIP by its first bytes.
pub fn is_archive(path: &Path) -> bool {
    let mut first = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == MAGIC
}

/// Verifies an archive. Fails where it cannot be read at all.
pub fn verify_archive(path: &Path) -> Result<ArchiveReport, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut zip =
        ZipArchive::new(BufReader::new(file)).map_err(|error| format!("this is no readable ZIP: {error}"))?;
    if zip.len() > MOST_FILES {
        return Err(format!("the archive has more than {MOST_FILES} files"));
    }
    let mut found = Contents::default();
    let mut left = MOST_BYTES;
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(|error| error.to_string())?;
        let name = entry.name().map_err(|error| error.to_string())?.into_owned();
        let mut bytes = Vec::new();
        entry.take(left + 1).read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        left = left
            .checked_sub(size)
            .ok_or_else(|| format!("the archive unpacks to more than {MOST_BYTES} bytes"))?;
        found.add(name, &bytes);
    }
    found.judged()
}

/// What stands in the archive, as far as it is needed afterwards.
#[derive(Default)]
struct Contents {
    /// SHA-256 and size of every file.
    files: BTreeMap<String, (String, u64)>,
    twice: Vec<String>,
    sums: Option<String>,
    manifest: Option<String>,
    documents: Vec<(String, Result<Report, String>)>,
    /// The digest that each document states of itself, by its name.
    stated: BTreeMap<String, String>,
}

impl Contents {
    fn add(&mut self, name: String, bytes: &[u8]) {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.files.insert(name.clone(), (sha256_hex(bytes), size)).is_some() {
            self.twice.push(name.clone());
        }
        let text = std::str::from_utf8(bytes);
        match name.as_str() {
            "SHA256SUMS" => self.sums = text.ok().map(str::to_owned),
            "manifest.json" => self.manifest = text.ok().map(str::to_owned),
            _ if name.ends_with("/bundle.json") || name.ends_with("/package.json") => {
                let parsed = text.map_err(|error| error.to_string());
                let parsed = parsed.and_then(|text| json::parse(text).map_err(|error| error.to_string()));
                if let Ok(document) = &parsed {
                    let stated = document.get("integrity").and_then(|integrity| {
                        integrity
                            .get("canonical_digest")
                            .or_else(|| integrity.get("binding_digest"))?
                            .as_str()
                    });
                    self.stated.insert(name.clone(), bare(stated.unwrap_or_default()).to_owned());
                }
                let report = parsed.and_then(|document| verify(&document).map_err(|error| error.to_string()));
                self.documents.push((name, report));
            }
            _ => {}
        }
    }

    fn judged(self) -> Result<ArchiveReport, String> {
        let manifest = self.manifest.as_deref().ok_or("there is no manifest.json in it")?;
        let manifest = json::parse(manifest).map_err(|error| format!("manifest.json: {error}"))?;
        let sums = self.sums.as_deref().ok_or("there is no SHA256SUMS in it")?;
        let checks = vec![
            check(
                "archive_files",
                "every file is named in SHA256SUMS, once, and each of those is there",
                self.named(sums),
            ),
            check("checksums", "every file has the SHA-256 that SHA256SUMS states", self.summed(sums)),
            check(
                "manifest_files",
                "the manifest states every file's SHA-256 and size",
                self.listed(&manifest),
            ),
            check(
                "manifest_decisions",
                "the manifest states every decision's digests, and no other is there",
                self.decided(&manifest),
            ),
            check("documents", "every bundle and package verifies", self.unverified()),
        ];
        let text = |path: &[&str]| {
            let found =
                path.iter().try_fold(&manifest, |value, name| value.get(name)).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let count = manifest.get("count").and_then(Value::as_i64).unwrap_or_default();
        Ok(ArchiveReport {
            ok: checks.iter().all(|check| check.ok),
            summary: vec![
                ("Workspace", text(&["workspace", "name"])),
                ("Decisions", count.to_string()),
                ("Documents", self.documents.len().to_string()),
            ],
            checks,
            documents: self.documents,
        })
    }

    fn named(&self, sums: &str) -> Vec<String> {
        let stated: BTreeMap<&str, &str> = lines(sums).collect();
        let unnamed =
            self.files.keys().filter(|name| *name != "SHA256SUMS" && !stated.contains_key(name.as_str()));
        let unnamed = unnamed.map(|name| format!("{name} is not named"));
        let missing = stated.keys().filter(|name| !self.files.contains_key(**name));
        let missing = missing.map(|name| format!("{name} is not there"));
        let twice = self.twice.iter().map(|name| format!("{name} is there twice"));
        // What is unpacked must stay where it is unpacked.
        let plain = |name: &&String| {
            let safe = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
            name.chars().all(safe) && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
        };
        let odd =
            self.files.keys().filter(|name| !plain(name)).map(|name| format!("{name} is no plain name"));
        unnamed.chain(missing).chain(twice).chain(odd).collect()
    }

    fn summed(&self, sums: &str) -> Vec<String> {
        let wrong =
            lines(sums).filter(|(name, sum)| self.files.get(*name).is_some_and(|(found, _)| found != sum));
        wrong.map(|(name, _)| name.to_owned()).collect()
    }

    fn listed(&self, manifest: &Value) -> Vec<String> {
        if manifest.get("format").and_then(Value::as_str) != Some("nexus-control.archive") {
            return vec!["it is no manifest of an archive".to_owned()];
        }
        let mut stated = BTreeMap::new();
        for file in manifest.get("files").and_then(Value::as_array).unwrap_or_default() {
            let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let size = file.get("size").and_then(Value::as_i64).and_then(|size| u64::try_from(size).ok());
            stated.insert(text("name"), (text("sha256"), size.unwrap_or(u64::MAX)));
        }
        let apart = |name: &&String| !matches!(name.as_str(), "manifest.json" | "SHA256SUMS");
        let differs =
            self.files.keys().filter(apart).filter(|name| self.files.get(*name) != stated.get(*name));
        let missing = stated.keys().filter(|name| !self.files.contains_key(*name));
        differs.chain(missing).cloned().collect()
    }

    fn decided(&self, manifest: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut stated = BTreeMap::new();
        let decisions = manifest.get("decisions").and_then(Value::as_array).unwrap_or_default();
        for decision in decisions {
            let text = |name: &str| decision.get(name).and_then(Value::as_str);
            let folder = text("folder").unwrap_or_default();
            for (member, file) in [("bundle_digest", "bundle.json"), ("binding_digest", "package.json")] {
                if let Some(digest) = text(member) {
                    stated.insert(format!("{folder}/{file}"), bare(digest).to_owned());
                }
            }
        }
        wrong.extend(
            stated
                .iter()
                .filter(|(name, digest)| self.stated.get(*name) != Some(digest))
                .map(|(name, _)| name.clone()),
        );
        wrong.extend(self.stated.keys().filter(|name| !stated.contains_key(*name)).cloned());
        let count = manifest.get("count").and_then(Value::as_i64);
        if count != i64::try_from(decisions.len()).ok() {
            wrong.push("the count is another".to_owned());
        }
        wrong
    }

    fn unverified(&self) -> Vec<String> {
        let failed =
            self.documents.iter().filter(|(_, report)| !report.as_ref().is_ok_and(|report| report.ok));
        failed.map(|(name, _)| name.clone()).collect()
    }
}

fn check(name: &'static str, detail: &'static str, mut wrong: Vec<String>) -> ArchiveCheck {
    let ok = wrong.is_empty();
    let more = wrong.len().saturating_sub(NAMED);
    wrong.truncate(NAMED);
    if more > 0 {
        wrong.push(format!("and {more} more"));
    }
    ArchiveCheck { name, ok, detail, wrong }
}

/// Names and sums of a `SHA256SUMS`.
fn lines(sums: &str) -> impl Iterator<Item = (&str, &str)> {
    sums.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name, sum))
}
