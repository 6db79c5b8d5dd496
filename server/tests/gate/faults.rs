//! The server, or the wire to it, is gone for a while, at every point.

use crate::process::Gate;
use crate::proxy::{Proxy, Wire};
use crate::works::Works;
use nix::sys::signal::Signal;
use std::process::Stdio;
use std::time::{Duration, Instant};

const COMMAND: [&str; 4] = ["--", "sh", "-c", "echo ran >> marker"];

#[test]
fn a_server_that_is_not_there_is_a_code_of_its_own() {
    let mut works = Works::start();
    works.kill();
    let (code, _, said) = works.run(&[&["gate", "--offline-limit", "1s"][..], &COMMAND].concat());
    assert_eq!(code, 214, "{said}");
    assert!(said.contains("does not answer"), "{said}");
    assert_eq!(works.read("marker"), "");
}

#[test]
fn lost_answers_are_asked_for_again_and_nothing_happens_twice() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    wire.set(Wire::LosesAnswer("POST /api/v1/decisions "));
    let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
    let id = gate.decision();
    assert_eq!((wire.get(), works.count()), (Wire::Whole, 1));
    wire.set(Wire::LosesAnswer("/runs "));
    works.approve(&works.ben, &id);
    gate.until("Approved. Running");
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("trying again") && ended.err.contains("answers again"), "{}", ended.err);
    assert_eq!((works.read("marker").as_str(), works.starts(&id)), ("ran\n", 1));
    let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
    let id = gate.decision();
    wire.set(Wire::LosesAnswer("/result "));
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!((ended.code, works.state(&id).as_str()), (Some(0), "completed"), "{}", ended.err);
}

#[test]
fn a_server_that_dies_and_comes_back_while_people_decide_is_waited_for() {
    let mut works = Works::start();
    let gate = Gate::start(&works, &COMMAND);
    let id = gate.decision();
    works.kill();
    gate.until("trying again");
    works.up();
    gate.until("answers again");
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!((ended.code, works.read("marker").as_str()), (Some(0), "ran\n"), "{}", ended.err);
}

#[test]
fn a_server_that_dies_and_comes_back_while_it_runs_gets_the_result() {
    let mut works = Works::start();
    let gate = Gate::start(&works, &["--", "sh", "-c", "echo ran >> marker; sleep 5; echo fine"]);
    let id = gate.decision();
    works.approve(&works.ben, &id);
    gate.until("Approved. Running");
    std::thread::sleep(Duration::from_secs(1));
    works.kill();
    gate.until("progress cannot be told");
    works.up();
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(String::from_utf8_lossy(&ended.out), "fine\n");
    assert_eq!((works.state(&id).as_str(), works.starts(&id)), ("completed", 1));
}

#[test]
fn a_connection_that_is_gone_for_too_long_ends_as_an_unknown_outcome_and_the_gate_says_so() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let script = "echo ran >> marker; while [ ! -e stop ]; do sleep 0.2; done; exit 5";
    let gate = Gate::start(&works, &["--url", &wire.url, "--", "sh", "-c", script]);
    let id = gate.decision();
    works.approve(&works.ben, &id);
    gate.until("Approved. Running");
    wire.set(Wire::Cut);
    gate.until("progress cannot be told");
    works.until(&id, "failed", Duration::from_secs(100));
    assert_eq!(works.error_code(&id), "OUTCOME_UNKNOWN");
    wire.set(Wire::Whole);
    gate.until("given this run up");
    std::fs::write(works.path("stop"), "").unwrap();
    let ended = gate.end();
    assert_eq!(ended.code, Some(219), "{}", ended.err);
    assert!(ended.err.contains("OUTCOME_UNKNOWN") && ended.err.contains("exit code 5"), "{}", ended.err);
    let file = ended.err.split("The result is in ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let kept: serde_json::Value = serde_json::from_str(&works.read(&file)).unwrap();
    assert_eq!(
        (kept["decision_id"].as_str(), kept["result"]["exit_code"].as_i64()),
        (Some(id.as_str()), Some(5))
    );
    // Too late: what is on record stays.
    let (code, _, said) = works.run(&["gate", "--report", &file, "--url", &wire.url]);
    assert_eq!(code, 215, "{said}");
    assert_eq!((works.error_code(&id).as_str(), works.starts(&id)), ("OUTCOME_UNKNOWN", 1));
}

