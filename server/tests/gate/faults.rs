//! The server, or the wire to it, is gone for a while, at every point.

use crate::process::Gate;
use crate::proxy::{Proxy, Wire};
use crate::works::Works;
use std::time::Duration;

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
    let (code, _, said) = works.run(&["gate", "--report", &file]);
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
    gate.signal(nix::sys::signal::Signal::SIGINT);
    let ended = gate.end();
    assert_eq!(ended.code, Some(219), "{}", ended.err);
    let file = ended.err.split("The result is in ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let (code, _, said) = works.run(&["gate", "--report", &file]);
    assert_eq!(code, 0, "{said}");
    assert_eq!((works.state(&id).as_str(), works.error_code(&id).as_str()), ("failed", "COMMAND_FAILED"));
    // The same again is no contradiction.
    assert_eq!(works.run(&["gate", "--report", &file]).0, 0);
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
