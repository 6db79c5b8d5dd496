//! The rehearsal of what was approved as a dry run: the server simulates it, and nothing is started here.

use super::begin::{APPROVALS, Beginning, RAN};
use crate::answers::Decision;
use crate::commands::execute::unseen;
use crate::exit::Exit;
use crate::printable::printable;
use crate::server::{Call, CallError, Server};
use crate::stop::Stop;
use crate::watch::members;
use serde_json::json;
use std::time::Duration;

/// How long its calls are tried.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lets the server simulate it. Approvals that went away meanwhile may come back, as before a start.
pub async fn rehearse(server: &Server, id: &str) -> Result<Beginning, Stop> {
    let path = format!("/decisions/{id}");
    let call = Call::post(format!("{path}/execute"), &json!({ "adapter_id": "simulate", "mode": "dry_run" }));
    let mut decision = match server.call(&call, PATIENCE).await {
        Ok(answer) => answer.read::<Decision>()?,
        Err(CallError::Refused(problem)) if problem.is(&RAN) => {
            return Err(Stop { exit: Exit::NotOurs, words: problem.words(), code: Some(problem.code) });
        }
        Err(CallError::Refused(problem)) if problem.is(&APPROVALS) => {
            return Ok(Beginning::NotYet(problem.words()));
        }
        Err(error) => return Err(error.into()),
    };
    if decision.state().is_empty() {
        // A receipt, for a key that did more than it may see.
        decision = server.get(&path, PATIENCE).await.map_err(unseen)?;
    }
    let words = format!("Rehearsed: {}. Nothing was started.", printable(decision.state()));
    server.screen().tell("rehearsed", &words, &members(&decision));
    Ok(Beginning::Rehearsed(Box::new(decision)))
}
