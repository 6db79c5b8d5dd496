//! The start: of all that ask, one is told that it may. Digests are computed again right before, the server compares the
//! plan to the letter, and after a lost answer the same question is asked again, under the same key.

use crate::answers::{Begun, Decision};
use crate::commands::id as run;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::server::{Call, CallError, Server};
use crate::stop::Stop;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// What says that it ran already, or runs.
pub const RAN: [&str; 4] = ["ALREADY_EXECUTED", "EXECUTION_IN_PROGRESS", "EXECUTION_FAILED", "NOT_EXECUTING"];
/// What says that approvals went away between the wait and the start; they may come back.
pub const APPROVALS: [&str; 3] = ["MISSING_APPROVALS", "APPROVAL_EXPIRED", "APPROVER_NOT_ENTITLED"];
/// After so long without the answer, the server is asked whether the run still is ours.
const FRESH: Duration = Duration::from_secs(5);
/// Longest attempt to get an answer. Later the server may have given the run up.
const PATIENCE: Duration = Duration::from_mins(2);

/// What came of it.
#[derive(Debug)]
pub enum Beginning {
    /// This caller, and nobody else, carries out this very plan.
    Begun(Begun, String),
    /// It was simulated, as it was asked for.
    Rehearsed(Box<Decision>),
    /// Not approved any more; why, in words.
    NotYet(String),
}

/// Asks for the right to start.
pub async fn begin(server: &Server, id: &str, plan: &Plan, offline: Duration) -> Result<Beginning, Stop> {
    let now = plan.again().map_err(|stop| changed(&format!("{}; that", stop.words)))?.canonical();
    let call = Call::post(format!("/decisions/{id}/runs"), &json!({ "plan": now }));
    let asked = Instant::now();
    let answer = match server.call(&call, PATIENCE.min(offline)).await {
        Ok(answer) => answer,
        Err(CallError::Refused(problem)) if problem.is(&RAN) => {
            let words = format!("{}. Nothing was started here", problem.words());
            return Err(Stop { exit: Exit::NotOurs, words, code: Some(problem.code) });
        }
        Err(CallError::Refused(problem)) if problem.is(&["WITHDRAWN"]) => {
            return Err(Stop { exit: Exit::Withdrawn, words: problem.words(), code: Some(problem.code) });
        }
        Err(CallError::Refused(problem)) if problem.is(&["REJECTED"]) => {
            return Err(Stop { exit: Exit::Rejected, words: problem.words(), code: Some(problem.code) });
        }
        Err(CallError::Refused(problem)) if problem.is(&APPROVALS) => {
            return Ok(Beginning::NotYet(problem.words()));
        }
        Err(CallError::Refused(problem)) if problem.is(&["PLAN_CHANGED"]) => {
            let differs = plan.difference(&now).unwrap_or_else(|| "the plan".to_owned());
            return Err(changed(&differs));
        }
        Err(CallError::Unreachable(words)) => {
            let words = format!(
                "{words}. Nothing was started. If the server did hear the question, it will record OUTCOME_UNKNOWN"
            );
            return Err(Stop::new(Exit::Unreachable, words));
        }
        Err(refused) => return Err(refused.into()),
    };
    let begun: Begun = answer.read()?;
    // It becomes part of addresses and of a file's name.
    run(&begun.run_id).map_err(|_| Stop::new(Exit::Unreachable, "the server's answer names no run"))?;
    if answer.replayed || asked.elapsed() > FRESH {
        still_ours(server, &begun).await?;
    }
    Ok(Beginning::Begun(begun, now))
}

/// An answer that was lost and asked for again may be old: the server may have given the run up meanwhile.
async fn still_ours(server: &Server, begun: &Begun) -> Result<(), Stop> {
    let path = format!("/runs/{}/progress", begun.run_id);
    let call = Call::post(path, &json!({ "steps": 0, "doing": "starting", "tail": "" }));
    match server.call(&call, Duration::from_secs(20)).await {
        Ok(_) => Ok(()),
        Err(CallError::Refused(problem)) => {
            let words = format!("{}. Nothing was started", problem.words());
            Err(Stop { exit: Exit::NotOurs, words, code: Some(problem.code) })
        }
        Err(error) => Err(error.into()),
    }
}

/// What would run is not what was approved.
pub fn changed(differs: &str) -> Stop {
    let words = format!(
        "what would run is not what was approved: {differs} changed. Nothing was started. Run exactly what was \
         approved, or make a new request"
    );
    Stop { exit: Exit::Refused, words, code: Some("PLAN_CHANGED".to_owned()) }
}
