//! Everything that is no gate, against the same server.

use crate::works::Works;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_decision_is_asked_for_shown_waited_for_run_and_taken_away() {
    let works = Works::start();
    let (code, out, said) = works.run(&["request", "--goal", "Turn it", "--label", "a", "--json"]);
    assert_eq!(code, 0, "{said}");
    let id = object(&out)["decision_id"].as_str().unwrap().to_owned();
    let (code, out, _) = works.run(&["status", &id]);
    assert_eq!(code, 0);
    for word in ["Turn it", "pending_approval", "0 of 1", &id] {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert!(!out.contains('\u{1b}'), "colours in a pipe: {out:?}");
    assert_eq!(object(&works.run(&["status", &id, "--json"]).1)["decision_id"], json!(id));
    let (code, out, _) = works.run(&["wait", &id, "--wait-limit", "1s", "--json"]);
    assert_eq!(code, 212, "{out}");
    assert_eq!(object(out.lines().last().unwrap())["outcome"], "timed_out");
    works.approve(&works.ben, &id);
    assert_eq!(works.run(&["wait", &id]).0, 0);
    let (code, out, said) = works.run(&["execute", &id, "--adapter", "simulate"]);
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("completed"), "{out}");
    let (code, _, said) = works.run(&["cancel", &id]);
    assert_eq!(code, 215, "{said}");
    assert!(said.contains("NOT_EXECUTING"), "{said}");
    for (arguments, file) in [
        (&["--bundle"][..], format!("nexus-{id}.bundle.json")),
        (&["--package", "reference"], format!("nexus-{id}.reference.audit.json")),
        (&["-o", "x.json"], "x.json".to_owned()),
    ] {
        let (code, out, said) = works.run(&[&["export", &id][..], arguments].concat());
        assert_eq!(code, 0, "{arguments:?}: {said}");
        assert!(out.contains(&file) && out.contains("verified"), "{out}");
        assert_eq!(works.run(&["verify", &file]).0, 0);
    }
    let (_, out, _) = works.run(&["export", &id, "--bundle", "-o", "-"]);
    std::fs::write(works.path("piped.json"), out).unwrap();
    assert_eq!(works.run(&["verify", "piped.json"]).0, 0);
}

