//! API keys: made and shown once, and refused with one answer whatever is wrong with them.

use crate::attempts::key_input;
use crate::scene::{ADDRESS, Scene, code};
use control::keys::KeyInput;
use control::{Caller, Door, Error, KeyScope, Role, key};
use governance::ActorKind;
use governance::workspace_log::ActKind;

async fn call(scene: &Scene, token: &str) -> Result<Caller, Error> {
    scene.control.key_caller(token, Door::Api, ADDRESS).await
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_a_hash() {
    let scene = Scene::new().await;
    let (record, token) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    let (id, rest) = token.strip_prefix("nxc_").unwrap().split_once('_').unwrap();
    assert_eq!((id.len(), rest.len()), (12, 38), "160 bits and more are 27 digits of base 62");
    assert_eq!(record.id, format!("nxc_{id}"));
    assert_eq!(key::id_of(&token), Some(record.id.clone()));
    let (_, other) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    assert_ne!(token, other);

    let stored = scene.control.store().key(&record.id).await.unwrap().unwrap();
    assert_eq!(stored.secret_hash, key::hash(&token));
    let listed = format!("{:?}", scene.control.keys(&scene.admin).await.unwrap());
    let logged = format!("{:?}", scene.log(&scene.admin.workspace).await);
    for text in [listed, logged] {
        assert!(text.contains(&record.id));
        assert!(!text.contains(rest) && !text.contains(&stored.secret_hash), "{text}");
    }
    let file = std::fs::read(scene.folder.path().join("nexus.db")).unwrap();
    let wal = std::fs::read(scene.folder.path().join("nexus.db-wal")).unwrap_or_default();
    for bytes in [file, wal] {
        assert!(!bytes.windows(rest.len()).any(|window| window == rest.as_bytes()), "the secret is on disk");
    }
}

#[tokio::test]
async fn a_key_acts_as_a_machine_in_the_workspace_that_made_it() {
    let scene = Scene::new().await;
    let (record, token) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    let caller = call(&scene, &token).await.unwrap();
    assert_eq!((caller.actor.kind(), caller.actor.id()), (ActorKind::System, record.id.as_str()));
    assert_eq!((&caller.workspace, &caller.person), (&scene.admin.workspace, &scene.admin.person));
    assert!(caller.is_key() && caller.signed_in_at().is_none() && caller.proven_at().is_none());
    assert!(matches!(caller.human(), Err(Error::KeyForbidden)));
    assert_eq!(caller.name, "robot");
}

#[tokio::test]
async fn what_makes_no_sense_is_no_key() {
    let scene = Scene::new().await;
    let make = |name: &str, scopes: &[KeyScope], days| {
        let input = KeyInput { name: name.to_owned(), scopes: scopes.to_vec(), days };
        scene.control.create_key(&scene.admin, input)
    };
    let read = [KeyScope::Read];
    let too_long = "x".repeat(201);
    for (name, scopes, days) in [
        ("robot", &[][..], None),
        ("robot", &read, Some(0)),
        ("robot", &read, Some(3661)),
        ("  ", &read, None),
        ("ro\nbot", &read, None),
        (&too_long, &read, None),
        // Of people alone.
        ("robot", &[KeyScope::Read, KeyScope::Decide], None),
        ("robot", &[KeyScope::Manage], Some(1)),
    ] {
        assert_eq!(code(make(name, scopes, days).await), "INVALID_INPUT", "{name:?} {scopes:?} {days:?}");
    }
    let (record, _) =
        make("robot", &[KeyScope::Read, KeyScope::Request, KeyScope::Read], Some(3660)).await.unwrap();
    assert_eq!(record.scopes, ["request", "read"], "each once, in the order of the table");
}

#[tokio::test]
async fn whatever_is_wrong_with_a_key_the_answer_is_the_same() {
    let scene = Scene::new().await;
    let owner = scene.person("bo", &Role::ALL).await;
    let create = || scene.control.create_key(&owner, key_input(&[KeyScope::Read]));
    let (record, good) = create().await.unwrap();
    let (revoked, revoked_key) = create().await.unwrap();
    scene.control.revoke_key(&scene.admin, &revoked.id).await.unwrap();
    let lived = KeyInput { name: "short".to_owned(), scopes: vec![KeyScope::Read], days: Some(1) };
    let (_, expired) = scene.control.create_key(&owner, lived).await.unwrap();
    call(&scene, &expired).await.unwrap();
    scene.clock.advance(24 * 3600 - 1);
    call(&scene, &expired).await.unwrap();
    scene.clock.advance(1);

    // Well formed, and of nobody: another key's secret behind this one's id would fail the checksum.
    let unknown = key::make([[7; 32], [9; 32]]).key;
    assert!(key::id_of(&unknown).is_some());
    let last = good.chars().last().unwrap();
    let broken = format!("{}{}", &good[..good.len() - 1], if last == 'x' { 'y' } else { 'x' });
    let long = "nxc_".repeat(10_000);
    let mut said = Vec::new();
    for wrong in ["", "nxc_", "Bearer x", &record.id, &broken, &unknown, &revoked_key, &expired, &long] {
        let refused = call(&scene, wrong).await.unwrap_err();
        said.push((refused.code(), refused.to_string()));
    }
    said.dedup();
    assert_eq!(said, [("UNAUTHENTICATED", "please sign in first".to_owned())]);
    call(&scene, &good).await.unwrap();
}

#[tokio::test]
async fn a_right_id_with_another_secret_is_refused() {
    let scene = Scene::new().await;
    let (mut row, _) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    // The id comes of the first bytes: both are well formed, and only one of them is kept.
    let (right, wrong) = (key::make([[7; 32], [9; 32]]), key::make([[7; 32], [8; 32]]));
    assert_eq!(right.id, wrong.id);
    row.id.clone_from(&right.id);
    row.secret_hash = key::hash(&right.key);
    let changes = vec![store::Change::CreateKey(row)];
    let enactment = store::Enactment { changes, ..store::Enactment::default() };
    scene.control.store().enact(enactment).await.unwrap();
    call(&scene, &right.key).await.unwrap();
    assert_eq!(code(call(&scene, &wrong.key).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_key_ends_with_what_its_owner_may() {
    let scene = Scene::new().await;
    let owner = scene.person("bo", &[Role::Admin, Role::Approver]).await;
    let (_, token) = scene.control.create_key(&owner, key_input(&[KeyScope::Read])).await.unwrap();
    call(&scene, &token).await.unwrap();
    scene.suspend(&owner, true).await;
    assert_eq!(code(call(&scene, &token).await), "UNAUTHENTICATED");
    scene.suspend(&owner, false).await;
    assert_eq!(call(&scene, &token).await.unwrap().roles.len(), 2);
    scene.control.set_roles(&scene.admin, &owner.person, &[Role::Requester]).await.unwrap();
    assert_eq!(call(&scene, &token).await.unwrap().roles, [Role::Requester]);
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_and_revoked_once() {
    let scene = Scene::new().await;
    let (record, token) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    call(&scene, &token).await.unwrap();
    scene.control.revoke_key(&scene.admin, &record.id).await.unwrap();
    assert_eq!(code(call(&scene, &token).await), "UNAUTHENTICATED");
    assert_eq!(code(scene.control.revoke_key(&scene.admin, &record.id).await), "INVALID_INPUT");
    assert_eq!(code(scene.control.revoke_key(&scene.admin, "nxc_none").await), "NOT_FOUND");
    let views = scene.control.keys(&scene.admin).await.unwrap();
    assert!(!views[0].in_force);
    let revoked = |entry: &&governance::workspace_log::Entry| entry.act_kind() == Some(ActKind::KeyRevoked);
    assert_eq!(scene.log(&scene.admin.workspace).await.iter().filter(revoked).count(), 1);
}

#[tokio::test]
async fn the_last_use_is_noted_at_most_once_a_minute() {
    let scene = Scene::new().await;
    let (record, token) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    let used = || async { scene.control.store().key(&record.id).await.unwrap().unwrap() };
    assert_eq!(used().await.used_at, None);
    let first = scene.control.now();
    // Seconds to wait, where from, and when and where the last use is said to have been.
    let table = [
        (0, "192.0.2.7", 0, "192.0.2.7"),
        (59, "192.0.2.8", 0, "192.0.2.7"),
        (1, "192.0.2.8", 60, "192.0.2.8"),
        (3600, "192.0.2.9", 3660, "192.0.2.9"),
    ];
    for (wait, from, at, said) in table {
        scene.clock.advance(wait);
        scene.control.key_caller(&token, Door::Api, from).await.unwrap();
        let key = used().await;
        assert_eq!((key.used_at, key.used_from.as_deref()), (Some(first.plus_seconds(at)), Some(said)));
    }
    let log = scene.log(&scene.admin.workspace).await;
    assert_eq!(log.last().unwrap().act_kind(), Some(ActKind::KeyCreated), "use is no administrative act");
}

#[tokio::test]
async fn guessing_keys_takes_patience() {
    let scene = Scene::new().await;
    let (record, good) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    let (revoked, old) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Read])).await.unwrap();
    scene.control.revoke_key(&scene.admin, &revoked.id).await.unwrap();
    for _ in 0..10 {
        for guess in ["nxc_guess", &record.id, &old] {
            assert_eq!(code(call(&scene, guess).await), "UNAUTHENTICATED");
        }
    }
    for guess in ["nxc_guess", &record.id, &old] {
        assert_eq!(code(call(&scene, guess).await), "THROTTLED");
    }
    call(&scene, &good).await.unwrap();
    assert_eq!(code(call(&scene, "nxc_guess").await), "THROTTLED", "a right key in between forgives nothing");
    let elsewhere = scene.control.key_caller("nxc_guess", Door::Api, "192.0.2.99").await;
    assert_eq!(code(elsewhere), "UNAUTHENTICATED");
    scene.clock.advance(15 * 60 + 1);
    assert_eq!(code(call(&scene, "nxc_guess").await), "UNAUTHENTICATED");
}
