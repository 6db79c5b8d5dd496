//! Whose approval counts in lists: the log says who approved, the directory of the moment who may.

use crate::people::{join, key, workspace};
use crate::scene::{act, member, merge, roles, suspended};
use crate::support::{Story, assert_rebuilt_is_equal, at, attached, created, granted, ids, waiting, ws};
use governance::{Decision, Origin, State};
use std::sync::Arc;
use store::{Change, DecisionFilter, ImportWrite, PageRequest, Store};

/// What a list says about one decision, after checking that filters and inbox say the same.
async fn stands(store: &Arc<dyn Store>, name: &str, now: i64) -> (State, u32) {
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    let rows = store.list(&ws("w"), &DecisionFilter::default(), &page, at(now)).await.unwrap().rows;
    let row = rows.iter().find(|row| row.id.as_str() == name).unwrap();
    for state in [State::Approved, State::PendingApproval] {
        for open_only in [false, true] {
            let filter = DecisionFilter { state: Some(state), open_only, ..DecisionFilter::default() };
            let listed = ids(store, "w", &filter, at(now)).await.iter().any(|id| id == name);
            assert_eq!(listed, row.state == state, "{name} in {state:?}");
        }
    }
    // Somebody who had nothing to do with it would have to look at it while it is pending.
    let waits = waiting(store, "w", "stranger", at(now)).await;
    assert_eq!(waits.iter().any(|id| id == name), row.state == State::PendingApproval, "{name} in the inbox");
    let counts = store.counts(&ws("w"), &["stranger".to_owned()], at(now)).await.unwrap();
    assert_eq!(usize::try_from(counts.waiting).unwrap(), waits.len());
    (row.state, row.active_approvals)
}

fn request(name: &str, seconds: i64, requester: &str, needed: i64, strict: bool) -> Story {
    let tale = Story::new("w", name).then(seconds, requester, created("goal", &[]));
    tale.then(seconds, requester, attached(needed, strict))
}

pub async fn who_loses_the_role_loses_the_voice(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let bob = member(store, "w", "bob", &["approver", "author"]).await;
    let cid = member(store, "w", "cid", &["approver"]).await;
    request("one", 0, "ann", 1, false).then(1, "bob", granted(Some(at(60)))).save(store).await;
    request("two", 1, "ann", 2, true)
        .then(2, "bob", granted(None))
        .then(3, "cid", granted(None))
        .save(store)
        .await;
    let before = store.dump_read_model().await.unwrap();
    let approved = |name: &'static str| stands(store, name, 10);
    assert_eq!(approved("one").await, (State::Approved, 1));
    assert_eq!(approved("two").await, (State::Approved, 2));
    for round in 0..3 {
        match round {
            0 => roles(store, "w", &bob, &["author", "admin"]).await,
            1 => suspended(store, "w", &bob, true).await,
            // A word that only looks like the role is not it.
            _ => roles(store, "w", &bob, &["approver\"s", "\"approver\"", "Approver"]).await,
        }
        assert_eq!(approved("one").await, (State::PendingApproval, 0), "{round}");
        assert_eq!(approved("two").await, (State::PendingApproval, 1), "{round}");
        let page = PageRequest { limit: 9, ..PageRequest::default() };
        let rows = store.list(&ws("w"), &DecisionFilter::default(), &page, at(10)).await.unwrap().rows;
        assert!(rows.iter().all(|row| row.next_expiry.is_none()), "what does not count does not lapse");
        match round {
            1 => suspended(store, "w", &bob, false).await,
            _ => roles(store, "w", &bob, &["approver"]).await,
        }
        assert_eq!(approved("one").await, (State::Approved, 1), "{round}");
        assert_eq!(approved("two").await, (State::Approved, 2), "{round}");
    }
    // Time still does its part, and the log knows of none of this.
    assert_eq!(stands(store, "one", 60).await, (State::PendingApproval, 0));
    suspended(store, "w", &cid, true).await;
    assert_eq!(store.dump_read_model().await.unwrap(), before);
    assert_rebuilt_is_equal(store).await;
    assert_eq!(approved("two").await, (State::PendingApproval, 1));
}

pub async fn merged_people_count_once(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let bob = member(store, "w", "bob", &["approver"]).await;
    let old = member(store, "w", "bob-old", &["approver"]).await;
    member(store, "w", "cid", &["approver"]).await;
    request("d", 0, "ann", 2, true)
        .then(1, "bob", granted(None))
        .then(2, "bob-old", granted(None))
        .save(store)
        .await;
    request("e", 1, "ann", 2, true)
        .then(2, "bob-old", granted(None))
        .then(3, "cid", granted(None))
        .save(store)
        .await;
    assert_eq!(stands(store, "d", 10).await, (State::Approved, 2));
    merge(store, "w", &old, &bob).await;
    assert_eq!(stands(store, "d", 10).await, (State::PendingApproval, 1));
    assert_eq!(stands(store, "e", 10).await, (State::Approved, 2));
    // The alias speaks with the person's roles.
    roles(store, "w", &bob, &["author"]).await;
    assert_eq!(stands(store, "d", 10).await, (State::PendingApproval, 0));
    assert_eq!(stands(store, "e", 10).await, (State::PendingApproval, 1));
}

