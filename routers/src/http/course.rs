//! The course of one run: attempts until one says how it went, or until no other makes sense. It never loses sight of
//! whether the endpoint may have begun, because that decides what may be said afterwards.

use super::HttpRouter;
use super::answer::{self, Answer};
use super::attempt::{self, Attempt, Message};
use super::message::{self, mode};
use control::router::{
    CANCELLED, ROUTER_ANSWER_INVALID, ROUTER_LOST, ROUTER_REFUSED, ROUTER_RUN_FAILED, ROUTER_UNREACHABLE,
    TIMED_OUT,
};
use control::{Live, RunEvent, RunReport, RunRequest};
use governance::json::object;
use governance::{Value, digest};
use std::time::Duration;
use tokio::time::Instant;

/// Pause before the second attempt; it doubles each time.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// What stands at the end of every sentence about a request whose fate is open.
const UNKNOWN: &str = "nobody knows what it did";

/// How a run ended.
pub(super) enum Ended {
    /// With an answer about it.
    Answered(Answer),
    /// Without one.
    Failed(&'static str, String),
    /// It took too long.
    TimedOut,
    /// Somebody wanted it stopped.
    Cancelled,
}

/// One run.
pub(super) struct Course<'a> {
    router: &'a HttpRouter,
    request: &'a RunRequest,
    live: &'a Live,
    events: Vec<RunEvent>,
    /// Whether the endpoint may have got the request.
    may_have_begun: bool,
}

impl<'a> Course<'a> {
    pub(super) fn new(router: &'a HttpRouter, request: &'a RunRequest, live: &'a Live) -> Self {
        let mut course = Self { router, request, live, events: Vec::new(), may_have_begun: false };
        let started = object([
            ("mode", mode(request).into()),
            ("adapter_id", request.adapter_id.as_str().into()),
            ("endpoint", router.config.url.to_string().into()),
            ("request", request.request.clone()),
        ]);
        course.event("RUN_STARTED", started);
        course
    }

