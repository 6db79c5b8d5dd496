//! What each change of workspaces, people, roles and sessions does, and when it is refused.

use crate::people::{
    act, group_roles, join, member, newcomer, place, set_roles, signed_in, still_there, suspended, texts,
    who, workspace,
};
use crate::support::ws;
use std::sync::Arc;
use store::{Change, Store, StoreError};

pub async fn what_is_taken_is_refused(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    member(store, "w", "p1", "ann", &[]).await;
    let key = crate::people::key("w", "nxc_a", "p1");
    act(store, "w", vec![Change::CreateKey(key)]).await.unwrap();
    for (taken, what) in [
        (Change::CreateWorkspace(place("w", 9)), "workspace"),
        (Change::CreatePerson(newcomer("p2", "ann")), "person"),
        (Change::CreatePerson(newcomer("p1", "bob")), "person"),
        (Change::CreatePerson(newcomer("p2", "nxc_a")), "person"),
    ] {
        match act(store, "w", vec![taken.clone()]).await {
            Err(StoreError::Exists(taken)) if taken == what => {}
            other => panic!("{taken:?}: {other:?}"),
        }
    }
    assert_eq!(store.people(&ws("w")).await.unwrap().len(), 1);
    assert_eq!(store.whole_workspace_log(&ws("w")).await.unwrap().len(), 1);
}

pub async fn what_is_not_there_is_gone(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    member(store, "w", "p2", "old", &[]).await;
    act(store, "w", vec![Change::Merge { from: who("p2"), into: who("p1") }]).await.unwrap();
    signed_in(store, "a", "p1", "w").await;
    let name = |person: &str| Change::NamePerson { person: who(person), name: "x".to_owned() };
    let password = |person: &str| Change::SetPassword { person: who(person), hash: None, keep_session: None };
    let merge = |from: &str, into: &str| Change::Merge { from: who(from), into: who(into) };
    let end = |person: &str, workspace: Option<&str>, hash: &str| Change::EndSession {
        person: who(person),
        workspace: workspace.map(ws),
        id_hash: hash.to_owned(),
    };
    let cases = [
        (Change::NameWorkspace { workspace: ws("u"), name: "x".to_owned() }, "workspace"),
        (Change::ForbidSelfApproval { workspace: ws("u"), forbid: true }, "workspace"),
        (join("u", "p1", &[]), "workspace"),
        (group_roles("p1", "idp", &[("u", &["author"])]), "workspace"),
        (name("nobody"), "person"),
        (name("p2"), "person"),
        (password("nobody"), "person"),
        (password("p2"), "person"),
        (join("w", "nobody", &[]), "person"),
        (join("w", "p2", &[]), "person"),
        (set_roles("v", "p1", &[]), "person"),
        (set_roles("w", "p2", &[]), "person"),
        (group_roles("nobody", "idp", &[]), "person"),
        (group_roles("p2", "idp", &[("w", &["admin"])]), "person"),
        (suspended("v", "p1", true), "person"),
        (suspended("w", "nobody", false), "person"),
        (merge("p1", "p1"), "person"),
        (merge("nobody", "p1"), "person"),
        (merge("p1", "nobody"), "person"),
        (merge("p2", "p1"), "person"),
        (merge("p1", "p2"), "person"),
        (end("p1", None, "b"), "session"),
        (end("p2", None, "a"), "session"),
        (end("p1", Some("v"), "a"), "session"),
    ];
    for (change, what) in cases {
        match act(store, "w", vec![change.clone()]).await {
            Err(StoreError::Gone(gone)) if gone == what => {}
            other => panic!("{change:?}: {other:?}"),
        }
    }
    assert_eq!(store.whole_workspace_log(&ws("w")).await.unwrap().len(), 1);
    assert_eq!(still_there(store, &["a"]).await, "a");
}

/// What a member has: all that counts, and what was given by hand.
async fn roles(store: &Arc<dyn Store>, workspace: &str) -> Option<(Vec<String>, Vec<String>)> {
    let person = store.person(&ws(workspace), &who("p1")).await.unwrap()?;
    Some((person.roles, person.given_roles))
}

fn both(roles: &[&str], given: &[&str]) -> (Vec<String>, Vec<String>) {
    (texts(roles), texts(given))
}

pub async fn roles_are_given_by_hand_and_by_groups(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["requester"]).await;
    let steps: [(Change, _, _); 9] = [
        (
            join("w", "p1", &["author", "requester"]),
            both(&["author", "requester"], &["author", "requester"]),
            None,
        ),
        (set_roles("w", "p1", &["b", "a", "b"]), both(&["a", "b"], &["a", "b"]), None),
        (
            group_roles("p1", "one", &[("w", &["c", "a"]), ("v", &["d"])]),
            both(&["a", "b", "c"], &["a", "b"]),
            Some(both(&["d"], &[])),
        ),
        (
            group_roles("p1", "two", &[("w", &["e"]), ("w", &["f"]), ("v", &[])]),
            both(&["a", "b", "c", "e", "f"], &["a", "b"]),
            Some(both(&["d"], &[])),
        ),
        // All that a provider gave is replaced, and nothing of another's.
        (
            group_roles("p1", "one", &[("w", &["d"])]),
            both(&["a", "b", "d", "e", "f"], &["a", "b"]),
            Some(both(&[], &[])),
        ),
        (set_roles("w", "p1", &[]), both(&["d", "e", "f"], &[]), Some(both(&[], &[]))),
        (group_roles("p1", "two", &[]), both(&["d"], &[]), Some(both(&[], &[]))),
        (join("v", "p1", &["a"]), both(&["d"], &[]), Some(both(&["a"], &["a"]))),
        (group_roles("p1", "one", &[("w", &[])]), both(&[], &[]), Some(both(&["a"], &["a"]))),
    ];
    for (change, in_w, in_v) in steps {
        act(store, "w", vec![change.clone()]).await.unwrap();
        assert_eq!((roles(store, "w").await, roles(store, "v").await), (Some(in_w), in_v), "{change:?}");
    }
    // Groups that give nothing make nobody a member.
    member(store, "w", "p2", "bob", &[]).await;
    act(store, "w", vec![group_roles("p2", "one", &[("v", &[])])]).await.unwrap();
    assert_eq!(store.person(&ws("v"), &who("p2")).await.unwrap(), None);
}

