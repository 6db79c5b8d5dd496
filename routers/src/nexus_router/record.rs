//! A run's record as the router exports it. It is kept as it came, so that its digest stays true; what does not hold
//! what it states, or is about another run, is not kept at all.

use super::answer::{Answer, invalid, same};
use super::ask::{Ask, MODE};
use super::offer::has_all;
use super::trouble::Trouble;
use control::RunRecord;
use control::router::ROUTER_RUN_FAILED;
use governance::json::{Value, object};
use governance::{digest, router_bundle};

/// A record, and what it says about the run.
#[derive(Debug)]
pub(super) struct Exported {
    /// The record, sound and with an `integrity` section.
    pub(super) record: RunRecord,
    /// Steps that were begun.
    pub(super) steps: u32,
    /// Why the run failed, when the record says so.
    pub(super) failed: Option<Trouble>,
}

impl Exported {
    /// Reads what the router's export tool answered.
    pub(super) fn read(export: &Value, answer: &Answer, ask: &Ask) -> Result<Self, Trouble> {
        if export.get("ok").and_then(Value::as_bool) == Some(false) {
            let words = export.get("error").and_then(|error| error.get("message")).and_then(Value::as_str);
            return Err(invalid(&format!(
                "it does not export its run: {}",
                ask.quoted(words.unwrap_or_default())
            )));
        }
        let bundle = export.get("artifact").unwrap_or(export);
        let run = bundle.get("run").ok_or_else(|| invalid("its record has no run"))?;
        let said = |name: &str| run.get(name).and_then(Value::as_str).unwrap_or_default();
        same(ask, "the record's run", said("run_id"), &answer.run_id)?;
        same(ask, "the record's mode", said("mode"), MODE)?;
        same(ask, "the record's goal", said("goal"), &ask.goal)?;
        let events = bundle.get("events").and_then(Value::as_array);
        let events =
            events.filter(|events| !events.is_empty()).ok_or_else(|| invalid("its record has no events"))?;
        let mut steps: u32 = 0;
        for (seq, event) in events.iter().enumerate() {
            let run_id = event.get("run_id").and_then(Value::as_str).unwrap_or_default();
            same(ask, "an event's run", run_id, &answer.run_id)?;
            if event.get("seq").and_then(Value::as_i64) != i64::try_from(seq).ok() {
                return Err(invalid("its record's events are not numbered one after the other"));
            }
            match event.get("type").and_then(Value::as_str) {
                Some("STEP_STARTED") => steps = steps.saturating_add(1),
                Some("DISPATCH_SELECTED") => chosen(event.get("payload"), ask)?,
                _ => {}
            }
        }
        let ended = said("status");
        let failed = (!ended.eq_ignore_ascii_case("completed")).then(|| {
            Trouble::new(
                ROUTER_RUN_FAILED,
                format!("the router's record says that the run is `{}`", ask.quoted(ended)),
            )
        });
        let record = RunRecord { run_id: answer.run_id.clone(), bundle: sound(bundle)? };
        Ok(Self { record, steps, failed })
    }
}

/// The adapter that really ran must be the one that was asked for, and have had what the policy requires.
fn chosen(payload: Option<&Value>, ask: &Ask) -> Result<(), Trouble> {
    let adapter = payload.and_then(|payload| payload.get("adapter_id")).and_then(Value::as_str);
    same(ask, "the record's adapter", adapter.unwrap_or_default(), &ask.adapter)?;
    let Some(capabilities) =
        payload.and_then(|payload| payload.get("capabilities")).and_then(Value::as_array)
    else {
        return Ok(());
    };
    let capabilities: Vec<String> =
        capabilities.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    has_all(&capabilities, &ask.required)
}

/// The bundle with an `integrity` section. Refuses one that does not hold what it states.
fn sound(bundle: &Value) -> Result<Value, Trouble> {
    let stated = bundle.get("digests").and_then(|digests| digests.get("sha256")).and_then(Value::as_str);
    let computed = router_bundle::content_digest(bundle);
    if stated.map(digest::bare) != Some(computed.as_str()) {
        return Err(invalid("its record's digest is not the digest of what it holds"));
    }
    let mut members = bundle.as_object().cloned().unwrap_or_default();
    members.entry("integrity".to_owned()).or_insert_with(|| {
        object([("alg", "sha256".into()), ("canonical_digest", digest::prefixed(&computed).into())])
    });
    let bundle = Value::Object(members);
    if router_bundle::is_sound(&bundle) {
        Ok(bundle)
    } else {
        Err(invalid("its record's integrity section is not true"))
    }
}
