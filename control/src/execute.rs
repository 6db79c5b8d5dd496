//! Execute, exactly once: one caller's append starts the run, everybody gets its outcome.
//!
//! Every rule is checked at the version that the append expects, so the check and the start are one step. The run
//! itself happens outside of the transaction, in a task of its own that a lost connection does not end.

use crate::commit::ATTEMPTS;
use crate::commit::unchanged;
use crate::router::ROUTER_LOST;
use crate::routers::gate::ADAPTER_ID;
use crate::{AdapterInfo, Caller, Control, Error, Live, Operation, RunReport, RunRequest, clock};
use futures::FutureExt as _;
use governance::decide;
use governance::{Decision, DecisionId, GatePlan, Mode, Origin, Phase, Policy, Refusal, RunId};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use store::{RunWrite, StoreError};
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

/// Longest pause between looks at a run that somebody else started.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a run may take to be waited for where nobody has to.
const SHORT_RUN: Duration = Duration::from_millis(300);

type Task = JoinHandle<Result<Arc<Decision>, Error>>;

/// A run that has begun.
enum Run {
    /// By this call.
    Ours(Task),
    /// By somebody else's.
    Theirs(Box<Decision>),
}

/// Whether what was approved is a command for the gate: nothing here could run just that.
pub(crate) fn is_of_the_gate(decision: &Decision) -> bool {
    decision.plan.as_deref().is_some_and(|plan| GatePlan::parse(plan).is_some())
}

fn runs_elsewhere(decision: &Decision) -> bool {
    decision.latest_execution().is_some_and(|execution| execution.adapter_id == ADAPTER_ID)
}

fn ended(result: Result<Result<Arc<Decision>, Error>, JoinError>) -> Result<Arc<Decision>, Error> {
    result.map_err(|error| Error::Fault(format!("the run's task ended badly: {error}")))?
}

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
        match self.owned_start(caller, id, expected, adapter_id, mode).await? {
            Run::Ours(task) => ended(task.await),
            Run::Theirs(seen) => self.outcome(caller, id, &seen).await,
        }
    }

    /// Like [`Control::execute`], but returns once the run has begun, or somebody else's is there: for pages, which
    /// show it while it runs.
    pub async fn launch(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        adapter_id: &str,
        mode: Option<Mode>,
    ) -> Result<(), Error> {
        match self.owned_start(caller, id, expected, adapter_id, mode).await? {
            Run::Theirs(_) => Ok(()),
            Run::Ours(mut task) => match tokio::time::timeout(SHORT_RUN, &mut task).await {
                // What ends at once is shown ended.
                Ok(result) => ended(result).map(|_| ()),
                Err(_) => Ok(()),
            },
        }
    }

    /// Starts in a task of its own: a connection that breaks between the start's commit and the run would use the
    /// decision up for nothing.
    async fn owned_start(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        adapter_id: &str,
        mode: Option<Mode>,
    ) -> Result<Run, Error> {
        let (control, caller, id, adapter_id) =
            (self.clone(), caller.clone(), id.clone(), adapter_id.to_owned());
        let start = async move { control.start_or_join(&caller, &id, expected, &adapter_id, mode).await };
        let started = self.running.spawn(start).await;
        started.map_err(|error| Error::Fault(format!("the start's task ended badly: {error}")))?
    }

    async fn start_or_join(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        adapter_id: &str,
        mode: Option<Mode>,
    ) -> Result<Run, Error> {
        let adapter = self.routers.adapter(adapter_id).ok_or(Error::NotFound("adapter"))?;
        for _ in 0..ATTEMPTS {
            let (caller, directory) = self.refreshed(caller).await?;
            let caller = &caller;
            let decision = self.load_for(caller, Operation::Execute, id).await?;
            if decision.origin == Origin::Imported {
                // Evidence of a run that some other system had begun: nobody here will ever end it.
                return Err(Refusal::Imported.into());
            }
            // What the gate runs ends when its caller says so: nobody waits for that here, and a rule refuses.
            if decision.phase == Phase::Executing && !runs_elsewhere(&decision) {
                return Ok(Run::Theirs(Box::new(decision)));
            }
            unchanged(&decision, expected)?;
            if adapter.at_the_caller && mode.or(decision.mode) == Some(Mode::Apply) {
                return Err(Refusal::RunsAtTheCaller.into());
            }
            match self.start(caller, directory, decision, &adapter, mode).await {
                Ok((started, run, dry_run)) => return Ok(Run::Ours(self.run(caller, started, run, dry_run))),
                Err(Error::Store(StoreError::Conflict { .. } | StoreError::Outdated(_))) => {
                    let decision = self.load_for(caller, Operation::Execute, id).await?;
                    if !decision.executions.is_empty() && !runs_elsewhere(&decision) {
                        return Ok(Run::Theirs(Box::new(decision)));
                    }
                    // Something else happened in between: every rule is checked again on what is there now.
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Fault(format!("decision {id} kept changing during {ATTEMPTS} attempts")))
    }

    /// Checks every rule on this version and appends the start of a run.
    pub(crate) async fn start(
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
        if !dry_run && !adapter.at_the_caller && is_of_the_gate(&decision) {
            return Err(Refusal::RunsAtTheCaller.into());
        }
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
        let mut changes = self.changes(caller);
        let wait = async {
            loop {
                let (caller, _) = self.refreshed(caller).await?;
                let decision = self.load_for(&caller, Operation::Execute, id).await?;
                if decision.phase != Phase::Executing {
                    return Ok(Arc::new(decision));
                }
                changes.next_of(id, LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(limit, wait)
            .await
            .map_err(|_| Error::Fault(format!("the run of {id} did not end within its time limit")))?
    }

    fn run(&self, caller: &Caller, started: Arc<Decision>, run: RunWrite, dry_run: bool) -> Task {
        let control = self.clone();
        let workspace = caller.workspace.clone();
        self.running.spawn(async move {
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
            let (live, ended) = (Live::default(), CancellationToken::new());
            let (id, over) = (started.id.clone(), ended.clone());
            let relay = control.relay(workspace.clone(), run.run_id.clone(), id, live.clone(), over);
            let run_it = async {
                // A router that panics has a result all the same.
                let report = AssertUnwindSafe(control.routers.run(&request, &live)).catch_unwind().await;
                ended.cancel();
                report.unwrap_or_else(|_| {
                    RunReport::failed(
                        ROUTER_LOST,
                        "the router broke; nobody knows what it did",
                        0,
                        Vec::new(),
                    )
                })
            };
            let (report, ()) = tokio::join!(run_it, relay);
            control.record(workspace, &started, run, &request, report).await
        })
    }
}
