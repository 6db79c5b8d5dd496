//! What a gate says of the run that it carried out: its form, and what becomes of it in the run's record.

use crate::router::RunEvent;
use crate::{Error, RunReport, RunRequest};
use governance::json::object;
use governance::{Decision, Refusal, Timestamp, Value, json};
use std::sync::Arc;
use store::RunWrite;

/// Most bytes of each output's end that a report may carry.
pub const OUTPUT_BYTES: usize = 256 * 1024;

/// Most characters of an error's code, and of its words.
const CODE_CHARS: usize = 64;
const MESSAGE_CHARS: usize = 4_000;

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

impl GateReport {
    /// Whether it has the form of a report: whoever writes it is far away, and it becomes evidence.
    pub(super) fn check(&self) -> Result<(), Error> {
        let invalid = |field: &'static str, message: String| Err(Error::Invalid { field, message });
        for (output, tail, sha256) in
            [(&self.stdout, "stdout.tail", "stdout.sha256"), (&self.stderr, "stderr.tail", "stderr.sha256")]
        {
            if output.tail.len() > OUTPUT_BYTES {
                return invalid(tail, format!("`{tail}` has more than {OUTPUT_BYTES} bytes; send its end"));
            }
            let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            if output.sha256.len() != 64 || !output.sha256.bytes().all(hex) {
                return invalid(sha256, format!("`{sha256}` is no SHA-256 in lower-case hexadecimal"));
            }
        }
        let Some((code, message)) = &self.error else { return Ok(()) };
        let letters = |byte: u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
        if code.is_empty() || code.len() > CODE_CHARS || !code.bytes().all(letters) {
            let words = format!(
                "`error.code` is no code such as `TIMED_OUT`: capitals, digits and `_`, at most {CODE_CHARS}"
            );
            return invalid("error.code", words);
        }
        if message.chars().count() > MESSAGE_CHARS {
            return invalid(
                "error.message",
                format!("`error.message` has more than {MESSAGE_CHARS} characters"),
            );
        }
        Ok(())
    }
}

/// The one step of a gate's run, as its record holds it.
pub(super) fn step(report: &GateReport) -> Value {
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
pub(super) fn answered_before(
    run: &RunWrite,
    decision: Decision,
    step: &Value,
) -> Result<Arc<Decision>, Error> {
    let same = run.bundle.as_deref().is_some_and(|bundle| holds_step(bundle, step));
    if same { Ok(Arc::new(decision)) } else { Err(Refusal::NotExecuting.into()) }
}

fn holds_step(bundle: &str, step: &Value) -> bool {
    let Ok(bundle) = json::parse(bundle) else { return false };
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    events.iter().any(|event| event.get("payload") == Some(step))
}

pub(super) fn in_words(
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
    let fact = |ts, kind: &str, payload| RunEvent { ts, kind: kind.to_owned(), payload };
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
