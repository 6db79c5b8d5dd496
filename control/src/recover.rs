//! After a crash: runs that started and have no result are recorded as unknown, for people to see. Never retried.

use crate::commit::no_earlier;
use crate::{Control, Error};
use governance::decide::{self, OUTCOME_UNKNOWN, Outcome};
use governance::{Decision, Event, Phase, RunId};
use std::sync::Arc;
use store::{Append, StoreError};

/// Added to an adapter's time limit before another server's silent run counts as dead, in seconds.
const GRACE_SECONDS: i64 = 120;

impl Control {
    /// Records runs without a result as `OUTCOME_UNKNOWN`. With `exclusive`, nobody else can be running anything
    /// (one process owns the database); else only runs past their time limit are touched. Returns how many.
    pub async fn recover(&self, exclusive: bool) -> Result<u32, Error> {
        let mut recovered = 0;
        for (workspace, id) in self.store.unfinished().await? {
            let Some(stream) = self.store.load(&workspace, &id).await? else { continue };
            let mut decision = Decision::replay(id.clone(), stream.origin, stream.events);
            let Some(execution) = decision.latest_execution().cloned() else { continue };
            let limit =
                i64::try_from(self.routers.time_limit_seconds(&execution.adapter_id)).unwrap_or(i64::MAX / 4);
            let dead_at = execution.requested_at.plus_seconds(limit.saturating_add(GRACE_SECONDS));
            if decision.phase != Phase::Executing || (!exclusive && self.now() < dead_at) {
                continue;
            }
            let run = self.store.run_of(&workspace, &id).await?;
            let run_id = run.as_ref().map_or("unknown", |run| run.run_id.as_str()).to_owned();
            let message = "the server stopped while this was running; nobody knows how it ended".to_owned();
            let outcome = Outcome::Failed { code: OUTCOME_UNKNOWN.to_owned(), message };
            let now = no_earlier(&decision, self.now());
            for new in decide::finish(&decision, &run_id, outcome)? {
                let seq = decision.version();
                decision.evolve(Event::record(new, seq, now));
            }
            let run = run.filter(|run| RunId::new(run.run_id.as_str()).is_ok()).map(|mut run| {
                "unknown".clone_into(&mut run.status);
                run.finished_at = Some(now);
                run
            });
            let append = Append { workspace, decision: Arc::new(decision), new_events: 1, run };
            match self.store.append(append).await {
                Ok(_) => {
                    tracing::warn!(decision.id = %id, run.id = run_id, "run recorded as OUTCOME_UNKNOWN after a stop");
                    recovered += 1;
                }
                // Its result arrived after all.
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(recovered)
    }
}
