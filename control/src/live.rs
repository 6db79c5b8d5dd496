//! A run while it runs: what it tells about itself, and how it is told to stop.
//!
//! A router writes into [`Live`]; once a second what is new goes to the store, where every server and page can see it,
//! and the wish to stop comes back. None of it is evidence, and losing it loses nothing that was decided.

use crate::Control;
use governance::{DecisionId, RunId, WorkspaceId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::live::{CancelWish, LiveRun};
use tokio_util::sync::CancellationToken;

/// How often what is new is written.
const EVERY: Duration = Duration::from_secs(1);
/// Bytes of output that are shown while it runs.
pub const TAIL_BYTES: usize = 16 * 1024;

/// One run's voice. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live(Arc<Inner>);

#[derive(Default)]
struct Inner {
    said: Mutex<Said>,
    cancel: CancellationToken,
}

#[derive(Default)]
struct Said {
    steps: u32,
    doing: String,
    tail: String,
    cancelled_by: Option<String>,
}

impl Live {
    /// Adds to the output that is shown while it runs. Secrets must be replaced before.
    pub fn output(&self, text: &str) {
        let mut said = self.said();
        said.tail.push_str(text);
        keep_tail(&mut said.tail);
    }

    /// Says how many steps are done and what comes now, in a few words.
    pub fn step(&self, done: u32, doing: &str) {
        let mut said = self.said();
        said.steps = done;
        said.doing = doing.chars().take(200).collect();
    }

    /// Ends when somebody wants the run to stop.
    pub async fn cancelled(&self) {
        self.0.cancel.cancelled().await;
    }

    /// Whether somebody wants the run to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancel.is_cancelled()
    }

    /// Tells the run to stop.
    pub fn cancel(&self, by: &str) {
        self.said().cancelled_by.get_or_insert_with(|| by.to_owned());
        self.0.cancel.cancel();
    }

    /// What to report once it stopped: `cancelled by ana@example.com`.
    pub fn cancelled_words(&self) -> String {
        match &self.said().cancelled_by {
            Some(by) => format!("the run was cancelled by {by}"),
            None => "the run was cancelled".to_owned(),
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        // Whoever held it only moved words about.
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last [`TAIL_BYTES`] of a text, cut at a character.
pub fn keep_tail(text: &mut String) {
    if text.len() > TAIL_BYTES {
        let mut from = text.len() - TAIL_BYTES;
        while !text.is_char_boundary(from) {
            from += 1;
        }
        text.drain(..from);
    }
}

impl Control {
    /// Writes what the run says, once a second, until it has ended. Not to be dropped halfway: a write that arrives
    /// after the run's result would bring back what is forgotten then.
    pub(crate) async fn relay(
        &self,
        workspace: WorkspaceId,
        run_id: RunId,
        decision_id: DecisionId,
        live: Live,
        ended: CancellationToken,
    ) {
        let mut warned = false;
        while !ended.is_cancelled() {
            let known = {
                let said = live.said();
                LiveRun {
                    run_id: run_id.clone(),
                    decision_id: decision_id.clone(),
                    heard_at: self.now(),
                    steps: said.steps,
                    doing: said.doing.clone(),
                    tail: said.tail.clone(),
                    cancel: None,
                }
            };
            match self.store.put_live(&workspace, &known).await {
                Ok(Some(CancelWish { by, .. })) => live.cancel(&by),
                Ok(None) => {}
                Err(error) if warned => {
                    tracing::debug!(run.id = %run_id, %error, "what a run says was not written");
                }
                Err(error) => {
                    warned = true;
                    tracing::warn!(run.id = %run_id, %error, "what a run says was not written; it cannot be stopped meanwhile");
                }
            }
            self.changes.ring(&workspace, &decision_id);
            tokio::select! {
                () = ended.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
