//! The files of one decision in an archive. Pure: what they say follows from the log and the run's record alone.

use super::Listed;
use crate::Error;
use governance::package::{self, PackageError, RouterPart};
use governance::{Decision, Origin, Timestamp, bundle, canonical, digest, json, router_bundle};

/// Longest id that is its own folder.
const LONGEST_FOLDER: usize = 64;
/// Shortest: some systems give very short names a meaning of their own.
const SHORTEST_FOLDER: usize = 8;

/// One decision's files, with the line that lists it.
pub struct Contents {
    /// Its line.
    pub listed: Listed,
    /// Names inside of its folder, sorted, and what stands in them.
    pub files: Vec<(&'static str, String)>,
}

impl Contents {
    /// Makes the files. The moment of export is that of the last event: another one would be another file.
    pub fn of(decision: &Decision, run: Option<&str>, position: i64) -> Result<Self, Error> {
        let at = decision.events.last().map_or(Timestamp::from_micros(0), |event| event.ts);
        let exported = bundle::export(decision, at);
        let mut files = vec![("bundle.json", canonical::to_string(&exported.value))];
        let (mut binding_digest, mut missing) = (None, None);
        match packaged(decision, run, at)? {
            Ok(package) => {
                binding_digest = Some(digest::prefixed(&package.digest));
                files.push(("package.json", canonical::to_string(&package.value)));
                files.push(("package.txt", package::render(&package.value)));
            }
            Err(PackageError::NoRouterLink) => files.push(("bundle.txt", bundle::render(&exported.value))),
            // What does not fit together is evidence, too: it is named, and the log is there.
            Err(error @ PackageError::RouterDigestMismatch) => {
                missing = Some(error.code());
                files.push(("bundle.txt", bundle::render(&exported.value)));
            }
        }
        files.sort_by_key(|(name, _)| *name);
        let status = exported.value.get("decision").and_then(|header| header.get("status"));
        let listed = Listed {
            id: decision.id.as_str().to_owned(),
            folder: folder(decision.id.as_str()),
            version: decision.version(),
            position,
            imported: decision.origin == Origin::Imported,
            status: status.and_then(json::Value::as_str).unwrap_or_default().to_lowercase(),
            bundle_digest: digest::prefixed(&exported.digest),
            binding_digest,
            missing,
            goal: decision.goal.clone().unwrap_or_default(),
            mode: decision.mode.map_or("", governance::Mode::as_str),
            requester: decision.requester.as_ref().map(|by| by.id().to_owned()).unwrap_or_default(),
            template: decision.template.as_ref().map(|template| template.name.clone()).unwrap_or_default(),
            labels: decision.labels.clone(),
            created_at: decision.created_at().map(Timestamp::to_plain).unwrap_or_default(),
            updated_at: at.to_plain(),
        };
        Ok(Self { listed, files })
    }
}

/// The audit package, with the run inside where it is held here.
fn packaged(
    decision: &Decision,
    run: Option<&str>,
    at: Timestamp,
) -> Result<Result<bundle::Artifact, PackageError>, Error> {
    let parsed = run.map(json::parse).transpose();
    let run = parsed.map_err(|error| Error::Fault(format!("run of {}: {error}", decision.id)))?;
    // A run that began and has no result yet is not bound to anything.
    let ended = decision.phase != governance::Phase::Executing;
    let part = match &run {
        Some(bundle) if ended => RouterPart::Embedded { bundle },
        other => RouterPart::Reference { digest: other.as_ref().and_then(router_bundle::stated_digest) },
    };
    Ok(package::export(decision, part, at))
}

/// The folder of a decision. Ids of other systems may hold anything: what no file system can misread is kept, anything else
/// gets a digest, so that no two ids share a folder, not even where `A` and `a` are one name.
fn folder(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    if (SHORTEST_FOLDER..=LONGEST_FOLDER).contains(&id.len()) && id.bytes().all(plain) && !id.starts_with('-')
    {
        return id.to_owned();
    }
    let safe = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' }
    };
    let mut beginning: String = id.chars().take(24).map(safe).collect();
    if beginning.is_empty() {
        // Two dots in a row stand for the folder above in too many programs.
        beginning.push('_');
    }
    let marked: String = digest::sha256_hex(id.as_bytes()).chars().take(32).collect();
    // No id that is its own folder has a dot in it.
    format!("id.{beginning}.{marked}")
}

#[cfg(test)]
mod tests {
    use super::folder;
    use std::collections::BTreeSet;

    #[test]
    fn an_id_that_is_safe_is_its_own_folder() {
        for id in ["019aa3f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "dec_0123456789"] {
            assert_eq!(folder(id), id);
        }
    }

    #[test]
    fn no_id_leaves_its_folder_or_meets_another() {
        let hostile = [
            "..",
            "../../etc/passwd",
            "/etc/passwd",
            "C:\\x",
            "con",
            "CON",
            "a\u{0}b",
            "x\ny",
            "ABCDEFGH",
            "abcdefgh",
            "-rf-----",
            "\u{202e}gpj.exe",
            "dec 01234",
            "",
            "ü",
            "ÜÜÜÜÜÜÜÜ",
            "id.x.y",
            ".hidden-file",
        ];
        let long = "x".repeat(300);
        let mut seen = BTreeSet::new();
        for id in hostile.iter().copied().chain([long.as_str()]) {
            let folder = folder(id);
            assert!(
                folder.len() <= 64 && !folder.contains("..") && !folder.starts_with(['.', '-']),
                "{folder}"
            );
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
            assert!(folder.chars().all(plain), "{folder}");
            assert!(seen.insert(folder.to_lowercase()), "{id:?} shares the folder {folder}");
        }
    }
}
