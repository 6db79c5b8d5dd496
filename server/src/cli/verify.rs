//! `verify`: what an auditor runs on the files they were given. Every file and every check is reported; none
//! hides another.

use super::archive::{ArchiveCheck, ArchiveReport, is_archive, verify_archive};
use governance::verify::{Check, Kind, Report, verify_text};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Larger files are not read: no package is that large, and somebody else may have made the file.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// What was found in one file.
enum Found {
    /// A package, a bundle or a log.
    Document(Report),
    /// An archive of them.
    Archive(ArchiveReport),
}

impl Found {
    fn ok(&self) -> bool {
        match self {
            Self::Document(report) => report.ok,
            Self::Archive(report) => report.ok,
        }
    }
}

/// Verifies and prints. 0: all hold; 1: a check failed; 2: a file is not readable.
pub fn run(files: &[PathBuf], as_json: bool) -> ExitCode {
    let results: Vec<(&Path, Result<Found, String>)> =
        files.iter().map(|path| (path.as_path(), verify(path))).collect();
    let printed = if as_json {
        let documents: Vec<Value> = results.iter().map(|(path, result)| document(path, result)).collect();
        format!("{:#}\n", Value::Array(documents))
    } else {
        results.iter().map(|(path, result)| text(path, result)).collect()
    };
    // A reader that stops early, such as `head`, changes nothing about the verdict.
    drop(std::io::stdout().write_all(printed.as_bytes()));
    ExitCode::from(code(results.iter().map(|(_, result)| result)))
}

