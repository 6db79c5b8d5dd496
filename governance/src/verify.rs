//! Verification of what was exported, by anyone, offline. Every check runs; none hides another.

use crate::bundle;
use crate::digest;
use crate::import;
use crate::json::{self, Value};
use crate::package;
use crate::router_bundle;
use crate::workspace_log;
use std::fmt;

/// What was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An audit package.
    Package,
    /// A decision bundle.
    Bundle,
    /// The log of a workspace.
    WorkspaceLog,
}

impl Kind {
    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Bundle => "bundle",
            Self::WorkspaceLog => "workspace_log",
        }
    }

    /// The checks that such a document goes through, by their stable names and in order. The last one of a package
    /// needs the run's record in the file, so that a package by reference has five.
    pub fn checks(self) -> &'static [&'static str] {
        match self {
            Self::Package => &[
                "binding_digest",
                "control_bundle_digest",
                "binding_control_match",
                "binding_router_match",
                "binding_link_match",
                "router_digest",
            ],
            Self::Bundle => &["bundle_digest", "event_digests", "event_order"],
            Self::WorkspaceLog => {
                &["log_format", "entry_digests", "entry_order", "entry_chain", "log_head", "log_digest"]
            }
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its stable name.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What the document states.
    pub expected: Option<String>,
    /// What was computed or found.
    pub actual: Option<String>,
    /// What the check is about.
    pub detail: &'static str,
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was verified.
    pub kind: Kind,
    /// Whether every check holds.
    pub ok: bool,
    /// The checks, in order.
    pub checks: Vec<Check>,
    /// What the document says of itself, for people: name and value.
    pub summary: Vec<(&'static str, String)>,
}

/// Why a document cannot be verified at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyError {
    /// Not JSON that everybody reads alike.
    Json(json::ParseError),
    /// JSON, but no package, bundle or workspace log; what is missing, in words.
    Shape(String),
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "this is not readable JSON: {error}"),
            Self::Shape(problem) => write!(f, "this is no audit package, bundle or workspace log: {problem}"),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Verifies a package, a bundle or a workspace log.
pub fn verify_text(text: &str) -> Result<Report, VerifyError> {
    verify(&json::parse(text).map_err(VerifyError::Json)?)
}

/// Verifies a package, a bundle or a workspace log.
pub fn verify(document: &Value) -> Result<Report, VerifyError> {
    if document.get("control_bundle").is_some() {
        return verify_package(document);
    }
    if document.get("format").and_then(Value::as_str) == Some(workspace_log::FORMAT) {
        return workspace_log::verify_log(document);
    }
    import::check_shape(document).map_err(|problems| VerifyError::Shape(problems.join("; ")))?;
    let checks = vec![bundle_digest(document), event_digests(document), event_order(document)];
    Ok(report(Kind::Bundle, checks, bundle_summary(document)))
}

/// Verifies an audit package: the six checks, five where the router bundle is not embedded.
pub fn verify_package(package: &Value) -> Result<Report, VerifyError> {
    let control = package.get("control_bundle").ok_or_else(|| missing("control_bundle"))?;
    import::check_shape(control).map_err(|problems| VerifyError::Shape(problems.join("; ")))?;
    let text = |path: &[&str]| {
        let found = path.iter().try_fold(package, |value, name| value.get(name)).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| missing(&path.join(".")))
    };
    let version = text(&["package_version"])?;
    let bound_control = text(&["binding", "control_digest"])?;
    let bound_router = text(&["binding", "router_digest"])?;
    let bound_link = text(&["binding", "control_router_link_digest"])?;
    let stated_binding = text(&["integrity", "binding_digest"])?;
    let mode = text(&["router", "mode"])?;
    let embedded =
        package.get("router").and_then(|router| router.get("bundle")).filter(|_| mode == "embedded");
    let section = match embedded {
        Some(bundle) => router_bundle::stated_digest(bundle).map(str::to_owned),
        None => text(&["router", "ref", "digest"]).ok().filter(|_| mode == "reference"),
    };
    let of_link = |name: &str| {
        let found = control.get("router_link").and_then(|link| link.get(name)).and_then(Value::as_str);
        found.map(str::to_owned)
    };
    let link = of_link("control_router_link_digest");
    let runs = run_ids(package, embedded);
    let same_run = runs.iter().all(|run| Some(run) == of_link("run_id").as_ref());
    let stated_control = bundle::stated_digest(control).map(str::to_owned);

    let computed = package::binding_digest(&version, &bound_control, &bound_router, &bound_link);
    let mut checks = vec![
        Check {
            name: "binding_digest",
            ok: digest::bare(&stated_binding) == computed,
            expected: Some(stated_binding),
            actual: Some(digest::prefixed(&computed)),
            detail: "the binding digest, computed again from the binding's members",
        },
        Check { name: "control_bundle_digest", ..bundle_digest(control) },
        matches("binding_control_match", stated_control, bound_control, "the binding names this very bundle"),
        Check {
            ok: same_run && section.as_deref() == Some(bound_router.as_str()),
            ..matches("binding_router_match", section, bound_router, "the binding names this very run")
        },
        matches("binding_link_match", link, bound_link, "the binding names the link between bundle and run"),
    ];
    if let Some(bundle) = embedded {
        checks.push(Check {
            name: "router_digest",
            ok: router_bundle::is_sound(bundle),
            expected: router_bundle::stated_digest(bundle).map(str::to_owned),
            actual: Some(digest::prefixed(&router_bundle::content_digest(bundle))),
            detail: "the embedded run's digest, computed again from its content",
        });
    }
    let mut summary = bundle_summary(control);
    summary.push(("Run record", if embedded.is_some() { "embedded" } else { "by reference" }.to_owned()));
    Ok(report(Kind::Package, checks, summary))
}

