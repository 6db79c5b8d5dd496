//! The gate dies without a word, at every point. The server ends in a named state, and nothing runs twice.

use crate::process::Gate;
use crate::proxy::{Proxy, Wire};
use crate::works::Works;
use std::time::Duration;

/// Silence is noticed once a minute.
const GIVEN_UP: Duration = Duration::from_secs(100);

const COMMAND: [&str; 4] = ["--", "sh", "-c", "echo ran >> marker; sleep 3; echo over >> marker"];

/// Another gate takes the decision up, and is told that it ran.
fn nobody_runs_it_again(works: &Works, id: &str) {
    let ended = Gate::start(works, &[&["--decision", id][..], &COMMAND].concat()).end();
    assert_eq!(ended.code, Some(216), "{}", ended.err);
    assert_eq!(works.starts(id), 1);
}

#[test]
fn before_it_asked_nothing_is_there() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    wire.set(Wire::Cut);
    let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
    gate.until("trying again");
    gate.kill();
    wire.set(Wire::Whole);
    assert_eq!((works.count(), works.read("marker").as_str()), (0, ""));
}

#[test]
fn while_it_waits_the_request_stays_and_can_be_taken_up() {
    let works = Works::start();
    let gate = Gate::start(&works, &COMMAND);
    let id = gate.decision();
    gate.kill();
    works.approve(&works.ben, &id);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!((works.state(&id).as_str(), works.read("marker").as_str()), ("approved", ""));
    let ended = Gate::start(&works, &[&["--decision", &id][..], &COMMAND].concat()).end();
    assert_eq!((ended.code, works.read("marker").as_str()), (Some(0), "ran\nover\n"), "{}", ended.err);
    nobody_runs_it_again(&works, &id);
    assert_eq!(works.read("marker"), "ran\nover\n");
}

#[test]
fn between_the_servers_yes_and_the_start_nothing_runs_and_nobody_knows() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
    let id = gate.decision();
    wire.set(Wire::HoldsAnswer("/runs "));
    works.approve(&works.ben, &id);
    works.until(&id, "executing", Duration::from_secs(30));
    gate.kill();
    nobody_runs_it_again(&works, &id);
    works.until(&id, "failed", GIVEN_UP);
    assert_eq!(works.error_code(&id), "OUTCOME_UNKNOWN");
    nobody_runs_it_again(&works, &id);
    assert_eq!(works.read("marker"), "");
}

#[test]
fn while_it_runs_the_outcome_is_unknown_and_nothing_runs_twice() {
    let works = Works::start();
    let gate = Gate::start(&works, &COMMAND);
    let id = gate.decision();
    works.approve(&works.ben, &id);
    gate.until("Approved. Running");
    while works.read("marker").is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    gate.kill();
    nobody_runs_it_again(&works, &id);
    works.until(&id, "failed", GIVEN_UP);
    assert_eq!(works.error_code(&id), "OUTCOME_UNKNOWN");
    nobody_runs_it_again(&works, &id);
    assert_eq!(works.read("marker").matches("ran").count(), 1);
}

#[test]
fn between_the_end_and_the_result_the_outcome_is_unknown() {
    let works = Works::start();
    let wire = Proxy::to(&works.address);
    let gate = Gate::start(&works, &[&["--url", &wire.url][..], &COMMAND].concat());
    let id = gate.decision();
    wire.set(Wire::Swallows("/result "));
    works.approve(&works.ben, &id);
    gate.until("the command ended with exit code 0");
    std::thread::sleep(Duration::from_millis(300));
    gate.kill();
    assert_eq!(works.state(&id), "executing");
    works.until(&id, "failed", GIVEN_UP);
    assert_eq!(works.error_code(&id), "OUTCOME_UNKNOWN");
    nobody_runs_it_again(&works, &id);
    assert_eq!(works.read("marker"), "ran\nover\n");
}
