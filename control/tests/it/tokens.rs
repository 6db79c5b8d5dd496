//! Personal tokens: made by whom and for how long, whom they speak as, and what ends them.

use crate::attempts::{MACHINE, PERSONAL, key_input, token_of};
use crate::scene::{ADDRESS, Scene, code};
use control::keys::KeyInput;
use control::{Caller, Door, Error, KeyScope, Role};
use governance::workspace_log::ActKind;
use governance::{ActorKind, DecisionId};

fn token_input(scopes: &[KeyScope], days: Option<u32>) -> KeyInput {
    KeyInput { name: "laptop".to_owned(), scopes: scopes.to_vec(), days }
}

async fn call(scene: &Scene, token: &str) -> Result<Caller, Error> {
    scene.control.key_caller(token, Door::Api, ADDRESS).await
}

#[tokio::test]
async fn a_token_speaks_as_its_owner() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Requester]).await;
        let (caller, _) = token_of(&scene, &bo, &[KeyScope::Request]).await;
        assert_eq!((caller.actor.kind(), &caller.actor), (ActorKind::Human, &bo.actor));
        assert_eq!((&caller.person, &caller.name, &caller.roles), (&bo.person, &bo.name, &bo.roles));
        assert!(caller.is_key() && !caller.is_machine());
        assert!(caller.signed_in_at().is_none() && caller.proven_at().is_none());
        // What one asked for in a browser the other takes back, and the other way round.
        let there = scene.request(&bo, 1).await;
        let here = scene.request(&caller, 1).await;
        assert_eq!(scene.load(&here).await.requester.as_ref(), Some(&bo.actor));
        scene.control.withdraw(&caller, &there, None, None).await.unwrap();
        scene.control.withdraw(&bo, &here, None, None).await.unwrap();
        let foreign = scene.request(&scene.admin, 1).await;
        assert_eq!(code(scene.control.decision(&caller, &foreign).await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_token_is_shown_once_and_the_log_says_whose_it_is() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Auditor]).await;
    let (record, token) =
        scene.control.create_token(&bo, token_input(&[KeyScope::Read], Some(366))).await.unwrap();
    assert!(record.personal);
    assert_eq!(record.expires_at, Some(scene.control.now().plus_seconds(366 * 24 * 3600)));
    let log = scene.log(&bo.workspace).await;
    let entry = log.last().unwrap();
    assert_eq!(entry.act_kind(), Some(ActKind::KeyCreated));
    let said = format!("{entry:?}");
    assert!(said.contains("\"personal\"") && said.contains(bo.actor.id()), "{said}");
    let own = scene.control.tokens(&bo).await.unwrap();
    let all = scene.control.keys(&scene.admin).await.unwrap();
    assert_eq!((own.len(), &own[0].record.id, &own), (1, &record.id, &all));
    let secret = token.rsplit_once('_').unwrap().1;
    for text in [said, format!("{own:?}")] {
        assert!(!text.contains(secret) && !text.contains(&record.secret_hash), "{text}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_no_token() {
    let scene = Scene::new().await;
    let table = [
        ("laptop", &[KeyScope::Read][..], None, "days"),
        ("laptop", &[KeyScope::Read], Some(0), "days"),
        ("laptop", &[KeyScope::Read], Some(367), "days"),
        ("laptop", &[], Some(1), "scopes"),
        ("laptop", &[KeyScope::Read, KeyScope::Evaluate], Some(1), "scopes"),
        (" ", &[KeyScope::Read], Some(1), "name"),
    ];
    for (name, scopes, days, wrong) in table {
        let input = KeyInput { name: name.to_owned(), ..token_input(scopes, days) };
        let refused = scene.control.create_token(&scene.admin, input).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field, .. } if *field == wrong), "{refused:?}");
    }
    assert!(scene.control.tokens(&scene.admin).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_somebody_who_signed_in_a_short_while_ago_makes_one() {
    let scene = Scene::new().await;
    let (token, _) = token_of(&scene, &scene.admin, &PERSONAL).await;
    let (_, key) = scene.control.create_key(&scene.admin, key_input(&MACHINE)).await.unwrap();
    let robot = call(&scene, &key).await.unwrap();
    let wish = || token_input(&[KeyScope::Read], Some(1));
    for program in [&token, &robot] {
        assert_eq!(code(scene.control.create_token(program, wish()).await), "KEY_FORBIDDEN");
        assert_eq!(code(scene.control.tokens(program).await), "KEY_FORBIDDEN");
        assert_eq!(code(scene.control.revoke_token(program, "nxc_x").await), "KEY_FORBIDDEN");
    }
    scene.clock.advance(15 * 60 - 1);
    scene.control.create_token(&scene.admin, wish()).await.unwrap();
    scene.clock.advance(1);
    assert_eq!(code(scene.control.create_token(&scene.admin, wish()).await), "STEP_UP_REQUIRED");
    let again = scene.again(&scene.admin).await.unwrap();
    scene.control.create_token(&again, wish()).await.unwrap();
    // An old session still sees its tokens and gets rid of them.
    scene.clock.advance(3600);
    let own = scene.control.tokens(&scene.admin).await.unwrap();
    assert_eq!(own.len(), 3);
    scene.control.revoke_token(&scene.admin, &own[0].record.id).await.unwrap();
}

#[tokio::test]
async fn a_token_loses_what_its_owner_loses_and_ends_with_them() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Admin, Role::Approver]).await;
        let (_, token) = token_of(&scene, &bo, &PERSONAL).await;
        let id = scene.request(&scene.admin, 1).await;
        scene.control.set_roles(&scene.admin, &bo.person, &[Role::Requester]).await.unwrap();
        let caller = call(&scene, &token).await.unwrap();
        assert_eq!(caller.roles, [Role::Requester]);
        assert_eq!(code(scene.control.decision(&caller, &id).await), "NOT_FOUND");
        let people = scene.control.people(&caller).await;
        assert!(matches!(&people, Err(Error::Forbidden { need }) if need.contains("role")), "{people:?}");
        scene.control.set_roles(&scene.admin, &bo.person, &[Role::Approver]).await.unwrap();
        let held = call(&scene, &token).await.unwrap();
        scene.suspend(&bo, true).await;
        assert_eq!(code(call(&scene, &token).await), "UNAUTHENTICATED");
        // Also for a call that was let in before and is only now about to write.
        assert_eq!(code(scene.control.approve(&held, &id, None, None, None).await), "UNAUTHENTICATED");
        scene.suspend(&bo, false).await;
        scene.control.approve(&held, &id, None, None, None).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_ends_by_its_owner_by_an_admin_and_by_time() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let ivy = scene.person("ivy", &[Role::Requester]).await;
    let make = async |days| {
        scene.control.create_token(&bo, token_input(&[KeyScope::Request], Some(days))).await.unwrap()
    };
    let (mine, by_owner) = make(9).await;
    let (theirs, by_admin) = make(9).await;
    let (_, by_time) = make(1).await;
    // Nobody else's, and no machine's key by this way.
    let (robot, _) = scene.control.create_key(&scene.admin, key_input(&MACHINE)).await.unwrap();
    for (who, id) in [(&ivy, &mine.id), (&scene.admin, &mine.id), (&scene.admin, &robot.id)] {
        assert_eq!(code(scene.control.revoke_token(who, id).await), "NOT_FOUND");
    }
    assert_eq!(code(scene.control.revoke_key(&bo, &mine.id).await), "FORBIDDEN");
    let held = call(&scene, &by_owner).await.unwrap();
    scene.control.revoke_token(&bo, &mine.id).await.unwrap();
    assert_eq!(code(scene.control.revoke_token(&bo, &mine.id).await), "INVALID_INPUT");
    let late = scene.control.cancel(&held, &DecisionId::new("any").unwrap()).await;
    assert_eq!(code(late), "UNAUTHENTICATED", "asked again before anything is done");
    scene.control.revoke_key(&scene.admin, &theirs.id).await.unwrap();
    scene.clock.advance(24 * 3600);
    for token in [by_owner, by_admin, by_time] {
        assert_eq!(code(call(&scene, &token).await), "UNAUTHENTICATED");
    }
    let log = scene.log(&bo.workspace).await;
    let revoked = log.iter().filter(|entry| entry.act_kind() == Some(ActKind::KeyRevoked));
    let by: Vec<_> = revoked.map(|entry| entry.actor.id()).collect();
    assert_eq!(by, [bo.actor.id(), scene.admin.actor.id()]);
}

#[tokio::test]
async fn a_key_that_a_token_makes_reaches_no_further_and_ends_with_it() {
    let scene = Scene::new().await;
    let admin = scene.admin.clone();
    let input = token_input(&[KeyScope::Manage, KeyScope::Request], Some(7));
    let (token, secret) = scene.control.create_token(&admin, input).await.unwrap();
    let caller = call(&scene, &secret).await.unwrap();
    scene.clock.advance(60);
    let wider = token_input(&[KeyScope::Request, KeyScope::Execute], Some(1));
    assert_eq!(code(scene.control.create_key(&caller, wider).await), "INVALID_INPUT");
    for (days, ends) in [(None, token.expires_at), (Some(30), token.expires_at)] {
        let made = scene.control.create_key(&caller, token_input(&[KeyScope::Request], days)).await.unwrap();
        assert_eq!(made.0.expires_at, ends, "{days:?}");
    }
    let short = scene.control.create_key(&caller, token_input(&[KeyScope::Request], Some(1))).await.unwrap();
    assert!(short.0.expires_at < token.expires_at);
}
