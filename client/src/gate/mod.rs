//! `gate`: nothing runs before people said yes, and what runs is what they said yes to. Ask, wait, begin, run, report.
//! The command starts only after the server said, in an answer that was read, that this caller and nobody else may.

mod args;
mod begin;
mod child;
mod fit;
mod interrupt;
mod output;
mod package;
mod progress;
mod ran;
mod rehearse;
mod report;
mod terminal;

pub use args::GateArgs;

use crate::answers::Decision;
use crate::commands::id;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::printable::printable;
use crate::screen::{Screen, Tone};
use crate::server::{Call, Server};
use crate::signals::Signals;
use crate::stop::Stop;
use crate::watch::{Seen, Told, Watch, members};
use begin::Beginning;
use serde_json::json;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::time::Instant;

/// How long the first calls are tried: a wrong address should not take minutes.
const FIRST_CONTACT: Duration = Duration::from_secs(30);
/// Between a wait that said yes and a start that said not yet.
const BETWEEN: Duration = Duration::from_secs(2);

/// Runs it; the exit code.
pub async fn run(args: &GateArgs) -> u8 {
    let screen = Screen::new(args.json);
    let ended = match &args.report {
        Some(file) => report::deliver(args, &screen, file).await,
        None => gate(args, &screen).await,
    };
    screen.quiet();
    match ended {
        Ok(code) => code,
        Err(stop) => {
            let words = format!("{} {}", screen.paint(Tone::Bad, "nexus-control:"), stop.words);
            screen.tell("done", &words, &stop.to_json());
            stop.exit.code()
        }
    }
}

async fn gate(args: &GateArgs, screen: &Screen) -> Result<u8, Stop> {
    let server = args.access.server(screen.clone())?;
    let plan = Plan::of(&args.command, &args.bind)?;
    let sink = output::Sink::open(args)?;
    let mut signals =
        Signals::new().map_err(|error| Stop::usage(format!("signals cannot be listened to: {error}")))?;
    let known = OnceLock::new();
    let first = tokio::select! {
        decision = first(&server, args, &plan, &known) => Ok(decision?),
        got = signals.next() => Err(got),
    };
    let decision = match (first, known.get()) {
        (Ok(decision), _) => decision,
        (Err(got), Some(known)) => {
            return Err(interrupt::settle(&server, &mut signals, args, known, got).await);
        }
        (Err(_), None) => {
            return Err(interrupted("before the server answered; it may have heard the request"));
        }
    };
    let mut told = Told::default();
    let until = Instant::now() + args.wait_limit;
    let watch = Watch { id: &decision.decision_id, awaited: "approved", until, offline: args.offline_limit };
    loop {
        let seen = watch.run(&server, &mut signals, &mut told).await?;
        let approved = match seen {
            Seen::Met(decision) => decision,
            Seen::Never(decision) => return Err(never(&decision)),
            Seen::TimedOut(decision) => return Err(timed_out(args, &decision)),
            Seen::Interrupted(latest, got) => {
                let latest = latest.as_ref().unwrap_or(&decision);
                return Err(interrupt::settle(&server, &mut signals, args, latest, got).await);
            }
        };
        let name = &decision.decision_id;
        let beginning = if approved.mode.as_deref() == Some("dry_run") {
            tokio::select! {
                rehearsed = rehearse::rehearse(&server, name) => rehearsed?,
                _ = signals.next() => return Err(interrupted(
                    "while the server rehearses; it may have heard that, and goes on then",
                )),
            }
        } else {
            tokio::select! {
                beginning = begin::begin(&server, name, &plan, args.offline_limit) => beginning?,
                _ = signals.next() => return Err(interrupted(
                    "while asking for the start; if the server did hear that, it will record OUTCOME_UNKNOWN",
                )),
            }
        };
        match beginning {
            Beginning::NotYet(words) => {
                screen.say(&format!("  not yet: {words}"));
                tokio::select! {
                    () = tokio::time::sleep(BETWEEN) => {}
                    got = signals.next() => {
                        return Err(interrupt::settle(&server, &mut signals, args, &approved, got).await);
                    }
                }
            }
            Beginning::Rehearsed(rehearsed) => {
                let seen = package::Expected { decision: name, run_id: rehearsed.run_id(), report: None };
                let packaged = package::write(&server, args, &seen, &mut signals).await;
                let exit = if rehearsed.state() == "completed" { Exit::Done } else { Exit::Failed };
                done(screen, exit.as_str(), exit.code(), name, packaged.as_deref());
                return Ok(exit.code());
            }
            Beginning::Begun(begun, text) => {
                let ran = match plan.changed_since(&text) {
                    None => child::run(&server, args, &sink, &plan, &begun, &mut signals).await,
                    // Between the check and the start; the last look there is.
                    Some(differs) => {
                        ran::Ran::never(Exit::Refused, "PLAN_CHANGED", format!("{differs} changed"))
                    }
                };
                report::send(&server, name, &begun, &ran, &mut signals).await?;
                let report = ran.to_json();
                let seen =
                    package::Expected { decision: name, run_id: Some(&begun.run_id), report: Some(&report) };
                let packaged = package::write(&server, args, &seen, &mut signals).await;
                let (outcome, code) = ran.ending();
                done(screen, outcome, code, name, packaged.as_deref());
                return Ok(code);
            }
        }
    }
}

