//! After a crash: runs that started and have no result are recorded as unknown, for people to see. Never retried.

use crate::commit::no_earlier;
use crate::routers::gate::ADAPTER_ID;
use crate::{Control, Error};
use governance::decide::{self, OUTCOME_UNKNOWN, Outcome};
use governance::json::object;
use governance::router_bundle::{self, RunFact, RunHeader};
use governance::{Decision, DecisionId, Event, Phase, Timestamp, WorkspaceId, canonical};
use std::sync::{Arc, PoisonError};
use store::{Append, RunWrite, StoreError};

/// Added to an adapter's time limit before another server's silent run counts as dead, in seconds.
const GRACE_SECONDS: i64 = 120;
/// After so many seconds without a look this server slept. It looks once a minute.
const PAUSE_SECONDS: i64 = 180;

impl Control {
    /// Records runs without a result as `OUTCOME_UNKNOWN`. With `exclusive`, no server can be running anything (one
    /// process owns the database, and it has just started); else only runs are touched that are past their time limit
    /// and of which nothing was heard for a while. Runs of the gate are elsewhere: they end by silence, or at their
    /// limit. Returns how many. One that cannot be read keeps no other from its end.
    pub async fn recover(&self, exclusive: bool) -> Result<u32, Error> {
        let mut recovered = 0;
        for (workspace, id) in self.store.unfinished().await? {
            match self.recover_one(&workspace, &id, exclusive).await {
                Ok(true) => recovered += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(decision.id = %id, %error, "a run without a result was not recorded");
                }
            }
        }
        Ok(recovered)
    }

    async fn recover_one(
        &self,
        workspace: &WorkspaceId,
        id: &DecisionId,
        exclusive: bool,
    ) -> Result<bool, Error> {
        let Some(stream) = self.store.load(workspace, id).await? else { return Ok(false) };
        let mut decision = Decision::replay(id.clone(), stream.origin, stream.events);
        let Some(execution) = decision.latest_execution().cloned() else { return Ok(false) };
        let run = self.store.run_of(workspace, id).await?;
        let elsewhere = execution.adapter_id == ADAPTER_ID;
        let dead = match &run {
            Some(run) if elsewhere => self.is_overdue(run) || self.is_silent(workspace, run).await?,
            Some(run) => exclusive || (self.is_overdue(run) && self.is_silent(workspace, run).await?),
            None => true,
        };
        if decision.phase != Phase::Executing || !dead {
            return Ok(false);
        }
        let run_id = run.as_ref().map_or("unknown", |run| run.run_id.as_str()).to_owned();
        let message = if elsewhere {
            "whoever ran this fell silent or took too long; nobody here knows how it ended"
        } else {
            "the server stopped while this was running; nobody knows how it ended"
        };
        let outcome = Outcome::Failed { code: OUTCOME_UNKNOWN.to_owned(), message: message.to_owned() };
        let now = no_earlier(&decision, self.now());
        for new in decide::finish(&decision, &run_id, outcome)? {
            let seq = decision.version();
            decision.evolve(Event::record(new, seq, now));
        }
        let named = run.as_ref().map(|run| run.run_id.clone());
        let run = run.map(|mut run| {
            "unknown".clone_into(&mut run.status);
            run.finished_at = Some(now);
            run.bundle = Some(lost_run(&decision, &run, now));
            run
        });
        let workspace = workspace.clone();
        let append = Append {
            workspace: workspace.clone(),
            decision: Arc::new(decision),
            new_events: 1,
            run,
            directory: None,
            door: None,
        };
        match self.store.append(append).await {
            Ok(_) => {
                self.changes.ring(&workspace, id);
                tracing::warn!(decision.id = %id, run.id = run_id, "run recorded as OUTCOME_UNKNOWN");
                if let Some(run_id) = named {
                    self.store.delete_live(&workspace, &run_id).await?;
                }
                Ok(true)
            }
            // Its result arrived after all.
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a run has outlived its adapter's limit.
    pub(crate) fn is_overdue(&self, run: &RunWrite) -> bool {
        let limit = i64::try_from(self.routers.time_limit_seconds(&run.adapter_id)).unwrap_or(i64::MAX / 4);
        self.now() >= run.started_at.plus_seconds(limit.saturating_add(GRACE_SECONDS))
    }

    /// Whether whoever carries a run out has said nothing for too long. Time in which this server was not there to
    /// hear anything is not held against them.
    async fn is_silent(&self, workspace: &WorkspaceId, run: &RunWrite) -> Result<bool, Error> {
        let allowed = if run.adapter_id == ADAPTER_ID {
            i64::try_from(self.routers.gate().silence_seconds).unwrap_or(i64::MAX / 4)
        } else {
            // A server says every second how its runs go.
            GRACE_SECONDS
        };
        let live = self.store.live_run(workspace, &run.run_id).await?;
        let heard = live.map_or(run.started_at, |live| live.heard_at).max(self.awake());
        Ok(self.now() >= heard.plus_seconds(allowed))
    }

    /// Since when this server has been there without a pause: a machine that slept heard nobody.
    fn awake(&self) -> Timestamp {
        let now = self.now();
        let mut awake = self.awake.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= awake.looked.plus_seconds(PAUSE_SECONDS) {
            awake.since = now;
        }
        awake.looked = now;
        awake.since
    }
}

/// How long this server has been listening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Awake {
    /// Since when.
    pub since: Timestamp,
    /// When it last looked.
    pub looked: Timestamp,
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