/// Every place where the router section names its run; all must name the run that the bundle links to.
fn run_ids(package: &Value, embedded: Option<&Value>) -> Vec<String> {
    let reference = package.get("router").and_then(|router| router.get("ref"));
    let places = match embedded {
        Some(bundle) => [bundle.get("run_id"), bundle.get("run").and_then(|run| run.get("run_id"))],
        None => [Some(reference.and_then(|reference| reference.get("run_id")).unwrap_or(&Value::Null)), None],
    };
    places.into_iter().flatten().map(|id| id.as_str().unwrap_or_default().to_owned()).collect()
}

fn missing(name: &str) -> VerifyError {
    VerifyError::Shape(format!("`{name}` is missing or has the wrong type"))
}

fn report(kind: Kind, checks: Vec<Check>, summary: Vec<(&'static str, String)>) -> Report {
    Report { kind, ok: checks.iter().all(|check| check.ok), checks, summary }
}

fn matches(name: &'static str, expected: Option<String>, actual: String, detail: &'static str) -> Check {
    Check { name, ok: expected.as_deref() == Some(actual.as_str()), expected, actual: Some(actual), detail }
}

fn bundle_digest(bundle: &Value) -> Check {
    let stated = bundle::stated_digest(bundle).unwrap_or_default();
    let computed = bundle::content_digest(bundle);
    Check {
        name: "bundle_digest",
        ok: digest::bare(stated) == computed,
        expected: Some(stated.to_owned()),
        actual: Some(digest::prefixed(&computed)),
        detail: "the bundle's digest, computed again from its content",
    }
}

fn event_digests(bundle: &Value) -> Check {
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    let wrong = events.iter().position(|event| {
        let type_name = event.get("type").and_then(Value::as_str).unwrap_or_default();
        let payload = event.get("payload").cloned().unwrap_or_else(|| json::object([]));
        let stated = event.get("digest").and_then(Value::as_str);
        stated != Some(crate::event::event_digest(type_name, &payload).as_str())
    });
    Check {
        name: "event_digests",
        ok: wrong.is_none(),
        expected: Some("every event has the digest of its type and payload".to_owned()),
        actual: Some(wrong.map_or_else(|| "all do".to_owned(), |index| format!("event {index} does not"))),
        detail: "each event's own digest, computed again",
    }
}

fn event_order(bundle: &Value) -> Check {
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    let wrong = events
        .iter()
        .enumerate()
        .find(|(index, event)| event.get("seq").and_then(Value::as_i64) != i64::try_from(*index).ok());
    Check {
        name: "event_order",
        ok: wrong.is_none() && !events.is_empty(),
        expected: Some("events are numbered 0, 1, 2, … without a gap".to_owned()),
        actual: Some(wrong.map_or_else(
            || format!("{} events in order", events.len()),
            |(index, _)| format!("event number {index} is missing or out of place"),
        )),
        detail: "no event is missing, doubled or moved",
    }
}

fn bundle_summary(bundle: &Value) -> Vec<(&'static str, String)> {
    let text = |section: &str, name: &str| {
        bundle.get(section).and_then(|value| value.get(name)).and_then(Value::as_str).map(str::to_owned)
    };
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    let actors = |wanted: &str| -> Option<String> {
        let names: Vec<&str> = events
            .iter()
            .filter(|event| event.get("type").and_then(Value::as_str) == Some(wanted))
            .filter_map(|event| event.get("actor")?.get("id")?.as_str())
            .collect();
        if names.is_empty() { None } else { Some(names.join(", ")) }
    };
    let rows = [
        ("Goal", text("decision", "goal")),
        ("Decision", text("decision", "decision_id")),
        ("Status", text("decision", "status")),
        ("Mode", text("decision", "mode")),
        ("Created", text("decision", "created_at")),
        ("Requested by", actors("DECISION_CREATED")),
        ("Approved by", actors("APPROVAL_GRANTED")),
        ("Adapter", text("router_link", "adapter_id")),
        ("Run", text("router_link", "run_id")),
        ("Events", Some(events.len().to_string())),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
