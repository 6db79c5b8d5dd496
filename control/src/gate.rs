//! The gate: a run that whoever asked carries out itself, with their own hands, tools and secrets. This server says who
//! may begin, exactly once, hears how far it is, and records how it ended.
//!
//! What was approved is what runs: whoever begins states the plan again, and another plan is refused. Whoever falls
//! silent is recorded as `OUTCOME_UNKNOWN`: nobody here can know what they did.

use crate::commit::{ATTEMPTS, no_earlier, unchanged};
use crate::routers::gate::ADAPTER_ID;
use crate::{Caller, Control, Error, Operation, RunReport, RunRequest};
use governance::json::object;
use governance::{Decision, DecisionId, Mode, Phase, Refusal, RunId, Timestamp, Value, decide, json};
use std::sync::Arc;
use store::live::{CancelWish, LiveRun};
use store::{RunWrite, StoreError};

/// Most bytes of each output's end that a report may carry.
pub const OUTPUT_BYTES: usize = 256 * 1024;

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

/// One of a command's two outputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// Its end, at most [`OUTPUT_BYTES`].
    pub tail: String,
    /// How many bytes there were in all.
    pub bytes: u64,
    /// SHA-256 over all of them, bare hexadecimal.
    pub sha256: String,
}

/// How the command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateReport {
    /// Its exit status; `None` where a signal ended it or it never started.
    pub exit_code: Option<i32>,
    /// What went wrong beside that, as a stable code and words: `CANCELLED`, `TIMED_OUT`, `START_FAILED`, …
    pub error: Option<(String, String)>,
    /// How long it took.
    pub duration_ms: u64,
    /// What it printed.
    pub stdout: Output,
    /// What it printed beside.
    pub stderr: Output,
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
        self.changes.ring(&run.decision_id);
        Ok(wish)
    }

    /// Records how the caller's run ended. The same report again answers the same; another one is refused.
    pub async fn finish(
        &self,
        caller: &Caller,
        run_id: &RunId,
        report: GateReport,
    ) -> Result<Arc<Decision>, Error> {
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

/// The one step of a gate's run, as its record holds it.
fn step(report: &GateReport) -> Value {
    let output = |output: &Output| {
        object([
            ("tail", output.tail.as_str().into()),
            ("bytes", i64::try_from(output.bytes).unwrap_or(i64::MAX).into()),
            ("sha256", output.sha256.as_str().into()),
        ])
    };
    object([
        ("step", 1_i64.into()),
        ("exit_code", report.exit_code.map(i64::from).into()),
        ("error_code", report.error.as_ref().map(|(code, _)| code.clone()).into()),
        ("duration_ms", i64::try_from(report.duration_ms).unwrap_or(i64::MAX).into()),
        ("stdout", output(&report.stdout)),
        ("stderr", output(&report.stderr)),
    ])
}

/// The answer to a report on a run that has ended: the same one where it says the same, else a refusal.
fn answered_before(run: &RunWrite, decision: Decision, step: &Value) -> Result<Arc<Decision>, Error> {
    let same = run.bundle.as_deref().is_some_and(|bundle| holds_step(bundle, step));
    if same { Ok(Arc::new(decision)) } else { Err(Refusal::NotExecuting.into()) }
}

fn holds_step(bundle: &str, step: &Value) -> bool {
    let Ok(bundle) = json::parse(bundle) else { return false };
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    events.iter().any(|event| event.get("payload") == Some(step))
}

fn in_words(
    report: &GateReport,
    run: &RunWrite,
    step: Value,
    request: &RunRequest,
    now: Timestamp,
) -> RunReport {
    let error = match (&report.error, report.exit_code) {
        (Some(error), _) => Some(error.clone()),
        (None, Some(0)) => None,
        (None, Some(code)) => {
            Some(("COMMAND_FAILED".to_owned(), format!("the command ended with exit status {code}")))
        }
        (None, None) => Some(("COMMAND_FAILED".to_owned(), "the command was ended by a signal".to_owned())),
    };
    let fact = |ts, kind: &str, payload| crate::router::RunEvent { ts, kind: kind.to_owned(), payload };
    let started = object([
        ("adapter_id", run.adapter_id.as_str().into()),
        ("mode", "apply".into()),
        ("request", request.request.clone()),
    ]);
    let word = |failed: &str, completed: &str| {
        if error.is_some() { failed.to_owned() } else { completed.to_owned() }
    };
    let ended = object([("status", word("failed", "completed").into()), ("steps_executed", 1_i64.into())]);
    let events = vec![
        fact(run.started_at, "RUN_STARTED", started),
        fact(now, &word("STEP_FAILED", "STEP_COMPLETED"), step),
        fact(now, &word("RUN_FAILED", "RUN_COMPLETED"), ended),
    ];
    RunReport { steps_executed: 1, error, events, record: None }
}
