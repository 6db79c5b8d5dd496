//! What one append or import writes, made ready in the calling task so that the writer only moves it.
//! It refuses an append that names more new events than there are, and a stream without any event.

use crate::error::StoreError;
use crate::figures::{Figures, figures};
use crate::projection::{
    ApprovalProjection, DecisionProjection, approved_until_us, corrupt, digests, origin_word, people, plain,
    project, project_approval, updated_us,
};
use crate::stream::{Append, ImportWrite, RunWrite, Stream};
use governance::{Body, Decision, DecisionId, Event, Timestamp, WorkspaceId, canonical};
use std::collections::BTreeSet;

/// One append or import, ready to be written.
#[derive(Debug)]
pub struct Change {
    /// The wall.
    pub workspace: WorkspaceId,
    /// The stream.
    pub id: DecisionId,
    /// Version that must be there.
    pub expected: u32,
    /// Length of the workspace's log that must be there, where it matters.
    pub directory: Option<u32>,
    /// Version afterwards.
    pub version: u32,
    /// Origin that must be there, or that a new stream gets.
    pub origin: &'static str,
    /// New events.
    pub events: Vec<EventRow>,
    /// What becomes of the read model.
    pub model: ModelChange,
    /// The run's record.
    pub run: Option<RunWrite>,
}

/// An event as the log keeps it.
#[derive(Debug)]
pub struct EventRow {
    /// Place in the stream.
    pub seq: i64,
    /// Type.
    pub type_name: &'static str,
    /// When, as text.
    pub ts: String,
    /// When, as a number.
    pub ts_us: i64,
    /// `human` or `system`.
    pub actor_kind: &'static str,
    /// Who.
    pub actor_id: String,
    /// Canonical JSON.
    pub payload: String,
    /// Digest of type and payload.
    pub digest: String,
    /// The door that it came through, where that is known.
    pub door: Option<&'static str>,
}

/// What becomes of a decision's rows.
#[derive(Debug)]
pub enum ModelChange {
    /// All of them are written; those of `stale` are removed before.
    Whole {
        /// The rows.
        rows: Box<DecisionProjection>,
        /// The rows that were there.
        stale: Option<Box<DecisionProjection>>,
    },
    /// A few columns change. Most appends are of this kind, and it touches no index that stays the same.
    Part {
        /// The new phase, when it may have changed.
        phase: Option<&'static str>,
        /// Until when enough approvals stand.
        approved_until_us: i64,
        /// Moment of the first event.
        created_us: i64,
        /// Moment of the last event.
        updated_us: i64,
        /// Approvals that changed.
        approvals: Vec<ApprovalProjection>,
        /// People who may be new.
        people: BTreeSet<String>,
        /// What it adds to the sums of days.
        figures: Figures,
        /// Digests that are new.
        digests: BTreeSet<String>,
    },
}

impl Change {
    /// Makes an append ready.
    pub fn of_append(append: Append) -> Result<Self, StoreError> {
        let expected = append.expected_version();
        let Append { workspace, decision, new_events, run, directory, door } = append;
        let split = usize::try_from(expected).unwrap_or(usize::MAX);
        let (before, new) = decision.events.split_at_checked(split).unwrap_or_default();
        if decision.events.is_empty() || new.len() != usize::try_from(new_events).unwrap_or(usize::MAX) {
            return Err(corrupt(
                "streams",
                decision.id.as_str(),
                "an append needs the events that it counts",
            ));
        }
        Ok(Self {
            id: decision.id.clone(),
            expected,
            directory,
            version: decision.version(),
            origin: origin_word(decision.origin),
            events: new.iter().map(|event| EventRow { door, ..EventRow::of(event) }).collect(),
            model: ModelChange::of(&decision, before, new),
            run: run.map(plain_run),
            workspace,
        })
    }

    /// What a rebuild writes: the rows alone, for the log stands already.
    pub fn of_rebuild(workspace: WorkspaceId, decision: &Decision) -> Self {
        Self {
            workspace,
            id: decision.id.clone(),
            expected: decision.version(),
            directory: None,
            version: decision.version(),
            origin: origin_word(decision.origin),
            events: Vec::new(),
            model: ModelChange::Whole { rows: Box::new(project(decision)), stale: None },
            run: None,
        }
    }

