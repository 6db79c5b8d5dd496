//! Noticing that something may have changed, so that whoever waits looks again: at once for what this process appends,
//! within half a second for what another server on the same database does.

use crate::Control;
use governance::DecisionId;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio_util::sync::CancellationToken;

/// How often other servers' appends are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Rings that somebody who is slow may miss before they simply look.
const KEPT: usize = 256;

/// What may have changed: one decision, or anything at all.
type Ring = Option<DecisionId>;

/// The bell. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bell(broadcast::Sender<Ring>);

impl Default for Bell {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl Bell {
    /// Rings for one decision.
    pub fn ring(&self, id: &DecisionId) {
        // Nobody may be listening.
        drop(self.0.send(Some(id.clone())));
    }

    /// Rings for everybody.
    pub fn ring_all(&self) {
        drop(self.0.send(None));
    }
}

/// What somebody who waits holds.
pub struct Changes(broadcast::Receiver<Ring>);

impl Changes {
    /// What rings at this bell from now on.
    pub(crate) fn of(bell: &Bell) -> Self {
        Self(bell.0.subscribe())
    }

    /// Ends when anything may have changed since the last call, or after this time.
    pub async fn next(&mut self, at_most: Duration) {
        self.heard(at_most, |_| true).await;
    }

    /// Ends when this decision may have changed since the last call, or after this time.
    pub async fn next_of(&mut self, id: &DecisionId, at_most: Duration) {
        self.heard(at_most, |ring| ring.is_none_or(|other| other == id)).await;
    }

    async fn heard(&mut self, at_most: Duration, concerns: impl Fn(Option<&DecisionId>) -> bool) {
        let listen = async {
            loop {
                match self.0.recv().await {
                    Ok(ring) if !concerns(ring.as_ref()) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    // The bell lives as long as `Control`; should it be gone, time alone wakes.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        drop(tokio::time::timeout(at_most, listen).await);
        // One look answers everything that rang before it.
        while !matches!(self.0.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
    }
}

impl Control {
    /// Something to wait on. What happens after this call is not missed.
    pub fn changes(&self) -> Changes {
        Changes::of(&self.changes)
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
