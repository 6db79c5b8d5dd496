//! Every check can fail, and fails for what it is there for: a table of alterations and the checks that find them. And
//! what is said about files that no check can be made on.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use governance::finding::{self, Finding, Problem, Verdict};
use governance::json::{self, Value};
use governance::verify::Kind;
use governance::{bundle, canonical, digest};
use std::collections::BTreeSet;

fn golden(name: &str) -> Value {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    json::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn package(mode: &str) -> Value {
    let case = golden(&format!("conformance/audit_packages/completed__{mode}__as_exported.json"));
    case.get("package").unwrap().clone()
}

fn log() -> Value {
    golden("workspace_log/as_exported.json")
}

fn found(document: &Value) -> Finding {
    finding::of(canonical::to_string(document).as_bytes())
}

fn failing(finding: &Finding) -> Vec<&'static str> {
    finding.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect()
}

/// The member at a path; a number is the place in an array.
fn at<'a>(document: &'a mut Value, path: &str) -> &'a mut Value {
    path.split('.').fold(document, |value, name| match value {
        Value::Object(map) => map.get_mut(name).unwrap_or_else(|| panic!("no `{name}` in {path}")),
        Value::Array(items) => items.get_mut(name.parse::<usize>().unwrap()).unwrap(),
        _ => panic!("nothing below `{name}` in {path}"),
    })
}

fn with(document: &Value, path: &str, value: impl Into<Value>) -> Value {
    let mut changed = document.clone();
    *at(&mut changed, path) = value.into();
    changed
}

/// Without the array's element at a place.
fn without(document: &Value, path: &str, place: usize) -> Value {
    let mut changed = document.clone();
    let Value::Array(items) = at(&mut changed, path) else { panic!("{path} is no array") };
    items.remove(place);
    changed
}

/// With the digest over the whole made anew, as somebody who knows the format would.
fn resealed(bundle: &Value) -> Value {
    let digest = digest::prefixed(&bundle::content_digest(bundle));
    with(bundle, "integrity.canonical_digest", digest.as_str())
}

#[test]
fn every_check_fails_for_what_it_is_there_for() {
    let (embedded, reference, log) = (package("embedded"), package("reference"), log());
    let bundle = embedded.get("control_bundle").unwrap().clone();
    let other = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    let table: Vec<(&str, Value, &[&str])> = vec![
        (
            "the goal",
            with(&embedded, "control_bundle.decision.goal", "something else"),
            &["control_bundle_digest"],
        ),
        (
            "an approver",
            with(&embedded, "control_bundle.events.2.actor.id", "eve@example.com"),
            &["control_bundle_digest"],
        ),
        ("the seal", with(&embedded, "integrity.binding_digest", other), &["binding_digest"]),
        ("the version under the seal", with(&embedded, "package_version", "0.7"), &["binding_digest"]),
        (
            "the decision that the seal names",
            with(&embedded, "binding.control_digest", other),
            &["binding_digest", "binding_control_match"],
        ),
        (
            "the run that the seal names",
            with(&embedded, "binding.router_digest", other),
            &["binding_digest", "binding_router_match"],
        ),
        (
            "the link that the seal names",
            with(&embedded, "binding.control_router_link_digest", other),
            &["binding_digest", "binding_link_match"],
        ),
        (
            "the bundle, resealed by itself",
            with(&embedded, "control_bundle", resealed(&with(&bundle, "decision.goal", "something else"))),
            &["binding_control_match"],
        ),
        (
            "what the run printed",
            with(&embedded, "router.bundle.events.1.payload.stdout", "all fine"),
            &["router_digest"],
        ),
        ("the run's name", with(&embedded, "router.bundle.run_id", "run-other"), &["binding_router_match"]),
        (
            "the run's name, by reference",
            with(&reference, "router.ref.run_id", "run-other"),
            &["binding_router_match"],
        ),
        (
            "the run's digest, by reference",
            with(&reference, "router.ref.digest", other),
            &["binding_router_match"],
        ),
        ("a bundle's goal", with(&bundle, "decision.goal", "something else"), &["bundle_digest"]),
        (
            "a bundle's comment, resealed",
            resealed(&with(&bundle, "events.2.payload.comment", "something else")),
            &["event_digests"],
        ),
        ("an event taken out, resealed", resealed(&without(&bundle, "events", 3)), &["event_order"]),
        ("the format's version", with(&log, "version", "9.0"), &["log_format", "log_digest"]),
        (
            "what an entry says was done",
            with(&log, "entries.1.payload.about", "eve@example.com"),
            &["entry_digests", "log_digest"],
        ),
        ("who did it", with(&log, "entries.1.actor.id", "eve@example.com"), &["entry_chain", "log_digest"]),
        (
            "an entry taken out",
            without(&log, "entries", 1),
            &["entry_order", "entry_chain", "log_head", "log_digest"],
        ),
        ("how many entries there are", with(&log, "head.count", 99_u32), &["log_head", "log_digest"]),
        ("when it was exported", with(&log, "exported_at", "2020-01-01T00:00:00+00:00"), &["log_digest"]),
    ];
    let mut seen = BTreeSet::new();
    for (what, document, expected) in table {
        let finding = found(&document);
        assert_eq!(failing(&finding), expected, "{what}");
        assert_eq!(finding.verdict, Verdict::Altered, "{what}");
        assert!(finding.digests.is_empty(), "{what}: an altered file offers nothing to compare");
        seen.extend(expected.iter().copied());
    }
    let all = [Kind::Package, Kind::Bundle, Kind::WorkspaceLog];
    let all: BTreeSet<&str> = all.iter().flat_map(|kind| kind.checks()).copied().collect();
    assert_eq!(seen, all, "every check failed at least once");
}

