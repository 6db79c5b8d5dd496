//! Output: byte for byte, however much, and in `--json` apart from what programs read.

use crate::process::Gate;
use crate::works::Works;
use serde_json::Value;

fn run_of(works: &Works, id: &str) -> String {
    let (_, run) = works.call(&works.ana, "GET", &format!("/decisions/{id}"), &Value::Null);
    run["run"]["run_id"].as_str().unwrap().to_owned()
}

#[test]
fn fifty_megabytes_go_through_whole_and_their_digest_is_on_record() {
    let works = Works::start();
    let gate =
        Gate::start(&works, &["--", "sh", "-c", "yes 0123456789abcdef | head -c 52428800; printf end"]);
    let id = gate.decision();
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(ended.out.len(), 52_428_803);
    let digest = governance::digest::sha256_hex(&ended.out);
    let (_, run) = works.call(&works.ana, "GET", &format!("/runs/{}", run_of(&works, &id)), &Value::Null);
    let run = run.to_string();
    assert!(run.contains(&digest) && run.contains("52428803"), "{}", &run[..2000]);
}

#[test]
fn bytes_that_are_no_text_pass_and_are_recorded() {
    let works = Works::start();
    let gate = Gate::start(
        &works,
        &[
            "--",
            "sh",
            "-c",
            "head -c 3000000 /dev/zero; head -c 900000 /dev/zero >&2; printf '\\377\\033[31m'",
        ],
    );
    let id = gate.decision();
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(ended.out.len(), 3_000_006);
    assert!(ended.out.ends_with(b"\xff\x1b[31m"));
    assert_eq!(works.state(&id), "completed");
}

#[test]
fn every_line_of_json_is_one_object_and_the_commands_output_is_elsewhere() {
    let works = Works::start();
    for (arguments, file) in [(&[][..], false), (&["--output-file", "out.txt"], true)] {
        let command = ["--json", "--", "sh", "-c", "echo plain; echo beside >&2; exit 4"];
        let gate = Gate::start(&works, &[arguments, &command].concat());
        gate.until("\"event\":\"requested\"");
        gate.until("\"event\":\"state\"");
        let first: Value = serde_json::from_str(gate.printed().lines().next().unwrap()).unwrap();
        works.approve(&works.ben, first["decision_id"].as_str().unwrap());
        let ended = gate.end();
        assert_eq!(ended.code, Some(4), "{}", ended.err);
        let lines = ended.lines();
        let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
        assert_eq!(events[0], "requested", "{events:?}");
        for event in ["state", "started", "ended", "recorded", "package"] {
            assert!(events.contains(&event), "{event} is not in {events:?}");
        }
        let last = lines.last().unwrap();
        assert_eq!((last["event"].as_str(), last["exit_code"].as_i64()), (Some("done"), Some(4)), "{last}");
        let elsewhere = if file { works.read("out.txt") } else { ended.err.clone() };
        let mut said: Vec<&str> = elsewhere.lines().collect();
        said.sort_unstable();
        assert_eq!(said, ["beside", "plain"]);
        assert_eq!(ended.err.is_empty(), file, "{}", ended.err);
    }
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let works = Works::start();
    let script = format!(
        "{} gate --no-package -- sh -c 'yes | head -c 1000000; echo done > marker' | head -c 10 > /dev/null; \
         echo ${{PIPESTATUS[0]}} > code",
        env!("CARGO_BIN_EXE_nexus-control")
    );
    let mut shell = std::process::Command::new("bash");
    let template = works.command(&[]);
    shell.args(["-c", &script]).current_dir(works.path("")).env_clear();
    shell.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let gate = Gate::of(&mut shell);
    works.approve(&works.ben, &gate.decision());
    gate.end();
    assert_eq!((works.read("marker").as_str(), works.read("code").as_str()), ("done\n", "0\n"));
}

#[test]
fn a_process_that_is_left_behind_does_not_hold_the_gate() {
    let works = Works::start();
    let gate = Gate::start(&works, &["--", "sh", "-c", "(sleep 60; echo late) & echo now"]);
    let id = gate.decision();
    works.approve(&works.ben, &id);
    let ended = gate.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("left behind"), "{}", ended.err);
    assert_eq!(works.state(&id), "completed");
}