/// The decision that this is about, asked for or taken up. What cannot be met is not left for people to look at.
///
/// `known` is filled as soon as people can see it, so that an interruption finds what there is to withdraw.
async fn first(
    server: &Server,
    args: &GateArgs,
    plan: &Plan,
    known: &OnceLock<Decision>,
) -> Result<Decision, Stop> {
    let patience = FIRST_CONTACT.min(args.offline_limit);
    fit::key(server, args, patience).await?;
    if let Some(id) = &args.decision {
        let found = attach(server, id, plan).await?;
        let found = known.get_or_init(|| found).clone();
        fit::policy(server, &found, patience).await?;
        return Ok(found);
    }
    let asked = ask(server, args, plan).await?;
    let asked = known.get_or_init(|| asked);
    let path = format!("/decisions/{}", asked.decision_id);
    let found: Decision = server.get(&path, patience).await?;
    if let Err(stop) = fit::policy(server, &found, patience).await {
        let reason = json!({ "reason": "the gate that asked for it does not fit the policy" });
        drop(server.call(&Call::post(format!("{path}/withdraw"), &reason), patience).await);
        return Err(stop);
    }
    Ok(found)
}

/// Makes the request, and says where people decide it.
async fn ask(server: &Server, args: &GateArgs, plan: &Plan) -> Result<Decision, Stop> {
    let goal = args.goal.clone().unwrap_or_else(|| format!("Run {}", plan.command.join(" ")));
    let mode = if args.dry_run { "dry_run" } else { "apply" };
    let call = Call::post("/decisions", &args.ask.body(&goal, Some(&plan.canonical()), mode));
    let asked: Decision = server.call(&call, FIRST_CONTACT.min(args.offline_limit)).await?.read()?;
    // It becomes part of addresses and of a file's name.
    id(&asked.decision_id)
        .map_err(|_| Stop::new(Exit::Unreachable, "the server's answer names no decision"))?;
    let words =
        format!("Waiting for approval: {}\n  decision {}", asked.page(), printable(&asked.decision_id));
    server.screen().tell("requested", &words, &json!({ "decision_id": asked.decision_id, "url": asked.url }));
    Ok(asked)
}

/// Takes up a request that is there. Another plan is refused here already: people need not wait for the server to say so.
async fn attach(server: &Server, decision: &str, plan: &Plan) -> Result<Decision, Stop> {
    let path = format!("/decisions/{}", id(decision)?);
    let found: Decision = server.get(&path, FIRST_CONTACT).await?;
    match plan.difference(found.plan.as_deref().unwrap_or_default()) {
        Some(differs) => Err(begin::changed(&differs)),
        None => {
            let words = format!("Taking up {}", found.page());
            server.screen().tell("attached", &words, &members(&found));
            Ok(found)
        }
    }
}

fn interrupted(when: &str) -> Stop {
    Stop::new(Exit::Interrupted, format!("interrupted {when}. Nothing was started"))
}

fn never(decision: &Decision) -> Stop {
    let (exit, why) = match decision.state() {
        "withdrawn" => (Exit::Withdrawn, decision.last()),
        "rejected" => (Exit::Rejected, decision.last()),
        // Evidence from elsewhere: nothing will ever happen to it.
        _ => (Exit::Refused, decision.missing()),
    };
    Stop::new(exit, format!("{}: {why}. Nothing was started.", printable(decision.state())))
}

fn timed_out(args: &GateArgs, decision: &Decision) -> Stop {
    let exit = if decision.is_blocked_by("APPROVAL_EXPIRED") { Exit::Expired } else { Exit::TimedOut };
    let limit = crate::duration::words(args.wait_limit);
    let words = format!(
        "not approved within {limit} ({}). Nothing was started. The request is still open: {}; take it up again with \
         `nexus-control gate --decision {} -- …`",
        decision.missing(),
        decision.page(),
        printable(&decision.decision_id)
    );
    Stop::new(exit, words)
}

fn done(screen: &Screen, outcome: &str, code: u8, decision: &str, package: Option<&str>) {
    if screen.is_json() {
        let members =
            json!({ "outcome": outcome, "exit_code": code, "decision_id": decision, "package": package });
        screen.tell("done", "", &members);
    }
}