    /// Makes an import ready; `replaced` is the stream that stands there now.
    pub fn of_import(import: &ImportWrite, replaced: Option<Stream>) -> Result<Self, StoreError> {
        let decision = &import.decision;
        if decision.events.is_empty() {
            return Err(corrupt("streams", decision.id.as_str(), "an import needs events"));
        }
        let old = replaced.map(|stream| Decision::replay(decision.id.clone(), stream.origin, stream.events));
        Ok(Self {
            workspace: import.workspace.clone(),
            id: decision.id.clone(),
            expected: old.as_ref().map_or(0, Decision::version),
            directory: None,
            version: decision.version(),
            origin: origin_word(decision.origin),
            events: decision.events.iter().map(EventRow::of).collect(),
            model: ModelChange::Whole {
                rows: Box::new(project(decision)),
                stale: old.as_ref().map(|old| Box::new(project(old))),
            },
            run: None,
        })
    }
}

impl EventRow {
    /// The row of an event.
    pub fn of(event: &Event) -> Self {
        Self {
            seq: i64::from(event.seq),
            type_name: event.body.type_name(),
            ts: event.ts.to_string(),
            ts_us: event.ts.micros(),
            actor_kind: event.actor.kind().as_str(),
            actor_id: event.actor.id().to_owned(),
            payload: canonical::to_string(&event.payload),
            digest: event.digest.clone(),
            door: None,
        }
    }
}

impl ModelChange {
    fn of(decision: &Decision, before: &[Event], new: &[Event]) -> Self {
        // These two set what indexes and seats depend on; anything else leaves most columns alone.
        let founding =
            |event: &Event| matches!(event.body, Body::DecisionCreated { .. } | Body::PolicyAttached { .. });
        if before.is_empty() || new.iter().any(founding) {
            let old = || Decision::replay(decision.id.clone(), decision.origin, before.iter().cloned());
            let stale = if before.is_empty() { None } else { Some(Box::new(project(&old()))) };
            return Self::Whole { rows: Box::new(project(decision)), stale };
        }
        let approval = |event: &&Event| {
            matches!(event.body, Body::ApprovalGranted { .. } | Body::ApprovalRevoked { .. })
        };
        let voices: BTreeSet<&str> = new.iter().filter(approval).map(|event| event.actor.id()).collect();
        let approvals = voices.iter().filter_map(|actor| decision.approvals.get(*actor));
        let phase_stays = new.iter().all(|event| approval(&event));
        Self::Part {
            phase: if phase_stays { None } else { Some(decision.phase.as_str()) },
            approved_until_us: approved_until_us(decision),
            created_us: decision.created_at().map_or(0, Timestamp::micros),
            updated_us: updated_us(decision),
            approvals: approvals.map(|approval| project_approval(decision, approval)).collect(),
            people: people(new),
            figures: figures(decision, new.first().map_or(u32::MAX, |event| event.seq)),
            digests: digests(&decision.id, &decision.events, before.len()),
        }
    }

    /// Moment of the decision's first event, which is part of the keys.
    pub fn created_us(&self) -> i64 {
        match self {
            Self::Whole { rows, .. } => rows.created_us,
            Self::Part { created_us, .. } => *created_us,
        }
    }

    /// Approvals to write.
    pub fn approvals(&self) -> &[ApprovalProjection] {
        match self {
            Self::Whole { rows, .. } => &rows.approvals,
            Self::Part { approvals, .. } => approvals,
        }
    }

    /// Digests to write.
    pub fn digests(&self) -> &BTreeSet<String> {
        match self {
            Self::Whole { rows, .. } => &rows.digests,
            Self::Part { digests, .. } => digests,
        }
    }

    /// What to add to the sums of days.
    pub fn figures(&self) -> &Figures {
        match self {
            Self::Whole { rows, .. } => &rows.figures,
            Self::Part { figures, .. } => figures,
        }
    }

    /// People to write.
    pub fn people(&self) -> &BTreeSet<String> {
        match self {
            Self::Whole { rows, .. } => &rows.people,
            Self::Part { people, .. } => people,
        }
    }
}

/// A router may answer with anything; what both engines cannot hold is replaced.
fn plain_run(run: RunWrite) -> RunWrite {
    RunWrite {
        adapter_id: plain(&run.adapter_id),
        status: plain(&run.status),
        bundle: run.bundle.as_deref().map(plain),
        ..run
    }
}