#[test]
fn evidence_is_brought_in_by_whoever_may() {
    let works = Works::start();
    let id = works.run(&["request", "--goal", "x"]).1.trim().to_owned();
    works.run(&["export", &id, "--bundle", "-o", "b.json"]);
    let (code, _, said) = works.run(&["import", "b.json"]);
    assert_eq!(code, 215, "{said}");
    let token = works.ana.clone();
    std::fs::write(works.path("token"), token).unwrap();
    std::fs::set_permissions(works.path("token"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let (code, _, said) = works.run(&["import", "b.json", "--key-file", "token"]);
    assert_eq!(code, 215, "it is there already: {said}");
    let (code, out, said) =
        works.run(&["import", "b.json", "--key-file", "token", "--conflict-mode", "new-id"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(works.decision(out.trim())["origin"], "imported");
}

#[test]
fn templates_and_keys_are_looked_after() {
    let works = Works::start();
    let token = works.ana.clone();
    let with = |arguments: &[&str]| works.run(&[arguments, &["--key", &token]].concat());
    let template = json!({"name": "prod-deploy", "description": "Production", "policy": {"min_approvals": 2, "allowed_modes": ["apply"]}});
    std::fs::write(works.path("t.json"), template.to_string()).unwrap();
    let (code, _, said) = with(&["templates", "create", "t.json"]);
    assert_eq!(code, 0, "{said}");
    assert!(works.run(&["templates"]).1.contains("prod-deploy: Production"));
    assert_eq!(object(&works.run(&["templates", "get", "prod-deploy", "--json"]).1)["name"], "prod-deploy");
    let spaced = r#"{"name": "Büro 1+2", "policy": {"min_approvals": 1, "allowed_modes": ["apply"]}}"#;
    std::fs::write(works.path("spaced.json"), spaced).unwrap();
    assert_eq!(with(&["templates", "create", "spaced.json"]).0, 0);
    assert_eq!(object(&works.run(&["templates", "get", "Büro 1+2", "--json"]).1)["name"], "Büro 1+2");
    // What two readers would read differently is not made into one reading on the way.
    let twice = r#"{"name": "twice", "policy": {"min_approvals": 2, "min_approvals": 1, "allowed_modes": ["apply"]}}"#;
    std::fs::write(works.path("twice.json"), twice).unwrap();
    let (code, _, said) = with(&["templates", "create", "twice.json"]);
    assert_eq!(code, 215, "{said}");
    let id = works.run(&["request", "--goal", "x", "--template", "prod-deploy", "--", "true"]).1;
    assert_eq!(works.decision(id.trim())["policy"]["min_approvals"], 2);
    let (code, _, said) = works.run(&["templates", "get", "none"]);
    assert_eq!((code, said.contains("NOT_FOUND")), (215, true), "{said}");

    let (code, out, said) = with(&["keys", "create", "--name", "ci", "--scope", "request", "--json"]);
    assert_eq!(code, 0, "{said}");
    let (made, key_id) = (object(&out), object(&out)["key_id"].as_str().unwrap().to_owned());
    let key = made["key"].as_str().unwrap();
    let asks = |key: &str| works.run(&["request", "--goal", "x", "--key", key]).0;
    assert_eq!(asks(key), 0);
    assert!(with(&["keys", "list"]).1.contains(&key_id));
    // Of a whole key only the id is sent.
    assert_eq!(with(&["keys", "revoke", key]).0, 0);
    assert_eq!(asks(key), 215);
}

#[test]
fn the_first_key_is_made_on_the_database() {
    let mut works = Works::start();
    let make = [
        "keys",
        "create",
        "--on-database",
        "--owner",
        "ana@works.example",
        "--name",
        "first",
        "--scope",
        "request",
    ];
    assert_eq!(works.run(&make).0, 1, "the server owns the file");
    works.kill();
    let (code, key, said) = works.run(&[&make[..], &["--workspace", "Works"]].concat());
    assert_eq!(code, 0, "{said}");
    assert_eq!(works.run(&[&make[..], &["--workspace", "Nowhere"]].concat()).0, 1);
    let (code, _, said) = works.run(&[&make[..], &["--scope", "decide"]].concat());
    assert_eq!(code, 1, "{said}");
    works.up();
    assert_eq!(works.run(&["request", "--goal", "x", "--key", key.trim()]).0, 0);
}

#[test]
fn settings_come_from_a_file_and_a_key_that_others_can_read_is_refused() {
    let works = Works::start();
    let folder = works.path(".config/nexus-control");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("client.toml");
    let text = format!("[server]\nurl = 'http://{}/'\nkey = '{}'\n", works.address, works.key);
    std::fs::write(&file, text).unwrap();
    let ask = |works: &Works| {
        let output = works
            .command(&["request", "--goal", "x"])
            .env_remove("NEXUS_URL")
            .env_remove("NEXUS_KEY")
            .output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = ask(&works);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("too open") && !said.contains(&works.key), "{said}");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (code, said) = ask(&works);
    assert_eq!(code, Some(0), "{said}");
    let output = works.command(&["request", "--goal", "x"]).env("NEXUS_KEY", "ghp_secret").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!String::from_utf8(output.stderr).unwrap().contains("ghp_secret"));
    let (code, out, said) = works.run(&["request", "--goal", "x", "--key", "ghp_secret"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--key") && !format!("{out}{said}").contains("ghp_secret"), "{said}");
}

#[test]
fn completions_and_man_pages_are_made() {
    let works = Works::start();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, _) = works.run(&["completions", shell]);
        assert_eq!(code, 0, "{shell}");
        assert!(out.contains("withdraw-on-interrupt"), "{shell}");
    }
    assert_eq!(works.run(&["man", "pages"]).0, 0);
    let page = works.read("pages/nexus-control-gate.1");
    assert!(page.contains("wait\\-limit") && page.contains("219"), "{page}");
    assert!(works.run(&["man"]).1.contains(".TH"));
    let (code, out, _) = works.run(&["gate", "--help"]);
    assert_eq!(code, 0);
    assert!(out.contains("Exit codes") && out.contains("Example"), "{out}");
    assert_eq!(works.run(&["gate"]).0, 2);
}
