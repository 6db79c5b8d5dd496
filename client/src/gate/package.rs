//! The audit package after the run: fetched, verified here and now, written. Nothing about it changes the exit code: the
//! run is over and recorded. What verifies and is about another decision, or another run than the gate saw, is
//! `NOT VERIFIED` all the same.

use super::GateArgs;
use crate::commands::evidence::judged;
use crate::printable::printable;
use crate::screen::Tone;
use crate::server::{Call, Server};
use crate::signals::Signals;
use crate::stop::Stop;
use governance::json::Value;
use governance::verify::Kind;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// A large one takes a while.
const WHOLE: Duration = Duration::from_mins(2);

/// What the gate itself saw, and what the package must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The decision.
    pub decision: &'a str,
    /// Its run.
    pub run_id: Option<&'a str>,
    /// The report of the command's end; a rehearsal has none.
    pub report: Option<&'a serde_json::Value>,
}

impl Expected<'_> {
    /// What this package says otherwise, in words.
    fn contradicted_by(&self, package: &Value) -> Vec<&'static str> {
        let link = package.get("control_bundle").and_then(|bundle| bundle.get("router_link"));
        let run = link.and_then(|link| link.get("run_id")?.as_str());
        let mut words = Vec::new();
        if self.run_id.is_some_and(|ours| run != Some(ours)) {
            words.push("it is about another run");
        }
        let Some(report) = self.report else { return words };
        let Some(step) = step(package) else {
            words.push("it does not say how the command ended");
            return words;
        };
        if step.get("exit_code").and_then(Value::as_i64)
            != report.get("exit_code").and_then(serde_json::Value::as_i64)
        {
            words.push("it names another exit code");
        }
        for (name, other) in
            [("stdout", "it names another standard output"), ("stderr", "it names another standard error")]
        {
            let theirs = step.get(name).and_then(|output| output.get("sha256")?.as_str());
            if theirs.is_none()
                || theirs != report.get(name).and_then(|output| output.get("sha256")?.as_str())
            {
                words.push(other);
            }
        }
        words
    }
}

/// The end of the command, as the run's record holds it; a gate's run has this one step.
fn step(package: &Value) -> Option<&Value> {
    let events = package.get("router")?.get("bundle")?.get("events")?.as_array()?;
    let ended = |event: &&Value| {
        matches!(event.get("type").and_then(Value::as_str), Some("STEP_COMPLETED" | "STEP_FAILED"))
    };
    events.iter().find(ended)?.get("payload")
}

/// Writes it; where it is, in words.
pub async fn write(
    server: &Server,
    args: &GateArgs,
    expected: &Expected<'_>,
    signals: &mut Signals,
) -> Option<String> {
    if args.no_package {
        return None;
    }
    let (screen, id) = (server.screen(), expected.decision);
    let path = args.package.clone().unwrap_or_else(|| PathBuf::from(format!("nexus-{id}.audit.json")));
    let call = Call::get(format!("/decisions/{id}/package?mode=embedded")).within(WHOLE);
    let answer = tokio::select! {
        answer = server.call(&call, Duration::from_secs(30)) => answer,
        _ = signals.next() => return None,
    };
    let text = match answer {
        Ok(answer) => answer.text,
        Err(error) => {
            let why = Stop::from(error).words;
            let words =
                format!("nexus-control: there is no audit package (a key needs the scope `export`): {why}");
            screen.tell("package", &words, &json!({ "file": null, "message": why }));
            return None;
        }
    };
    let (verified, words) = verified(&text, expected);
    if let Err(error) = std::fs::write(&path, &text) {
        let words = format!("nexus-control: {} cannot be written: {error}", path.display());
        screen.tell("package", &words, &json!({ "file": null, "message": error.to_string() }));
        return None;
    }
    let file = path.display().to_string();
    let shown = screen.paint(if verified { Tone::Good } else { Tone::Bad }, &printable(&words));
    let text = format!("nexus-control: audit package {}: {shown}", printable(&file));
    screen.tell("package", &text, &json!({ "file": file, "verified": verified, "message": words }));
    Some(file)
}

/// Whether it is what it should be, in words too.
fn verified(text: &str, expected: &Expected<'_>) -> (bool, String) {
    let (package, report, others) = match judged(text, Kind::Package, expected.decision) {
        Ok(judged) => judged,
        Err(error) => return (false, format!("NOT VERIFIED: {error}")),
    };
    let failed = report.checks.iter().filter(|check| !check.ok).map(|check| format!("{} failed", check.name));
    let contradicted = expected.contradicted_by(&package).into_iter().map(str::to_owned);
    let wrong: Vec<String> = others.into_iter().chain(failed).chain(contradicted).collect();
    if wrong.is_empty() {
        (true, format!("all {} checks hold", report.checks.len()))
    } else {
        (false, format!("NOT VERIFIED: {}", wrong.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governance::json::parse;

    #[test]
    fn what_the_gate_saw_otherwise_is_named() {
        let package = |run: &str, code: i32, out: &str| {
            parse(&format!(
                r#"{{"control_bundle":{{"router_link":{{"run_id":"{run}"}}}},"router":{{"bundle":{{"events":[
                {{"type":"RUN_STARTED","payload":{{}}}},{{"type":"STEP_FAILED","payload":{{"exit_code":{code},
                "stdout":{{"sha256":"{out}"}},"stderr":{{"sha256":"e"}}}}}}]}}}}}}"#
            ))
            .unwrap()
        };
        let report = json!({ "exit_code": 3, "stdout": { "sha256": "o" }, "stderr": { "sha256": "e" } });
        let expected = Expected { decision: "d", run_id: Some("r"), report: Some(&report) };
        assert!(expected.contradicted_by(&package("r", 3, "o")).is_empty());
        for (other, words) in [
            (package("x", 3, "o"), "it is about another run"),
            (package("r", 0, "o"), "it names another exit code"),
            (package("r", 3, "x"), "it names another standard output"),
        ] {
            assert_eq!(expected.contradicted_by(&other), [words]);
        }
        let nothing = parse("{}").unwrap();
        assert_eq!(expected.contradicted_by(&nothing).len(), 2);
        // A rehearsal starts nothing, so there is nothing that it could have seen.
        let rehearsal = Expected { report: None, ..expected };
        assert!(rehearsal.contradicted_by(&package("r", 0, "x")).is_empty());
    }
}