pub async fn roles_of_groups_are_told_by_workspace(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["requester"]).await;
    let change = group_roles("p1", "one", &[("w", &["c", "a"]), ("v", &["d"])]);
    act(store, "w", vec![change, group_roles("p1", "two", &[("w", &["e"])])]).await.unwrap();
    let told = store.group_roles(&who("p1"), "one").await.unwrap();
    assert_eq!(told, [(ws("v"), texts(&["d"])), (ws("w"), texts(&["a", "c"]))]);
    assert_eq!(store.group_roles(&who("p1"), "three\0").await.unwrap(), []);
    assert_eq!(store.group_roles(&who("nobody"), "one").await.unwrap(), []);
}

pub async fn suspending_ends_the_sessions_of_one_workspace(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    member(store, "w", "p2", "bob", &["admin"]).await;
    act(store, "v", vec![join("v", "p1", &["admin"])]).await.unwrap();
    for (hash, person, workspace) in [("a", "p1", "w"), ("b", "p1", "w"), ("c", "p1", "v"), ("d", "p2", "w")]
    {
        signed_in(store, hash, person, workspace).await;
    }
    act(store, "w", vec![suspended("w", "p1", true)]).await.unwrap();
    assert_eq!(still_there(store, &["a", "b", "c", "d"]).await, "cd");
    let is_suspended = |workspace: &'static str| async move {
        store.person(&ws(workspace), &who("p1")).await.unwrap().unwrap().suspended
    };
    assert!(is_suspended("w").await && !is_suspended("v").await);
    // Neither joining again nor other roles let somebody back in.
    act(store, "w", vec![join("w", "p1", &["author"]), set_roles("w", "p1", &[])]).await.unwrap();
    assert!(is_suspended("w").await);
    act(store, "w", vec![suspended("w", "p1", false)]).await.unwrap();
    assert!(!is_suspended("w").await);
    assert_eq!(still_there(store, &["a", "b"]).await, "");
}

pub async fn a_new_password_ends_the_other_sessions(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    member(store, "w", "p2", "bob", &["admin"]).await;
    for (hash, person, workspace) in [("a", "p1", "w"), ("b", "p1", "w"), ("c", "p1", "v"), ("d", "p2", "w")]
    {
        signed_in(store, hash, person, workspace).await;
    }
    let change = |hash: Option<&str>, keep: Option<&str>| Change::SetPassword {
        person: who("p1"),
        hash: hash.map(str::to_owned),
        keep_session: keep.map(str::to_owned),
    };
    act(store, "w", vec![change(Some("new"), Some("b"))]).await.unwrap();
    assert_eq!(still_there(store, &["a", "b", "c", "d"]).await, "bd");
    assert_eq!(store.account("ann").await.unwrap().unwrap().password_hash.as_deref(), Some("new"));
    act(store, "w", vec![change(None, None)]).await.unwrap();
    assert_eq!(still_there(store, &["b", "d"]).await, "d");
    assert_eq!(store.account("ann").await.unwrap().unwrap().password_hash, None);
}

pub async fn sessions_end_one_by_one_or_together(store: &Arc<dyn Store>) {
    let all = ["a", "b", "c", "d", "e"];
    let end = |workspace: Option<&str>, keep: Option<&str>| Change::EndSessions {
        person: who("p1"),
        workspace: workspace.map(ws),
        keep: keep.map(str::to_owned),
    };
    let one = |workspace: Option<&str>, hash: &str| Change::EndSession {
        person: who("p1"),
        workspace: workspace.map(ws),
        id_hash: hash.to_owned(),
    };
    workspace(store, "w").await;
    for (hash, person, workspace) in
        [("a", "p1", "w"), ("b", "p1", "w"), ("c", "p1", "v"), ("d", "p2", "w"), ("e", "p1", "w")]
    {
        signed_in(store, hash, person, workspace).await;
    }
    for (change, left) in [
        (end(Some("u"), None), "abcde"),
        (one(Some("w"), "e"), "abcd"),
        (end(Some("w"), Some("b")), "bcd"),
        (one(None, "b"), "cd"),
        (end(None, Some("c")), "cd"),
        (end(None, None), "d"),
        (end(None, None), "d"),
    ] {
        act(store, "w", vec![change.clone()]).await.unwrap();
        assert_eq!(still_there(store, &all).await, left, "{change:?}");
    }
}
