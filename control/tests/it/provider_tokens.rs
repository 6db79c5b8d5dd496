//! Access tokens of a provider: whom they stand for, and whom they do not.

use crate::proofs::proven;
use crate::scene::{ADDRESS, Scene, code, input};
use control::{Caller, Door, Error, Role};
use governance::Mode;

const ISSUER: &str = "https://corp.example";

/// Somebody with these roles who has signed in through Corp as `subject`.
async fn linked(scene: &Scene, subject: &str, roles: &[Role]) -> Caller {
    let person = scene.person(subject, roles).await;
    scene.link(&person, &proven(subject, None)).await.unwrap();
    person
}

async fn call(scene: &Scene, subject: &str, scopes: &str) -> Result<Caller, Error> {
    let scopes: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
    scene.control.token_caller(ISSUER, subject, &scopes, Door::Mcp, ADDRESS).await
}

#[tokio::test]
async fn a_token_of_a_linked_identity_speaks_as_its_person() {
    let scene = Scene::new().await;
    let bo = linked(&scene, "bo", &[Role::Approver, Role::Requester]).await;
    let caller = call(&scene, "bo", "openid nexus:request decide").await.unwrap();
    assert_eq!((&caller.person, &caller.actor), (&bo.person, &bo.actor));
    assert_eq!((&caller.workspace, caller.door), (&bo.workspace, Door::Mcp));
    assert!(caller.is_key() && !caller.is_machine());
    let id = scene.request(&scene.admin, 2).await;
    scene.control.approve(&caller, &id, None, None, None).await.unwrap();
    assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "ALREADY_APPROVED");
    let own = scene.request(&caller, 1).await;
    assert_eq!(code(scene.control.approve(&bo, &own, None, None, None).await), "SELF_APPROVAL_FORBIDDEN");
}

#[tokio::test]
async fn a_token_of_nobody_here_is_refused_and_makes_nobody() {
    let scene = Scene::new().await;
    let bo = linked(&scene, "bo", &[Role::Approver]).await;
    let people = scene.control.people(&scene.admin).await.unwrap().len();
    // An address is no identity, and neither is the same name at another provider.
    for subject in ["ivy", bo.actor.id(), "", "BO"] {
        assert_eq!(code(call(&scene, subject, "read").await), "UNAUTHENTICATED", "{subject}");
    }
    let elsewhere = scene.control.token_caller("https://other.example", "bo", &[], Door::Mcp, ADDRESS);
    assert_eq!(code(elsewhere.await), "UNAUTHENTICATED");
    assert_eq!(scene.control.people(&scene.admin).await.unwrap().len(), people);
}

#[tokio::test]
async fn who_is_unlinked_suspended_or_without_a_role_is_out_at_once() {
    let scene = Scene::new().await;
    let bo = linked(&scene, "bo", &[Role::Approver]).await;
    let held = call(&scene, "bo", "decide").await.unwrap();
    let id = scene.request(&scene.admin, 1).await;
    scene.suspend(&bo, true).await;
    assert_eq!(code(call(&scene, "bo", "decide").await), "UNAUTHENTICATED");
    assert_eq!(code(scene.control.approve(&held, &id, None, None, None).await), "UNAUTHENTICATED");
    scene.suspend(&bo, false).await;
    scene.control.set_roles(&scene.admin, &bo.person, &[Role::Auditor]).await.unwrap();
    assert_eq!(code(scene.control.approve(&held, &id, None, None, None).await), "FORBIDDEN");
    scene.control.unlink(&scene.again(&bo).await.unwrap(), ISSUER, "bo").await.unwrap();
    assert_eq!(code(call(&scene, "bo", "decide").await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn without_a_scope_of_ours_it_may_do_nothing() {
    let scene = Scene::new().await;
    linked(&scene, "bo", &Role::ALL).await;
    let id = scene.request(&scene.admin, 1).await;
    for scopes in ["", "openid profile", "Nexus:read", "all *"] {
        let caller = call(&scene, "bo", scopes).await.unwrap();
        assert_eq!(code(scene.control.decision(&caller, &id).await), "NOT_FOUND", "{scopes}");
        let asked = scene.control.request(&caller, input(Mode::DryRun, 1)).await.unwrap_err();
        assert!(asked.to_string().contains("a key with the scope `request`"), "{asked}");
        assert_eq!(code(scene.control.people(&caller).await), "FORBIDDEN");
    }
    let reader = call(&scene, "bo", "nexus:read").await.unwrap();
    scene.control.decision(&reader, &id).await.unwrap();
    assert_eq!(code(scene.control.approve(&reader, &id, None, None, None).await), "FORBIDDEN");
}

#[tokio::test]
async fn a_token_is_no_recent_sign_in_and_opens_no_passwords() {
    let scene = Scene::new().await;
    linked(&scene, "bo", &Role::ALL).await;
    let victim = scene.person("ivy", &[Role::Requester]).await.person;
    let mut strict = input(Mode::DryRun, 1);
    strict.policy.max_sign_in_age_minutes = Some(5);
    let id = scene.control.request(&scene.admin, strict).await.unwrap().id.clone();
    let caller = call(&scene, "bo", "decide manage").await.unwrap();
    let answer = scene.control.approve(&caller, &id, None, None, None).await;
    assert_eq!(code(answer), "STEP_UP_REQUIRED");
    let reset = scene.control.reset_password(&caller, &victim, "a much longer one").await;
    assert_eq!(code(reset), "KEY_FORBIDDEN");
    let token = crate::attempts::key_input(&[]);
    assert_eq!(code(scene.control.create_token(&caller, token.clone()).await), "KEY_FORBIDDEN");
    assert_eq!(code(scene.control.create_key(&caller, token).await), "KEY_FORBIDDEN");
}
