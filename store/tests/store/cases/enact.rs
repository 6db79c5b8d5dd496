//! Acts and their entries: together or not at all, one after the other, and chained.

use crate::people::{act, acts, entry, join, member, newcomer, place, set_roles, workspace};
use crate::support::{at, ws};
use governance::workspace_log::{self, ActKind, Entry};
use governance::{json, verify};
use std::sync::Arc;
use store::{Change, Enactment, Store, StoreError};
use tokio::task::JoinSet;

async fn log_length(store: &Arc<dyn Store>, name: &str) -> u32 {
    store.workspace(&ws(name)).await.unwrap().unwrap().log_length
}

/// The whole log, after everybody's check of it: exported, written, read and verified.
async fn verified(store: &Arc<dyn Store>, name: &str) -> Vec<Entry> {
    let entries = store.whole_workspace_log(&ws(name)).await.unwrap();
    let export = workspace_log::export(&ws(name), name, &entries, at(99));
    let read = json::parse(&governance::canonical::to_string(&export)).unwrap();
    let report = verify::verify(&read).unwrap();
    assert!(report.ok, "{report:?}");
    assert_eq!(u32::try_from(entries.len()).unwrap(), log_length(store, name).await);
    entries
}

pub async fn entries_follow_each_other(store: &Arc<dyn Store>) {
    let kinds = [ActKind::WorkspaceCreated, ActKind::PersonJoined, ActKind::RolesChanged];
    let both = Enactment {
        changes: vec![Change::CreateWorkspace(place("w", 0)), Change::CreateWorkspace(place("v", 0))],
        entries: vec![
            (ws("w"), entry(kinds[0], "w")),
            (ws("v"), entry(kinds[0], "v")),
            (ws("w"), entry(kinds[1], "ann")),
        ],
        expected: None,
    };
    store.enact(both).await.unwrap();
    let mut odd = acts("w", vec![Change::NameWorkspace { workspace: ws("w"), name: "W".to_owned() }]);
    odd.entries[0].1.address = "nul \0 安".to_owned();
    store.enact(odd).await.unwrap();
    let entries = verified(store, "w").await;
    assert_eq!(
        entries.iter().map(|entry| (entry.seq, entry.act_kind().unwrap())).collect::<Vec<_>>(),
        [(0, kinds[0]), (1, kinds[1]), (2, kinds[2])]
    );
    assert_eq!(entries[2].address, "nul \u{FFFD} 安");
    assert_eq!(entries[1], {
        let first = Entry::record(entry(kinds[0], "w"), 0, None);
        Entry::record(entry(kinds[1], "ann"), 1, Some(&first.chain))
    });
    assert_eq!(verified(store, "v").await, [Entry::record(entry(kinds[0], "v"), 0, None)]);
    assert_eq!(store.whole_workspace_log(&ws("nowhere")).await.unwrap(), []);
}

pub async fn of_two_acts_on_one_directory_one_wins(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    for round in 0..10 {
        let mut tasks = JoinSet::new();
        for role in ["author", "auditor", "approver"] {
            let mut wanted = acts("w", vec![set_roles("w", "p1", &[role])]);
            wanted.expected = Some((ws("w"), round));
            wanted.entries[0].1.act.about = role.to_owned();
            let store = Arc::clone(store);
            tasks.spawn(async move { store.enact(wanted).await });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let outdated = |error: &StoreError| matches!(error, StoreError::Outdated(id) if *id == ws("w"));
        assert!(results.iter().filter_map(|result| result.as_ref().err()).all(outdated));
        let (entries, ann) = (verified(store, "w").await, store.people(&ws("w")).await.unwrap().remove(0));
        assert_eq!(entries.last().unwrap().about(), ann.roles[0], "the entry is the winner's");
    }
    assert_eq!(log_length(store, "w").await, 10);
    for length in [9, 11] {
        let mut wanted = acts("w", vec![set_roles("w", "p1", &["admin"])]);
        wanted.expected = Some((ws("w"), length));
        assert!(matches!(store.enact(wanted).await, Err(StoreError::Outdated(_))), "{length}");
    }
}

pub async fn acts_of_several_workspaces_do_not_block_each_other(store: &Arc<dyn Store>) {
    for name in ["w", "v"] {
        workspace(store, name).await;
    }
    member(store, "w", "p1", "ann", &[]).await;
    member(store, "v", "p2", "bob", &[]).await;
    let mut tasks = JoinSet::new();
    for number in 0..40 {
        // Half of them go through workspaces and people the other way round.
        let (mut places, mut people) = (["w", "v"], ["p1", "p2"]);
        if number % 2 == 0 {
            places.reverse();
            people.reverse();
        }
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let changes = places
                .iter()
                .flat_map(|place| people.map(|person| join(place, person, &[&format!("role{number}")])));
            let wanted = Enactment {
                changes: changes.collect(),
                entries: places.map(|place| (ws(place), entry(ActKind::RolesChanged, place))).to_vec(),
                expected: None,
            };
            store.enact(wanted).await
        });
    }
    for result in tasks.join_all().await {
        result.unwrap();
    }
    for name in ["w", "v"] {
        assert_eq!(verified(store, name).await.len(), 40);
        for person in store.people(&ws(name)).await.unwrap() {
            assert_eq!(person.roles.len(), 40);
        }
    }
}

