//! Reading a bundle for import: shape, digest, sequence and replay are checked before anything is written.
//!
//! What is imported is evidence. It keeps its events as they were, and it can never be approved or executed here.

use crate::actor::Actor;
use crate::bundle;
use crate::decision::{Decision, Origin};
use crate::digest;
use crate::event::Event;
use crate::ids::DecisionId;
use crate::json::{self, Value};
use crate::time::Timestamp;
use std::fmt;

/// What to do when the decision's id is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictMode {
    /// Refuse.
    Reject,
    /// Import under a new id.
    NewDecisionId,
    /// Replace; the replaced log stays readable.
    Overwrite,
}

impl ConflictMode {
    /// Reads the word of the interface.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "reject_on_conflict" => Some(Self::Reject),
            "new_decision_id" => Some(Self::NewDecisionId),
            "overwrite" => Some(Self::Overwrite),
            _ => None,
        }
    }
}

/// The stable code of an import's failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportCode {
    /// Not a bundle.
    BundleInvalidSchema,
    /// The conflict mode does not exist.
    ConflictModeInvalid,
    /// The content does not have the digest that it states.
    IntegrityMismatch,
    /// The id is taken.
    DecisionExists,
    /// The events do not replay.
    ReplayInvalid,
}

impl ImportCode {
    /// The code's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BundleInvalidSchema => "BUNDLE_INVALID_SCHEMA",
            Self::ConflictModeInvalid => "CONFLICT_MODE_INVALID",
            Self::IntegrityMismatch => "INTEGRITY_MISMATCH",
            Self::DecisionExists => "DECISION_EXISTS",
            Self::ReplayInvalid => "REPLAY_INVALID",
        }
    }
}

/// Why a bundle cannot be imported. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// The stable code.
    pub code: ImportCode,
    /// The same in words.
    pub message: String,
}

impl ImportError {
    /// A failure with its words.
    pub fn new(code: ImportCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ImportError {}

/// A bundle that passed every check which needs no store.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportBundle {
    /// The decision's id in the bundle.
    pub decision_id: DecisionId,
    /// Its events, in order.
    pub events: Vec<Event>,
    /// What to do when the id is taken.
    pub conflict_mode: ConflictMode,
}

impl ImportBundle {
    /// Reads bundle text.
    pub fn read(text: &str, conflict_mode: &str) -> Result<Self, ImportError> {
        let value =
            json::parse(text).map_err(|error| schema(format!("this is not readable JSON: {error}")))?;
        Self::from_value(&value, conflict_mode)
    }

    /// Checks a bundle: shape, conflict mode, digest, sequence and replay, in that order.
    pub fn from_value(bundle: &Value, conflict_mode: &str) -> Result<Self, ImportError> {
        check_shape(bundle).map_err(|problems| schema(problems.join("; ")))?;
        let conflict_mode = ConflictMode::parse(conflict_mode).ok_or_else(|| {
            ImportError::new(
                ImportCode::ConflictModeInvalid,
                format!(
                    "unknown conflict mode `{conflict_mode}`; use reject_on_conflict, new_decision_id or overwrite"
                ),
            )
        })?;
        let stated = bundle::stated_digest(bundle).map(digest::bare).unwrap_or_default();
        let computed = bundle::content_digest(bundle);
        if computed != stated {
            let message = format!("the bundle states digest {stated}, but its content has {computed}");
            return Err(ImportError::new(ImportCode::IntegrityMismatch, message));
        }
        let id = member(bundle.get("decision"), "decision_id").and_then(Value::as_str).unwrap_or_default();
        let decision_id = DecisionId::new(id).map_err(|error| schema(error.to_string()))?;
        let events = events(bundle)?;
        Ok(Self { decision_id, events, conflict_mode })
    }

    /// The decision as it will stand here, under this id.
    pub fn into_decision(self, id: DecisionId) -> Decision {
        Decision::replay(id, Origin::Imported, self.events)
    }
}

fn schema(message: impl Into<String>) -> ImportError {
    ImportError::new(ImportCode::BundleInvalidSchema, message)
}

fn replay(message: impl Into<String>) -> ImportError {
    ImportError::new(ImportCode::ReplayInvalid, message)
}

fn member<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    value.and_then(|value| value.get(name))
}

/// Every member that the format requires and that is missing, in words.
pub(crate) fn check_shape(bundle: &Value) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    if bundle.as_object().is_none() {
        return Err(vec!["a bundle is a JSON object".to_owned()]);
    }
    if bundle.get("bundle_version").is_none() {
        problems.push("`bundle_version` is missing".to_owned());
    }
    for name in ["decision_id", "created_at", "status"] {
        if member(bundle.get("decision"), name).and_then(Value::as_str).is_none() {
            problems.push(format!("`decision.{name}` is missing or not a text"));
        }
    }
    match bundle.get("events").and_then(Value::as_array) {
        None => problems.push("`events` is missing or not an array".to_owned()),
        Some(events) => {
            for (index, event) in events.iter().enumerate() {
                for name in ["event_id", "seq", "type", "ts"] {
                    if event.get(name).is_none() {
                        problems.push(format!("`events[{index}].{name}` is missing"));
                    }
                }
            }
        }
    }
    if bundle::stated_digest(bundle).is_none() {
        problems.push("`integrity.canonical_digest` is missing or not a text".to_owned());
    }
    // A hostile bundle could have millions of problems; the first few say enough.
    problems.truncate(10);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn events(bundle: &Value) -> Result<Vec<Event>, ImportError> {
    let mut events: Vec<(i64, &Value)> = Vec::new();
    for event in bundle.get("events").and_then(Value::as_array).unwrap_or_default() {
        let seq = event.get("seq").and_then(Value::as_i64);
        events.push((seq.ok_or_else(|| replay("an event's `seq` is not a whole number"))?, event));
    }
    events.sort_by_key(|(seq, _)| *seq);
    let mut read = Vec::with_capacity(events.len());
    for (index, (seq, event)) in events.into_iter().enumerate() {
        if i64::try_from(index).ok() != Some(seq) {
            return Err(replay(format!("events must be numbered 0, 1, 2, …; number {index} is missing")));
        }
        read.push(restore(index, event).map_err(|problem| replay(format!("event {index}: {problem}")))?);
    }
    match read.first().map(|event: &Event| event.body.type_name()) {
        Some("DECISION_CREATED") => Ok(read),
        _ => Err(replay("the first event must be DECISION_CREATED")),
    }
}

fn restore(index: usize, event: &Value) -> Result<Event, String> {
    let text = |name: &str| event.get(name).and_then(Value::as_str).ok_or(format!("`{name}` is not a text"));
    let seq = u32::try_from(index).map_err(|_| "too many events".to_owned())?;
    let ts = Timestamp::parse(text("ts")?).map_err(|error| error.to_string())?;
    let actor = event.get("actor").and_then(Actor::from_value).ok_or("`actor` is no actor")?;
    let payload = event.get("payload").cloned().unwrap_or_else(|| json::object([]));
    Event::restore(seq, text("type")?, ts, actor, payload, text("digest")?.to_owned())
        .map_err(|error| error.to_string())
}