#[test]
fn a_result_that_could_not_be_sent_is_kept_and_delivered_later() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let gate = Gate::start(&works, &["--url", &wire.url, "--", "sh", "-c", "echo ran >> marker; exit 6"]);
    let id = gate.decision();
    wire.set(Wire::Swallows("/result "));
    works.approve(&works.ben, &id);
    gate.until("the command ended with exit code 6");
    // Whoever does not want to wait may end it: the result is kept.
    std::thread::sleep(Duration::from_millis(300));
    gate.signal(Signal::SIGINT);
    let ended = gate.end();
    assert_eq!(ended.code, Some(219), "{}", ended.err);
    let file = ended.err.split("The result is in ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    wire.set(Wire::Whole);
    // It belongs to the server that it was meant for, and goes to no other.
    let (code, _, said) = works.run(&["gate", "--report", &file]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(&wire.url) && said.contains("--url"), "{said}");
    let there = format!("{}/", wire.url);
    let (code, _, said) = works.run(&["gate", "--report", &file, "--url", &there]);
    assert_eq!(code, 0, "{said}");
    assert_eq!((works.state(&id).as_str(), works.error_code(&id).as_str()), ("failed", "COMMAND_FAILED"));
    // The same again is no contradiction.
    assert_eq!(works.run(&["gate", "--report", &file, "--url", &there]).0, 0);
}

#[test]
fn a_yes_that_arrives_after_the_server_gave_up_starts_nothing() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
    let id = gate.decision();
    wire.set(Wire::HoldsAnswer("/runs "));
    works.approve(&works.ben, &id);
    works.until(&id, "executing", Duration::from_secs(30));
    wire.set(Wire::Cut);
    works.until(&id, "failed", Duration::from_secs(100));
    wire.set(Wire::Whole);
    let ended = gate.end();
    assert_eq!(ended.code, Some(216), "{}", ended.err);
    assert!(ended.err.contains("NOT_EXECUTING"), "{}", ended.err);
    assert_eq!((works.read("marker").as_str(), works.error_code(&id).as_str()), ("", "OUTCOME_UNKNOWN"));
}

#[test]
fn a_bound_file_that_cannot_be_looked_at_right_before_the_start_starts_nothing() {
    let works = Works::start();
    std::fs::write(works.path("values"), "a: 1").unwrap();
    let wire = Proxy::to(&works.address);
    let gate = Gate::start(&works, &[&["--url", &wire.url, "--bind", "values"][..], &COMMAND].concat());
    let id = gate.decision();
    // Between the question, which names its digest, and the answer that is read.
    wire.set(Wire::LosesAnswer("/runs "));
    works.approve(&works.ben, &id);
    works.until(&id, "executing", Duration::from_secs(30));
    std::fs::remove_file(works.path("values")).unwrap();
    std::fs::create_dir(works.path("values")).unwrap();
    let ended = gate.end();
    assert_eq!((ended.code, works.read("marker").as_str()), (Some(215), ""), "{}", ended.err);
    assert_eq!(works.error_code(&id), "PLAN_CHANGED");
}

