//! What people decide, and what the gate makes of it.

use crate::process::Gate;
use crate::works::Works;
use nix::sys::signal::Signal;
use serde_json::json;
use std::time::{Duration, Instant};

const TOUCH: [&str; 4] = ["--", "sh", "-c", "echo ran >> marker"];

#[test]
fn two_people_say_yes_and_exactly_that_command_runs_and_is_proven() {
    let works = Works::start();
    works.script("deploy.sh", "echo \"deploying $1 $2\"; echo careful >&2; exit 0");
    let gate = Gate::start(
        &works,
        &["--goal", "Deploy v2.1.0", "--approvals", "2", "--", "./deploy.sh", "--tag", "v2.1.0"],
    );
    let id = gate.decision();
    assert!(gate.said().contains(&format!("http://{}/decisions/{id}", works.address)), "{}", gate.said());
    let plan = works.decision(&id)["plan"].as_str().unwrap().to_owned();
    assert!(
        plan.starts_with(r#"{"command":["./deploy.sh","--tag","v2.1.0"],"files":{"./deploy.sh":"sha256:"#),
        "{plan}"
    );
    works.approve(&works.ben, &id);
    gate.until("1 of 2 approvals");
    gate.until("BEN");
    assert_eq!(works.state(&id), "pending_approval");
    works.approve(&works.carla, &id);
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    // The command's own output, and nothing else.
    assert_eq!(String::from_utf8_lossy(&ended.out), "deploying --tag v2.1.0\n");
    assert!(ended.err.contains("careful\n"), "{}", ended.err);
    assert_eq!(works.state(&id), "completed");
    let file = format!("nexus-{id}.audit.json");
    let (code, said, _) = works.run(&["verify", &file]);
    assert_eq!(code, 0, "{said}");
    let package = works.read(&file);
    let digest = governance::digest::sha256_hex(b"deploying --tag v2.1.0\n");
    assert!(package.contains(&digest), "{package}");
    assert!(package.contains(&governance::digest::sha256_hex(b"careful\n")));
    assert_eq!(works.starts(&id), 1);
}

#[test]
fn a_no_and_a_withdrawal_start_nothing() {
    let works = Works::start();
    let rejected = Gate::start(&works, &TOUCH);
    let withdrawn = Gate::start(&works, &TOUCH);
    let (one, two) = (rejected.decision(), withdrawn.decision());
    let path = format!("/decisions/{one}/reject");
    assert_eq!(works.call(&works.ben, "POST", &path, &json!({"reason": "Not on a Friday"})).0, 200);
    let path = format!("/decisions/{two}/withdraw");
    assert_eq!(works.call(&works.key, "POST", &path, &json!({})).0, 200);
    let ended = rejected.end();
    assert_eq!(ended.code, Some(210), "{}", ended.err);
    assert!(ended.err.contains("rejected") && ended.err.contains("Not on a Friday"), "{}", ended.err);
    assert_eq!(withdrawn.end().code, Some(211));
    assert_eq!(works.read("marker"), "");
}

#[test]
fn a_wait_ends_at_its_limit_and_the_request_can_be_taken_up_again() {
    let works = Works::start();
    let ended = Gate::start(&works, &[&["--wait-limit", "2s"][..], &TOUCH].concat()).end();
    assert_eq!(ended.code, Some(212), "{}", ended.err);
    assert!(ended.err.contains("still open"), "{}", ended.err);
    let id = ended.err.split("  decision ").nth(1).unwrap().split_whitespace().next().unwrap();
    let calls = works.read("server.log").matches("/wait").count();
    assert!((1..=4).contains(&calls), "{calls} calls in two seconds");
    assert_eq!(works.state(id), "pending_approval");
    works.approve(&works.ben, id);
    let ended = Gate::start(&works, &[&["--decision", id][..], &TOUCH].concat()).end();
    assert_eq!((ended.code, works.read("marker").as_str()), (Some(0), "ran\n"), "{}", ended.err);
}

#[test]
fn an_approval_that_lapsed_is_told_as_such() {
    let works = Works::start();
    let id = works.run(&[&["request", "--goal", "x"][..], &TOUCH].concat()).1.trim().to_owned();
    let soon =
        governance::Timestamp::from_micros(control::Clock::now(&control::SystemClock).micros() + 2_000_000);
    let body = json!({"expires_at": soon.to_string()});
    let (status, answer) = works.call(&works.ben, "POST", &format!("/decisions/{id}/approve"), &body);
    assert_eq!(status, 200, "{answer}");
    works.until(&id, "pending_approval", Duration::from_secs(10));
    let ended = Gate::start(&works, &[&["--decision", &id, "--wait-limit", "1s"][..], &TOUCH].concat()).end();
    assert_eq!(ended.code, Some(213), "{}", ended.err);
    assert_eq!(works.read("marker"), "");
}

#[test]
fn what_was_not_approved_does_not_run() {
    let works = Works::start();
    std::fs::write(works.path("values"), "a: 1").unwrap();
    std::fs::create_dir(works.path("other")).unwrap();
    let ask = ["request", "--goal", "Apply", "--bind", "values", "--", "cat", "values"];
    let id = works.run(&ask).1.trim().to_owned();
    works.approve(&works.ben, &id);
    let attach = ["gate", "--decision", &id, "--bind", "values", "--"];
    // Another argument, another program, one more, no bound file, another folder.
    for (arguments, differs) in [
        ([&attach[..], &["cat", "Values"]].concat(), "the command"),
        ([&attach[..], &["tac", "values"]].concat(), "the command"),
        ([&attach[..], &["cat", "values", ""]].concat(), "the command"),
        (vec!["gate", "--decision", &id, "--", "cat", "values"], "the bound files"),
    ] {
        let (code, _, said) = works.run(&arguments);
        assert_eq!(code, 215, "{arguments:?}: {said}");
        assert!(said.contains(differs), "{arguments:?}: {said}");
    }
    let elsewhere = works.command(&["gate", "--decision", &id, "--", "cat", "values"]);
    let mut elsewhere = elsewhere;
    let output = elsewhere.current_dir(works.path("other")).output().unwrap();
    assert_eq!(output.status.code(), Some(215));
    assert!(String::from_utf8_lossy(&output.stderr).contains("working folder"));
    std::fs::write(works.path("values"), "a: 2").unwrap();
    let (code, printed, said) = works.run(&[&attach[..], &["cat", "values"]].concat());
    assert_eq!((code, printed.as_str()), (215, ""), "{said}");
    assert_eq!((works.state(&id).as_str(), works.starts(&id)), ("approved", 0));
    // Even the server itself compares to the letter: whoever asks it past the gate is refused.
    let body = json!({"plan": "{\"command\":[\"cat\",\"values\"]}"});
    let (status, answer) = works.call(&works.key, "POST", &format!("/decisions/{id}/runs"), &body);
    assert_eq!((status, answer["code"].as_str()), (409, Some("PLAN_CHANGED")));
    std::fs::write(works.path("values"), "a: 1").unwrap();
    assert_eq!(works.run(&[&attach[..], &["cat", "values"]].concat()).0, 0);
}

#[test]
fn a_file_that_changes_while_people_decide_is_refused_by_the_server() {
    let works = Works::start();
    works.script("deploy.sh", "echo good >> marker");
    let gate = Gate::start(&works, &["--", "./deploy.sh"]);
    let id = gate.decision();
    works.script("deploy.sh", "echo evil >> marker");
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!(ended.code, Some(215), "{}", ended.err);
    assert!(ended.err.contains("bound files"), "{}", ended.err);
    assert_eq!((works.state(&id).as_str(), works.read("marker").as_str()), ("approved", ""));
}

#[test]
fn of_two_gates_on_one_decision_one_runs() {
    let works = Works::start();
    let command = ["--", "sh", "-c", "echo ran >> marker; sleep 2"];
    let first = Gate::start(&works, &command);
    let id = first.decision();
    let others: Vec<Gate> =
        (0..4).map(|_| Gate::start(&works, &[&["--decision", &id][..], &command].concat())).collect();
    for gate in &others {
        gate.until("approvals");
    }
    works.approve(&works.ben, &id);
    let mut codes: Vec<_> = others.into_iter().chain([first]).map(|gate| gate.end().code.unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 216, 216, 216, 216]);
    assert_eq!((works.read("marker").as_str(), works.starts(&id)), ("ran\n", 1));
}

