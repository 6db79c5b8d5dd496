//! How far keys reach: what their scopes say, never further than their owner, and never into what takes a person.

use crate::attempts::{MACHINE as ALL, key_input};
use crate::scene::{ADDRESS, PASSWORD, Scene, code, input};
use control::{Action, Caller, Door, Error, KeyScope, Role};
use governance::decide::{self, Context, Request};
use governance::{Actor, Decision, DecisionId, Event, Mode, Origin, Policy};
use std::sync::Arc;
use store::{Append, DecisionFilter, PageRequest};

/// The caller behind a new key of this owner.
async fn key_of(scene: &Scene, owner: &Caller, scopes: &[KeyScope]) -> (Caller, String) {
    let (_, token) = scene.control.create_key(owner, key_input(scopes)).await.unwrap();
    (scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap(), token)
}

#[tokio::test]
async fn a_key_with_the_scope_request_sees_what_it_asked_for_itself() {
    let scene = Scene::new().await;
    let owner = scene.person("bo", &Role::ALL).await;
    let (robot, _) = key_of(&scene, &owner, &[KeyScope::Request]).await;
    let (other, _) = key_of(&scene, &owner, &[KeyScope::Request]).await;
    let by_key = scene.request(&robot, 1).await;
    let not_its_own = [
        scene.request(&owner, 1).await,
        scene.request(&other, 1).await,
        scene.request(&scene.admin, 1).await,
    ];
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    let rows = scene.control.list(&robot, DecisionFilter::default(), &page).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| &row.id).collect::<Vec<_>>(), [&by_key]);
    scene.control.decision(&robot, &by_key).await.unwrap();
    for id in &not_its_own {
        assert_eq!(code(scene.control.decision(&robot, id).await), "NOT_FOUND");
        assert_eq!(code(scene.control.withdraw(&robot, id, None, None).await), "NOT_FOUND");
    }
    // With a scope that sees more it still takes nothing back that it did not ask for.
    let (reader, _) = key_of(&scene, &owner, &[KeyScope::Request, KeyScope::Read]).await;
    for id in &not_its_own {
        scene.control.decision(&reader, id).await.unwrap();
        assert_eq!(code(scene.control.withdraw(&reader, id, None, None).await), "FORBIDDEN");
    }
    scene.control.withdraw(&robot, &by_key, None, None).await.unwrap();
    // Its owner sees what it asked for, and may take it back.
    let again = scene.request(&other, 1).await;
    scene.control.withdraw(&scene.again(&owner).await.unwrap(), &again, None, None).await.unwrap();
}

#[tokio::test]
async fn a_key_reaches_no_further_than_its_owner() {
    let scene = Scene::new().await;
    let owner = scene.person("bo", &Role::ALL).await;
    let (_, token) = key_of(&scene, &owner, &ALL).await;
    let foreign = scene.request(&scene.admin, 1).await;
    let as_now = || async { scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap() };
    scene.control.decision(&as_now().await, &foreign).await.unwrap();
    scene.control.set_roles(&scene.admin, &owner.person, &[Role::Requester]).await.unwrap();
    assert_eq!(code(scene.control.decision(&as_now().await, &foreign).await), "NOT_FOUND");
    scene.control.set_roles(&scene.admin, &owner.person, &[Role::Auditor]).await.unwrap();
    scene.control.decision(&as_now().await, &foreign).await.unwrap();
    let asked = scene.control.request(&as_now().await, input(Mode::DryRun, 1)).await;
    assert!(matches!(&asked, Err(Error::Forbidden { need }) if need.contains("role")), "{asked:?}");
    let run = scene.control.execute(&as_now().await, &foreign, None, "simulate", None).await;
    assert_eq!(code(run), "FORBIDDEN");
}

#[tokio::test]
async fn a_key_never_approves_even_where_machines_may() {
    let scene = Scene::new().await;
    let owner = scene.person("bo", &Role::ALL).await;
    let (robot, _) = key_of(&scene, &owner, &ALL).await;
    // No form offers such a policy; evidence of the older product may, and rules may later.
    let context = Context::new(scene.control.now(), scene.admin.actor.clone());
    let request = Request {
        goal: "machines may".to_owned(),
        plan: None,
        mode: Mode::DryRun,
        template: None,
        policy: input(Mode::DryRun, 1).policy,
        forbid_self_approval: true,
    };
    let mut events = decide::request(&context, request).unwrap();
    if let governance::Body::PolicyAttached { policy, .. } = &mut events[1].body {
        *policy = policy.clone().allowing_machine_approvals(true);
    }
    let id = DecisionId::new("machines").unwrap();
    let mut decision = Decision::empty(id.clone(), Origin::Native);
    for new in events {
        let seq = decision.version();
        decision.evolve(Event::record(new, seq, context.now));
    }
    assert!(decision.policy.as_ref().is_some_and(Policy::allow_machine_approvals));
    let append = Append {
        workspace: scene.admin.workspace.clone(),
        decision: Arc::new(decision),
        new_events: 2,
        run: None,
        directory: None,
        door: None,
    };
    scene.control.store().append(append).await.unwrap();

    for id in [id, scene.request(&scene.admin, 1).await] {
        assert_eq!(code(scene.control.approve(&robot, &id, None, None, None).await), "KEY_FORBIDDEN");
        assert_eq!(code(scene.control.reject(&robot, &id, None, "no").await), "KEY_FORBIDDEN");
        assert_eq!(code(scene.control.revoke(&robot, &id, None, None).await), "KEY_FORBIDDEN");
        let view = scene.control.decision(&robot, &id).await.unwrap();
        for permitted in view.actions {
            let for_people = [Action::Approve, Action::Reject, Action::Revoke].contains(&permitted.action);
            assert!(!for_people || permitted.reason.is_some(), "{permitted:?}");
        }
        assert_eq!(scene.load(&id).await.version(), 2);
    }
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    assert!(scene.control.inbox(&robot, &page).await.unwrap().rows.is_empty());
    assert_eq!(scene.control.counts(&robot).await.unwrap().waiting, 0);
}