pub async fn a_failing_change_leaves_nothing(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    act(store, "w", vec![set_roles("w", "p1", &["author"])]).await.unwrap();
    let state = || async {
        (
            store.workspaces().await.unwrap(),
            store.people(&ws("w")).await.unwrap(),
            store.whole_workspace_log(&ws("w")).await.unwrap(),
        )
    };
    let before = state().await;
    let good = || vec![Change::CreatePerson(newcomer("p2", "bob")), join("w", "p2", &["admin"])];
    // The last of several changes, an entry for a workspace that is not there, and a stale view of the directory.
    let mut changes = good();
    changes.push(set_roles("w", "nobody", &[]));
    let error = act(store, "w", changes).await.unwrap_err();
    assert!(matches!(error, StoreError::Gone("person")), "{error}");
    let mut nowhere = acts("w", good());
    nowhere.entries.push((ws("nowhere"), entry(ActKind::PersonJoined, "bob")));
    assert!(matches!(store.enact(nowhere).await, Err(StoreError::Gone("workspace"))));
    let old = Enactment { expected: Some((ws("w"), 0)), ..acts("w", good()) };
    assert!(matches!(store.enact(old).await, Err(StoreError::Outdated(_))));
    let nowhere = Enactment { expected: Some((ws("nowhere"), 0)), ..acts("w", good()) };
    assert!(matches!(store.enact(nowhere).await, Err(StoreError::Gone("workspace"))));
    assert_eq!(state().await, before);
    assert!(store.account("bob").await.unwrap().is_none());
    act(store, "w", good()).await.unwrap();
    assert_eq!(verified(store, "w").await.len(), 2);
}

pub async fn after_closing_nothing_is_enacted(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    store.close().await;
    assert!(act(store, "w", Vec::new()).await.is_err());
}

pub async fn a_log_comes_in_pages(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    for number in 0..5 {
        let kind = if number % 2 == 0 { ActKind::KeyCreated } else { ActKind::KeyRevoked };
        let entries = vec![(ws("w"), entry(kind, &number.to_string()))];
        store.enact(Enactment { entries, ..Enactment::default() }).await.unwrap();
    }
    act(store, "v", Vec::new()).await.unwrap();
    let page = |before, limit| async move {
        let page = store.workspace_log(&ws("w"), before, limit).await.unwrap();
        (page.entries.iter().map(|entry| entry.about().to_owned()).collect::<String>(), page.before)
    };
    assert_eq!(page(None, 2).await, ("43".to_owned(), Some(3)));
    assert_eq!(page(Some(3), 2).await, ("21".to_owned(), Some(1)));
    assert_eq!(page(Some(1), 2).await, ("0".to_owned(), None));
    assert_eq!(page(Some(0), 2).await, (String::new(), None));
    assert_eq!(page(None, 5).await, ("43210".to_owned(), None));
    assert_eq!(page(None, 4).await, ("4321".to_owned(), Some(1)));
    assert_eq!(page(None, 0).await, ("4".to_owned(), Some(4)), "a page has at least one row");
    assert_eq!(page(Some(u32::MAX), u32::MAX).await, ("43210".to_owned(), None));
    assert_eq!(store.workspace_log(&ws("nowhere"), None, 9).await.unwrap().entries, []);
    let latest = |kind: &'static str| async move {
        store.latest_entry(&ws("w"), kind).await.unwrap().map(|entry| entry.about().to_owned())
    };
    assert_eq!(latest("KEY_CREATED").await.as_deref(), Some("4"));
    assert_eq!(latest("KEY_REVOKED").await.as_deref(), Some("3"));
    assert_eq!(latest("ROLES_CHANGED").await, None, "that is the other workspace's");
    assert_eq!(latest("nul\0").await, None);
}
