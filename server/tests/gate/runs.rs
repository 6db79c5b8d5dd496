//! Commands that run: their codes, their environment, and how they are stopped.

use crate::process::Gate;
use crate::works::Works;
use nix::sys::signal::Signal;
use serde_json::json;
use std::time::{Duration, Instant};

/// Asks, lets Ben approve, and answers with the gate once its command runs.
fn approved(works: &Works, arguments: &[&str]) -> (Gate, String) {
    let gate = Gate::start(works, arguments);
    let id = gate.decision();
    works.approve(&works.ben, &id);
    gate.until("Approved. Running");
    (gate, id)
}

#[test]
fn the_exit_code_is_the_commands_own() {
    let works = Works::start();
    for (command, code, state) in [
        (&["true"][..], 0, "completed"),
        (&["sh", "-c", "exit 3"], 3, "failed"),
        (&["sh", "-c", "kill -9 $$"], 137, "failed"),
        (&["no-such-program"], 127, "failed"),
        (&["/etc/hostname"], 126, "failed"),
    ] {
        let gate = Gate::start(&works, &[&["--no-package", "--"][..], command].concat());
        let id = gate.decision();
        works.approve(&works.ben, &id);
        let ended = gate.end();
        assert_eq!(ended.code, Some(code), "{command:?}: {}", ended.err);
        assert_eq!(works.state(&id), state, "{command:?}");
    }
}

#[test]
fn a_key_is_not_in_the_commands_environment_unless_it_is_asked_for() {
    let works = Works::start();
    for (arguments, there) in [(&[][..], false), (&["--keep-key"], true)] {
        let gate = Gate::start(&works, &[arguments, &["--", "env"]].concat());
        let id = gate.decision();
        works.approve(&works.ben, &id);
        let ended = gate.end();
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let out = String::from_utf8(ended.out).unwrap();
        assert!(out.contains("PATH="), "{out}");
        assert_eq!(out.contains(&works.key), there, "{out}");
        assert!(!ended.err.contains(&works.key));
    }
}

#[test]
fn a_run_that_somebody_cancels_is_stopped_with_all_that_it_started() {
    let works = Works::start();
    // It does not listen, and neither does what it started.
    let script = "trap '' TERM; (trap '' TERM; while :; do date +%s%N > beat; sleep 0.1; done) & while :; do sleep 0.1; done";
    let (gate, id) = approved(&works, &["--", "sh", "-c", script]);
    let asked = Instant::now();
    let (status, answer) = works.call(&works.ana, "POST", &format!("/decisions/{id}/cancel"), &json!({}));
    assert_eq!(status, 202, "{answer}");
    let ended = gate.end();
    assert_eq!(ended.code, Some(217), "{}", ended.err);
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    assert!(ended.err.contains("ana@works.example"), "{}", ended.err);
    assert_eq!((works.state(&id).as_str(), works.error_code(&id).as_str()), ("failed", "CANCELLED"));
    let beat = works.read("beat");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(works.read("beat"), beat, "what it had started still runs");
}

#[test]
fn a_signal_while_it_runs_reaches_the_command_and_the_record() {
    let works = Works::start();
    let script = "trap 'echo got it; exit 7' TERM; echo up; while :; do sleep 0.1; done";
    let (gate, id) = approved(&works, &["--", "sh", "-c", script]);
    gate.until("up");
    gate.signal(Signal::SIGTERM);
    let ended = gate.end();
    assert_eq!(ended.code, Some(7), "{}", ended.err);
    assert_eq!(String::from_utf8_lossy(&ended.out), "up\ngot it\n");
    assert_eq!(works.error_code(&id), "INTERRUPTED");
}

#[test]
fn whoever_watches_sees_what_it_says() {
    let works = Works::start();
    let (gate, id) = approved(&works, &["--", "sh", "-c", "echo step one; sleep 4"]);
    let until = Instant::now() + Duration::from_secs(10);
    while !works.decision(&id)["live"]["tail"].as_str().unwrap_or_default().contains("step one") {
        assert!(Instant::now() < until, "{}", works.decision(&id));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(gate.end().code, Some(0));
}

#[test]
fn a_run_that_takes_too_long_is_stopped() {
    let works = Works::with_limit(2);
    let (gate, id) = approved(&works, &["--", "sleep", "60"]);
    let ended = gate.end();
    assert_eq!(ended.code, Some(218), "{}", ended.err);
    assert_eq!((works.state(&id).as_str(), works.error_code(&id).as_str()), ("failed", "TIMED_OUT"));
}
