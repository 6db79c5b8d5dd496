//! The workspace's log: one entry for every administrative act, none for what was refused, and a file that verifies.

use crate::acts::act;
use crate::attempts::{Targets, attempt};
use crate::scene::{ADDRESS, Scene, code};
use control::Role;
use control::permission::Operation;
use governance::workspace_log::{ActKind, verify_log};
use governance::{Value, json};
use std::path::Path;

#[tokio::test]
async fn every_administrative_act_leaves_one_entry_that_says_who_what_and_from_where() {
    for kind in ActKind::ALL {
        let scene = Scene::new().await;
        let mut lengths = Vec::new();
        let left = act(&scene, *kind, &mut lengths).await;
        let log = scene.log(&left.workspace).await;
        // Who founds a workspace joins it.
        let entries = if *kind == ActKind::WorkspaceCreated { 2 } else { 1 };
        assert_eq!(log.len(), lengths[0] + entries, "{kind:?}");
        let entry = &log[lengths[0]];
        assert_eq!(entry.act_kind(), Some(*kind));
        assert_eq!((entry.actor.id(), entry.about()), (left.actor.as_str(), left.about.as_str()), "{kind:?}");
        let address = if left.actor == "nexus-control" { "" } else { ADDRESS };
        assert_eq!(entry.address, address, "{kind:?}");
        let there = (entry.before() != &Value::Null, entry.after() != &Value::Null);
        assert_eq!(there, (left.before, left.after), "{kind:?}");
        assert!(!format!("{entry:?}").contains("argon2"), "{kind:?}");
        assert_eq!(entry.ts, scene.control.now());
    }
}

/// Changes that concern no workspace's log are few and known: whoever writes another one comes by here.
#[test]
fn only_known_changes_are_made_without_an_entry() {
    fn silent(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                silent(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let name = path.file_name().unwrap().to_str().unwrap();
                found.extend(text.matches("Enactment::default()").map(|_| name.to_owned()));
            }
        }
    }
    let mut found = Vec::new();
    silent(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    // A secret that is not in force yet; ending one's own sessions, one or all others.
    assert_eq!(found, ["second_factor.rs", "session.rs", "session.rs"]);
}

#[tokio::test]
async fn what_was_refused_leaves_no_entry() {
    let scene = Scene::new().await;
    let on = Targets::new(&scene, "refused").await;
    let approver = scene.person("bo", &[Role::Approver]).await;
    let length = scene.log(&scene.admin.workspace).await.len();
    for operation in Operation::ALL {
        attempt(&scene, &approver, operation, &on).await;
    }
    let control = &scene.control;
    let (admin, id) = (&scene.admin, &scene.admin.person);
    let refused = [
        code(control.rename_workspace(admin, " ").await),
        code(control.set_roles(admin, id, &[]).await),
        code(control.set_suspended(admin, id, true).await),
        code(control.reset_password(admin, &on.person, "short").await),
        code(control.revoke_key(admin, "nxc_none").await),
        code(control.end_sessions_of(admin, &on.person, Some("none")).await),
        code(control.change_password(admin, "wrong", "a much longer one", None).await),
        code(control.rename(admin, "\n").await),
        code(control.unlink(admin, "https://none.example", "x").await),
        code(control.remove_second_factor(admin).await),
    ];
    assert!(refused.iter().all(|code| ["INVALID_INPUT", "NOT_FOUND"].contains(code)), "{refused:?}");
    assert_eq!(scene.log(&scene.admin.workspace).await.len(), length);
}

#[tokio::test]
async fn auditors_and_admins_read_the_log_page_by_page_and_take_it_away() {
    for scene in Scene::each().await {
        let auditor = scene.person("cy", &[Role::Auditor]).await;
        let approver = scene.person("bo", &[Role::Approver]).await;
        for round in 0..60 {
            scene.control.rename_workspace(&scene.admin, &format!("Wind {round}")).await.unwrap();
        }
        assert_eq!(code(scene.control.workspace_log(&approver, None).await), "FORBIDDEN");
        assert_eq!(code(scene.control.export_log(&approver).await), "FORBIDDEN");
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = scene.control.workspace_log(&auditor, before).await.unwrap();
            assert!(page.entries.len() <= 50);
            seen.extend(page.entries.into_iter().map(|entry| entry.seq));
            before = page.before;
            if before.is_none() {
                break;
            }
        }
        let whole = u32::try_from(scene.log(&auditor.workspace).await.len()).unwrap();
        assert_eq!(seen, (0..whole).rev().collect::<Vec<_>>(), "newest first, none twice, none left out");

        let exported = scene.control.export_log(&auditor).await.unwrap();
        let value = json::parse(&exported.json).unwrap();
        let report = verify_log(&value).unwrap();
        assert!(report.ok, "{report:?}");
        assert_eq!(value.get("entries").and_then(Value::as_array).map(<[_]>::len), Some(seen.len() + 1));
        let edited = exported.json.replace("Wind 7", "Wind X");
        assert_ne!(edited, exported.json);
        assert!(!verify_log(&json::parse(&edited).unwrap()).unwrap().ok);
    }
}
