//! Workspaces: made by admins, gone to by members, and changed where one stands.

use crate::scene::{Scene, code, input};
use control::{Error, Role};
use governance::Mode;
use governance::json::{self, Value};
use governance::workspace_log::ActKind;

#[tokio::test]
async fn who_creates_a_workspace_has_every_role_there_and_goes_there() {
    let scene = Scene::new().await;
    let made = scene.control.create_workspace(&scene.admin, "  Southwind ").await.unwrap();
    assert_eq!((made.name.as_str(), made.forbid_self_approval), ("Southwind", true));
    let gone = scene.control.go_to_workspace(&scene.admin, made.id.as_str()).await.unwrap();
    let there = scene.call(&gone.workspace, &gone.person_id).await.unwrap();
    assert_eq!((&there.workspace, there.roles.len()), (&made.id, Role::ALL.len()));
    let kinds: Vec<_> = scene.log(&made.id).await.iter().map(|entry| entry.act_kind().unwrap()).collect();
    assert_eq!(kinds, [ActKind::WorkspaceCreated, ActKind::PersonJoined]);
    let names: Vec<String> = scene
        .control
        .my_workspaces(&scene.admin)
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.workspace.name)
        .collect();
    assert_eq!(names, ["Northwind", "Southwind"]);
    assert!(scene.control.people(&there).await.unwrap().len() == 1, "nobody else came along");
    for name in ["", "  ", "a\nb", &"x".repeat(201)] {
        assert_eq!(code(scene.control.create_workspace(&scene.admin, name).await), "INVALID_INPUT");
    }
}

#[tokio::test]
async fn one_goes_only_where_one_may_come_in() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    for id in [other.workspace.as_str(), "wsp_none", ""] {
        let refused = scene.control.go_to_workspace(&bo, id).await;
        assert!(matches!(refused, Err(Error::NotFound("workspace"))), "{id}: {refused:?}");
    }
    scene.also(&other.workspace, &bo, &[Role::Requester]).await;
    scene.control.go_to_workspace(&bo, other.workspace.as_str()).await.unwrap();
    scene.control.set_suspended(&other, &bo.person, true).await.unwrap();
    assert_eq!(code(scene.control.go_to_workspace(&bo, other.workspace.as_str()).await), "NOT_FOUND");
    assert_eq!(scene.control.my_workspaces(&bo).await.unwrap().len(), 1);
}

#[tokio::test]
async fn settings_change_here_and_for_what_comes_later() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Requester, Role::Approver]).await;
    let before = scene.request(&bo, 1).await;
    scene.control.set_forbid_self_approval(&scene.admin, false).await.unwrap();
    scene.control.rename_workspace(&scene.admin, "Eastwind").await.unwrap();
    let settings = scene.control.settings(&bo).await.unwrap();
    assert_eq!((settings.name.as_str(), settings.forbid_self_approval), ("Eastwind", false));
    let elsewhere = scene.control.settings(&other).await.unwrap();
    assert_eq!((elsewhere.name.as_str(), elsewhere.forbid_self_approval), ("other", true));
    assert_eq!(code(scene.control.approve(&bo, &before, None, None, None).await), "SELF_APPROVAL_FORBIDDEN");
    let later = scene.control.request(&bo, input(Mode::DryRun, 1)).await.unwrap().id.clone();
    scene.control.approve(&bo, &later, None, None, None).await.unwrap();
    let length = scene.log(&bo.workspace).await.len();
    scene.control.set_forbid_self_approval(&scene.admin, false).await.unwrap();
    assert_eq!(scene.log(&bo.workspace).await.len(), length, "what is so already is no act");
}

fn providers(names: &[&str]) -> Value {
    json::Value::Array(names.iter().map(|name| Value::from(*name)).collect())
}

#[tokio::test]
async fn other_providers_are_noted_in_every_log_and_the_same_ones_in_none() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let noted = || async {
        let mut counts = Vec::new();
        for workspace in [&scene.admin.workspace, &other.workspace] {
            let log = scene.log(workspace).await;
            counts.push(log.iter().filter(|e| e.act_kind() == Some(ActKind::ProvidersChanged)).count());
        }
        counts
    };
    scene.control.record_providers(&providers(&[])).await.unwrap();
    assert_eq!(noted().await, [0, 0], "none before and none now");
    for _ in 0..3 {
        scene.control.record_providers(&providers(&["corp"])).await.unwrap();
        assert_eq!(noted().await, [1, 1]);
    }
    scene.control.record_providers(&providers(&["corp", "second"])).await.unwrap();
    let last = scene.log(&other.workspace).await.pop().unwrap();
    assert_eq!((last.before(), last.after()), (&providers(&["corp"]), &providers(&["corp", "second"])));
    assert_eq!((last.actor.id(), last.door.as_str()), ("nexus-control", "server"));
    // A workspace that is younger than the providers hears of them at the next start, alone.
    let third = scene.elsewhere("third").await;
    scene.control.record_providers(&providers(&["corp", "second"])).await.unwrap();
    assert_eq!(noted().await, [2, 2]);
    let log = scene.log(&third.workspace).await;
    assert_eq!(log.last().unwrap().act_kind(), Some(ActKind::ProvidersChanged));
    scene.control.record_providers(&providers(&[])).await.unwrap();
    assert_eq!(noted().await, [3, 3]);
}
