//! The record of a run in the shape of a nexus-router 0.3 bundle: `{run, events, digests}`.
//!
//! nexus-router hashes `{events, run}` with keys sorted and every non-ASCII character escaped. We state that
//! digest twice: as its own `digests.sha256`, and as the `integrity` section that audit packages bind.

use crate::canonical;
use crate::digest;
use crate::json::{Value, object};
use crate::time::Timestamp;

/// The format's version.
pub const ROUTER_BUNDLE_VERSION: &str = "0.3";

/// What is said of a run as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunHeader {
    /// The run.
    pub run_id: String,
    /// `dry_run` or `apply`.
    pub mode: String,
    /// What was to be achieved.
    pub goal: String,
    /// `completed` or `failed`.
    pub status: String,
    /// When it began.
    pub created_at: Timestamp,
}

/// One thing that happened during a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFact {
    /// When.
    pub ts: Timestamp,
    /// What, such as `STEP_COMPLETED`.
    pub kind: String,
    /// Its details.
    pub payload: Value,
}

/// Builds the bundle of a run. `exported_at` is outside the digest.
pub fn build(header: &RunHeader, facts: &[RunFact], exported_at: Timestamp) -> crate::bundle::Artifact {
    let run = object([
        ("run_id", header.run_id.as_str().into()),
        ("mode", header.mode.as_str().into()),
        ("goal", header.goal.as_str().into()),
        ("status", header.status.as_str().into()),
        ("created_at", header.created_at.to_string().into()),
    ]);
    let mut events = Vec::with_capacity(facts.len());
    for (index, fact) in facts.iter().enumerate() {
        events.push(object([
            ("event_id", format!("{}_{index}", header.run_id).into()),
            ("run_id", header.run_id.as_str().into()),
            ("seq", i64::try_from(index).unwrap_or(i64::MAX).into()),
            ("type", fact.kind.as_str().into()),
            ("payload", fact.payload.clone()),
            ("ts", fact.ts.to_string().into()),
        ]));
    }
    let digest = digest_of(&run, &Value::Array(events.clone()));
    let value = object([
        ("bundle_version", ROUTER_BUNDLE_VERSION.into()),
        ("exported_at", exported_at.to_string().into()),
        ("run_id", header.run_id.as_str().into()),
        ("run", run),
        ("events", Value::Array(events)),
        ("digests", object([("sha256", digest.as_str().into())])),
        ("integrity", crate::bundle::integrity("canonical_digest", &digest)),
    ]);
    crate::bundle::Artifact { value, digest }
}

/// The digest that a router bundle's content has, bare hexadecimal.
pub fn content_digest(bundle: &Value) -> String {
    let part = |name: &str| bundle.get(name).cloned().unwrap_or(Value::Null);
    digest_of(&part("run"), &part("events"))
}

/// The digest that a router bundle states in its `integrity` section.
pub fn stated_digest(bundle: &Value) -> Option<&str> {
    bundle.get("integrity")?.get("canonical_digest")?.as_str()
}

/// Whether everything that a router bundle states about its digest is true of its content.
pub fn is_sound(bundle: &Value) -> bool {
    let computed = content_digest(bundle);
    let own = bundle.get("digests").and_then(|digests| digests.get("sha256"));
    let own_holds = own.is_none_or(|stated| stated.as_str().map(digest::bare) == Some(computed.as_str()));
    own_holds && stated_digest(bundle).map(digest::bare) == Some(computed.as_str())
}

fn digest_of(run: &Value, events: &Value) -> String {
    let content = object([("run", run.clone()), ("events", events.clone())]);
    digest::sha256_hex(canonical::to_ascii(&content).as_bytes())
}
