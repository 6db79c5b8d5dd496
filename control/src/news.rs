//! What happened since: the log after a position, of what the caller may see. A reader that lost its connection goes on
//! from the last position that it has.

use crate::{Caller, Control, Error, Operation, Scope};
use governance::{DecisionId, Event};
pub use store::stream::News;

/// Most events of one answer.
const LIMIT: u32 = 200;

impl Control {
    /// Events after a position, oldest first, and how far was looked: go on from there.
    pub async fn news(&self, caller: &Caller, after: i64) -> Result<News, Error> {
        let (caller, _) = self.refreshed(caller).await?;
        caller.require(Operation::SeeDecisions)?;
        let visible_to = match caller.scope(Operation::SeeDecisions) {
            Scope::All => None,
            Scope::Own | Scope::No => Some(caller.actor_ids.as_slice()),
        };
        Ok(self.store.visible_after(&caller.workspace, after, visible_to, LIMIT).await?)
    }

    /// The position of the newest event: where a reader that wants no history begins.
    pub async fn newest(&self, caller: &Caller) -> Result<i64, Error> {
        caller.require(Operation::SeeDecisions)?;
        Ok(self.store.head().await?)
    }

    /// One decision's events from a sequence number on.
    pub async fn events(&self, caller: &Caller, id: &DecisionId, from: u32) -> Result<Vec<Event>, Error> {
        let decision = self.load_for(caller, Operation::SeeDecisions, id).await?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(decision.events.into_iter().skip(from).collect())
    }
}
