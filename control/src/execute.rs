//! Execute, exactly once: one caller's append starts the run, everybody gets its outcome.
//!
//! Every rule is checked at the version that the append expects, so the check and the start are one step. The run
//! itself happens outside of the transaction, in a task of its own that a lost connection does not end.

use crate::commit::ATTEMPTS;
use crate::commit::{no_earlier, unchanged};
use crate::{AdapterInfo, Caller, Control, Error, Operation, RunReport, RunRequest, clock};
use governance::decide::{self, Outcome};
use governance::router_bundle::{self, RunFact, RunHeader};
use governance::{
    Decision, DecisionId, Event, Mode, Origin, Phase, Policy, Refusal, RunId, Timestamp, canonical,
};
use std::sync::Arc;
use std::time::Duration;
use store::{Append, RunWrite, StoreError};

/// Pause between looks at a run that somebody else started.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Attempts to record a result before it is left to recovery.
const RECORD_ATTEMPTS: u32 = 6;

impl Control {
    /// Runs an approved decision through an adapter and answers with the decision as the run left it. Whoever comes
    /// second waits for the first one's run and gets the same outcome. `expected` is the version that the caller saw.
    pub async fn execute(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        adapter_id: &str,
        mode: Option<Mode>,
    ) -> Result<Arc<Decision>, Error> {
        let adapter = self.routers.adapter(adapter_id).ok_or(Error::NotFound("adapter"))?;
        for _ in 0..ATTEMPTS {
            let (caller, directory) = self.refreshed(caller).await?;
            let caller = &caller;
            let decision = self.load_for(caller, Operation::Execute, id).await?;
            if decision.origin == Origin::Imported {
                // Evidence of a run that some other system had begun: nobody here will ever end it.
                return Err(Refusal::Imported.into());
            }
            if decision.phase == Phase::Executing {
                return self.outcome(caller, id, &decision).await;
            }
            unchanged(&decision, expected)?;
            match self.start(caller, directory, decision, &adapter, mode).await {
                Ok((started, run, dry_run)) => return self.run(caller, started, run, dry_run).await,
                Err(Error::Store(StoreError::Conflict { .. } | StoreError::Outdated(_))) => {
                    let decision = self.load_for(caller, Operation::Execute, id).await?;
                    if !decision.executions.is_empty() {
                        return self.outcome(caller, id, &decision).await;
                    }
                    // Something else happened in between: every rule is checked again on what is there now.
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Fault(format!("decision {id} kept changing during {ATTEMPTS} attempts")))
    }

    /// Checks every rule on this version and appends the start of a run.
    async fn start(
        &self,
        caller: &Caller,
        directory: u32,
        decision: Decision,
        adapter: &AdapterInfo,
        mode: Option<Mode>,
    ) -> Result<(Arc<Decision>, RunWrite, bool), Error> {
        let context = self.context_of(caller, &decision).await?;
        let events = decide::execute(&decision, &context, &adapter.id, &adapter.capabilities, mode)?;
        let dry_run = mode.or(decision.mode).unwrap_or(Mode::DryRun) == Mode::DryRun;
        self.routers
            .check(&adapter.id, decision.plan.as_deref(), dry_run)
            .map_err(|message| Error::Invalid { field: "adapter", message })?;
        let run_id = format!("run_{}", clock::uuid(self.entropy.as_ref(), self.now())?);
        let run = RunWrite {
            run_id: RunId::new(run_id).map_err(|error| Error::Fault(error.to_string()))?,
            decision_id: decision.id.clone(),
            adapter_id: adapter.id.clone(),
            status: "running".to_owned(),
            started_at: context.now,
            finished_at: None,
            bundle: None,
        };
        let now = context.now;
        let started = self.append(caller, decision, events, now, Some(run.clone()), Some(directory)).await?;
        Ok((started, run, dry_run))
    }

    /// The outcome of a run that somebody started: waits until it has one.
    async fn outcome(
        &self,
        caller: &Caller,
        id: &DecisionId,
        seen: &Decision,
    ) -> Result<Arc<Decision>, Error> {
        let adapter =
            seen.latest_execution().map(|execution| execution.adapter_id.clone()).unwrap_or_default();
        let limit = Duration::from_secs(self.routers.time_limit_seconds(&adapter).saturating_add(30));
        let wait = async {
            loop {
                let decision = self.load_for(caller, Operation::Execute, id).await?;
                if decision.phase != Phase::Executing {
                    return Ok(Arc::new(decision));
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(limit, wait)
            .await
            .map_err(|_| Error::Fault(format!("the run of {id} did not end within its time limit")))?
    }

    async fn run(
        &self,
        caller: &Caller,
        started: Arc<Decision>,
        run: RunWrite,
        dry_run: bool,
    ) -> Result<Arc<Decision>, Error> {
        let control = self.clone();
        let workspace = caller.workspace.clone();
        let task = self.running.spawn(async move {
            let request = RunRequest {
                run_id: run.run_id.clone(),
                adapter_id: run.adapter_id.clone(),
                goal: started.goal.clone().unwrap_or_default(),
                plan: started.plan.clone(),
                dry_run,
                max_steps: started.policy.as_ref().and_then(Policy::max_steps),
                request: started.router_request(&run.adapter_id, dry_run).unwrap_or(governance::Value::Null),
                started_at: run.started_at,
            };
            let report = control.routers.run(&request).await;
            control.record(workspace, &started, run, &request, report).await
        });
        task.await.map_err(|error| Error::Fault(format!("the run's task ended badly: {error}")))?
    }

    async fn record(
        &self,
        workspace: governance::WorkspaceId,
        started: &Decision,
        mut run: RunWrite,
        request: &RunRequest,
        report: RunReport,
    ) -> Result<Arc<Decision>, Error> {
        let now = no_earlier(started, self.now());
        let status = if report.error.is_some() { "failed" } else { "completed" };
        let bundle = run_bundle(request, &report, status, now);
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
        for new in decide::finish(started, run.run_id.as_str(), outcome)? {
            let seq = decision.version();
            decision.evolve(Event::record(new, seq, now));
        }
        let decision = Arc::new(decision);
        let append =
            Append { workspace, decision: decision.clone(), new_events: 1, run: Some(run), directory: None };
        let mut pause = Duration::from_millis(50);
        for attempt in 1..=RECORD_ATTEMPTS {
            match self.store.append(append.clone()).await {
                Ok(_) => return Ok(decision),
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

fn run_bundle(
    request: &RunRequest,
    report: &RunReport,
    status: &str,
    now: Timestamp,
) -> governance::bundle::Artifact {
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
