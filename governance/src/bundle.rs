//! Decision bundles, format 0.5: one decision with its whole log, portable and hashed.
//!
//! The digest covers version, header, events, template snapshot and router link. `meta` and `provenance` stand
//! outside of it. The same decision at the same moment always gives the same digest: the status is of the log
//! alone, whoever has lost a role since.

use crate::decision::Decision;
use crate::digest;
use crate::event::Event;
use crate::ids::DecisionId;
use crate::json::{Value, object};
use crate::standing::Standing;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// The format's version.
pub const BUNDLE_VERSION: &str = "0.5";

/// An exported artifact: its JSON and its digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// The whole document.
    pub value: Value,
    /// Its digest, bare hexadecimal.
    pub digest: String,
}

/// Exports a decision. `now` is both the moment at which its status is read and `meta.exported_at`.
pub fn export(decision: &Decision, now: Timestamp) -> Artifact {
    let covered = object([
        ("bundle_version", BUNDLE_VERSION.into()),
        ("decision", header(decision, now)),
        (
            "events",
            Value::Array(decision.events.iter().map(|event| event_value(&decision.id, event)).collect()),
        ),
        ("template_snapshot", template_snapshot(decision)),
        ("router_link", router_link(decision)),
    ]);
    let digest = digest::of_value(&covered);
    let Value::Object(mut map) = covered else { return Artifact { value: covered, digest } };
    map.insert("integrity".to_owned(), integrity("canonical_digest", &digest));
    let provenance = provenance(&decision.id, &digest, "nexus-control.export_v0_5", "bundle");
    map.insert("provenance".to_owned(), provenance);
    map.insert("meta".to_owned(), object([("exported_at", now.to_string().into())]));
    Artifact { value: Value::Object(map), digest }
}

pub(crate) fn integrity(member: &str, digest: &str) -> Value {
    object([("alg", "sha256".into()), (member, digest::prefixed(digest).into())])
}

/// Where an artifact came from. The id follows from decision and digest, so that exporting twice is the same.
pub(crate) fn provenance(decision: &DecisionId, digest: &str, method: &str, kind: &str) -> Value {
    let id: String = digest::sha256_hex(format!("{decision}:{digest}").as_bytes()).chars().take(12).collect();
    let record = object([
        ("prov_id", format!("prov_{id}").into()),
        ("method_id", method.into()),
        ("inputs", Value::Array(vec![format!("decision:{decision}").into()])),
        ("outputs", Value::Array(vec![format!("{kind}:sha256:{digest}").into()])),
    ]);
    object([("records", Value::Array(vec![record]))])
}

fn header(decision: &Decision, now: Timestamp) -> Value {
    let created_at = decision.created_at().map(|at| at.to_string()).unwrap_or_default();
    object([
        ("decision_id", decision.id.as_str().into()),
        ("goal", decision.goal.clone().into()),
        ("mode", decision.mode.map_or("dry_run", crate::Mode::as_str).into()),
        ("created_at", created_at.into()),
        ("status", decision.state(now, &Standing::of_the_log()).as_str().to_uppercase().into()),
    ])
}

fn event_value(decision: &DecisionId, event: &Event) -> Value {
    object([
        ("event_id", event.event_id(decision).into()),
        ("decision_id", decision.as_str().into()),
        ("seq", event.seq.into()),
        ("type", event.body.type_name().into()),
        ("payload", event.payload.clone()),
        ("ts", event.ts.to_string().into()),
        ("actor", event.actor.to_value()),
        ("digest", event.digest.as_str().into()),
    ])
}

fn template_snapshot(decision: &Decision) -> Value {
    let Some(template) = &decision.template else { return object([("present", false.into())]) };
    let unless_empty = |value: &Value| match value {
        Value::Object(map) if map.is_empty() => Value::Null,
        other => other.clone(),
    };
    object([
        ("present", true.into()),
        ("name", template.name.as_str().into()),
        ("digest", digest::prefixed(&template.digest).into()),
        ("snapshot", unless_empty(&template.snapshot)),
        ("overrides", unless_empty(&template.overrides)),
    ])
}

