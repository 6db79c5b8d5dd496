//! What is known of a run while it runs: how far it is, the end of its output, and whether somebody wants it to stop.
//! None of it is evidence: it is overwritten as the run goes on and deleted when the run has its result.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{DecisionId, RunId, Timestamp, WorkspaceId};

/// A run that is going on, as it was last heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveRun {
    /// The run.
    pub run_id: RunId,
    /// Its decision.
    pub decision_id: DecisionId,
    /// When it was last heard of.
    pub heard_at: Timestamp,
    /// Steps that are done.
    pub steps: u32,
    /// What it is doing, in its own words; may be empty.
    pub doing: String,
    /// The end of its output.
    pub tail: String,
    /// Who wants it to stop.
    pub cancel: Option<CancelWish>,
}

/// Somebody's wish that a run stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelWish {
    /// Their actor id.
    pub by: String,
    /// When they said so.
    pub at: Timestamp,
}

/// Runs while they run.
#[async_trait]
pub trait LiveRuns: Send + Sync {
    /// Writes what is known now over what was known before, and answers with the wish to stop it, which stays. `cancel`
    /// of `live` is not written.
    async fn put_live(
        &self,
        workspace: &WorkspaceId,
        live: &LiveRun,
    ) -> Result<Option<CancelWish>, StoreError>;

    /// Notes a wish to stop a run, where none is noted yet; makes the row when nothing was heard of the run so far, as
    /// if it was heard of at this moment. The first wish stays.
    async fn wish_cancel(
        &self,
        workspace: &WorkspaceId,
        run_id: &RunId,
        decision: &DecisionId,
        wish: &CancelWish,
    ) -> Result<(), StoreError>;

    /// What is known of a run.
    async fn live_run(&self, workspace: &WorkspaceId, run_id: &RunId) -> Result<Option<LiveRun>, StoreError>;

    /// Forgets it. Nothing happens when nothing is known.
    async fn delete_live(&self, workspace: &WorkspaceId, run_id: &RunId) -> Result<(), StoreError>;
}
