//! The conformance vectors: what the reference answered, and what we must answer too.
//!
//! They come from `NEXUS_CONFORMANCE_DIR`, else from `../shared/conformance` when it is there; the project's own
//! set in `tests/golden/conformance` always runs. A set that names no case at all fails.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use governance::import::ImportBundle;
use governance::json::{self, Value};
use governance::{
    Decision, Mode, Origin, Policy, Standing, Template, Timestamp, bundle, canonical, digest, inspect,
    lifecycle, timeline, verify,
};
use std::path::{Path, PathBuf};

/// Expiries in the vectors lie in 2001 or 2099; any moment between reads the same.
fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00+00:00").unwrap()
}

fn sets() -> Vec<PathBuf> {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sets = vec![crate_dir.join("tests/golden/conformance")];
    let shared = crate_dir.join("../../shared/conformance");
    match std::env::var_os("NEXUS_CONFORMANCE_DIR") {
        Some(dir) => {
            let dir = PathBuf::from(dir);
            // Cargo runs tests in the crate's folder; a relative path is meant from the workspace's.
            sets.push(if dir.is_absolute() { dir } else { crate_dir.join("..").join(dir) });
        }
        None if shared.is_dir() => sets.push(shared),
        None => {}
    }
    sets
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    json::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(set: &Path, folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(set.join(folder))
        .unwrap_or_else(|error| panic!("{}/{folder}: {error}", set.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no cases in {}/{folder}", set.display());
    files
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("`{name}` is no text in {value:?}"))
}

fn same(what: &str, ours: &Value, theirs: &Value) {
    assert_eq!(canonical::to_string(ours), canonical::to_string(theirs), "{what}");
}

#[test]
fn canonical_json() {
    for set in sets() {
        let cases = read(&set.join("canonical/cases.json"));
        let cases = cases.as_array().unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let value = json::parse(text(case, "input")).unwrap_or_else(|error| panic!("{error}: {case:?}"));
            assert_eq!(canonical::to_string(&value), text(case, "canonical"));
            if let Some(ascii) = case.get("ascii").and_then(Value::as_str) {
                assert_eq!(canonical::to_ascii(&value), ascii);
            }
            assert_eq!(digest::of_value(&value), text(case, "sha256"));
        }
    }
}

#[test]
fn policies() {
    for set in sets() {
        let cases = read(&set.join("policy/cases.json"));
        for case in cases.as_array().unwrap() {
            let policy = Policy::from_value(case.get("policy").unwrap());
            assert_eq!(Some(policy.is_ok()), case.get("valid").unwrap().as_bool(), "{case:?}");
            let policy = match policy {
                Ok(policy) => policy,
                Err(error) => {
                    assert_eq!(error.to_string(), text(case, "error"));
                    continue;
                }
            };
            if let Some(compile) = case.get("compile") {
                let request = policy.compile(
                    text(compile, "goal"),
                    compile.get("plan").and_then(Value::as_str),
                    text(compile, "adapter_id"),
                    compile.get("dry_run").unwrap().as_bool().unwrap(),
                );
                same("compiled request", &request, compile.get("request").unwrap());
                assert_eq!(digest::of_value(&request), text(compile, "digest"));
            }
            if let Some(asked) = case.get("execution_request") {
                let capabilities: Option<Vec<String>> = asked
                    .get("adapter_capabilities")
                    .and_then(Value::as_array)
                    .map(|items| items.iter().map(|item| item.as_str().unwrap().to_owned()).collect());
                let mode = Mode::parse(text(asked, "mode")).unwrap();
                let approvals = u32::try_from(asked.get("approvals").unwrap().as_i64().unwrap()).unwrap();
                let violations = policy.violations(mode, approvals, capabilities.as_deref());
                assert_eq!(Some(violations.is_empty()), asked.get("valid").unwrap().as_bool(), "{case:?}");
                let count = i64::try_from(violations.len()).unwrap();
                assert_eq!(Some(count), asked.get("violations").unwrap().as_i64(), "{case:?}");
            }
        }
    }
}

#[test]
fn decisions() {
    for set in sets() {
        for file in files(&set, "decisions") {
            decision(&read(&file), &file.display().to_string());
        }
    }
}

fn decision(case: &Value, name: &str) {
    let given = case.get("bundle").unwrap();
    let read =
        ImportBundle::from_value(given, "reject_on_conflict").unwrap_or_else(|e| panic!("{name}: {e}"));
    let decision = Decision::replay(read.decision_id.clone(), Origin::Native, read.events);
    let log = Standing::of_the_log();
    assert_eq!(decision.state(now(), &log).as_str(), text(case, "state"), "{name}");
    let active = case.get("active_approvals").unwrap().as_i64();
    assert_eq!(Some(i64::from(decision.active_approvals(now(), &log))), active, "{name}");

    let computed = lifecycle::compute(&decision, now(), &log, lifecycle::DEFAULT_TIMELINE_LIMIT);
    same(&format!("{name}: lifecycle"), &computed.to_value(), case.get("lifecycle").unwrap());
    let full = timeline::compute(&decision).iter().map(timeline::TimelineEntry::to_value).collect();
    same(&format!("{name}: timeline"), &Value::Array(full), case.get("full_timeline").unwrap());
    same(&format!("{name}: inspection"), &inspect::sections(&decision, now()), case.get("inspect").unwrap());
    let compiled = inspect::compiled_router_request(&decision).unwrap_or(Value::Null);
    same(&format!("{name}: compiled"), &compiled, case.get("compiled_router_request").unwrap());
    assert!(!inspect::render(&decision, now()).is_empty());

    // `template` holds the whole template where the set has one.
    if let Some(template) = case.get("template").filter(|value| !value.is_null()) {
        let read = Template::from_value(template.get("template").unwrap()).unwrap();
        assert_eq!(read.digest(), text(template, "digest"), "{name}: template digest");
        same(&format!("{name}: snapshot"), &read.snapshot(), template.get("snapshot").unwrap());
    }

    let exported_at = Timestamp::parse(text(given.get("meta").unwrap(), "exported_at")).unwrap();
    let exported = bundle::export(&decision, exported_at);
    same(&format!("{name}: bundle"), &exported.value, given);
    assert_eq!(digest::prefixed(&exported.digest), text(case, "digest"), "{name}: bundle digest");
}

#[test]
fn audit_packages() {
    for set in sets() {
        for file in files(&set, "audit_packages") {
            let (case, name) = (read(&file), file.display());
            let report = verify::verify_package(case.get("package").unwrap()).unwrap();
            assert_eq!(Some(report.ok), case.get("ok").unwrap().as_bool(), "{name}: {report:?}");
            let expected = case.get("checks").unwrap().as_object().unwrap();
            let names: Vec<&str> = report.checks.iter().map(|check| check.name).collect();
            assert_eq!(names.len(), expected.len(), "{name}: {names:?}");
            for check in &report.checks {
                let expected = expected.get(check.name).and_then(Value::as_bool);
                assert_eq!(Some(check.ok), expected, "{name}: {check:?}");
            }
        }
    }
}

#[test]
fn stricter_than_the_reference() {
    for set in sets() {
        for file in files(&set, "stricter") {
            let (case, name) = (read(&file), file.display());
            let report = verify::verify_package(case.get("package").unwrap()).unwrap();
            assert!(!report.ok, "{name}");
            let failing: Vec<&str> =
                report.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
            assert_eq!(failing, [text(&case, "failing_check")], "{name}");
        }
    }
}

/// What an import answers before a store is asked; whether the id is taken is the store's to say.
#[test]
fn imports() {
    for set in sets() {
        let cases = read(&set.join("imports/cases.json"));
        for case in cases.as_array().unwrap() {
            let name = text(case, "name");
            let read = ImportBundle::from_value(case.get("bundle").unwrap(), text(case, "conflict_mode"));
            let code = case.get("error_code").and_then(Value::as_str);
            match (read, code) {
                (Ok(read), None) => {
                    let count = i64::try_from(read.events.len()).unwrap();
                    assert_eq!(Some(count), case.get("events_imported").unwrap().as_i64(), "{name}");
                }
                (Ok(_), Some("DECISION_EXISTS")) => {}
                (Ok(_), Some(code)) => panic!("{name}: accepted, not {code}"),
                (Err(error), code) => assert_eq!(Some(error.code.as_str()), code, "{name}: {error}"),
            }
        }
    }
}
