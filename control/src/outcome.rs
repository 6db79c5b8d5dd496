//! How a run ended, recorded: its result as an event, its record as a bundle, in one append.
//!
//! What a router says of itself is believed only where it holds together; a result that cannot be recorded at once is
//! tried again, and else left to recovery.

use crate::commit::no_earlier;
use crate::router::ROUTER_ANSWER_INVALID;
use crate::{Control, Error, RunReport, RunRequest};
use governance::bundle::Artifact;
use governance::decide::{self, Outcome};
use governance::router_bundle::{self, RunFact, RunHeader};
use governance::{Decision, Event, Timestamp, canonical};
use std::sync::Arc;
use std::time::Duration;
use store::{Append, RunWrite, StoreError};

/// Attempts to record a result before it is left to recovery.
const RECORD_ATTEMPTS: u32 = 6;

impl Control {
    /// Appends the result of a run that has begun, and keeps its record.
    pub(crate) async fn record(
        &self,
        workspace: governance::WorkspaceId,
        started: &Decision,
        mut run: RunWrite,
        request: &RunRequest,
        report: RunReport,
    ) -> Result<Arc<Decision>, Error> {
        let now = no_earlier(started, self.now());
        let report = trusted(report);
        let status = if report.error.is_some() { "failed" } else { "completed" };
        let (run_id, bundle) = match report.record {
            Some(record) => {
                let digest = router_bundle::content_digest(&record.bundle);
                (record.run_id, Artifact { value: record.bundle, digest })
            }
            None => (run.run_id.to_string(), run_bundle(request, &report, status, now)),
        };
        status.clone_into(&mut run.status);
        run.finished_at = Some(now);
        run.bundle = Some(canonical::to_string(&bundle.value));
        let outcome = match report.error {
            Some((code, message)) => Outcome::Failed { code, message },
            None => {
                Outcome::Completed { response_digest: bundle.digest, steps_executed: report.steps_executed }
            }
        };
        let mut decision = started.clone();
        for new in decide::finish(started, &run_id, outcome)? {
            let seq = decision.version();
            decision.evolve(Event::record(new, seq, now));
        }
        let decision = Arc::new(decision);
        let named = run.run_id.clone();
        let append = Append {
            workspace: workspace.clone(),
            decision: decision.clone(),
            new_events: 1,
            run: Some(run),
            directory: None,
            door: None,
        };
        let mut pause = Duration::from_millis(50);
        for attempt in 1..=RECORD_ATTEMPTS {
            match self.store.append(append.clone()).await {
                Ok(_) => {
                    self.changes.ring(&workspace, &decision.id);
                    if let Err(error) = self.store.delete_live(&workspace, &named).await {
                        tracing::debug!(run.id = %named, %error, "what was known of a run while it ran was not deleted");
                    }
                    return Ok(decision);
                }
                Err(error @ StoreError::Conflict { .. }) => {
                    // An attempt whose answer was lost may have been the one that recorded it.
                    let there = self.store.load(&workspace, &decision.id).await?;
                    let ours = there.is_some_and(|stream| stream.events == decision.events);
                    return if ours { Ok(decision) } else { Err(error.into()) };
                }
                Err(error) if attempt == RECORD_ATTEMPTS => return Err(error.into()),
                Err(error) => {
                    tracing::error!(decision.id = %decision.id, %error, "the run's result could not be recorded; trying again");
                    tokio::time::sleep(pause).await;
                    pause *= 3;
                }
            }
        }
        Err(Error::Fault("the run's result could not be recorded".to_owned()))
    }
}

/// A report whose own record is what it says it is; one that is not makes the run a failure, and is not kept.
fn trusted(mut report: RunReport) -> RunReport {
    let sound = report.record.as_ref().is_none_or(|record| {
        let named =
            record.bundle.get("run").and_then(|run| run.get("run_id")).and_then(governance::Value::as_str);
        router_bundle::is_sound(&record.bundle) && named == Some(record.run_id.as_str())
    });
    if !sound {
        let message = "the router's record of its run does not hold what it states".to_owned();
        report.record = None;
        report.error = Some((ROUTER_ANSWER_INVALID.to_owned(), message));
    }
    report
}

fn run_bundle(request: &RunRequest, report: &RunReport, status: &str, now: Timestamp) -> Artifact {
    let header = RunHeader {
        run_id: request.run_id.to_string(),
        mode: if request.dry_run { "dry_run" } else { "apply" }.to_owned(),
        goal: request.goal.clone(),
        status: status.to_owned(),
        created_at: request.started_at,
    };
    let facts: Vec<RunFact> = report
        .events
        .iter()
        .map(|event| RunFact { ts: event.ts, kind: event.kind.clone(), payload: event.payload.clone() })
        .collect();
    router_bundle::build(&header, &facts, now)
}
