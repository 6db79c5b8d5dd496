//! How far personal tokens reach: one voice with their owner, and never into how their owner signs in.

use crate::attempts::{PERSONAL, key_input, token_of};
use crate::proofs::proven;
use crate::scene::{ADDRESS, PASSWORD, Scene, code, input};
use control::{Door, Error, KeyScope, Role, key};
use governance::Mode;
use governance::workspace_log::ActKind;
use store::{Change, Enactment};

#[tokio::test]
async fn an_approval_by_a_token_is_its_owners_one_voice() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver, Role::Requester]).await;
        let (token, _) = token_of(&scene, &bo, &[KeyScope::Decide, KeyScope::Request]).await;
        let id = scene.request(&scene.admin, 2).await;
        let approved = scene.control.approve(&token, &id, None, None, None).await.unwrap();
        assert_eq!(approved.events.last().unwrap().actor, bo.actor);
        assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "ALREADY_APPROVED");
        let view = scene.control.decision(&bo, &id).await.unwrap();
        assert_eq!((view.lifecycle.progress.approvals_current, view.not_counted.len()), (1, 0));
        // What one said the other takes back.
        scene.control.revoke(&bo, &id, None, None).await.unwrap();
        scene.control.reject(&token, &id, None, "not like this").await.unwrap();
        for (by, other) in [(&bo, &token), (&token, &bo), (&token, &token)] {
            let own = scene.request(by, 1).await;
            let refused = scene.control.approve(other, &own, None, None, None).await;
            assert_eq!(code(refused), "SELF_APPROVAL_FORBIDDEN");
        }
    }
}

#[tokio::test]
async fn a_token_without_the_scope_decides_nothing() {
    let scene = Scene::new().await;
    let rest: Vec<_> = PERSONAL.into_iter().filter(|scope| *scope != KeyScope::Decide).collect();
    let bo = scene.person("bo", &Role::ALL).await;
    let (token, _) = token_of(&scene, &bo, &rest).await;
    let id = scene.request(&scene.admin, 1).await;
    let refused = scene.control.approve(&token, &id, None, None, None).await.unwrap_err();
    assert!(refused.to_string().contains("a key with the scope `decide`"), "{refused}");
    assert_eq!(code(scene.control.reject(&token, &id, None, "no").await), "FORBIDDEN");
    assert_eq!(scene.load(&id).await.version(), 2);
}

#[tokio::test]
async fn where_a_recent_sign_in_is_asked_for_a_token_is_none() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (token, _) = token_of(&scene, &bo, &[KeyScope::Decide]).await;
    let mut strict = input(Mode::DryRun, 1);
    strict.policy.max_sign_in_age_minutes = Some(60);
    let id = scene.control.request(&scene.admin, strict).await.unwrap().id.clone();
    let said = scene.control.approve(&token, &id, None, Some("by a program".to_owned()), None).await;
    assert_eq!(code(said), "STEP_UP_REQUIRED");
    let view = scene.control.decision(&bo, &id).await.unwrap();
    assert!(view.draft.is_none(), "a program's words are not put into the form of its owner");
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
}

#[tokio::test]
async fn a_machines_key_decides_nothing_whatever_its_row_says() {
    let scene = Scene::new().await;
    let (mut row, _) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    let new = key::make([[7; 32], [9; 32]]);
    row.id.clone_from(&new.id);
    row.secret_hash = key::hash(&new.key);
    row.scopes = vec!["read".to_owned(), "decide".to_owned(), "manage".to_owned()];
    let changes = vec![Change::CreateKey(row)];
    scene.control.store().enact(Enactment { changes, ..Enactment::default() }).await.unwrap();
    let robot = scene.control.key_caller(&new.key, Door::Api, ADDRESS).await.unwrap();
    let id = scene.request(&scene.admin, 1).await;
    assert_eq!(code(scene.control.approve(&robot, &id, None, None, None).await), "KEY_FORBIDDEN");
    assert_eq!(code(scene.control.people(&robot).await), "KEY_FORBIDDEN");
}

