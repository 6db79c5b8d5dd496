//! Workspaces and people, read.

use crate::people::{act, join, key, member, newcomer, place, set_roles, suspended, texts, who, workspace};
use crate::support::{at, ws};
use std::sync::Arc;
use store::directory::{AccountRecord, ActorRecord, MembershipRecord, PersonRecord, WorkspaceRecord};
use store::{Change, Enactment, Store, StoreError};

fn person(id: &str, actor: &str, roles: &[&str]) -> PersonRecord {
    let new = newcomer(id, actor);
    PersonRecord {
        id: new.id,
        actor_id: new.actor_id,
        aliases: Vec::new(),
        name: new.name,
        password_hash: new.password_hash,
        roles: texts(roles),
        given_roles: texts(roles),
        suspended: false,
        elsewhere: false,
        second_factor: false,
        created_at: new.created_at,
    }
}

pub async fn workspaces_and_people(store: &Arc<dyn Store>) {
    assert!(!store.has_people().await.unwrap());
    let (first, second) = (place("w", 1), place("v", 2));
    for new in [&second, &first] {
        let changes = vec![Change::CreateWorkspace(new.clone())];
        store.enact(Enactment { changes, ..Enactment::default() }).await.unwrap();
    }
    assert_eq!(store.workspaces().await.unwrap(), [first.clone(), second]);
    assert_eq!(store.workspace(&ws("u")).await.unwrap(), None);
    member(store, "w", "p1", "bob", &["approver", "admin"]).await;
    member(store, "w", "p2", "ann", &[]).await;
    let (bob, ann) = (person("p1", "bob", &["admin", "approver"]), person("p2", "ann", &[]));
    assert!(store.has_people().await.unwrap());
    assert_eq!(store.person_by_actor(&ws("w"), "bob").await.unwrap(), Some(bob.clone()));
    assert_eq!(store.person_by_actor(&ws("w"), "b\0b").await.unwrap(), None);
    assert_eq!(store.person_by_actor(&ws("v"), "bob").await.unwrap(), None);
    assert_eq!(store.person(&ws("w"), &ann.id).await.unwrap(), Some(ann.clone()));
    assert_eq!(store.person(&ws("v"), &ann.id).await.unwrap(), None);
    assert_eq!(store.people(&ws("w")).await.unwrap(), [ann, bob]);
    assert_eq!(store.people(&ws("v")).await.unwrap(), []);
}

pub async fn names_and_settings_change(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    member(store, "w", "p1", "ann", &["author"]).await;
    let changes = vec![
        Change::NameWorkspace { workspace: ws("w"), name: "nul \0 安".to_owned() },
        Change::ForbidSelfApproval { workspace: ws("w"), forbid: false },
        Change::NamePerson { person: who("p1"), name: "Ann \0 安".to_owned() },
        Change::SetPassword { person: who("p1"), hash: None, keep_session: None },
    ];
    act(store, "w", changes).await.unwrap();
    let expected = WorkspaceRecord {
        name: "nul \u{FFFD} 安".to_owned(),
        forbid_self_approval: false,
        log_length: 1,
        ..place("w", 0)
    };
    assert_eq!(store.workspace(&ws("w")).await.unwrap(), Some(expected));
    let expected = PersonRecord {
        name: "Ann \u{FFFD} 安".to_owned(),
        password_hash: None,
        ..person("p1", "ann", &["author"])
    };
    assert_eq!(store.person(&ws("w"), &who("p1")).await.unwrap(), Some(expected));
}

pub async fn an_account_has_its_memberships(store: &Arc<dyn Store>) {
    for name in ["b", "a", "c"] {
        workspace(store, name).await;
    }
    member(store, "a", "p1", "ann", &["admin"]).await;
    let changes = vec![
        Change::NameWorkspace { workspace: ws("a"), name: "Z".to_owned() },
        join("b", "p1", &["author"]),
        suspended("b", "p1", true),
        join("c", "p1", &[]),
    ];
    act(store, "c", changes).await.unwrap();
    let expected = AccountRecord {
        id: who("p1"),
        actor_id: "ann".to_owned(),
        name: newcomer("p1", "ann").name,
        password_hash: Some("$argon2id$".to_owned()),
        second_factor: false,
    };
    assert_eq!(store.account("ann").await.unwrap(), Some(expected.clone()));
    assert_eq!(store.account_of(&who("p1")).await.unwrap(), Some(expected));
    assert_eq!(store.account("nobody\0").await.unwrap(), None);
    assert_eq!(store.account_of(&who("nobody")).await.unwrap(), None);
    let membership = |workspace: WorkspaceRecord, roles: &[&str], suspended| MembershipRecord {
        workspace,
        roles: texts(roles),
        suspended,
    };
    assert_eq!(
        store.memberships(&who("p1")).await.unwrap(),
        [
            membership(place("b", 0), &["author"], true),
            membership(WorkspaceRecord { log_length: 1, ..place("c", 0) }, &[], false),
            membership(WorkspaceRecord { name: "Z".to_owned(), ..place("a", 0) }, &["admin"], false),
        ]
    );
    assert_eq!(store.memberships(&who("nobody")).await.unwrap(), []);
}