fn verify(path: &Path) -> Result<Found, String> {
    if is_archive(path) {
        return verify_archive(path).map(Found::Archive);
    }
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_BYTES {
        return Err(format!("the file has more than {MAX_BYTES} bytes"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    verify_text(&text).map(Found::Document).map_err(|error| error.to_string())
}

fn code<'a>(results: impl Iterator<Item = &'a Result<Found, String>>) -> u8 {
    results.fold(0, |worst, result| match result {
        Err(_) => 2,
        Ok(found) if !found.ok() => worst.max(1),
        Ok(_) => worst,
    })
}

fn kind(report: &Report) -> &'static str {
    match report.kind {
        Kind::Package => "audit package",
        Kind::Bundle => "decision bundle",
        Kind::WorkspaceLog => "workspace log",
    }
}

fn text(path: &Path, result: &Result<Found, String>) -> String {
    let name = printable(&path.display().to_string());
    match result {
        Ok(Found::Document(report)) => document_text(&name, report),
        Ok(Found::Archive(report)) => archive_text(&name, report),
        Err(problem) => format!("{name}\n  NOT READABLE  {}\n\n", printable(problem)),
    }
}

fn archive_text(name: &str, report: &ArchiveReport) -> String {
    let mut lines = vec![format!("{name}: archive")];
    lines.extend(report.summary.iter().map(|(name, value)| format!("  {name}: {}", printable(value))));
    for check in &report.checks {
        let word = if check.ok { "ok    " } else { "FAILED" };
        lines.push(format!("  {word}  {}  ({})", check.name, check.detail));
        lines.extend(check.wrong.iter().map(|wrong| format!("            {}", printable(wrong))));
    }
    lines.push(match report.checks.iter().filter(|check| !check.ok).count() {
        0 => format!(
            "  VERIFIED: all {} checks and {} documents hold",
            report.checks.len(),
            report.documents.len()
        ),
        failed => format!("  NOT VERIFIED: {failed} of {} checks failed", report.checks.len()),
    });
    let mut text = format!("{}\n\n", lines.join("\n"));
    // What holds is counted; what does not is shown whole.
    for (document, result) in report.documents.iter().filter(|(_, one)| !one.as_ref().is_ok_and(|one| one.ok))
    {
        let document = format!("{name}: {}", printable(document));
        let shown = match result {
            Ok(report) => document_text(&document, report),
            Err(problem) => format!("{document}\n  NOT READABLE  {}\n\n", printable(problem)),
        };
        text.push_str(&shown);
    }
    text
}

fn document_text(name: &str, report: &Report) -> String {
    let mut lines = vec![format!("{name}: {}", kind(report))];
    lines.extend(report.summary.iter().map(|(name, value)| format!("  {name}: {}", printable(value))));
    for check in &report.checks {
        lines.push(format!(
            "  {}  {}  ({})",
            if check.ok { "ok    " } else { "FAILED" },
            check.name,
            check.detail
        ));
        lines.push(format!("            stated    {}", side(check.expected.as_deref())));
        lines.push(format!("            computed  {}", side(check.actual.as_deref())));
    }
    let failed = report.checks.iter().filter(|check| !check.ok).count();
    lines.push(match failed {
        0 => format!("  VERIFIED: all {} checks hold", report.checks.len()),
        _ => format!("  NOT VERIFIED: {failed} of {} checks failed", report.checks.len()),
    });
    format!("{}\n\n", lines.join("\n"))
}

fn side(value: Option<&str>) -> String {
    value.map_or_else(|| "(nothing)".to_owned(), printable)
}

/// The file's own words must not steer the terminal that they are printed on.
fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn document(path: &Path, result: &Result<Found, String>) -> Value {
    let file = path.display().to_string();
    match result {
        Err(problem) => json!({ "file": file, "ok": false, "error": problem }),
        Ok(Found::Document(report)) => one_document(&file, Ok(report)),
        Ok(Found::Archive(report)) => json!({
            "file": file,
            "ok": report.ok,
            "kind": "archive",
            "summary": report.summary.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
            "checks": report.checks.iter().map(archive_check).collect::<Vec<_>>(),
            "documents": report.documents.iter().map(|(name, one)| one_document(name, one.as_ref())).collect::<Vec<_>>(),
        }),
    }
}

fn archive_check(check: &ArchiveCheck) -> Value {
    json!({ "name": check.name, "ok": check.ok, "detail": check.detail, "wrong": check.wrong })
}

fn one_document(file: &str, result: Result<&Report, &String>) -> Value {
    match result {
        Err(problem) => json!({ "file": file, "ok": false, "error": problem }),
        Ok(report) => json!({
            "file": file,
            "ok": report.ok,
            "kind": kind(report),
            "summary": report.summary.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
            "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
        }),
    }
}

fn check(check: &Check) -> Value {
    json!({
        "name": check.name,
        "ok": check.ok,
        "expected": check.expected,
        "actual": check.actual,
        "detail": check.detail,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(ok: bool) -> Report {
        let expected = Some("sha256:aa\u{1b}[2J".to_owned());
        let check = Check { name: "binding_digest", ok, expected, actual: None, detail: "the binding" };
        Report { kind: Kind::Package, ok, checks: vec![check], summary: vec![("Goal", "rotate".to_owned())] }
    }

    #[test]
    fn the_worst_file_gives_the_exit_code() {
        let found = |ok| Ok(Found::Document(report(ok)));
        let (good, bad, none) = (found(true), found(false), Err("no such file".to_owned()));
        assert_eq!(code([&good].into_iter()), 0);
        assert_eq!(code([&good, &bad].into_iter()), 1);
        assert_eq!(code([&none, &bad].into_iter()), 2);
        assert_eq!(code([&bad, &none, &good].into_iter()), 2);
    }

    #[test]
    fn both_sides_of_a_check_are_printed_and_steer_nothing() {
        let text = text(Path::new("a.json"), &Ok(Found::Document(report(false))));
        assert!(text.contains("FAILED  binding_digest"), "{text}");
        assert!(text.contains("stated    sha256:aa"), "{text}");
        assert!(text.contains("computed  (nothing)"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(text.contains("1 of 1 checks failed"));
    }
}
