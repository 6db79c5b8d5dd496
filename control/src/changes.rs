//! Noticing that something may have changed, so that whoever waits looks again: at once for what this process appends,
//! within half a second for what another server on the same database does.

use crate::{Caller, Control};
use governance::{DecisionId, WorkspaceId};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio_util::sync::CancellationToken;

/// How often other servers' appends are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Rings that somebody who is slow may miss before they simply look.
const KEPT: usize = 256;

/// What may have changed: one decision of a workspace, or anything at all.
type Ring = Option<(WorkspaceId, DecisionId)>;

/// The bell. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bell(broadcast::Sender<Ring>);

impl Default for Bell {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl Bell {
    /// Rings for one decision of a workspace.
    pub fn ring(&self, workspace: &WorkspaceId, id: &DecisionId) {
        // Nobody may be listening.
        drop(self.0.send(Some((workspace.clone(), id.clone()))));
    }

    /// Rings for everybody.
    pub fn ring_all(&self) {
        drop(self.0.send(None));
    }
}

/// What somebody who waits holds. What happens in another workspace does not wake them.
pub struct Changes {
    workspace: WorkspaceId,
    rings: broadcast::Receiver<Ring>,
}

impl Changes {
    /// What rings at this bell for this workspace from now on.
    pub(crate) fn of(bell: &Bell, workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone(), rings: bell.0.subscribe() }
    }

    /// Ends when anything in the workspace may have changed since the last call, or after this time.
    pub async fn next(&mut self, at_most: Duration) {
        self.heard(at_most, None).await;
    }

    /// Ends when this decision may have changed since the last call, or after this time.
    pub async fn next_of(&mut self, id: &DecisionId, at_most: Duration) {
        self.heard(at_most, Some(id)).await;
    }

    async fn heard(&mut self, at_most: Duration, wanted: Option<&DecisionId>) {
        let Self { workspace, rings } = self;
        let elsewhere = |(place, id): &(WorkspaceId, DecisionId)| {
            place != workspace || wanted.is_some_and(|wanted| wanted != id)
        };
        let listen = async {
            loop {
                match rings.recv().await {
                    Ok(ring) if ring.as_ref().is_some_and(elsewhere) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    // The bell lives as long as `Control`; should it be gone, time alone wakes.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        drop(tokio::time::timeout(at_most, listen).await);
        // One look answers everything that rang before it.
        while !matches!(rings.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
    }
}

impl Control {
    /// Something to wait on, of the caller's workspace. What happens after this call is not missed.
    pub fn changes(&self, caller: &Caller) -> Changes {
        Changes::of(&self.changes, &caller.workspace)
    }

    /// Rings when another server has appended, until `stopping`. For databases that several servers share.
    pub async fn follow(&self, stopping: CancellationToken) {
        let mut seen = 0;
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            match self.store.head().await {
                Ok(head) if head != seen => {
                    seen = head;
                    self.changes.ring_all();
                }
                Ok(_) => {}
                Err(error) => tracing::debug!(%error, "the head of the log could not be read"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_ring_wakes_the_readers_of_its_workspace_alone() {
        let bell = Bell::default();
        let (here, there) = (WorkspaceId::new("wsp_a").unwrap(), WorkspaceId::new("wsp_b").unwrap());
        let (one, other) = (DecisionId::new("dec_1").unwrap(), DecisionId::new("dec_2").unwrap());
        let long = Duration::from_secs(20);
        let soon = Duration::from_millis(50);
        for (ring, any, of_one) in [
            (Some((&here, &one)), true, true),
            (Some((&here, &other)), true, false),
            (Some((&there, &one)), false, false),
            (None, true, true),
        ] {
            let (mut all, mut single) = (Changes::of(&bell, &here), Changes::of(&bell, &here));
            match ring {
                Some((workspace, id)) => bell.ring(workspace, id),
                None => bell.ring_all(),
            }
            assert_eq!(tokio::time::timeout(soon, all.next(long)).await.is_ok(), any, "{ring:?}");
            assert_eq!(
                tokio::time::timeout(soon, single.next_of(&one, long)).await.is_ok(),
                of_one,
                "{ring:?}"
            );
        }
    }
}
