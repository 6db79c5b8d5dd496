//! How the command ended: as it is reported, and as the gate itself ends for it.

use super::output::{Capture, TAIL};
use crate::exit::Exit;
use crate::signals::Got;
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

/// Bodies beyond this are not accepted; texts with many control characters grow when they are written as JSON.
const MOST_BODY: usize = 1_900_000;

/// Why the gate stopped the command.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// How the gate ends for it.
    pub exit: Exit,
    /// The code in the record.
    pub code: &'static str,
    /// In words.
    pub words: String,
}

/// How it went.
#[derive(Debug)]
pub struct Ran {
    exit_code: Option<i32>,
    signal: Option<i32>,
    /// The code and the words for the record, and how the gate ends for it, where that is not the command's own end.
    error: Option<(String, String)>,
    exit: Option<Exit>,
    took: Duration,
    outputs: [Capture; 2],
}

impl Ran {
    /// It ended: by itself, after it was stopped, or after a signal that was passed on to it.
    pub fn ended(
        status: Option<ExitStatus>,
        stopped: Option<Stopped>,
        passed: Option<Got>,
        took: Duration,
        outputs: [Capture; 2],
    ) -> Self {
        let exit_code = status.and_then(|status| status.code());
        let signal = status.and_then(|status| status.signal());
        let named =
            signal.and_then(|signal| Signal::try_from(signal).ok()).map(Signal::as_str).unwrap_or_default();
        let (exit, error) = match (stopped, passed, signal) {
            (Some(stopped), _, _) => (Some(stopped.exit), Some((stopped.code.to_owned(), stopped.words))),
            (None, Some(got), _) if exit_code != Some(0) => {
                let words = format!("the gate was sent {} and passed it on", got.signal().as_str());
                (None, Some(("INTERRUPTED".to_owned(), words)))
            }
            (None, _, Some(signal)) => {
                let words = format!("signal {signal} ({named}) ended the command");
                (None, Some(("SIGNALLED".to_owned(), words)))
            }
            (None, _, None) if status.is_none() => (
                None,
                Some(("WAIT_FAILED".to_owned(), "the system does not say how the command ended".to_owned())),
            ),
            (None, _, None) => (None, None),
        };
        Self { exit_code, signal, error, exit, took, outputs }
    }

    /// It was not started.
    pub fn never(exit: Exit, code: &str, words: String) -> Self {
        let error = Some((code.to_owned(), words));
        let outputs = [Capture::default(), Capture::default()];
        Self { exit_code: None, signal: None, error, exit: Some(exit), took: Duration::ZERO, outputs }
    }

    /// As it is reported.
    pub fn to_json(&self) -> Value {
        let mut most = TAIL;
        loop {
            let [stdout, stderr] = &self.outputs;
            let mut report = json!({
                "exit_code": self.exit_code,
                "duration_ms": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
                "stdout": stdout.to_json(most),
                "stderr": stderr.to_json(most),
            });
            if let (Some((code, message)), Some(report)) = (&self.error, report.as_object_mut()) {
                report.insert("error".to_owned(), json!({ "code": code, "message": message }));
            }
            if most < 1024 || report.to_string().len() < MOST_BODY {
                return report;
            }
            most /= 2;
        }
    }

    /// The word for it, and the exit code.
    pub fn ending(&self) -> (&'static str, u8) {
        let own = self.signal.map_or(self.exit_code.unwrap_or(1), |signal| 128 + signal);
        match (self.exit, own) {
            (Some(exit), _) => (exit.as_str(), exit.code()),
            (None, 0) => (Exit::Done.as_str(), 0),
            (None, code) => (Exit::Failed.as_str(), u8::try_from(code).unwrap_or(1)),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match (&self.error, self.exit_code) {
            (Some((code, words)), _) => format!("{words} ({code})"),
            (None, Some(code)) => format!("the command ended with exit code {code}"),
            (None, None) => "the command ended".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(raw: i32, stopped: Option<Stopped>, passed: Option<Got>) -> Ran {
        let outputs = [Capture::default(), Capture::default()];
        Ran::ended(Some(ExitStatus::from_raw(raw)), stopped, passed, Duration::from_secs(1), outputs)
    }

    #[test]
    fn the_exit_code_is_the_commands_own_or_one_of_ours() {
        let stop =
            || Some(Stopped { exit: Exit::Cancelled, code: "CANCELLED", words: "somebody asked".to_owned() });
        for (ran, code, error) in [
            (ended(0, None, None), 0, None),
            (ended(3 << 8, None, None), 3, None),
            (ended(9, None, None), 137, Some("SIGNALLED")),
            (ended(15, stop(), None), 217, Some("CANCELLED")),
            (ended(0, stop(), None), 217, Some("CANCELLED")),
            (ended(2, None, Some(Got::Interrupt)), 130, Some("INTERRUPTED")),
            (ended(0, None, Some(Got::Terminate)), 0, None),
            (Ran::never(Exit::NotFound, "START_FAILED", String::new()), 127, Some("START_FAILED")),
        ] {
            assert_eq!(ran.ending().1, code, "{ran:?}");
            assert_eq!(ran.to_json()["error"]["code"].as_str(), error, "{ran:?}");
        }
    }
}
