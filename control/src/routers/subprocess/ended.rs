//! How a command ended, and what that means for its run.

use crate::live::Live;
use crate::router::{CANCELLED, TIMED_OUT};
use std::time::Duration;
use tokio::process::Child;

/// How a command ended.
pub(super) enum Ended {
    /// By itself, or by a signal from elsewhere.
    Exited(std::process::ExitStatus),
    /// It took too long and was stopped.
    TimedOut,
    /// Somebody wanted it stopped.
    Cancelled,
    /// Nobody can say.
    Lost(String),
}

/// Waits for the command. One that ended by itself was neither stopped nor too slow, whatever came at the same moment.
pub(super) async fn ended(child: &mut Child, limit: Duration, live: &Live) -> Ended {
    tokio::select! {
        biased;
        waited = child.wait() => match waited {
            Ok(status) => Ended::Exited(status),
            Err(error) => Ended::Lost(error.to_string()),
        },
        () = tokio::time::sleep(limit) => Ended::TimedOut,
        () = live.cancelled() => Ended::Cancelled,
    }
}

pub(super) fn verdict(ended: &Ended, limit: u64, live: &Live) -> (Option<i32>, Option<(String, String)>) {
    let error = |code: &str, message: String| Some((code.to_owned(), message));
    match ended {
        Ended::Exited(status) if status.success() => (status.code(), None),
        Ended::Exited(status) => {
            let message = match status.code() {
                Some(code) => format!("the command ended with exit status {code}"),
                None => "the command was ended by a signal".to_owned(),
            };
            (status.code(), error("COMMAND_FAILED", message))
        }
        Ended::TimedOut => {
            (None, error(TIMED_OUT, format!("the command was stopped after its limit of {limit} seconds")))
        }
        Ended::Cancelled => (None, error(CANCELLED, live.cancelled_words())),
        Ended::Lost(why) => (None, error("COMMAND_LOST", format!("the command was lost: {why}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::process::Command;

    #[tokio::test]
    async fn a_command_that_ended_by_itself_was_not_stopped() {
        let mut child = Command::new("/bin/sh").args(["-c", "exit 7"]).spawn().unwrap();
        child.wait().await.unwrap();
        let live = Live::default();
        live.cancel("ana@example.com");
        for _ in 0..30 {
            let ended = ended(&mut child, Duration::ZERO, &live).await;
            assert!(matches!(ended, Ended::Exited(status) if status.code() == Some(7)));
        }
    }
}