pub async fn an_alias_of_the_requester_does_not_approve(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let ann = member(store, "w", "ann", &["approver"]).await;
    let old = member(store, "w", "ann-old", &["approver"]).await;
    request("strict", 0, "ann", 1, true).then(1, "ann-old", granted(None)).save(store).await;
    request("other way", 1, "ann-old", 1, true).then(2, "ann", granted(None)).save(store).await;
    request("lax", 2, "ann", 1, false).then(3, "ann-old", granted(None)).save(store).await;
    for name in ["strict", "other way", "lax"] {
        assert_eq!(stands(store, name, 10).await, (State::Approved, 1), "{name}");
    }
    merge(store, "w", &old, &ann).await;
    assert_eq!(stands(store, "strict", 10).await, (State::PendingApproval, 0));
    assert_eq!(stands(store, "other way", 10).await, (State::PendingApproval, 0));
    assert_eq!(stands(store, "lax", 10).await, (State::Approved, 1));
}

pub async fn a_key_speaks_for_its_owner(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let bob = member(store, "w", "bob", &["approver"]).await;
    act(store, "w", vec![Change::CreateKey(key("w", "nxc_1", bob.as_str()))]).await;
    request("alone", 0, "ann", 1, false).then(1, "nxc_1", granted(None)).save(store).await;
    request("both", 1, "ann", 2, false)
        .then(2, "nxc_1", granted(None))
        .then(3, "bob", granted(None))
        .save(store)
        .await;
    request("own", 2, "nxc_1", 1, true).then(3, "bob", granted(None)).save(store).await;
    assert_eq!(stands(store, "alone", 10).await, (State::Approved, 1));
    assert_eq!(stands(store, "both", 10).await, (State::PendingApproval, 1));
    assert_eq!(stands(store, "own", 10).await, (State::PendingApproval, 0));
    suspended(store, "w", &bob, true).await;
    assert_eq!(stands(store, "alone", 10).await, (State::PendingApproval, 0));
    // An owner who belongs to another workspace has no say here, and neither has the key.
    workspace(store, "v").await;
    let cid = member(store, "v", "cid", &["approver"]).await;
    act(store, "w", vec![Change::CreateKey(key("w", "nxc_2", cid.as_str()))]).await;
    request("foreign", 3, "ann", 1, false).then(4, "nxc_2", granted(None)).save(store).await;
    assert_eq!(stands(store, "foreign", 10).await, (State::PendingApproval, 0));
}

pub async fn who_is_nobody_here_counts_as_the_log_says(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    let bob = member(store, "v", "bob", &[]).await;
    request("d", 0, "ann", 2, true)
        .then(1, "bob", granted(None))
        .then(2, "robot", granted(None))
        .save(store)
        .await;
    assert_eq!(stands(store, "d", 10).await, (State::Approved, 2));
    // A member of another workspace who is suspended there has lost nothing here.
    suspended(store, "v", &bob, true).await;
    assert_eq!(stands(store, "d", 10).await, (State::Approved, 2));
    // Once a member here, the roles here count.
    act(store, "w", vec![join("w", bob.as_str(), &["author"])]).await;
    assert_eq!(stands(store, "d", 10).await, (State::PendingApproval, 1));
    roles(store, "w", &bob, &["approver"]).await;
    assert_eq!(stands(store, "d", 10).await, (State::Approved, 2));
}

pub async fn what_is_over_or_imported_stays_as_its_log_says(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let bob = member(store, "w", "bob", &["approver"]).await;
    request("running", 0, "ann", 1, false).then(1, "bob", granted(None)).started(2, "ann").save(store).await;
    request("done", 1, "ann", 1, false)
        .then(2, "bob", granted(None))
        .started(3, "ann")
        .completed(4)
        .save(store)
        .await;
    let tale = Story::of("w", "imported", Origin::Imported)
        .then(2, "ann", created("goal", &[]))
        .then(2, "ann", attached(1, false))
        .then(3, "bob", granted(None));
    let decision: Decision = tale.decision;
    let import = ImportWrite {
        workspace: ws("w"),
        decision: Arc::new(decision),
        overwrite: false,
        imported_by: "ann".to_owned(),
        imported_at: at(5),
    };
    store.import(import).await.unwrap();
    suspended(store, "w", &bob, true).await;
    assert_eq!(stands(store, "running", 10).await, (State::Executing, 1));
    assert_eq!(stands(store, "done", 10).await, (State::Completed, 1));
    assert_eq!(stands(store, "imported", 10).await, (State::Approved, 1));
}