#[test]
fn a_server_that_takes_a_question_and_never_answers_holds_nobody_up() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let id = works.run(&["request", "--goal", "x"]).1.trim().to_owned();
    wire.set(Wire::Swallows("GET /api/v1/decisions/"));
    let asked = Instant::now();
    let (code, _, said) = works.run(&["wait", &id, "--url", &wire.url, "--wait-limit", "2s"]);
    assert_eq!(code, 214, "{said}");
    for arguments in [&["wait", &id][..], &["status", "--watch", &id]] {
        let mut command = works.command(&[arguments, &["--url", &wire.url]].concat());
        let waits = Gate::of(&mut command);
        std::thread::sleep(Duration::from_secs(1));
        waits.signal(Signal::SIGTERM);
        let ended = waits.end();
        assert_eq!(ended.code, Some(220), "{arguments:?}: {}", ended.err);
    }
    wire.set(Wire::Whole);
    let gate = Gate::start(&works, &[&["--dry-run", "--url", &wire.url][..], &COMMAND].concat());
    let id = gate.decision();
    wire.set(Wire::Swallows("/execute "));
    works.approve(&works.ben, &id);
    gate.until("approved, ");
    std::thread::sleep(Duration::from_secs(1));
    gate.signal(Signal::SIGTERM);
    let ended = gate.end();
    assert_eq!(ended.code, Some(220), "{}", ended.err);
    assert!(asked.elapsed() < Duration::from_secs(25), "{:?}", asked.elapsed());
}

#[test]
fn a_request_that_was_told_is_withdrawn_though_the_server_then_falls_silent() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    wire.set(Wire::Swallows("GET /api/v1/decisions/"));
    let gate =
        Gate::start(&works, &[&["--url", &wire.url, "--withdraw-on-interrupt"][..], &COMMAND].concat());
    gate.until("  decision ");
    let id = gate.said().split("  decision ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    gate.signal(Signal::SIGTERM);
    let ended = gate.end();
    assert_eq!((ended.code, works.state(&id).as_str()), (Some(211), "withdrawn"), "{}", ended.err);
}

#[test]
fn the_package_of_another_decision_is_not_verified() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let run = |confused: Option<&str>| {
        let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
        let id = gate.decision();
        if let Some(other) = confused {
            wire.set(Wire::Confuses(id.clone(), other.to_owned()));
        }
        works.approve(&works.ben, &id);
        let ended = gate.end();
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        (id, ended.err)
    };
    let (one, said) = run(None);
    assert!(said.contains("checks hold"), "{said}");
    let (two, said) = run(Some(&one));
    assert!(said.contains("NOT VERIFIED: it is about another decision"), "{said}");
    assert!(said.contains("it is about another run"), "{said}");
    let (code, out, said) = works.run(&["export", &two, "--url", &wire.url]);
    assert_eq!(code, 1, "{said}");
    assert!(out.contains(&format!("NOT VERIFIED: it is about another decision, {one}")), "{out}");
}

#[test]
fn a_reader_that_takes_nothing_is_given_up_with_a_second_signal() {
    let works = Works::start();
    let said = std::fs::File::create(works.path("said")).unwrap();
    let script =
        "trap 'exit 7' TERM; head -c 1000000 /dev/zero & echo started > marker; while :; do sleep 0.1; done";
    let mut command = works.command(&["gate", "--no-package", "--", "sh", "-c", script]);
    let mut child = command.stdout(Stdio::piped()).stderr(said).spawn().unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    let wait = |what: &dyn Fn() -> bool| {
        while !what() {
            assert!(Instant::now() < until, "{}", works.read("said"));
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    wait(&|| works.read("said").contains("0 of 1 approvals"));
    let text = works.read("said");
    let id = text.split("  decision ").nth(1).unwrap().split_whitespace().next().unwrap();
    works.approve(&works.ben, id);
    wait(&|| works.read("marker").contains("started"));
    std::thread::sleep(Duration::from_millis(500));
    let pid = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
    for _ in 0..2 {
        nix::sys::signal::kill(pid, Signal::SIGTERM).unwrap();
        std::thread::sleep(Duration::from_secs(2));
    }
    let mut ended = child.try_wait().unwrap();
    if ended.is_none() {
        std::thread::sleep(Duration::from_secs(3));
        ended = child.try_wait().unwrap();
        drop(child.kill());
        drop(child.wait());
    }
    assert_eq!(ended.and_then(|status| status.code()), Some(7), "{}", works.read("said"));
    assert_eq!(works.error_code(id), "INTERRUPTED");
}
