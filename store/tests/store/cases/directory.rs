//! Workspaces, people and sessions.

use crate::support::{at, ws};
use governance::PersonId;
use std::sync::Arc;
use store::directory::{PersonRecord, WorkspaceRecord};
use store::sessions::SessionRecord;
use store::{Store, StoreError};

pub fn person(id: &str, actor: &str) -> PersonRecord {
    PersonRecord {
        id: PersonId::new(id).unwrap(),
        actor_id: actor.to_owned(),
        name: format!("{actor} “the\0one”").replace('\0', " "),
        password_hash: Some("$argon2id$".to_owned()),
        roles: vec!["approver".to_owned(), "admin".to_owned()],
        suspended: false,
        created_at: at(1),
    }
}

fn place(name: &str, seconds: i64) -> WorkspaceRecord {
    WorkspaceRecord {
        id: ws(name),
        name: name.to_uppercase(),
        forbid_self_approval: true,
        created_at: at(seconds),
    }
}

pub async fn workspace(store: &Arc<dyn Store>, name: &str) {
    store.create_workspace(&place(name, 0)).await.unwrap();
}

fn session(hash: &str, person: Option<&str>) -> SessionRecord {
    SessionRecord {
        id_hash: hash.to_owned(),
        data: "{\"a\":\"b\"}".to_owned(),
        person: person.map(|id| PersonId::new(id).unwrap()),
        created_at: at(0),
        expires_at: at(60),
    }
}

pub async fn workspaces_and_people(store: &Arc<dyn Store>) {
    assert!(!store.has_people().await.unwrap());
    let (first, second) = (place("w", 1), place("v", 2));
    store.create_workspace(&second).await.unwrap();
    store.create_workspace(&first).await.unwrap();
    assert!(matches!(store.create_workspace(&first).await, Err(StoreError::Exists(_))));
    assert_eq!(store.workspaces().await.unwrap(), [first.clone(), second]);
    assert_eq!(store.workspace(&ws("u")).await.unwrap(), None);
    store.set_forbid_self_approval(&ws("w"), false).await.unwrap();
    let changed = WorkspaceRecord { forbid_self_approval: false, ..first };
    assert_eq!(store.workspace(&ws("w")).await.unwrap(), Some(changed));
    let (bob, ann) = (person("p1", "bob"), person("p2", "ann"));
    store.create_person(&ws("w"), &bob).await.unwrap();
    store.create_person(&ws("w"), &ann).await.unwrap();
    assert!(store.has_people().await.unwrap());
    assert_eq!(store.person_by_actor(&ws("w"), "bob").await.unwrap(), Some(bob.clone()));
    assert_eq!(store.person_by_actor(&ws("w"), "b\0b").await.unwrap(), None);
    assert_eq!(store.person(&ws("w"), &ann.id).await.unwrap(), Some(ann.clone()));
    assert_eq!(store.people(&ws("w")).await.unwrap(), [ann, bob]);
    assert_eq!(store.memberships("ann").await.unwrap(), [ws("w")]);
    assert_eq!(store.memberships("nobody").await.unwrap(), []);
}

pub async fn an_actor_id_is_taken_once(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    store.create_person(&ws("w"), &person("p1", "ann")).await.unwrap();
    for taken in [person("p2", "ann"), person("p1", "bob")] {
        assert!(matches!(store.create_person(&ws("w"), &taken).await, Err(StoreError::Exists(_))));
    }
    assert_eq!(store.people(&ws("w")).await.unwrap().len(), 1);
    // Nobody belongs to a workspace that does not exist.
    assert!(store.create_person(&ws("nowhere"), &person("p3", "cid")).await.is_err());
    assert_eq!(store.memberships("cid").await.unwrap(), []);
}

pub async fn roles_names_and_passwords_change(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let ann = person("p1", "ann");
    store.create_person(&ws("w"), &ann).await.unwrap();
    assert!(store.set_roles(&ws("w"), &ann.id, &["auditor".to_owned()]).await.unwrap());
    assert!(store.set_name(&ann.id, "Ann 安").await.unwrap());
    assert!(store.set_password(&ann.id, "new", None).await.unwrap());
    let expected = PersonRecord {
        roles: vec!["auditor".to_owned()],
        name: "Ann 安".to_owned(),
        password_hash: Some("new".to_owned()),
        ..ann
    };
    assert_eq!(store.person_by_actor(&ws("w"), "ann").await.unwrap(), Some(expected));
    let nobody = PersonId::new("nobody").unwrap();
    assert!(!store.set_name(&nobody, "x").await.unwrap());
    assert!(!store.set_password(&nobody, "x", None).await.unwrap());
    assert!(!store.set_suspended(&nobody, true).await.unwrap());
}