fn router_link(decision: &Decision) -> Value {
    let Some(execution) = decision.latest_execution() else { return object([]) };
    let link_digest = execution.run_id.as_ref().map(|run_id| {
        link_digest(
            decision.id.as_str(),
            run_id,
            execution.request_digest.as_deref(),
            execution.response_digest.as_deref(),
        )
    });
    let prefixed = |digest: Option<&String>| digest.map(|digest| digest::prefixed(digest));
    let members = [
        ("run_id", execution.run_id.clone()),
        ("adapter_id", Some(execution.adapter_id.clone())),
        ("router_request_digest", prefixed(execution.request_digest.as_ref())),
        ("router_result_digest", prefixed(execution.response_digest.as_ref())),
        ("control_router_link_digest", prefixed(link_digest.as_ref())),
    ];
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
    Value::Object(present.collect())
}

/// SHA-256 over decision, run and the digests of request and answer: "this decision authorized that run".
pub fn link_digest(decision_id: &str, run_id: &str, request: Option<&str>, result: Option<&str>) -> String {
    digest::of_value(&object([
        ("decision_id", decision_id.into()),
        ("run_id", run_id.into()),
        ("router_request_digest", request.into()),
        ("router_result_digest", result.into()),
    ]))
}

/// The digest that a bundle's content has, bare hexadecimal. Absent members take the format's defaults; members
/// that the format does not know are covered too, so that nothing can be slipped in.
pub fn content_digest(bundle: &Value) -> String {
    let defaulted = |value: Option<&Value>, defaults: &[(&str, Value)]| {
        let mut map = value.and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, default) in defaults {
            map.entry((*name).to_owned()).or_insert_with(|| default.clone());
        }
        Value::Object(map)
    };
    let header = [("goal", Value::Null), ("mode", "dry_run".into())];
    let event = [("payload", object([])), ("actor", object([])), ("digest", "".into())];
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    digest::of_value(&object([
        ("bundle_version", bundle.get("bundle_version").cloned().unwrap_or_else(|| BUNDLE_VERSION.into())),
        ("decision", defaulted(bundle.get("decision"), &header)),
        ("events", Value::Array(events.iter().map(|one| defaulted(Some(one), &event)).collect())),
        ("template_snapshot", snapshot_content(bundle.get("template_snapshot"))),
        ("router_link", Value::Object(without_nulls(bundle.get("router_link")))),
    ]))
}

fn snapshot_content(snapshot: Option<&Value>) -> Value {
    let present = snapshot.and_then(|value| value.get("present")).and_then(Value::as_bool) == Some(true);
    let mut map = if present {
        snapshot.and_then(Value::as_object).cloned().unwrap_or_default()
    } else {
        without_nulls(snapshot)
    };
    if present {
        for name in ["name", "digest", "snapshot", "overrides"] {
            map.entry(name.to_owned()).or_insert(Value::Null);
        }
    } else {
        map.insert("present".to_owned(), false.into());
    }
    Value::Object(map)
}

fn without_nulls(value: Option<&Value>) -> BTreeMap<String, Value> {
    let map = value.and_then(Value::as_object).cloned().unwrap_or_default();
    map.into_iter().filter(|(_, member)| !member.is_null()).collect()
}

/// Whether the bundle states the digest that its content has.
pub fn stated_digest(bundle: &Value) -> Option<&str> {
    bundle.get("integrity")?.get("canonical_digest")?.as_str()
}

/// A readable summary of a bundle.
pub fn render(bundle: &Value) -> String {
    let text = |value: Option<&Value>, name: &str| {
        value.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or("—").to_owned()
    };
    let decision = bundle.get("decision");
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    let link = bundle.get("router_link");
    let lines = [
        "# Decision bundle".to_owned(),
        String::new(),
        format!("Format:   {}", text(Some(bundle), "bundle_version")),
        format!("Digest:   {}", stated_digest(bundle).unwrap_or("—")),
        String::new(),
        "## Decision".to_owned(),
        format!("  Id:       {}", text(decision, "decision_id")),
        format!("  Status:   {}", text(decision, "status")),
        format!("  Mode:     {}", text(decision, "mode")),
        format!("  Goal:     {}", text(decision, "goal")),
        format!("  Created:  {}", text(decision, "created_at")),
        format!("  Events:   {}", events.len()),
        String::new(),
        "## Run".to_owned(),
        format!("  Run:      {}", text(link, "run_id")),
        format!("  Adapter:  {}", text(link, "adapter_id")),
        format!("  Link:     {}", text(link, "control_router_link_digest")),
    ];
    lines.join("\n")
}