#[test]
fn what_was_exported_is_verified_by_exactly_the_checks_of_its_kind() {
    let (embedded, reference) = (package("embedded"), package("reference"));
    let bundle = embedded.get("control_bundle").unwrap().clone();
    for (document, kind, made) in [
        (embedded, Kind::Package, 6),
        (reference, Kind::Package, 5),
        (bundle, Kind::Bundle, 3),
        (log(), Kind::WorkspaceLog, 6),
    ] {
        let finding = found(&document);
        assert_eq!((finding.verdict, finding.kind), (Verdict::Verified, Some(kind)));
        let names: Vec<&str> = finding.checks.iter().map(|check| check.name).collect();
        assert_eq!(names, kind.checks().iter().take(made).copied().collect::<Vec<_>>());
        assert!(!finding.digests.is_empty());
        for (name, digest) in &finding.digests {
            assert_eq!(digest::bare(digest).len(), 64, "{name}: {digest}");
        }
        assert_eq!(finding.story.is_empty(), kind == Kind::WorkspaceLog);
        // What the page gets is JSON that reads back, and shows nothing that hides.
        let value = finding.to_value();
        let text = canonical::to_string(&value);
        assert_eq!(json::parse(&text).unwrap(), value);
        assert!(!text.chars().any(governance::visible::is_deceptive), "{text}");
    }
}

#[test]
fn what_cannot_be_checked_is_told_apart() {
    let whole = canonical::to_string(&package("embedded"));
    let half = whole.get(..whole.len() / 2).unwrap_or_default().to_owned();
    let deep = "[".repeat(200_000);
    let parts = with(&package("embedded"), "binding", json::object([]));
    let parts = canonical::to_string(&parts);
    let cases: Vec<(&[u8], Problem)> = vec![
        (b"", Problem::Empty),
        (b" \n\t", Problem::Empty),
        (b"PK\x03\x04\x14\x00", Problem::Archive),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", Problem::NotText),
        (b"{\"a\":\"\xc3", Problem::NotText),
        (half.as_bytes(), Problem::CutOff),
        (b"{\"control_bundle\": {", Problem::CutOff),
        (b"{\"a\":1,\"a\":2}", Problem::DuplicateKey),
        (deep.as_bytes(), Problem::TooDeep),
        (b"milk, eggs", Problem::NotJson),
        (b"\xef\xbb\xbf{}", Problem::NotJson),
        (b"{\"a\":1} and more", Problem::NotJson),
        (parts.as_bytes(), Problem::PartsMissing),
        (b"{\"bundle_version\":\"0.5\"}", Problem::PartsMissing),
        (b"{\"hello\":\"world\"}", Problem::NotEvidence),
        (b"[1,2,3]", Problem::NotEvidence),
        (b"null", Problem::NotEvidence),
    ];
    let mut seen = Vec::new();
    for (bytes, problem) in cases {
        let finding = finding::of(bytes);
        let shown = String::from_utf8_lossy(bytes).chars().take(40).collect::<String>();
        assert_eq!(finding.problem.as_ref().map(|(problem, _)| *problem), Some(problem), "{shown}");
        assert_eq!(finding.verdict, problem.verdict(), "{shown}");
        let wanted = matches!(problem, Problem::CutOff | Problem::PartsMissing);
        assert_eq!(finding.verdict == Verdict::Incomplete, wanted, "{shown}");
        assert_eq!(finding.file_digest, digest::sha256_hex(bytes));
        assert!(finding.checks.is_empty() && finding.story.is_empty() && finding.digests.is_empty());
        seen.push(problem);
    }
    assert!(Problem::ALL.iter().all(|problem| seen.contains(problem)));
}
