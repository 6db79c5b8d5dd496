//! Waiting for a decision, and telling what changes meanwhile: who approved, what is still missing. A long call at the
//! server ends the moment that something is decided; short looks beside it show what happens on the way.

use crate::answers::{Decision, Waited};
use crate::duration;
use crate::printable::printable;
use crate::screen::{Screen, Tone};
use crate::server::{Call, CallError, Server};
use crate::signals::{Got, Signals};
use crate::stop::Stop;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// Longest call of a wait. Proxies cut what takes longer.
const CALL: Duration = Duration::from_secs(25);
/// A second, but for a moment.
const ALMOST: Duration = Duration::from_millis(999);
/// Between looks, in the first minutes and later: all calls of a person's keys together have a limit.
const LOOKS: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(10));
/// How long the first ones last.
const FIRST: Duration = Duration::from_mins(2);

/// What is waited for, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// The decision.
    pub id: &'a str,
    /// `approved`, `decided` or `ended`.
    pub awaited: &'a str,
    /// Until when.
    pub until: Instant,
    /// How long the server may be silent.
    pub offline: Duration,
}

/// What a wait came to.
#[derive(Debug)]
pub enum Seen {
    /// It is what was waited for.
    Met(Decision),
    /// It never will be.
    Never(Decision),
    /// Not yet, and the time is over.
    TimedOut(Decision),
    /// A signal came; the decision, where one was seen before.
    Interrupted(Option<Decision>, Got),
}

/// What was told already.
#[derive(Debug, Default)]
pub struct Told {
    state: String,
    approvals: Vec<String>,
    missing: String,
}

impl Watch<'_> {
    /// Waits, and tells.
    pub async fn run(&self, server: &Server, signals: &mut Signals, told: &mut Told) -> Result<Seen, Stop> {
        let screen = server.screen();
        let left = self.until.saturating_duration_since(Instant::now());
        let first = Call::get(self.path("")).within(CALL.min(left + ALMOST));
        let mut latest: Decision = tokio::select! {
            answer = server.call(&first, self.offline.min(left)) => answer?.read()?,
            got = signals.next() => return Ok(Seen::Interrupted(None, got)),
        };
        told.look(screen, &latest);
        let began = Instant::now();
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            // Rounded up: asked with nothing left, the server would answer at once, again and again.
            let call = (left + ALMOST).min(CALL).as_secs();
            let path = self.path(&format!("/wait?for={}&timeout={call}", self.awaited));
            let wait = Call::get(path).within(Duration::from_secs(call + 20));
            let wait = server.call(&wait, self.offline.min(left));
            tokio::pin!(wait);
            let waited = loop {
                let every = if began.elapsed() < FIRST { LOOKS.0 } else { LOOKS.1 };
                tokio::select! {
                    answer = &mut wait => break answer?.read::<Waited>()?,
                    got = signals.next() => {
                        screen.quiet();
                        return Ok(Seen::Interrupted(Some(latest), got));
                    }
                    decision = self.look(server, every, &latest) => match decision {
                        Ok(decision) => {
                            told.look(screen, &decision);
                            latest = decision;
                        }
                        // The long call says when the connection is gone, and for how long.
                        Err(CallError::Unreachable(_)) => {}
                        Err(refused) => return Err(refused.into()),
                    },
                }
            };
            told.look(screen, &waited.decision);
            latest = waited.decision;
            let over = Instant::now() >= self.until;
            if waited.waited != "timed_out" || over {
                screen.quiet();
            }
            match waited.waited.as_str() {
                "met" => return Ok(Seen::Met(latest)),
                "never" => return Ok(Seen::Never(latest)),
                _ if over => return Ok(Seen::TimedOut(latest)),
                _ => {}
            }
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/decisions/{}{rest}", self.id)
    }

    /// Lets so much time pass, on a terminal with a line that lives, and looks.
    async fn look(&self, server: &Server, every: Duration, latest: &Decision) -> Result<Decision, CallError> {
        let screen = server.screen();
        if screen.is_live() {
            for _ in 0..every.as_secs() {
                let left = self.until.saturating_duration_since(Instant::now());
                screen.live(&line(latest, left));
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        } else {
            tokio::time::sleep(every).await;
        }
        server.get(&self.path(""), Duration::ZERO).await
    }
}

impl Told {
    /// Tells what is new in this decision.
    pub fn look(&mut self, screen: &Screen, decision: &Decision) {
        let approvals: Vec<String> = decision.approvals.iter().map(approval).collect();
        for new in approvals.iter().filter(|approval| !self.approvals.contains(approval)) {
            screen.say(&format!("  {} {new}", screen.paint(Tone::Good, "✓")));
        }
        for gone in self.approvals.iter().filter(|approval| !approvals.contains(approval)) {
            screen.say(&format!("  {} no longer: {gone}", screen.paint(Tone::Bad, "✗")));
        }
        let missing = decision.missing();
        let changed =
            self.state != decision.state() || self.approvals != approvals || self.missing != missing;
        if changed {
            let state = screen.paint(tone(decision.state()), &printable(decision.state()));
            let rest = if missing.is_empty() { String::new() } else { format!(" — {missing}") };
            screen.tell(
                "state",
                &format!("{state}, {} approvals{rest}", decision.count()),
                &members(decision),
            );
        }
        *self = Self { state: decision.state().to_owned(), approvals, missing };
    }
}

/// A decision as the lines of `--json` show it.
pub fn members(decision: &Decision) -> Value {
    let reasons: Vec<Value> = decision
        .lifecycle
        .blocking_reasons
        .iter()
        .map(|reason| json!({ "code": reason.code, "message": reason.message }))
        .collect();
    let approvals: Vec<Value> = decision
        .approvals
        .iter()
        .map(|approval| {
            json!({
                "actor": approval.actor,
                "name": approval.name,
                "comment": approval.comment,
                "expires_at": approval.expires_at,
                "counts": approval.counts,
            })
        })
        .collect();
    json!({
        "decision_id": decision.decision_id,
        "url": decision.url,
        "state": decision.state(),
        "approvals_current": decision.lifecycle.progress.approvals_current,
        "approvals_required": decision.lifecycle.progress.approvals_required,
        "approvals": approvals,
        "blocking_reasons": reasons,
    })
}

/// How a state is meant.
pub fn tone(state: &str) -> Tone {
    match state {
        "approved" | "executing" | "completed" => Tone::Good,
        "rejected" | "failed" => Tone::Bad,
        _ => Tone::Quiet,
    }
}

fn approval(approval: &crate::answers::Approval) -> String {
    let comment = approval.comment.as_deref().filter(|comment| !comment.is_empty());
    let comment = comment.map(|text| format!(": {}", printable(text))).unwrap_or_default();
    let until = approval.expires_at.as_deref();
    let until = until.map(|until| format!(", until {}", printable(until))).unwrap_or_default();
    let counts = if approval.counts == Some(false) { " (does not count)" } else { "" };
    format!("{} approved{until}{counts}{comment}", approval.who())
}

fn line(decision: &Decision, left: Duration) -> String {
    let turn = ["|", "/", "-", "\\"];
    let turn = turn.get(usize::try_from(left.as_secs() % 4).unwrap_or(0)).copied().unwrap_or_default();
    let missing = decision.missing();
    let missing = if missing.is_empty() { printable(decision.state()) } else { missing };
    format!("{turn} {} approvals; {missing}; {} left", decision.count(), duration::words(left))
}
