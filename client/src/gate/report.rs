//! How it ended, told to the server until it answers. Where it does not, the report is kept in a file, and the code says
//! that nothing is recorded: a run without a result becomes `OUTCOME_UNKNOWN` there.

use super::GateArgs;
use super::ran::Ran;
use crate::answers::{Begun, Decision};
use crate::commands::id as run;
use crate::exit::Exit;
use crate::printable::printable;
use crate::screen::Screen;
use crate::server::{Call, CallError, Server};
use crate::signals::Signals;
use crate::stop::Stop;
use crate::watch::members;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// At least so long the result is offered.
const AT_LEAST: Duration = Duration::from_mins(2);
/// No report is larger.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Sends the result of a run that has ended.
pub async fn send(
    server: &Server,
    id: &str,
    begun: &Begun,
    ran: &Ran,
    signals: &mut Signals,
) -> Result<(), Stop> {
    let report = ran.to_json();
    let call = Call::post(format!("/runs/{}/result", begun.run_id), &report);
    // Once the server has given the run up, nothing is accepted any more.
    let patience = AT_LEAST.max(Duration::from_secs(begun.silence_seconds.saturating_sub(60)));
    let why = tokio::select! {
        answer = server.call(&call, patience) => match answer {
            Ok(answer) => {
                recorded(server.screen(), &answer.read().unwrap_or_default(), &begun.run_id);
                return Ok(());
            }
            Err(CallError::Refused(problem)) => problem.words(),
            Err(CallError::Unreachable(words)) => words,
        },
        got = signals.next() => format!("{} while the result was being sent", got.signal().as_str()),
    };
    let (outcome, code) = ran.ending();
    let kept = keep(&begun.run_id, id, server.url(), &report);
    let kept = match kept {
        Ok(path) => format!(
            "The result is in {0}; `nexus-control gate --report {0}` sends it later, if it is still accepted",
            path.display()
        ),
        Err(error) => format!("The result could not be kept in a file either: {error}"),
    };
    let words = format!(
        "{} (exit code {code}, {outcome}), and that is not recorded: {why}. The server records OUTCOME_UNKNOWN for a run \
         without a result. {kept}",
        ran.words()
    );
    Err(Stop::new(Exit::NotRecorded, words))
}

/// Sends a report that was kept.
pub async fn deliver(args: &GateArgs, screen: &Screen, file: &Path) -> Result<u8, Stop> {
    let refused = |words: String| Stop::usage(format!("{}: {words}", file.display()));
    let size = std::fs::metadata(file).map_err(|error| refused(error.to_string()))?.len();
    if size > MAX_BYTES {
        return Err(refused(format!("a report has no more than {MAX_BYTES} bytes")));
    }
    let text = std::fs::read_to_string(file).map_err(|error| refused(error.to_string()))?;
    let kept: Value = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
    let run_id = kept.get("run_id").and_then(Value::as_str).unwrap_or_default();
    let (Ok(run_id), Some(result)) = (run(run_id), kept.get("result")) else {
        return Err(refused("this is no report of a gate".to_owned()));
    };
    let server = args.access.server(screen.clone())?;
    let of = kept.get("server").and_then(Value::as_str).unwrap_or_default();
    if !server.is_at(of) {
        let words = format!(
            "this is the result of a run at `{}`, and would go to `{}`; name the server that knows the run with --url",
            printable(of),
            server.url()
        );
        return Err(refused(words));
    }
    let call = Call::post(format!("/runs/{run_id}/result"), result);
    let decision: Decision = server.call(&call, Duration::from_secs(30)).await?.read()?;
    recorded(screen, &decision, run_id);
    if screen.is_json() {
        let members = json!({ "outcome": "completed", "exit_code": 0, "decision_id": decision.decision_id });
        screen.tell("done", "", &members);
    }
    Ok(Exit::Done.code())
}

fn recorded(screen: &Screen, decision: &Decision, run_id: &str) {
    let state = if decision.state().is_empty() { "done" } else { decision.state() };
    let words = format!("nexus-control: recorded as {}: {}", printable(state), decision.page());
    let mut said = members(decision);
    if let Some(said) = said.as_object_mut() {
        said.insert("run_id".to_owned(), run_id.into());
    }
    screen.tell("recorded", &words, &said);
}

fn keep(run_id: &str, decision: &str, url: &str, report: &Value) -> std::io::Result<PathBuf> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = PathBuf::from(format!("nexus-run-{run_id}.result.json"));
    let kept = json!({ "run_id": run_id, "decision_id": decision, "server": url, "result": report });
    // Output may hold what others should not read.
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    std::io::Write::write_all(&mut file, format!("{kept:#}\n").as_bytes())?;
    file.sync_all()?;
    Ok(path)
}
