//! The facts of a decision, as the log holds them.

use crate::{Actor, Json};
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// Facts of a decision, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct EventList {
    /// The facts.
    pub events: Vec<Event>,
}

/// A fact in the log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct Event {
    /// Its place in the decision's log, from 0.
    pub seq: u32,
    /// What happened, such as `APPROVAL_GRANTED`.
    #[serde(rename = "type")]
    #[schema(example = "APPROVAL_GRANTED")]
    pub kind: &'static str,
    /// When.
    #[schema(format = DateTime)]
    pub ts: String,
    /// Who.
    pub actor: Actor,
    /// What, as written.
    pub payload: Json,
    /// SHA-256 over type and payload.
    pub digest: String,
}

impl From<&governance::Event> for Event {
    fn from(event: &governance::Event) -> Self {
        Self {
            seq: event.seq,
            kind: event.body.type_name(),
            ts: event.ts.to_string(),
            actor: Actor::from(&event.actor),
            payload: Json(event.payload.clone()),
            digest: event.digest.clone(),
        }
    }
}
