//! Everything that is no gate: one call or two, and the answer printed; with `--json` as the server said it.

pub mod cancel;
pub mod evidence;
pub mod execute;
pub mod keys;
pub mod request;
pub mod status;
pub mod templates;

use crate::answers::Decision;
use crate::exit::Exit;
use crate::printable::{json, printable};
use crate::screen::{Screen, print};
use crate::stop::Stop;
use crate::watch::tone;
use serde_json::Value;
use std::time::Duration;

/// How long a call is tried where no answer comes.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// An id as it goes into an address. What cannot be one is refused here, and never becomes part of a path.
pub fn id(text: &str) -> Result<&str, Stop> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if text.is_empty() || text == "." || text == ".." || !plain {
        return Err(Stop::usage(format!("`{}` is no id", printable(text))));
    }
    Ok(text)
}

/// Prints an answer as it is, on one line.
pub fn print_json(value: &Value) {
    print(&format!("{}\n", json(value)));
}

/// Prints a decision for people.
pub fn print_decision(screen: &Screen, decision: &Decision) {
    let mut lines = vec![printable(decision.goal.as_deref().unwrap_or("(no goal)"))];
    lines.push(format!("  decision   {}", printable(&decision.decision_id)));
    lines
        .push(format!("  state      {}", screen.paint(tone(decision.state()), &printable(decision.state()))));
    lines.push(format!("  mode       {}", printable(decision.mode.as_deref().unwrap_or("-"))));
    lines.push(format!("  approvals  {}", decision.count()));
    lines.extend(decision.approvals.iter().map(|approval| format!("             {}", approval.who())));
    if !decision.lifecycle.blocking_reasons.is_empty() {
        lines.push(format!("  blocked    {}", decision.missing()));
    }
    if let Some(run) = &decision.run {
        let run = format!("{} through {}: {}", run.run_id, run.adapter_id, run.status);
        lines.push(format!("  run        {}", printable(&run)));
    }
    if let Some(live) = &decision.live {
        let cancel = live.cancel_requested_by.as_deref();
        let cancel = cancel.map(|by| format!("; {by} asked that it stops")).unwrap_or_default();
        let doing = live.doing.as_deref().unwrap_or("running");
        lines.push(format!("  now        {} steps, {}", live.steps, printable(&format!("{doing}{cancel}"))));
    }
    lines.push(format!("  page       {}", decision.page()));
    print(&format!("{}\n", lines.join("\n")));
}

/// What a state means for whoever runs this in a script.
pub fn exit_of(state: &str) -> Exit {
    match state {
        "rejected" => Exit::Rejected,
        "withdrawn" => Exit::Withdrawn,
        "failed" => Exit::Failed,
        _ => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_leads_elsewhere() {
        assert!(id("dec_0190-abc.1").is_ok());
        for wrong in ["", ".", "..", "a/b", "a?b", "a%2fb", "ä", "a b"] {
            assert!(id(wrong).is_err(), "{wrong}");
        }
    }
}