#[test]
fn an_interrupted_wait_leaves_the_request_open_or_withdraws_it() {
    let works = Works::start();
    for (signal, arguments, code, state) in [
        (Signal::SIGINT, &[][..], 220, "pending_approval"),
        (Signal::SIGTERM, &[], 220, "pending_approval"),
        (Signal::SIGINT, &["--withdraw-on-interrupt"], 211, "withdrawn"),
        (Signal::SIGTERM, &["--withdraw-on-interrupt"], 211, "withdrawn"),
    ] {
        let gate = Gate::start(&works, &[arguments, &TOUCH].concat());
        let id = gate.decision();
        let sent = Instant::now();
        gate.signal(signal);
        let ended = gate.end();
        assert_eq!(ended.code, Some(code), "{signal} {arguments:?}: {}", ended.err);
        assert!(sent.elapsed() < Duration::from_secs(10));
        assert_eq!(works.state(&id), state);
    }
    assert_eq!(works.read("marker"), "");
}

#[test]
fn a_rehearsal_waits_and_starts_nothing() {
    let works = Works::start();
    let gate = Gate::start(&works, &[&["--dry-run"][..], &TOUCH].concat());
    let id = gate.decision();
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!((works.state(&id).as_str(), works.read("marker").as_str()), ("completed", ""));
    assert!(ended.err.contains("Nothing was started"), "{}", ended.err);
}

#[test]
fn what_would_be_refused_at_the_start_is_said_before_people_are_asked() {
    let works = Works::start();
    // Ben's token may look and decide, and neither ask nor run.
    let (code, _, said) = works.run(&["gate", "--key", &works.ben, "--", "true"]);
    assert_eq!(code, 215, "{said}");
    assert!(said.contains("request and execute"), "{said}");
    assert_eq!(works.count(), 0);
    let (code, _, said) = works.run(&["gate", "--require", "rollback", "--", "true"]);
    assert_eq!(code, 215, "{said}");
    assert!(said.contains("rollback") && said.contains("[gate]"), "{said}");
    let (_, found) = works.call(&works.ana, "GET", "/decisions", &serde_json::Value::Null);
    assert_eq!(found["decisions"][0]["state"], "withdrawn", "{found}");
    assert_eq!(works.count(), 1);
}
