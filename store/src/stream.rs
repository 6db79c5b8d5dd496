//! The log: append and load. One stream per decision, versioned; one global order.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{Decision, DecisionId, Event, Origin, RunId, Timestamp, WorkspaceId};
use std::sync::Arc;

/// Facts to add to one stream, and the decision that they lead to (the read model is projected from it).
#[derive(Debug, Clone)]
pub struct Append {
    /// The wall.
    pub workspace: WorkspaceId,
    /// The decision after the new facts; its last `new_events` events are the new ones.
    pub decision: Arc<Decision>,
    /// How many events at its end are new. The expected version is the count of the others.
    pub new_events: u32,
    /// The run that starts or ends with these facts.
    pub run: Option<RunWrite>,
    /// The length of the workspace's log that roles and suspensions were read at, where the facts rest on them: any
    /// other at the moment of writing is `Outdated`, and nothing was written.
    pub directory: Option<u32>,
    /// The door that the facts came through, as a word; `None` where the server records by itself. Kept beside the
    /// events: no digest covers it.
    pub door: Option<&'static str>,
}

impl Append {
    /// The stream's version that must be there: how many events came before the new ones.
    pub fn expected_version(&self) -> u32 {
        self.decision.version().saturating_sub(self.new_events)
    }
}

/// A run's record, written whole each time, in the append's transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunWrite {
    /// The run.
    pub run_id: RunId,
    /// Its decision.
    pub decision_id: DecisionId,
    /// Through which adapter.
    pub adapter_id: String,
    /// `running`, `completed`, `failed` or `unknown`.
    pub status: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The nexus-router bundle of it as JSON text, once it ended.
    pub bundle: Option<String>,
}

/// Where an append landed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Version of the stream afterwards.
    pub version: u32,
    /// Global position of the last event. Readers never see a position before all smaller ones.
    pub position: i64,
}

/// One stream as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Decided here, or imported evidence.
    pub origin: Origin,
    /// Its events, in order, digests checked.
    pub events: Vec<Event>,
}

/// An imported stream to write.
#[derive(Debug, Clone)]
pub struct ImportWrite {
    /// The wall.
    pub workspace: WorkspaceId,
    /// The decision, replayed from the bundle's events under the id that it gets here; origin `Imported`.
    pub decision: Arc<Decision>,
    /// Replace a stream of the same id. The replaced log stays, one generation older.
    pub overwrite: bool,
    /// Who imported it, and when: kept beside the stream.
    pub imported_by: String,
    /// When.
    pub imported_at: Timestamp,
}

/// Most events that [`Log::visible_after`] looks at in one call: a reader who may see few of many is answered soon.
pub const LOOKED_AT: u32 = 2_000;

/// What is new in the log for one reader.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// Events that the reader may see, oldest first: position, decision and event.
    pub events: Vec<(i64, DecisionId, Event)>,
    /// The position up to which the log was looked at: whoever goes on from here misses nothing. Few events or none do
    /// not mean the end: it is reached where this is the position that was asked for, with a limit above 0.
    pub looked_to: i64,
}

impl News {
    /// Nothing to see up to here.
    pub(crate) fn none(looked_to: i64) -> Self {
        Self { events: Vec::new(), looked_to }
    }

    /// What `limit` let through of the events after `position` and up to `end`.
    pub(crate) fn cut(events: Vec<(i64, DecisionId, Event)>, position: i64, end: i64, limit: u32) -> Self {
        // Cut off at the limit: what lies behind the last one was not looked at.
        let whole = u32::try_from(events.len()).is_ok_and(|count| count < limit);
        let looked_to = if whole { end } else { events.last().map_or(position, |(last, _, _)| *last) };
        Self { events, looked_to }
    }
}

/// The log.
#[async_trait]
pub trait Log: Send + Sync {
    /// Adds facts, their read-model rows, run and outbox rows in one transaction. Fails with `Conflict` when
    /// the stream is not at the expected version; then nothing was written.
    async fn append(&self, append: Append) -> Result<Appended, StoreError>;

    /// Reads a stream; `None` when this workspace has no such decision.
    async fn load(&self, workspace: &WorkspaceId, id: &DecisionId) -> Result<Option<Stream>, StoreError>;

    /// Through which doors the events of a stream came, by their place in it. Those of which nothing was noted are left
    /// out: imported ones, those that the server recorded by itself, and those of older releases.
    async fn doors(&self, workspace: &WorkspaceId, id: &DecisionId)
    -> Result<Vec<(u32, String)>, StoreError>;

    /// Writes an imported stream. Fails with `Exists` when the id is taken and `overwrite` is off. Overwriting a
    /// native decision is allowed only by the caller's rules; the store keeps the old generation either way.
    async fn import(&self, import: ImportWrite) -> Result<Appended, StoreError>;

    /// Older generations of a stream that an import replaced, oldest first.
    async fn replaced(&self, workspace: &WorkspaceId, id: &DecisionId) -> Result<Vec<Stream>, StoreError>;

    /// Decisions whose run started and has no result, over all workspaces: what a crash left behind.
    async fn unfinished(&self) -> Result<Vec<(WorkspaceId, DecisionId)>, StoreError>;

    /// Throws the read model away and makes it again from the log. Returns how many events were read.
    async fn rebuild(&self) -> Result<u64, StoreError>;

    /// The whole read model as text, one line a row, ordered: for the test that live and rebuilt are equal.
    async fn dump_read_model(&self) -> Result<String, StoreError>;

    /// Global position of the newest event; 0 for an empty log.
    async fn head(&self) -> Result<i64, StoreError>;

    /// Events of one workspace after a position, oldest first, at most `limit`: decision and its event.
    async fn events_after(
        &self,
        workspace: &WorkspaceId,
        position: i64,
        limit: u32,
    ) -> Result<Vec<(i64, DecisionId, Event)>, StoreError>;

    /// Events of one workspace after a position, as [`Self::events_after`] gives them, as far as a reader may see them:
    /// with `visible_to` only those of decisions that one of these actor ids requested. Events that an import replaced
    /// are left out: what they were about is another decision now, with another requester. Looks at [`LOOKED_AT`]
    /// events at most.
    async fn visible_after(
        &self,
        workspace: &WorkspaceId,
        position: i64,
        visible_to: Option<&[String]>,
        limit: u32,
    ) -> Result<News, StoreError>;

    /// Flushes that appends have cost so far and appends that they carried: `(commits, appends)`.
    fn commit_counts(&self) -> (u64, u64);

    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes what is queued and closes. Appends afterwards fail with `Stopped`.
    async fn close(&self);
}
