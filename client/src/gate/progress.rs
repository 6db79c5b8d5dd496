//! How far the command is, told to the server while it runs. The answer says whether somebody wants it to stop. A lost
//! connection is told once, and costs nothing but the telling.

use super::output::Recent;
use crate::answers::Heard;
use crate::server::{Call, CallError, Server};
use serde_json::json;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// Between words.
const EVERY: Duration = Duration::from_secs(2);

/// What the server says.
#[derive(Debug)]
pub enum Word {
    /// Somebody wants it to stop.
    Stop(String),
    /// The server has given the run up.
    Lost(String),
}

/// Tells it, until this is dropped or the server has given the run up.
pub async fn tell(server: Server, run_id: String, recent: Recent, hear: mpsc::Sender<Word>) {
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lost = false;
    let mut failures = 0_u32;
    loop {
        every.tick().await;
        let body = json!({ "steps": 0, "doing": "running", "tail": recent.text() });
        let call = Call::tell(format!("/runs/{run_id}/progress"), &body);
        match server.call(&call, Duration::ZERO).await {
            Ok(answer) => {
                if lost {
                    server.screen().tell(
                        "connection",
                        "nexus-control: the server answers again",
                        &json!({ "ok": true, "failures": failures }),
                    );
                    lost = false;
                }
                let heard: Heard = answer.read().unwrap_or_default();
                if let Some(by) = heard.cancel_requested_by {
                    drop(hear.send(Word::Stop(by)).await);
                }
            }
            Err(CallError::Refused(problem)) if problem.is(&["NOT_EXECUTING"]) => {
                drop(hear.send(Word::Lost(problem.words())).await);
                return;
            }
            Err(error) => {
                failures += 1;
                let words = match error {
                    CallError::Refused(problem) => problem.words(),
                    CallError::Unreachable(words) => words,
                };
                if !lost {
                    let text =
                        format!("nexus-control: progress cannot be told ({words}); the command goes on");
                    server.screen().tell("connection", &text, &json!({ "ok": false, "message": words }));
                    lost = true;
                }
            }
        }
    }
}
