//! What stands in an archive, and whether all of it says the same.

use super::{ArchiveCheck, ArchiveReport};
use governance::digest::{bare, sha256_hex};
use governance::json::{self, Value};
use governance::verify::{Kind, Report, verify};
use governance::{bundle, package};
use std::collections::{BTreeMap, BTreeSet};

/// Most problems that one check names.
const NAMED: usize = 20;

/// A document's own words, to be compared with what the archive says of it.
#[derive(Default)]
struct Said {
    /// The digest that it states of itself, bare.
    digest: String,
    /// Id, count of events and status of the decision in it.
    decision_id: String,
    version: usize,
    status: String,
    /// The digest of the bundle inside, bare.
    control_digest: String,
    /// SHA-256 of its rendering.
    rendered: String,
}

impl Said {
    fn by(document: &Value, kind: Kind) -> Self {
        let at = |value: &Value, path: &[&str]| {
            let found = path.iter().try_fold(value, |value, name| value.get(name)).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let (control, digest, text) = match kind {
            Kind::Package => {
                let control = document.get("control_bundle").unwrap_or(&Value::Null);
                (control, at(document, &["integrity", "binding_digest"]), package::render(document))
            }
            Kind::Bundle | Kind::WorkspaceLog => {
                (document, at(document, &["integrity", "canonical_digest"]), bundle::render(document))
            }
        };
        Self {
            digest: bare(&digest).to_owned(),
            decision_id: at(control, &["decision", "decision_id"]),
            version: control.get("events").and_then(Value::as_array).map_or(0, <[Value]>::len),
            status: at(control, &["decision", "status"]).to_lowercase(),
            control_digest: bare(bundle::stated_digest(control).unwrap_or_default()).to_owned(),
            rendered: sha256_hex(text.as_bytes()),
        }
    }
}

/// What stands in the archive, as far as it is needed afterwards.
#[derive(Default)]
pub struct Contents {
    /// SHA-256 and size of every file.
    files: BTreeMap<String, (String, u64)>,
    sums: Option<String>,
    manifest: Option<String>,
    documents: Vec<(String, Result<Report, String>)>,
    /// What each document says, by its name.
    said: BTreeMap<String, Said>,
}

impl Contents {
    /// Adds a file. No name comes twice.
    pub fn add(&mut self, name: String, bytes: &[u8]) {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.files.insert(name.clone(), (sha256_hex(bytes), size));
        let text = std::str::from_utf8(bytes);
        let kind = match name.as_str() {
            "SHA256SUMS" => {
                self.sums = text.ok().map(str::to_owned);
                return;
            }
            "manifest.json" => {
                self.manifest = text.ok().map(str::to_owned);
                return;
            }
            _ if name.ends_with("/bundle.json") => Kind::Bundle,
            _ if name.ends_with("/package.json") => Kind::Package,
            _ => return,
        };
        let parsed = text.map_err(|error| error.to_string());
        let parsed = parsed.and_then(|text| json::parse(text).map_err(|error| error.to_string()));
        let report = parsed.and_then(|document| {
            self.said.insert(name.clone(), Said::by(&document, kind));
            let report = verify(&document).map_err(|error| error.to_string())?;
            if report.kind == kind { Ok(report) } else { Err("this is another kind of document".to_owned()) }
        });
        self.documents.push((name, report));
    }

    /// Judges all of it.
    pub fn judged(self) -> Result<ArchiveReport, String> {
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
                "the manifest states every decision's digests, id, version and status, and no other is there",
                self.decided(&manifest),
            ),
            check("readable", "what is there to read says what the document beside it says", self.misread()),
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
        // Not every file system tells capitals apart.
        let mut small = BTreeSet::new();
        let twice = self.files.keys().filter(|name| !small.insert(name.to_lowercase()));
        let twice: Vec<String> =
            twice.map(|name| format!("{name} is there twice but for capitals")).collect();
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
        let mut named = BTreeSet::new();
        let decisions = manifest.get("decisions").and_then(Value::as_array).unwrap_or_default();
        for decision in decisions {
            let text = |name: &str| decision.get(name).and_then(Value::as_str);
            let folder = text("folder").unwrap_or_default();
            let bundle = format!("{folder}/bundle.json");
            let version = decision.get("version").and_then(Value::as_i64);
            let fits = self.said.get(&bundle).is_some_and(|said| {
                text("bundle_digest").map(bare) == Some(said.digest.as_str())
                    && text("decision_id") == Some(said.decision_id.as_str())
                    && text("status") == Some(said.status.as_str())
                    && version == i64::try_from(said.version).ok()
            });
            if !named.insert(bundle.clone()) || !fits {
                wrong.push(bundle.clone());
            }
            let Some(binding) = text("binding_digest").map(bare) else { continue };
            let package = format!("{folder}/package.json");
            let fits =
                self.said.get(&package).zip(self.said.get(&bundle)).is_some_and(|(said, bundle)| {
                    binding == said.digest && said.control_digest == bundle.digest
                });
            if !named.insert(package.clone()) || !fits {
                wrong.push(package);
            }
        }
        wrong.extend(self.said.keys().filter(|name| !named.contains(*name)).cloned());
        let count = manifest.get("count").and_then(Value::as_i64);
        if count != i64::try_from(decisions.len()).ok() {
            wrong.push("the count is another".to_owned());
        }
        wrong
    }

    /// Texts that are no rendering of the document beside them.
    fn misread(&self) -> Vec<String> {
        let texts = |name: &&String| name.ends_with("/bundle.txt") || name.ends_with("/package.txt");
        let differs = |name: &&String| {
            let document = name.strip_suffix("txt").and_then(|stem| self.said.get(&format!("{stem}json")));
            document.map(|said| &said.rendered) != self.files.get(*name).map(|(sum, _)| sum)
        };
        self.files.keys().filter(texts).filter(differs).cloned().collect()
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