    /// Asks until there is an end, or none is to be had before the deadline.
    pub(super) async fn ask(&mut self, deadline: Instant) -> Ended {
        let config = &self.router.config;
        let body = message::body(self.request, self.router.clock.now());
        let mut pause = PAUSE;
        for number in 1.. {
            self.live.step(0, &format!("asking {}", config.url));
            let seconds = self.router.clock.now().micros().div_euclid(1_000_000);
            let id = self.request.run_id.as_str();
            let signature = match config.secrets.sign(id, seconds, &body) {
                Ok(signature) => signature,
                Err(why) => {
                    return Ended::Failed(ROUTER_UNREACHABLE, format!("nothing could be signed: {why}"));
                }
            };
            let message = Message { id, seconds, signature: &signature, body: &body };
            let before = std::mem::replace(&mut self.may_have_begun, true);
            let attempt = attempt::send(&self.router.client, config, &self.router.secrets, &message).await;
            let (again, after) = match &attempt {
                Attempt::NotSent { retry, .. } => {
                    self.may_have_begun = before;
                    (*retry, None)
                }
                Attempt::Refused { retry, after, .. } => {
                    self.may_have_begun = before;
                    (*retry && config.idempotent, *after)
                }
                Attempt::Lost { after, .. } => (config.idempotent, *after),
                Attempt::Answered(_) | Attempt::Unusable(_) => (false, None),
            };
            let wait = pause.max(after.unwrap_or_default());
            let late = Instant::now().checked_add(wait).is_none_or(|then| then >= deadline);
            if !again || number >= config.attempts || late {
                return self.ended(attempt);
            }
            self.failed_attempt(number, &attempt);
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ended::TimedOut
    }

    /// What the last attempt means for the run, with those before it.
    fn ended(&mut self, attempt: Attempt) -> Ended {
        match attempt {
            Attempt::Answered(bytes) => self.read(&bytes),
            Attempt::NotSent { words, .. } => {
                self.unless_begun(ROUTER_UNREACHABLE, &format!("the endpoint could not be reached: {words}"))
            }
            Attempt::Refused { words, .. } => {
                self.unless_begun(ROUTER_REFUSED, &format!("the endpoint refused the run: {words}"))
            }
            Attempt::Lost { words, .. } => {
                Ended::Failed(ROUTER_LOST, format!("the endpoint was asked and lost: {words}; {UNKNOWN}"))
            }
            Attempt::Unusable(words) => Ended::Failed(ROUTER_ANSWER_INVALID, format!("{words}; {UNKNOWN}")),
        }
    }

    fn unless_begun(&self, code: &'static str, words: &str) -> Ended {
        if self.may_have_begun {
            Ended::Failed(ROUTER_LOST, format!("{words}; an earlier attempt got no answer, so {UNKNOWN}"))
        } else {
            Ended::Failed(code, format!("{words}; nothing was started"))
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Ended {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let sha256 = digest::sha256_hex(bytes);
        let secrets = &self.router.secrets;
        let (others, beginning, ended) = match answer::read(bytes, self.request, secrets) {
            Ok(mut answer) => (answer.others.take(), None, Ended::Answered(answer)),
            Err((code, words)) => {
                let beginning = answer::plain(&String::from_utf8_lossy(bytes), secrets);
                (None, Some(beginning), Ended::Failed(code, format!("{words}; {UNKNOWN}")))
            }
        };
        let answered = object([
            ("bytes", size.into()),
            ("sha256", sha256.into()),
            ("others", others.into()),
            ("beginning", beginning.into()),
        ]);
        self.event("ROUTER_ANSWERED", answered);
        ended
    }

    fn failed_attempt(&mut self, number: u32, attempt: &Attempt) {
        let words = match attempt {
            Attempt::NotSent { words, .. } | Attempt::Refused { words, .. } | Attempt::Lost { words, .. } => {
                words
            }
            Attempt::Answered(_) | Attempt::Unusable(_) => return,
        };
        self.live.output(&format!("attempt {number}: {words}\n"));
        let failed = object([("attempt", number.into()), ("error", words.as_str().into())]);
        self.event("ATTEMPT_FAILED", failed);
    }

    /// What is reported.
    pub(super) fn report(mut self, ended: Ended) -> RunReport {
        let limit = self.router.config.timeout_seconds;
        let open = if self.may_have_begun {
            format!("the endpoint had been asked and may go on; {UNKNOWN}")
        } else {
            "nothing had been sent".to_owned()
        };
        let (steps_executed, error) = match ended {
            Ended::Answered(answer) => {
                for step in answer.results {
                    self.event(step.kind, step.payload);
                }
                let failed =
                    |words| (ROUTER_RUN_FAILED, format!("the endpoint ran it and it failed: {words}"));
                (answer.steps_executed, answer.failed.map(failed))
            }
            Ended::Failed(code, words) => (0, Some((code, words))),
            Ended::TimedOut => {
                (0, Some((TIMED_OUT, format!("there was no answer within {limit} seconds; {open}"))))
            }
            Ended::Cancelled => (0, Some((CANCELLED, format!("{}; {open}", self.live.cancelled_words())))),
        };
        let status = if error.is_some() { "failed" } else { "completed" };
        let end = object([
            ("status", status.into()),
            ("steps_executed", steps_executed.into()),
            ("error_code", error.as_ref().map(|(code, _)| *code).into()),
        ]);
        self.event(if error.is_some() { "RUN_FAILED" } else { "RUN_COMPLETED" }, end);
        self.live.step(steps_executed, status);
        let error = error.map(|(code, words)| (code.to_owned(), words));
        RunReport { steps_executed, error, events: self.events, record: None }
    }

    fn event(&mut self, kind: &str, payload: Value) {
        self.events.push(RunEvent { ts: self.router.clock.now(), kind: kind.to_owned(), payload });
    }
}
