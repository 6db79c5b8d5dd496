//! A signal while waiting: withdraw the request, or leave it open and say how to take it up again.

use super::GateArgs;
use crate::answers::Decision;
use crate::exit::Exit;
use crate::printable::printable;
use crate::server::{Call, Server};
use crate::signals::{Got, Signals};
use crate::stop::Stop;
use serde_json::json;
use std::io::IsTerminal as _;
use std::time::Duration;

/// Whoever interrupts does not want to wait long.
const PATIENCE: Duration = Duration::from_secs(10);

/// What becomes of the request.
pub async fn settle(
    server: &Server,
    signals: &mut Signals,
    args: &GateArgs,
    decision: &Decision,
    got: Got,
) -> Stop {
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let asks = got == Got::Interrupt && terminal && !args.json;
    let withdraw = args.withdraw_on_interrupt || (asks && wants_to(server, signals).await);
    let id = printable(&decision.decision_id);
    let open = format!(
        "The request is still open: {}\n  Take it up again with `nexus-control gate --decision {id} -- …`",
        decision.page()
    );
    if !withdraw {
        return Stop::new(Exit::Interrupted, format!("interrupted; nothing was started. {open}"));
    }
    let path = format!("/decisions/{}/withdraw", decision.decision_id);
    let call = Call::post(path, &json!({ "reason": "the gate that asked for it was interrupted" }));
    match server.call(&call, PATIENCE).await {
        Ok(_) => Stop::new(Exit::Withdrawn, "withdrawn; nothing was started"),
        Err(error) => {
            let why = Stop::from(error).words;
            Stop::new(Exit::Interrupted, format!("it could not be withdrawn: {why}. {open}"))
        }
    }
}

/// Asks. A second signal, or anything but a yes, is a no.
async fn wants_to(server: &Server, signals: &mut Signals) -> bool {
    server.screen().quiet();
    drop(std::io::Write::write_all(&mut std::io::stderr(), b"\nWithdraw the request? [y/N] "));
    let (answer, answered) = tokio::sync::oneshot::channel();
    // A thread of its own, which nobody waits for: reading from a terminal cannot be cut short.
    std::thread::spawn(move || {
        let mut line = String::new();
        drop(std::io::stdin().read_line(&mut line));
        drop(answer.send(line));
    });
    tokio::select! {
        line = answered => matches!(line.unwrap_or_default().trim().to_lowercase().as_str(), "y" | "yes"),
        _ = signals.next() => false,
    }
}
