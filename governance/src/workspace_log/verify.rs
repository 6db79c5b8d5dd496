//! Verification of an exported workspace log, by anyone, offline. Every check runs; none hides another.

use super::entry::link_of;
use super::export::{FORMAT, VERSION, integrity};
use crate::canonical;
use crate::event::event_digest;
use crate::json::Value;
use crate::verify::{Check, Kind, Report, VerifyError};

/// Verifies an exported workspace log.
pub fn verify_log(log: &Value) -> Result<Report, VerifyError> {
    let missing = |name: &str| VerifyError::Shape(format!("`{name}` is missing or has the wrong type"));
    let text = |name: &str| log.get(name).and_then(Value::as_str).ok_or_else(|| missing(name));
    let (format, version) = (text("format")?, text("version")?);
    let entries = log.get("entries").and_then(Value::as_array).ok_or_else(|| missing("entries"))?;
    let head = log.get("head").ok_or_else(|| missing("head"))?;
    let stated = log.get("integrity").ok_or_else(|| missing("integrity"))?;
    let checks = vec![
        equal(
            "log_format",
            format!("{FORMAT} {VERSION}"),
            format!("{format} {version}"),
            "the document has a format that is known here",
        ),
        entry_digests(entries),
        entry_order(entries),
        entry_chain(entries),
        log_head(entries, head),
        equal(
            "log_digest",
            canonical::to_string(stated),
            canonical::to_string(&integrity(log)),
            "the document's digest, computed again from everything else in it",
        ),
    ];
    let ok = checks.iter().all(|check| check.ok);
    Ok(Report { kind: Kind::WorkspaceLog, ok, checks, summary: summary(log, entries) })
}

fn equal(name: &'static str, expected: String, actual: String, detail: &'static str) -> Check {
    Check { name, ok: expected == actual, expected: Some(expected), actual: Some(actual), detail }
}

/// A check of all entries: the first that fails is named.
fn each(
    name: &'static str,
    wrong: Option<usize>,
    expected: &str,
    failure: &str,
    detail: &'static str,
) -> Check {
    Check {
        name,
        ok: wrong.is_none(),
        expected: Some(expected.to_owned()),
        actual: Some(wrong.map_or_else(|| "all do".to_owned(), |index| format!("entry {index} {failure}"))),
        detail,
    }
}

fn text_of<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn entry_digests(entries: &[Value]) -> Check {
    let wrong = entries.iter().position(|entry| {
        let payload = entry.get("payload").unwrap_or(&Value::Null);
        event_digest(text_of(entry, "type"), payload) != text_of(entry, "digest")
    });
    each(
        "entry_digests",
        wrong,
        "every entry has the digest of its type and payload",
        "does not",
        "each entry's own digest, computed again",
    )
}

fn entry_order(entries: &[Value]) -> Check {
    let place = |entry: &Value| entry.get("seq").and_then(Value::as_i64);
    let wrong =
        entries.iter().enumerate().position(|(index, entry)| place(entry) != i64::try_from(index).ok());
    each(
        "entry_order",
        wrong,
        "entries are numbered 0, 1, 2, … without a gap",
        "is missing or out of place",
        "no entry is missing, doubled or moved",
    )
}

fn entry_chain(entries: &[Value]) -> Check {
    let before = std::iter::once("").chain(entries.iter().map(|entry| text_of(entry, "chain")));
    let wrong = entries
        .iter()
        .zip(before)
        .position(|(entry, previous)| link_of(entry, previous) != text_of(entry, "chain"));
    each(
        "entry_chain",
        wrong,
        "every entry follows the one before it",
        "does not",
        "the chain of entries, computed again",
    )
}

fn log_head(entries: &[Value], head: &Value) -> Check {
    let count = head.get("count").and_then(Value::as_i64).unwrap_or(-1);
    let chain = entries.last().map(|entry| text_of(entry, "chain")).unwrap_or_default();
    equal(
        "log_head",
        format!("{count} entries, chain {}", text_of(head, "chain")),
        format!("{} entries, chain {chain}", entries.len()),
        "the log ends where it says, so that none of the newest is missing",
    )
}

fn summary(log: &Value, entries: &[Value]) -> Vec<(&'static str, String)> {
    let workspace = log.get("workspace").unwrap_or(&Value::Null);
    let at = |entry: Option<&Value>| entry.map(|entry| text_of(entry, "ts").to_owned());
    let rows = [
        ("Workspace", Some(text_of(workspace, "name").to_owned())),
        ("Workspace id", Some(text_of(workspace, "workspace_id").to_owned())),
        ("Entries", Some(entries.len().to_string())),
        ("First", at(entries.first())),
        ("Last", at(entries.last())),
        ("Exported", Some(text_of(log, "exported_at").to_owned())),
    ];
    rows.into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|text| !text.is_empty())?)))
        .collect()
}
