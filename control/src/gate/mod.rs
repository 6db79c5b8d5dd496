//! The gate: a run that whoever asked carries out itself, with their own hands, tools and secrets. This server says who
//! may begin, exactly once, hears how far it is, and records how it ended.
//!
//! What was approved is what runs: whoever begins states the plan again, and another plan is refused. Whoever falls
//! silent is recorded as `OUTCOME_UNKNOWN`: nobody here can know what they did.

mod report;

pub use report::{GateReport, OUTPUT_BYTES, Output};

use crate::commit::{ATTEMPTS, no_earlier, unchanged};
use crate::routers::gate::ADAPTER_ID;
use crate::{Caller, Control, Error, Operation, RunRequest};
use governance::{Decision, DecisionId, Mode, Phase, Refusal, RunId, Timestamp, Value, decide};
use report::{answered_before, in_words, step};
use std::sync::Arc;
use store::live::{CancelWish, LiveRun};
use store::{RunWrite, StoreError};

/// A run that this caller, and nobody else, may carry out now.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The run.
    pub run_id: RunId,
    /// The decision, executing.
    pub decision: Arc<Decision>,
    /// Longest time that it may take, in seconds.
    pub time_limit_seconds: u64,
    /// After so many seconds without a word it is recorded as unknown.
    pub silence_seconds: u64,
}

impl Control {
    /// Begins the run of an approved decision that the caller carries out. Of all that ask, one gets it; everyone else
    /// is told that it began or ran already. `plan` is what the caller is about to do, to the letter.
    pub async fn begin(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        plan: &str,
    ) -> Result<Begun, Error> {
        let adapter = self.routers.adapter(ADAPTER_ID).ok_or(Error::NotFound("adapter"))?;
        let limit = self.routers.time_limit_seconds(ADAPTER_ID);
        for _ in 0..ATTEMPTS {
            let (caller, directory) = self.refreshed(caller).await?;
            let decision = self.load_for(&caller, Operation::Execute, id).await?;
            decide::at_the_caller(&decision, plan)?;
            if decision.mode != Some(Mode::Apply) {
                let message =
                    "this was requested as a dry run, which reaches nobody; execute it with `simulate`";
                return Err(Error::Invalid { field: "mode", message: message.to_owned() });
            }
            unchanged(&decision, expected)?;
            match self.start(&caller, directory, decision, &adapter, None).await {
                Ok((decision, run, _)) => {
                    let heard = live(&run, self.now(), 0, "started");
                    // The run has begun whatever becomes of this line; without it, silence counts from its start.
                    drop(self.store.put_live(&caller.workspace, &heard).await);
                    let silence_seconds = self.routers.gate().silence_seconds;
                    return Ok(Begun {
                        run_id: run.run_id,
                        decision,
                        time_limit_seconds: limit,
                        silence_seconds,
                    });
                }
                // Somebody else wrote: every rule is checked again, and one of them says who won.
                Err(Error::Store(StoreError::Conflict { .. } | StoreError::Outdated(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Fault(format!("decision {id} kept changing during {ATTEMPTS} attempts")))
    }

    /// Hears how far the caller's run is. Answers with the wish that it stops, when somebody has it.
    pub async fn hear(
        &self,
        caller: &Caller,
        run_id: &RunId,
        steps: u32,
        doing: &str,
        tail: &str,
    ) -> Result<Option<CancelWish>, Error> {
        let (run, decision) = self.run_of_caller(caller, run_id).await?;
        if decision.phase != Phase::Executing {
            return Err(Refusal::NotExecuting.into());
        }
        if self.is_overdue(&run) {
            // Its end belongs to recovery: whoever only keeps talking holds no decision open for ever.
            return Err(Refusal::NotExecuting.into());
        }
        let mut heard = live(&run, self.now(), steps, doing);
        tail.clone_into(&mut heard.tail);
        crate::live::keep_tail(&mut heard.tail);
        let wish = self.store.put_live(&caller.workspace, &heard).await?;
        self.changes.ring(&caller.workspace, &run.decision_id);
        Ok(wish)
    }

    /// Records how the caller's run ended. The same report again answers the same; another one is refused.
    pub async fn finish(
        &self,
        caller: &Caller,
        run_id: &RunId,
        report: GateReport,
    ) -> Result<Arc<Decision>, Error> {
        report.check()?;
        let (run, decision) = self.run_of_caller(caller, run_id).await?;
        let step = step(&report);
        if decision.phase != Phase::Executing {
            return answered_before(&run, decision, &step);
        }
        let told = step.clone();
        let request = RunRequest {
            run_id: run.run_id.clone(),
            adapter_id: run.adapter_id.clone(),
            goal: decision.goal.clone().unwrap_or_default(),
            plan: decision.plan.clone(),
            dry_run: false,
            max_steps: None,
            request: decision.router_request(&run.adapter_id, false).unwrap_or(Value::Null),
            started_at: run.started_at,
        };
        let now = no_earlier(&decision, self.now());
        let report = in_words(&report, &run, step, &request, now);
        match self.record(caller.workspace.clone(), &decision, run, &request, report).await {
            // Two reports at once, or silence recorded in this moment: whoever was first stands.
            Err(Error::Store(StoreError::Conflict { .. })) => {
                let (run, decision) = self.run_of_caller(caller, run_id).await?;
                answered_before(&run, decision, &told)
            }
            other => other,
        }
    }

    /// A run that this caller began.
    async fn run_of_caller(&self, caller: &Caller, run_id: &RunId) -> Result<(RunWrite, Decision), Error> {
        let run = self.store.run(&caller.workspace, run_id).await?.ok_or(Error::NotFound("run"))?;
        let decision = match self.load_for(caller, Operation::Execute, &run.decision_id).await {
            Err(Error::NotFound(_)) => return Err(Error::NotFound("run")),
            other => other?,
        };
        let began = decision.latest_execution().map(|execution| execution.requested_by.id());
        if run.adapter_id != ADAPTER_ID || began != Some(caller.actor.id()) {
            return Err(Refusal::NotYourRun.into());
        }
        Ok((run, decision))
    }
}

fn live(run: &RunWrite, now: Timestamp, steps: u32, doing: &str) -> LiveRun {
    LiveRun {
        run_id: run.run_id.clone(),
        decision_id: run.decision_id.clone(),
        heard_at: now,
        steps,
        doing: doing.chars().take(200).collect(),
        tail: String::new(),
        cancel: None,
    }
}