pub async fn elsewhere_is_where_somebody_is_a_member(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    let elsewhere = |name: &'static str| async move {
        store.person(&ws(name), &who("p1")).await.unwrap().unwrap().elsewhere
    };
    assert!(!elsewhere("w").await);
    // Without a role, too: what they lost they may get back, and their account is theirs meanwhile.
    for change in [join("v", "p1", &[]), set_roles("v", "p1", &["author"]), set_roles("v", "p1", &[])] {
        act(store, "w", vec![change.clone()]).await.unwrap();
        assert!(elsewhere("w").await, "{change:?}");
        assert!(elsewhere("v").await, "w is elsewhere");
    }
}

pub async fn actors_are_members_aliases_and_keys(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["approver"]).await;
    member(store, "w", "p2", "old", &["admin"]).await;
    member(store, "v", "p3", "cid", &["admin"]).await;
    let changes = vec![
        Change::CreateKey(key("w", "nxc_a", "p2")),
        Change::CreateKey(key("w", "nxc_c", "p3")),
        Change::CreateKey(key("v", "nxc_v", "p3")),
        Change::RevokeKey { workspace: ws("w"), key_id: "nxc_a".to_owned(), at: at(9) },
        Change::Merge { from: who("p2"), into: who("p1") },
        suspended("w", "p1", true),
    ];
    act(store, "w", changes).await.unwrap();
    let ask = |workspace: &'static str, ids: &[&str]| {
        let ids = texts(ids);
        async move { store.actors(&ws(workspace), &ids).await.unwrap() }
    };
    let ann = |actor: &str, name: &str, is_key| ActorRecord {
        actor_id: actor.to_owned(),
        person: who("p1"),
        name: name.to_owned(),
        is_key,
        roles: texts(&["admin", "approver"]),
        suspended: true,
    };
    // A key stays its owner's after it was revoked; one whose owner is no member has no roles.
    let stranger = ActorRecord {
        actor_id: "nxc_c".to_owned(),
        person: who("p3"),
        name: "key nxc_c".to_owned(),
        is_key: true,
        roles: Vec::new(),
        suspended: false,
    };
    let name = newcomer("p1", "ann").name;
    let expected =
        [ann("ann", &name, false), ann("nxc_a", "key nxc_a", true), stranger, ann("old", &name, false)];
    let everybody = ["old", "nxc_v", "nobody", "nxc_c", "ann", "cid", "nul\0", "ann", "nxc_a"];
    assert_eq!(ask("w", &everybody).await, expected);
    let names = |actors: Vec<ActorRecord>| actors.into_iter().map(|actor| actor.actor_id).collect::<Vec<_>>();
    assert_eq!(names(ask("v", &everybody).await), ["cid", "nxc_v"]);
    assert_eq!(ask("w", &[]).await, []);
    assert_eq!(store.actor_ids(&ws("w"), &who("p1")).await.unwrap(), ["ann", "nxc_a", "old"]);
    assert_eq!(store.actor_ids(&ws("v"), &who("p1")).await.unwrap(), ["ann", "old"]);
    assert_eq!(store.actor_ids(&ws("w"), &who("p3")).await.unwrap(), ["cid", "nxc_c"]);
}

pub async fn a_setup_token_works_once(store: &Arc<dyn Store>) {
    let redeem = |hash: &'static str, seconds: i64| async move {
        let changes = vec![
            Change::RedeemSetup { token_hash: hash.to_owned(), now: at(seconds) },
            Change::CreateWorkspace(place("w", 0)),
            Change::CreatePerson(newcomer("p1", "ann")),
            join("w", "p1", &["admin"]),
        ];
        match act(store, "w", changes).await {
            Ok(()) => true,
            Err(StoreError::Gone("set-up link")) => false,
            Err(error) => panic!("{error}"),
        }
    };
    assert!(!redeem("a", 0).await);
    store.put_setup_token("a", at(60)).await.unwrap();
    store.put_setup_token("b", at(60)).await.unwrap();
    assert!(!redeem("a", 0).await, "a newer token replaces the older");
    assert!(!redeem("b", 60).await, "an expired token is none");
    assert_eq!(store.workspaces().await.unwrap(), []);
    let results = tokio::join!(redeem("b", 1), redeem("b", 1));
    assert!(results.0 ^ results.1, "one of two wins");
    let ann = person("p1", "ann", &["admin"]);
    assert_eq!(store.person_by_actor(&ws("w"), "ann").await.unwrap(), Some(ann));
    assert_eq!(store.workspaces().await.unwrap(), [WorkspaceRecord { log_length: 1, ..place("w", 0) }]);
    store.put_setup_token("c", at(60)).await.unwrap();
    assert!(!redeem("c", 1).await, "there are people already");
}