#[tokio::test]
async fn nobody_approves_what_their_own_key_asked_for() {
    let scene = Scene::new().await;
    let owner = scene.person("bo", &Role::ALL).await;
    let (robot, _) = key_of(&scene, &owner, &ALL).await;
    let id = scene.request(&robot, 1).await;
    let decision = scene.load(&id).await;
    assert_eq!(decision.requester.as_ref().map(Actor::id), Some(robot.actor.id()));
    let owner = scene.again(&owner).await.unwrap();
    assert_eq!(code(scene.control.approve(&owner, &id, None, None, None).await), "SELF_APPROVAL_FORBIDDEN");
    scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
    // The key runs what others approved.
    let done = scene.control.execute(&robot, &id, None, "simulate", None).await.unwrap();
    assert_eq!(done.executions.len(), 1);
    assert_eq!(done.latest_execution().unwrap().requested_by.id(), robot.actor.id());
}

#[tokio::test]
async fn what_concerns_an_account_is_not_done_by_a_key() {
    let scene = Scene::new().await;
    let (robot, _) = key_of(&scene, &scene.admin, &ALL).await;
    let control = &scene.control;
    let long = "a much longer one";
    let who = scene.admin.person.clone();
    let table = [
        ("my_sessions", control.my_sessions(&robot, None).await.err()),
        ("end_my_session", control.end_my_session(&robot, "x").await.err()),
        ("end_my_other_sessions", control.end_my_other_sessions(&robot, None).await.err()),
        ("sessions_of", control.sessions_of(&robot, &who).await.err()),
        ("identities", control.identities(&robot).await.err()),
        ("may_link", control.may_link(&robot).err()),
        ("unlink", control.unlink(&robot, "https://idp", "ada").await.err()),
        ("begin_second_factor", control.begin_second_factor(&robot).await.err()),
        ("enrolment", control.enrolment(&robot).await.err()),
        ("confirm_second_factor", control.confirm_second_factor(&robot, "123456").await.err()),
        ("remove_second_factor", control.remove_second_factor(&robot).await.err()),
        ("second_factor", control.second_factor(&robot).await.err()),
        ("reset_second_factor", control.reset_second_factor(&robot, &who).await.err()),
        ("change_password", control.change_password(&robot, PASSWORD, long, None).await.err()),
        ("rename", control.rename(&robot, "Robot").await.err()),
        ("sign_in_again", control.sign_in_again(&robot, PASSWORD).await.err()),
        ("join_signed_in", control.join_signed_in(&robot, "token").await.err()),
        ("my_workspaces", control.my_workspaces(&robot).await.err()),
        ("go_to_workspace", control.go_to_workspace(&robot, robot.workspace.as_str()).await.err()),
        ("create_workspace", control.create_workspace(&robot, "W").await.err()),
        ("create_key", control.create_key(&robot, key_input(&ALL)).await.err()),
        ("workspace_log", control.workspace_log(&robot, None).await.err()),
        ("export_log", control.export_log(&robot).await.err()),
        ("overview", control.overview(&robot, control::overview::Span::Year).await.err()),
    ];
    for (what, refused) in table {
        assert_eq!(refused.as_ref().map(Error::code), Some("KEY_FORBIDDEN"), "{what}: {refused:?}");
    }
}

#[tokio::test]
async fn a_key_finds_no_draft_of_its_owner() {
    let scene = Scene::new().await;
    let mut strict = input(Mode::DryRun, 1);
    strict.policy.max_sign_in_age_minutes = Some(5);
    let owner = scene.person("bo", &Role::ALL).await;
    let (robot, _) = key_of(&scene, &owner, &ALL).await;
    let id = scene.control.request(&scene.admin, strict).await.unwrap().id.clone();
    scene.clock.advance(600);
    let said = scene.control.approve(&owner, &id, None, Some("mine".to_owned()), None).await;
    assert_eq!(code(said), "STEP_UP_REQUIRED");
    assert!(scene.control.decision(&owner, &id).await.unwrap().draft.is_some());
    assert!(scene.control.decision(&robot, &id).await.unwrap().draft.is_none());
}
