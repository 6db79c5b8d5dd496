//! Keys that are made on the server itself: for a member who may make keys, and with the server's name in the log.

use crate::scene::{ADDRESS, Scene, code};
use control::{Door, KeyScope, Role};
use governance::workspace_log::{self, ActKind};
use governance::{Actor, WorkspaceId};

#[tokio::test]
async fn the_server_makes_a_machines_key_for_an_admin() {
    let scene = Scene::new().await;
    let owner = scene.admin.actor.id().to_uppercase();
    let scopes = vec![KeyScope::Read, KeyScope::Request];
    let (record, key) = scene.control.first_key(None, &owner, "pipeline", scopes, None).await.unwrap();
    assert!(!record.personal);
    let caller = scene.control.key_caller(&key, Door::Api, ADDRESS).await.unwrap();
    assert!(caller.is_machine());
    assert_eq!((&caller.person, &caller.workspace), (&scene.admin.person, &scene.admin.workspace));
    let log = scene.log(&scene.admin.workspace).await;
    let entry = log.last().unwrap();
    assert_eq!((entry.act_kind(), &entry.actor), (Some(ActKind::KeyCreated), &Actor::control()));
    assert_eq!(entry.door, workspace_log::Door::Cli.as_str());
}

#[tokio::test]
async fn who_may_not_make_keys_gets_none_there_either() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let gone = scene.person("gone", &[Role::Admin]).await;
    scene.suspend(&gone, true).await;
    let elsewhere = scene.elsewhere("southwind").await;
    let here = &scene.admin.workspace;
    let unknown = WorkspaceId::new("wsp_unknown").unwrap();
    let admin = scene.admin.actor.id();
    let table = [
        (None, bo.actor.id(), "FORBIDDEN"),
        (None, gone.actor.id(), "INVALID_INPUT"),
        (None, "nobody@example.com", "NOT_FOUND"),
        (None, "nobody", "INVALID_INPUT"),
        (Some(here), elsewhere.actor.id(), "NOT_FOUND"),
        (Some(&unknown), admin, "NOT_FOUND"),
    ];
    let before = scene.log(here).await.len();
    for (workspace, owner, refused) in table {
        let made = scene.control.first_key(workspace, owner, "pipeline", vec![KeyScope::Read], None).await;
        assert_eq!(code(made), refused, "{owner}");
    }
    for scopes in [vec![], vec![KeyScope::Decide]] {
        let made = scene.control.first_key(Some(here), admin, "pipeline", scopes, None).await;
        assert_eq!(code(made), "INVALID_INPUT");
    }
    assert_eq!(scene.log(here).await.len(), before, "nothing was done");
}

#[tokio::test]
async fn with_several_workspaces_one_has_to_be_named() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("southwind").await.workspace;
    scene.also(&other, &scene.admin, &[Role::Admin]).await;
    let make = |workspace| {
        let scopes = vec![KeyScope::Read];
        scene.control.first_key(workspace, scene.admin.actor.id(), "pipeline", scopes, Some(30))
    };
    assert_eq!(code(make(None).await), "INVALID_INPUT");
    assert_eq!(make(Some(&other)).await.unwrap().0.workspace, other);
    assert_eq!(make(Some(&scene.admin.workspace)).await.unwrap().0.workspace, scene.admin.workspace);
}
