//! Another workspace in the same store: nothing of the first is found, changed, counted or named there.

use crate::attempts::{
    Answer, MACHINE, PERSONAL, Targets, attempt, invitation, key_input, on_a_decision, read_all, token_of,
};
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::access::Entered;
use control::permission::Operation;
use control::{Caller, Door, Error, Role};
use governance::WorkspaceId;
use governance::decide::PolicyInput;

/// Fails when an answer holds a word that only the first workspace knows.
fn nothing_of_it(scene: &Scene, on: &Targets, answer: &Answer) {
    let own = [
        "Northwind",
        "Rotate the staging keys",
        "secret-template",
        scene.admin.actor.id(),
        scene.admin.workspace.as_str(),
        scene.admin.person.as_str(),
        on.person.as_str(),
        &on.invitation,
        &on.key,
        "target-wall",
        "invited-wall",
    ];
    for word in own {
        assert!(!answer.said.contains(word), "{} tells of {word}: {}", answer.what, answer.said);
    }
}

async fn find_nothing(scene: &Scene, stranger: &Caller, on: &Targets) {
    let before = scene.log(&scene.admin.workspace).await;
    for answer in read_all(scene, stranger, on).await {
        if answer.refused.is_none() {
            nothing_of_it(scene, on, &answer);
        }
    }
    for operation in Operation::ALL {
        for answer in attempt(scene, stranger, operation, on).await {
            nothing_of_it(scene, on, &answer);
            let theirs =
                ["revoke_key", "revoke_invitation", "sessions_of", "end_sessions_of", "reset_password"]
                    .contains(&answer.what)
                    || ["set_roles", "set_suspended"].contains(&answer.what);
            if on_a_decision(operation) || (theirs && !stranger.is_machine()) {
                let found = answer.refused.as_ref().map(Error::code);
                let by_token = answer.what == "reset_password" && stranger.is_key();
                let expected = if by_token { "KEY_FORBIDDEN" } else { "NOT_FOUND" };
                assert_eq!(found, Some(expected), "{operation:?} {}", answer.what);
            }
        }
    }
    let template = scene.control.template(stranger, "secret-template").await;
    assert_eq!(code(template), "NOT_FOUND");
    let again = scene.control.reset_second_factor(stranger, &on.person).await;
    assert_eq!(code(again), if stranger.is_key() { "KEY_FORBIDDEN" } else { "NOT_FOUND" });
    assert_eq!(scene.log(&scene.admin.workspace).await, before, "nothing was done there");
    assert_eq!(scene.load(&on.decision).await.version(), 2, "nothing was done to it");
}

#[tokio::test]
async fn an_admin_of_another_workspace_finds_nothing() {
    let scene = Scene::new().await;
    let policy = PolicyInput::default();
    scene.control.create_template(&scene.admin, "secret-template", "", policy).await.unwrap();
    let on = Targets::new(&scene, "wall").await;
    let stranger = scene.elsewhere("other").await;
    find_nothing(&scene, &stranger, &on).await;
}

#[tokio::test]
async fn a_key_of_another_workspace_finds_nothing() {
    for personal in [false, true] {
        let scene = Scene::new().await;
        let policy = PolicyInput::default();
        scene.control.create_template(&scene.admin, "secret-template", "", policy).await.unwrap();
        let on = Targets::new(&scene, "wall").await;
        let owner = scene.elsewhere("other").await;
        let stranger = if personal {
            token_of(&scene, &owner, &PERSONAL).await.0
        } else {
            let (_, key) = scene.control.create_key(&owner, key_input(&MACHINE)).await.unwrap();
            scene.control.key_caller(&key, Door::Api, ADDRESS).await.unwrap()
        };
        assert_eq!(stranger.workspace, owner.workspace, "the key decides");
        find_nothing(&scene, &stranger, &on).await;
    }
}

#[tokio::test]
async fn whoever_is_in_both_has_in_each_what_they_are_there() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let here = scene.person("bo", &[Role::Requester]).await;
    let there = scene.also(&other.workspace, &here, &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    assert_eq!(code(scene.control.approve(&here, &id, None, None, None).await), "NOT_FOUND", "not theirs");
    assert_eq!(code(scene.control.approve(&there, &id, None, None, None).await), "NOT_FOUND", "not there");
    let id = scene.request(&other, 1).await;
    scene.control.approve(&there, &id, None, None, None).await.unwrap();
    assert_eq!(code(scene.control.execute(&here, &id, None, "simulate", None).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_workspace_id_in_a_session_that_is_not_the_persons_is_nobody() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    for workspace in [other.workspace.clone(), WorkspaceId::new("wsp_none").unwrap()] {
        let refused = scene.call(&workspace, &scene.admin.person).await;
        assert!(matches!(refused, Err(Error::Unauthenticated)));
        let mut forged = scene.admin.clone();
        forged.workspace = workspace;
        let id = scene.request(&other, 1).await;
        // A caller that names another workspace is found out before anything is written.
        assert_eq!(code(scene.control.approve(&forged, &id, None, None, None).await), "UNAUTHENTICATED");
        assert_eq!(
            code(scene.control.execute(&forged, &id, None, "simulate", None).await),
            "UNAUTHENTICATED"
        );
        let roles = scene.control.set_roles(&forged, &other.person, &[Role::Auditor]).await;
        assert_eq!(code(roles), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn suspended_in_one_is_not_suspended_in_the_other() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let here = scene.person("bo", &[Role::Approver]).await;
    let there = scene.also(&other.workspace, &here, &[Role::Approver]).await;
    scene.suspend(&here, true).await;
    assert_eq!(code(scene.again(&here).await), "UNAUTHENTICATED");
    let id = scene.request(&other, 1).await;
    scene.control.approve(&scene.again(&there).await.unwrap(), &id, None, None, None).await.unwrap();
    match scene.control.sign_in(here.actor.id(), PASSWORD, ADDRESS).await.unwrap() {
        Entered::SignedIn(signed_in) => assert_eq!(signed_in.workspace, other.workspace),
        Entered::SecondFactor(_) => panic!("nobody set one up"),
    }
}

#[tokio::test]
async fn who_belongs_elsewhere_too_cannot_be_taken_over_by_one_admin() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let here = scene.person("bo", &[Role::Approver]).await;
    scene.control.reset_password(&scene.admin, &here.person, "a much longer one").await.unwrap();
    scene.also(&other.workspace, &here, &[Role::Approver]).await;
    for admin in [&scene.admin, &other] {
        let password = scene.control.reset_password(admin, &here.person, "another long one").await;
        assert_eq!(code(password), "INVALID_INPUT");
        let factor = scene.control.reset_second_factor(admin, &here.person).await;
        assert_eq!(code(factor), "INVALID_INPUT");
    }
    scene.control.sign_in(here.actor.id(), "a much longer one", ADDRESS).await.unwrap();
}

#[tokio::test]
async fn an_invitation_of_one_workspace_is_no_other_ones_to_take_back() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let (record, token) = scene.control.invite(&scene.admin, invitation("ivy")).await.unwrap();
    assert_eq!(code(scene.control.revoke_invitation(&other, &record.id).await), "NOT_FOUND");
    scene.control.invited(&token).await.unwrap();
}