pub async fn suspending_ends_sessions(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let ann = person("p1", "ann");
    store.create_person(&ws("w"), &ann).await.unwrap();
    for (hash, who) in [("a", Some("p1")), ("b", Some("p1")), ("c", Some("p2")), ("d", None)] {
        assert!(store.create_session(&session(hash, who)).await.unwrap());
    }
    assert!(store.set_suspended(&ann.id, true).await.unwrap());
    assert!(store.person(&ws("w"), &ann.id).await.unwrap().unwrap().suspended);
    for (hash, there) in [("a", false), ("b", false), ("c", true), ("d", true)] {
        assert_eq!(store.load_session(hash, at(1)).await.unwrap().is_some(), there, "{hash}");
    }
    assert!(store.set_suspended(&ann.id, false).await.unwrap());
    assert!(!store.person(&ws("w"), &ann.id).await.unwrap().unwrap().suspended);
    assert!(store.load_session("a", at(1)).await.unwrap().is_none());
}

pub async fn a_new_password_ends_the_other_sessions(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let ann = person("p1", "ann");
    store.create_person(&ws("w"), &ann).await.unwrap();
    for hash in ["a", "b"] {
        store.create_session(&session(hash, Some("p1"))).await.unwrap();
    }
    assert!(store.set_password(&ann.id, "new", Some("b")).await.unwrap());
    assert!(store.load_session("a", at(1)).await.unwrap().is_none());
    assert!(store.load_session("b", at(1)).await.unwrap().is_some());
    assert!(store.set_password(&ann.id, "newer", None).await.unwrap());
    assert!(store.load_session("b", at(1)).await.unwrap().is_none());
}

pub async fn saving_never_brings_a_session_back(store: &Arc<dyn Store>) {
    let first = session("a", None);
    assert!(!store.save_session(&first).await.unwrap());
    assert!(store.create_session(&first).await.unwrap());
    assert!(!store.create_session(&session("a", Some("p1"))).await.unwrap());
    assert_eq!(store.load_session("a", at(1)).await.unwrap(), Some(first.clone()));
    let changed = SessionRecord {
        data: "{}".to_owned(),
        person: Some(PersonId::new("p1").unwrap()),
        expires_at: at(90),
        ..first.clone()
    };
    assert!(store.save_session(&changed).await.unwrap());
    assert_eq!(store.load_session("a", at(70)).await.unwrap(), Some(changed.clone()));
    store.delete_session("a").await.unwrap();
    assert!(!store.save_session(&changed).await.unwrap());
    assert_eq!(store.load_session("a", at(1)).await.unwrap(), None);
}

pub async fn sessions_expire(store: &Arc<dyn Store>) {
    store.create_session(&session("a", Some("p1"))).await.unwrap();
    store.create_session(&SessionRecord { expires_at: at(90), ..session("b", Some("p1")) }).await.unwrap();
    assert!(store.load_session("a", at(59)).await.unwrap().is_some());
    assert!(store.load_session("a", at(60)).await.unwrap().is_none());
    assert_eq!(store.delete_expired_sessions(at(60)).await.unwrap(), 1);
    assert_eq!(store.delete_sessions_of(&PersonId::new("p1").unwrap()).await.unwrap(), 1);
    assert_eq!(store.delete_sessions_of(&PersonId::new("p1").unwrap()).await.unwrap(), 0);
}

pub async fn a_setup_token_works_once(store: &Arc<dyn Store>) {
    let (home, ann) = (place("w", 0), person("p1", "ann"));
    let redeem = |hash: &'static str, seconds: i64| {
        let (home, ann) = (home.clone(), ann.clone());
        async move { store.redeem_setup_token(hash, at(seconds), &home, &ann).await.unwrap() }
    };
    assert!(!redeem("a", 0).await);
    store.put_setup_token("a", at(60)).await.unwrap();
    store.put_setup_token("b", at(60)).await.unwrap();
    assert!(!redeem("a", 0).await, "a newer token replaces the older");
    assert!(!redeem("b", 60).await, "an expired token is none");
    let results = tokio::join!(redeem("b", 1), redeem("b", 1));
    assert!(results.0 ^ results.1, "one of two wins");
    assert_eq!(store.person_by_actor(&ws("w"), "ann").await.unwrap(), Some(ann.clone()));
    assert_eq!(store.workspaces().await.unwrap(), std::slice::from_ref(&home));
    store.put_setup_token("c", at(60)).await.unwrap();
    assert!(!redeem("c", 1).await, "there are people already");
}
