//! The command itself: in a process group of its own, its output handed on, its progress told, stopped when somebody
//! wants that or when its time is over.

use super::GateArgs;
use super::output::{Capture, Phase, Recent, Sink, stream};
use super::progress::{Word, tell};
use super::ran::{Ran, Stopped};
use super::terminal::{Foreground, is_stopped, signal};
use crate::answers::Begun;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::printable::printable;
use crate::screen::Screen;
use crate::server::Server;
use crate::signals::{Got, Signals};
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use serde_json::json;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, interval, sleep_until};

/// Between asking a command to end and ending it.
const GRACE: Duration = Duration::from_secs(10);
/// Between looks whether Ctrl-Z stopped it.
const LOOK: Duration = Duration::from_secs(1);

/// A command that runs.
struct Running<'a> {
    child: Child,
    group: Pid,
    foreground: Option<Foreground>,
    screen: &'a Screen,
    run_id: &'a str,
    until: Instant,
    limit: Duration,
    stopped: Option<Stopped>,
    passed: Option<Got>,
    kill_at: Option<Instant>,
}

/// Starts the command and stays until it ends.
pub async fn run(
    server: &Server,
    args: &GateArgs,
    sink: &Sink,
    plan: &Plan,
    begun: &Begun,
    signals: &mut Signals,
) -> Ran {
    let screen = server.screen();
    let started = Instant::now();
    let mut child = match start(args, plan) {
        Ok(child) => child,
        Err(error) => {
            let gone = error.kind() == std::io::ErrorKind::NotFound;
            let exit = if gone { Exit::NotFound } else { Exit::NotExecutable };
            let program = plan.command.first().map(String::as_str).unwrap_or_default();
            let words = format!("`{}` cannot be started: {error}", printable(program));
            screen.say(&words);
            return Ran::never(exit, "START_FAILED", words);
        }
    };
    let words = format!("Approved. Running as {}", printable(&begun.run_id));
    screen.tell("started", &words, &json!({ "run_id": begun.run_id }));
    let (phase, phases) = watch::channel(Phase::Runs);
    let recent = Recent::default();
    let stdout =
        child.stdout.take().map(|from| stream(from, sink.writer(false), recent.clone(), phases.clone()));
    let stderr = child.stderr.take().map(|from| stream(from, sink.writer(true), recent.clone(), phases));
    let outputs = [stdout.map(tokio::spawn), stderr.map(tokio::spawn)];
    let (hear, heard) = mpsc::channel(4);
    let teller = tokio::spawn(tell(server.clone(), begun.run_id.clone(), recent, hear));
    let mut running = Running::of(child, screen, begun, started);
    let status = running.end(heard, signals).await;
    let took = started.elapsed();
    let (stopped, passed) = running.settle();
    phase.send_replace(Phase::Ended);
    let mut captures = [Capture::default(), Capture::default()];
    for (task, place) in outputs.into_iter().zip(&mut captures) {
        let Some(mut task) = task else { continue };
        let ended = loop {
            tokio::select! {
                ended = &mut task => break ended,
                // The command is over; only the rest of its output can be meant.
                _ = signals.next() => { phase.send_replace(Phase::GivenUp); }
            }
        };
        if let Ok((capture, whole)) = ended {
            if !whole {
                screen.say(
                    "nexus-control: a process that the command left behind holds its output open; what it says from \
                     now on is not recorded",
                );
            }
            *place = capture;
        }
    }
    teller.abort();
    let ran = Ran::ended(status.ok(), stopped, passed, took, captures);
    let (outcome, code) = ran.ending();
    let members = json!({
        "run_id": begun.run_id,
        "outcome": outcome,
        "exit_code": code,
        "message": ran.words(),
    });
    screen.tell("ended", &format!("nexus-control: {}", ran.words()), &members);
    ran
}

fn start(args: &GateArgs, plan: &Plan) -> std::io::Result<Child> {
    let (program, arguments) =
        plan.command.split_first().ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&plan.working_dir).process_group(0);
    command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if !args.keep_key {
        command.env_remove("NEXUS_KEY").env_remove("NEXUS_KEY_FILE");
    }
    command.spawn()
}

impl<'a> Running<'a> {
    fn of(child: Child, screen: &'a Screen, begun: &'a Begun, started: Instant) -> Self {
        // It was not waited for yet, so it still has an id; of no group is nobody's.
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let group = Pid::from_raw(id.unwrap_or(i32::MAX));
        // A limit beyond a year is none, and would not fit a clock.
        let limit = Duration::from_secs(begun.time_limit_seconds.min(366 * 24 * 3600));
        Self {
            child,
            group,
            foreground: Foreground::lend(group),
            screen,
            run_id: &begun.run_id,
            until: started + limit,
            limit,
            stopped: None,
            passed: None,
            kill_at: None,
        }
    }

    /// Waits for its end, and brings it about when it must be.
    async fn end(
        &mut self,
        mut heard: mpsc::Receiver<Word>,
        signals: &mut Signals,
    ) -> std::io::Result<ExitStatus> {
        let mut look = interval(LOOK);
        loop {
            let kill = self.kill_at.unwrap_or(self.until + GRACE);
            tokio::select! {
                status = self.child.wait() => return status,
                _ = look.tick() => self.go_on(),
                got = signals.next() => {
                    signal(self.group, got.signal());
                    self.passed = Some(got);
                }
                Some(word) = heard.recv() => match word {
                    Word::Stop(by) => {
                        let words = format!("stopped because {} asked for it", printable(&by));
                        self.stop(Stopped { exit: Exit::Cancelled, code: "CANCELLED", words });
                    }
                    Word::Lost(why) => {
                        let words = format!(
                            "nexus-control: the server has given this run up; the command goes on, and its end will not \
                             be recorded: {why}"
                        );
                        let members = json!({ "run_id": self.run_id, "message": why });
                        self.screen.tell("given_up", &words, &members);
                    }
                },
                () = sleep_until(self.until), if self.stopped.is_none() => {
                    let words = format!("stopped after its time limit of {}", crate::duration::words(self.limit));
                    self.stop(Stopped { exit: Exit::TimeLimit, code: "TIMED_OUT", words });
                }
                () = sleep_until(kill), if self.kill_at.is_some() => {
                    signal(self.group, Signal::SIGKILL);
                    self.kill_at = None;
                }
            }
        }
    }

    /// Asks it to end, once; after a while it is ended.
    fn stop(&mut self, why: Stopped) {
        if self.stopped.is_none() {
            let words = format!("nexus-control: {}", why.words);
            self.screen.tell("stopping", &words, &json!({ "code": why.code, "message": why.words }));
            signal(self.group, Signal::SIGTERM);
            signal(self.group, Signal::SIGCONT);
            self.kill_at = Some(Instant::now() + GRACE);
            self.stopped = Some(why);
        }
    }

    /// After Ctrl-Z, nobody could bring it back to the front.
    fn go_on(&self) {
        if self.foreground.is_some() && is_stopped(self.group) {
            self.screen.say("nexus-control: a run that is on record cannot pause; the command goes on");
            signal(self.group, Signal::SIGCONT);
        }
    }

    /// After its end. What it started must not outlive a stop.
    fn settle(self) -> (Option<Stopped>, Option<Got>) {
        if self.stopped.is_some() {
            signal(self.group, Signal::SIGKILL);
        }
        (self.stopped, self.passed)
    }
}
