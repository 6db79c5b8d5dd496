//! Two accounts that turn out to be one human.

use crate::people::{
    act, group_roles, join, key, link, member, newcomer, signed_in, still_there, suspended, texts, unlink,
    who, workspace,
};
use crate::support::{at, id, ws};
use std::sync::Arc;
use store::{Change, Store, StoreError};

fn merge(from: &str, into: &str) -> Change {
    Change::Merge { from: who(from), into: who(into) }
}

pub async fn everything_moves_to_the_one_that_stays(store: &Arc<dyn Store>) {
    for name in ["w", "v", "u"] {
        workspace(store, name).await;
    }
    member(store, "w", "p1", "old", &["author"]).await;
    member(store, "w", "p2", "ann", &["approver"]).await;
    let changes = vec![
        join("v", "p1", &["admin"]),
        group_roles("p1", "https://idp", &[("w", &["auditor"]), ("u", &["author"])]),
        group_roles("p2", "https://idp", &[("w", &["requester"])]),
        link("one", "p1"),
        link("two", "p2"),
        link("three", "p1"),
        unlink("three", "p1", 3),
        Change::CreateKey(key("w", "nxc_a", "p1")),
        Change::PutSecondFactor { person: who("p1"), secret: "old secret".to_owned() },
        Change::ConfirmSecondFactor { person: who("p1"), at: at(3), step: 5, recovery_hashes: texts(&["r"]) },
        Change::PutSecondFactor { person: who("p2"), secret: "secret".to_owned() },
    ];
    act(store, "w", changes).await.unwrap();
    for (hash, person) in [("a", "p1"), ("b", "p2")] {
        signed_in(store, hash, person, "w").await;
    }
    for (decision, person, body) in [("d", "p1", "old"), ("d", "p2", "new"), ("e", "p1", "moved")] {
        store.put_draft(&ws("w"), &who(person), &id(decision), body, at(4)).await.unwrap();
    }
    act(store, "w", vec![merge("p1", "p2")]).await.unwrap();

    let ann = store.person(&ws("w"), &who("p2")).await.unwrap().unwrap();
    assert_eq!(ann.roles, ["approver", "auditor", "author", "requester"]);
    assert_eq!(ann.given_roles, ["approver", "author"]);
    assert_eq!(ann.aliases, ["old"]);
    assert!(ann.elsewhere && !ann.suspended && ann.password_hash.is_some());
    assert_eq!(store.people(&ws("w")).await.unwrap(), [ann]);
    let roles = |name: &'static str| async move {
        store.person(&ws(name), &who("p2")).await.unwrap().unwrap().roles.join(" ")
    };
    assert_eq!((roles("v").await, roles("u").await), ("admin".to_owned(), "author".to_owned()));
    assert_eq!(
        store.group_roles(&who("p2"), "https://idp").await.unwrap(),
        [(ws("u"), texts(&["author"])), (ws("w"), texts(&["auditor", "requester"]))]
    );
    let subjects = store.identities_of(&who("p2")).await.unwrap();
    assert_eq!(subjects.iter().map(|identity| identity.subject.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    let unlinked = store.identity("https://idp", "three").await.unwrap().unwrap();
    assert_eq!((unlinked.person, unlinked.unlinked_at), (who("p2"), Some(at(3))));
    assert_eq!(store.key("nxc_a").await.unwrap().unwrap().owner, who("p2"));
    // What the one that stays has of its own stays.
    assert_eq!(store.second_factor(&who("p2")).await.unwrap().unwrap().secret, "secret");
    for (decision, body) in [("d", "new"), ("e", "moved")] {
        let draft = store.draft(&ws("w"), &who("p2"), &id(decision)).await.unwrap();
        assert_eq!(draft.as_deref(), Some(body));
    }

    // Of the one that goes only the actor id is left.
    assert_eq!(still_there(store, &["a", "b"]).await, "b");
    assert_eq!(store.person(&ws("w"), &who("p1")).await.unwrap(), None);
    assert_eq!(store.person_by_actor(&ws("w"), "old").await.unwrap(), None);
    assert_eq!(store.memberships(&who("p1")).await.unwrap(), []);
    assert_eq!(store.group_roles(&who("p1"), "https://idp").await.unwrap(), []);
    assert_eq!(store.second_factor(&who("p1")).await.unwrap(), None);
    assert!(!store.use_recovery_code(&who("p1"), "r").await.unwrap());
    assert_eq!(store.draft(&ws("w"), &who("p1"), &id("d")).await.unwrap(), None);
    for account in [store.account("old").await.unwrap(), store.account_of(&who("p1")).await.unwrap()] {
        let account = account.unwrap();
        assert_eq!((account.id, account.actor_id.as_str()), (who("p2"), "ann"));
        assert_eq!((account.password_hash, account.second_factor), (None, false));
    }
    let taken = act(store, "w", vec![Change::CreatePerson(newcomer("p3", "old"))]).await;
    assert!(matches!(taken, Err(StoreError::Exists("person"))));
}

pub async fn aliases_make_no_chains(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    for (person, actor) in [("p1", "a"), ("p2", "b"), ("p3", "c")] {
        member(store, "w", person, actor, &["author"]).await;
    }
    act(store, "w", vec![merge("p1", "p2")]).await.unwrap();
    act(store, "w", vec![merge("p2", "p3")]).await.unwrap();
    let [last] = store.people(&ws("w")).await.unwrap().try_into().unwrap();
    assert_eq!((last.id, last.aliases), (who("p3"), texts(&["a", "b"])));
    for actor in ["a", "b", "c"] {
        assert_eq!(store.account(actor).await.unwrap().unwrap().id, who("p3"), "{actor}");
    }
    let actors = store.actors(&ws("w"), &texts(&["a", "b", "c"])).await.unwrap();
    assert!(actors.len() == 3 && actors.iter().all(|actor| actor.person == who("p3")));
}

pub async fn who_was_kept_out_stays_out(store: &Arc<dyn Store>) {
    for name in ["w", "v", "u"] {
        workspace(store, name).await;
    }
    member(store, "w", "p1", "old", &["author"]).await;
    member(store, "w", "p2", "ann", &["author"]).await;
    let changes = vec![
        suspended("w", "p1", true),
        join("v", "p1", &["author"]),
        suspended("v", "p1", true),
        join("u", "p1", &["author"]),
    ];
    act(store, "w", changes).await.unwrap();
    signed_in(store, "a", "p2", "w").await;
    signed_in(store, "b", "p2", "u").await;
    act(store, "w", vec![merge("p1", "p2")]).await.unwrap();
    for (name, expected) in [("w", true), ("v", true), ("u", false)] {
        let person = store.person(&ws(name), &who("p2")).await.unwrap().unwrap();
        assert_eq!(person.suspended, expected, "{name}");
    }
    assert_eq!(still_there(store, &["a", "b"]).await, "b");
}
