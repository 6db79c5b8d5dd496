//! What a caller may do is asked at the moment of writing, not at the door: a request can be held open.

use crate::attempts::key_input;
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::access::invitation::Invitation;
use control::{Door, KeyScope, Role};

fn whom(email: &str) -> Invitation {
    Invitation { email: email.to_owned(), name: "New".to_owned(), roles: vec![Role::Admin] }
}

#[tokio::test]
async fn who_lost_the_role_meanwhile_administers_nothing() {
    let scene = Scene::new().await;
    let bea = scene.person("bea", &[Role::Admin, Role::Author]).await;
    let cy = scene.person("cy", &[Role::Requester]).await;
    scene.control.set_roles(&scene.admin, &bea.person, &[Role::Requester]).await.unwrap();
    let before = scene.log(&scene.admin.workspace).await.len();
    assert_eq!(code(scene.control.invite(&bea, whom("new@example.com")).await), "FORBIDDEN");
    assert_eq!(code(scene.control.create_key(&bea, key_input(&[KeyScope::Read])).await), "FORBIDDEN");
    assert_eq!(code(scene.control.rename_workspace(&bea, "Mine").await), "FORBIDDEN");
    assert_eq!(code(scene.control.set_forbid_self_approval(&bea, false).await), "FORBIDDEN");
    assert_eq!(code(scene.control.end_sessions_of(&bea, &cy.person, None).await), "FORBIDDEN");
    assert_eq!(code(scene.control.export_log(&bea).await), "FORBIDDEN");
    assert_eq!(code(scene.control.create_workspace(&bea, "Another").await), "FORBIDDEN");
    assert_eq!(code(scene.control.import_bundle(&bea, "{}", "reject_on_conflict").await), "FORBIDDEN");
    let policy = governance::decide::PolicyInput::default();
    assert_eq!(code(scene.control.create_template(&bea, "mine", "", policy).await), "FORBIDDEN");
    assert_eq!(scene.log(&scene.admin.workspace).await.len(), before, "what is refused leaves no entry");
}

#[tokio::test]
async fn an_invitation_is_worth_no_more_than_who_made_it() {
    let scene = Scene::new().await;
    let bea = scene.person("bea", &[Role::Admin]).await;
    let (_, token) = scene.control.invite(&bea, whom("back@example.com")).await.unwrap();
    scene.suspend(&bea, true).await;
    let refused = scene.control.join_with_password(&token, "Bea again", PASSWORD, ADDRESS).await;
    assert_eq!(code(refused), "INVALID_INPUT");
    scene.suspend(&bea, false).await;
    scene.control.join_with_password(&token, "Back", PASSWORD, ADDRESS).await.unwrap();
}

#[tokio::test]
async fn an_admin_resets_others_who_have_a_password_after_a_recent_sign_in() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let own = scene.control.reset_password(&scene.admin, &scene.admin.person, PASSWORD).await;
    assert_eq!(code(own), "INVALID_INPUT", "one's own password is changed by who knows it");
    let own = scene.control.reset_second_factor(&scene.admin, &scene.admin.person).await;
    assert_eq!(code(own), "INVALID_INPUT");
    scene.clock.advance(16 * 60);
    assert_eq!(
        code(scene.control.reset_password(&scene.admin, &bo.person, PASSWORD).await),
        "STEP_UP_REQUIRED"
    );
    assert_eq!(code(scene.control.reset_second_factor(&scene.admin, &bo.person).await), "STEP_UP_REQUIRED");
}

#[tokio::test]
async fn a_key_that_was_revoked_meanwhile_asks_for_nothing() {
    let scene = Scene::new().await;
    let (record, token) =
        scene.control.create_key(&scene.admin, key_input(&[KeyScope::Request])).await.unwrap();
    let robot = scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap();
    scene.control.revoke_key(&scene.admin, &record.id).await.unwrap();
    let asked = scene.control.request(&robot, crate::scene::input(governance::Mode::DryRun, 1)).await;
    assert_eq!(code(asked), "UNAUTHENTICATED");
}
