//! `verify`: what an auditor runs on the files they were given. Every file and every check is reported; none
//! hides another.

use governance::verify::{Check, Kind, Report, verify_text};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Larger files are not read: no package is that large, and somebody else may have made the file.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Verifies and prints. 0: all hold; 1: a check failed; 2: a file is not readable.
pub fn run(files: &[PathBuf], as_json: bool) -> ExitCode {
    let results: Vec<(&Path, Result<Report, String>)> =
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

fn verify(path: &Path) -> Result<Report, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_BYTES {
        return Err(format!("the file has more than {MAX_BYTES} bytes"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    verify_text(&text).map_err(|error| error.to_string())
}

fn code<'a>(results: impl Iterator<Item = &'a Result<Report, String>>) -> u8 {
    results.fold(0, |worst, result| match result {
        Err(_) => 2,
        Ok(report) if !report.ok => worst.max(1),
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

fn text(path: &Path, result: &Result<Report, String>) -> String {
    let name = printable(&path.display().to_string());
    let report = match result {
        Ok(report) => report,
        Err(problem) => return format!("{name}\n  NOT READABLE  {}\n\n", printable(problem)),
    };
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

fn document(path: &Path, result: &Result<Report, String>) -> Value {
    let file = path.display().to_string();
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
        let (good, bad, none) = (Ok(report(true)), Ok(report(false)), Err("no such file".to_owned()));
        assert_eq!(code([&good].into_iter()), 0);
        assert_eq!(code([&good, &bad].into_iter()), 1);
        assert_eq!(code([&none, &bad].into_iter()), 2);
        assert_eq!(code([&bad, &none, &good].into_iter()), 2);
    }

    #[test]
    fn both_sides_of_a_check_are_printed_and_steer_nothing() {
        let text = text(Path::new("a.json"), &Ok(report(false)));
        assert!(text.contains("FAILED  binding_digest"), "{text}");
        assert!(text.contains("stated    sha256:aa"), "{text}");
        assert!(text.contains("computed  (nothing)"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(text.contains("1 of 1 checks failed"));
    }
}
