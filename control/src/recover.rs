//! After a crash: runs that started and have no result are recorded as unknown, for people to see. Never retried.

use crate::commit::no_earlier;
use crate::routers::gate::ADAPTER_ID;
use crate::{Control, Error};
use governance::decide::{self, OUTCOME_UNKNOWN, Outcome};
use governance::decision::Execution;
use governance::json::object;
use governance::router_bundle::{self, RunFact, RunHeader};
use governance::{Decision, Event, Phase, Timestamp, WorkspaceId, canonical};
use std::sync::Arc;
use store::{Append, RunWrite, StoreError};

/// Added to an adapter's time limit before another server's silent run counts as dead, in seconds.
const GRACE_SECONDS: i64 = 120;

impl Control {
    /// Records runs without a result as `OUTCOME_UNKNOWN`. With `exclusive`, no server can be running anything (one
    /// process owns the database, and it has just started); else only runs past their time limit are touched. Runs of
    /// the gate are elsewhere: they end by silence. Returns how many.
    pub async fn recover(&self, exclusive: bool) -> Result<u32, Error> {
        let mut recovered = 0;
        for (workspace, id) in self.store.unfinished().await? {
            let Some(stream) = self.store.load(&workspace, &id).await? else { continue };
            let mut decision = Decision::replay(id.clone(), stream.origin, stream.events);
            let Some(execution) = decision.latest_execution().cloned() else { continue };
            let run = self.store.run_of(&workspace, &id).await?;
            let elsewhere = execution.adapter_id == ADAPTER_ID;
            let dead = match &run {
                Some(run) if elsewhere => self.is_silent(&workspace, run).await?,
                _ => exclusive || self.is_overdue(&execution),
            };
            if decision.phase != Phase::Executing || !dead {
                continue;
            }
            let run_id = run.as_ref().map_or("unknown", |run| run.run_id.as_str()).to_owned();
            let message = if elsewhere {
                "whoever ran this fell silent; nobody here knows how it ended"
            } else {
                "the server stopped while this was running; nobody knows how it ended"
            };
            let message = message.to_owned();
            let outcome = Outcome::Failed { code: OUTCOME_UNKNOWN.to_owned(), message };
            let now = no_earlier(&decision, self.now());
            for new in decide::finish(&decision, &run_id, outcome)? {
                let seq = decision.version();
                decision.evolve(Event::record(new, seq, now));
            }
            let run = run.map(|mut run| {
                "unknown".clone_into(&mut run.status);
                run.finished_at = Some(now);
                run.bundle = Some(lost_run(&decision, &run, now));
                run
            });
            let append =
                Append { workspace, decision: Arc::new(decision), new_events: 1, run, directory: None };
            match self.store.append(append).await {
                Ok(_) => {
                    self.changes.ring(&id);
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

impl Control {
    /// Whether a run has outlived its adapter's limit.
    fn is_overdue(&self, execution: &Execution) -> bool {
        let limit =
            i64::try_from(self.routers.time_limit_seconds(&execution.adapter_id)).unwrap_or(i64::MAX / 4);
        self.now() >= execution.requested_at.plus_seconds(limit.saturating_add(GRACE_SECONDS))
    }

    /// Whether whoever carries a run out has said nothing for too long. Time in which this server was not there to
    /// hear anything is not held against them.
    async fn is_silent(&self, workspace: &WorkspaceId, run: &RunWrite) -> Result<bool, Error> {
        let live = self.store.live_run(workspace, &run.run_id).await?;
        let heard = live.map_or(run.started_at, |live| live.heard_at).max(self.born);
        let allowed = i64::try_from(self.routers.gate().silence_seconds).unwrap_or(i64::MAX / 4);
        Ok(self.now() >= heard.plus_seconds(allowed))
    }
}

/// What is known of a run that was lost: that it began, and that nobody saw its end. So that it can be exported.
fn lost_run(decision: &Decision, run: &RunWrite, now: Timestamp) -> String {
    let dry_run = decision.latest_execution().is_some_and(|execution| execution.dry_run);
    let header = RunHeader {
        run_id: run.run_id.to_string(),
        mode: if dry_run { "dry_run" } else { "apply" }.to_owned(),
        goal: decision.goal.clone().unwrap_or_default(),
        status: "failed".to_owned(),
        created_at: run.started_at,
    };
    let started = object([("adapter_id", run.adapter_id.as_str().into())]);
    let lost = object([("status", "unknown".into()), ("error_code", OUTCOME_UNKNOWN.into())]);
    let facts = [
        RunFact { ts: run.started_at, kind: "RUN_STARTED".to_owned(), payload: started },
        RunFact { ts: now, kind: "RUN_LOST".to_owned(), payload: lost },
    ];
    canonical::to_string(&router_bundle::build(&header, &facts, now).value)
}