#[tokio::test]
async fn how_somebody_signs_in_is_out_of_reach_for_their_token() {
    let scene = Scene::new().await;
    let (token, _) = token_of(&scene, &scene.admin, &PERSONAL).await;
    let (control, long) = (&scene.control, "a much longer one");
    let bo = scene.person("bo", &[Role::Requester]).await.person;
    let table = [
        ("my_sessions", control.my_sessions(&token, None).await.err()),
        ("end_my_session", control.end_my_session(&token, "x").await.err()),
        ("end_my_other_sessions", control.end_my_other_sessions(&token, None).await.err()),
        ("identities", control.identities(&token).await.err()),
        ("may_link", control.may_link(&token).err()),
        ("unlink", control.unlink(&token, "https://idp", "ada").await.err()),
        ("begin_second_factor", control.begin_second_factor(&token).await.err()),
        ("enrolment", control.enrolment(&token).await.err()),
        ("confirm_second_factor", control.confirm_second_factor(&token, "123456").await.err()),
        ("remove_second_factor", control.remove_second_factor(&token).await.err()),
        ("second_factor", control.second_factor(&token).await.err()),
        ("reset_second_factor", control.reset_second_factor(&token, &bo).await.err()),
        ("reset_password", control.reset_password(&token, &bo, long).await.err()),
        ("change_password", control.change_password(&token, PASSWORD, long, None).await.err()),
        ("has_password", control.has_password(&token).await.err()),
        ("rename", control.rename(&token, "Robot").await.err()),
        ("sign_in_again", control.sign_in_again(&token, PASSWORD).await.err()),
        ("join_signed_in", control.join_signed_in(&token, "token").await.err()),
        ("my_workspaces", control.my_workspaces(&token).await.err()),
        ("go_to_workspace", control.go_to_workspace(&token, token.workspace.as_str()).await.err()),
        ("create_workspace", control.create_workspace(&token, "W").await.err()),
        ("rename_workspace", control.rename_workspace(&token, "W").await.err()),
    ];
    for (what, refused) in table {
        assert_eq!(refused.as_ref().map(Error::code), Some("KEY_FORBIDDEN"), "{what}: {refused:?}");
    }
}

#[tokio::test]
async fn with_manage_an_admins_token_looks_after_people_as_them() {
    let scene = Scene::new().await;
    let (token, _) = token_of(&scene, &scene.admin, &[KeyScope::Manage]).await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    scene.control.set_roles(&token, &bo.person, &[Role::Auditor]).await.unwrap();
    let log = scene.log(&bo.workspace).await;
    let entry = log.last().unwrap();
    assert_eq!((entry.act_kind(), &entry.actor), (Some(ActKind::RolesChanged), &scene.admin.actor));
    let refused = scene.control.create_key(&token, key_input(&[KeyScope::Decide])).await;
    assert_eq!(code(refused), "INVALID_INPUT", "a machine decides nothing, whoever makes its key");
}

#[tokio::test]
async fn of_two_accounts_that_become_one_the_token_goes_along() {
    for scene in Scene::each().await {
        let (bo, ivy) =
            (scene.person("bo", &[Role::Approver]).await, scene.person("ivy", &[Role::Approver]).await);
        let (_, token) = token_of(&scene, &ivy, &[KeyScope::Decide]).await;
        let there = proven(&format!("{}-there", ivy.actor.id()), None);
        scene.link(&ivy, &there).await.unwrap();
        scene.link(&bo, &there).await.unwrap();
        let caller = scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap();
        assert_eq!((&caller.person, &caller.actor), (&bo.person, &bo.actor));
        let id = scene.request(&scene.admin, 1).await;
        scene.control.approve(&bo, &id, None, None, None).await.unwrap();
        assert_eq!(code(scene.control.approve(&caller, &id, None, None, None).await), "ALREADY_APPROVED");
    }
}
