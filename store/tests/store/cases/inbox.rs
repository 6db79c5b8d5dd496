//! What waits for whom, and the numbers on the tabs.

use crate::people::workspace;
use crate::scene::{member, suspended};
use crate::support::{Story, at, attached, created, granted, id, waiting, ws};
use governance::{Body, Mode, State};
use std::sync::Arc;
use store::query::{COUNT_CAP, Counts};
use store::{PageRequest, Store};
use tokio::task::JoinSet;

pub async fn what_waits_for_whom(store: &Arc<dyn Store>) {
    let strict = |name: &str, seconds: i64| {
        let tale = Story::new("w", name).then(seconds, "ann", created("goal", &[]));
        tale.then(seconds, "ann", attached(2, true))
    };
    Story::new("w", "draft").then(0, "ann", created("goal", &[])).save(store).await;
    strict("strict", 1).save(store).await;
    Story::request("w", "lax", 2, "ann", "goal").save(store).await;
    strict("half", 3).then(4, "bob", granted(None)).save(store).await;
    strict("taken back", 4)
        .then(5, "bob", granted(None))
        .then(6, "bob", Body::ApprovalRevoked { reason: None })
        .save(store)
        .await;
    Story::request("w", "approved", 5, "ann", "goal").then(6, "cid", granted(None)).save(store).await;
    let no = Body::DecisionRejected { reason: "no".to_owned() };
    Story::request("w", "rejected", 6, "ann", "goal").then(7, "cid", no).save(store).await;
    // Own approvals do not count where they are forbidden, but such a request still waits for others.
    strict("own", 7).then(8, "ann", granted(None)).save(store).await;
    assert_eq!(waiting(store, "w", "bob", at(10)).await, ["strict", "lax", "taken back", "own"]);
    assert_eq!(waiting(store, "w", "ann", at(10)).await, ["lax"]);
    assert_eq!(waiting(store, "w", "cid", at(10)).await, ["strict", "lax", "half", "taken back", "own"]);
    assert_eq!(waiting(store, "v", "cid", at(10)).await, [""; 0]);
    let page = PageRequest { after: None, limit: 2, oldest_first: true };
    let first = store.waiting_for(&ws("w"), &["cid".to_owned()], &page, at(10)).await.unwrap();
    let page = PageRequest { after: first.next, ..page };
    let second = store.waiting_for(&ws("w"), &["cid".to_owned()], &page, at(10)).await.unwrap();
    assert_eq!(second.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["half", "taken back"]);
}

pub async fn a_lapsed_approval_waits_for_its_giver_again(store: &Arc<dyn Store>) {
    Story::request("w", "d", 0, "ann", "goal").then(1, "bob", granted(Some(at(60)))).save(store).await;
    assert_eq!(waiting(store, "w", "bob", at(59)).await, [""; 0]);
    assert_eq!(waiting(store, "w", "bob", at(60)).await, ["d"]);
}

pub async fn several_ids_are_one_person(store: &Arc<dyn Store>) {
    let strict = |name: &str, seconds: i64, requester: &str| {
        let tale = Story::new("w", name).then(seconds, requester, created("goal", &[]));
        tale.then(seconds, requester, attached(2, true))
    };
    strict("own", 1, "ann-old").save(store).await;
    strict("given", 2, "cid").then(3, "ann-old", granted(None)).save(store).await;
    strict("new", 3, "cid").save(store).await;
    let both = ["ann".to_owned(), "ann-old".to_owned()];
    let page = PageRequest { after: None, limit: 9, oldest_first: true };
    let found = store.waiting_for(&ws("w"), &both, &page, at(10)).await.unwrap().rows;
    assert_eq!(found.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["new"]);
    assert_eq!(waiting(store, "w", "ann", at(10)).await, ["own", "given", "new"]);
    let counts = store.counts(&ws("w"), &both, at(10)).await.unwrap();
    assert_eq!(counts, Counts { waiting: 1, requested: 1, open: 3 });
    // For nobody nothing waits.
    assert_eq!(store.waiting_for(&ws("w"), &[], &page, at(10)).await.unwrap().rows, []);
    assert_eq!(store.counts(&ws("w"), &[], at(10)).await.unwrap(), Counts::default());
}

pub async fn counts_follow_the_inbox(store: &Arc<dyn Store>) {
    assert_eq!(store.counts(&ws("w"), &["ann".to_owned()], at(0)).await.unwrap(), Counts::default());
    Story::request("w", "a", 0, "ann", "goal").save(store).await;
    Story::request("w", "b", 1, "bob", "goal").then(2, "ann", granted(Some(at(60)))).save(store).await;
    Story::request("w", "c", 2, "bob", "goal")
        .then(3, "ann", granted(None))
        .started(4, "bob")
        .completed(5)
        .save(store)
        .await;
    let counts = |actor: &'static str, seconds| async move {
        let counts = store.counts(&ws("w"), &[actor.to_owned()], at(seconds)).await.unwrap();
        (counts.waiting, counts.requested, counts.open)
    };
    assert_eq!(counts("ann", 10).await, (1, 1, 2));
    assert_eq!(counts("ann", 60).await, (2, 1, 2));
    assert_eq!(counts("bob", 10).await, (1, 1, 2));
}

pub async fn counts_stop(store: &Arc<dyn Store>) {
    let mut tasks = JoinSet::new();
    for number in 0..i64::from(COUNT_CAP) + 5 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            Story::request("w", &format!("d{number}"), number, "ann", "goal").save(&store).await;
        });
    }
    tasks.join_all().await;
    let counts = store.counts(&ws("w"), &["ann".to_owned()], at(0)).await.unwrap();
    assert_eq!(counts, Counts { waiting: COUNT_CAP, requested: COUNT_CAP, open: COUNT_CAP });
}

/// Ids on all pages of what waits for somebody, most urgent first.
async fn urgent(store: &Arc<dyn Store>, actor: &str, limit: u32, seconds: i64) -> Vec<String> {
    let mut page = PageRequest { after: None, limit, oldest_first: true };
    let mut found = Vec::new();
    loop {
        let rows = store.urgent_for(&ws("w"), &[actor.to_owned()], &page, at(seconds)).await.unwrap();
        assert!(rows.rows.len() <= usize::try_from(limit).unwrap());
        found.extend(rows.rows.into_iter().map(|row| row.id.to_string()));
        match rows.next {
            Some(next) => page.after = Some(next),
            None => return found,
        }
    }
}

fn in_mode(name: &str, seconds: i64, mode: Mode, needed: i64) -> Story {
    let goal = Body::DecisionCreated { goal: "goal".to_owned(), plan: None, mode, labels: Vec::new() };
    Story::new("w", name).then(seconds, "ann", goal).then(seconds, "ann", attached(needed, true))
}

pub async fn most_urgent_first(store: &Arc<dyn Store>) {
    in_mode("dry old", 0, Mode::DryRun, 1).save(store).await;
    in_mode("real old", 1, Mode::Apply, 1).save(store).await;
    in_mode("dry new", 2, Mode::DryRun, 1).save(store).await;
    in_mode("real new", 3, Mode::Apply, 2).save(store).await;
    // An approval for good makes nothing urgent, one that ends does, and the first end counts.
    in_mode("for good", 4, Mode::Apply, 2).then(5, "cid", granted(None)).save(store).await;
    in_mode("soon", 5, Mode::DryRun, 3)
        .then(6, "cid", granted(Some(at(300))))
        .then(6, "dan", granted(Some(at(100))))
        .save(store)
        .await;
    in_mode("later", 6, Mode::Apply, 2).then(7, "cid", granted(Some(at(200)))).save(store).await;
    in_mode("together", 7, Mode::Apply, 3)
        .then(8, "cid", granted(Some(at(200))))
        .then(8, "dan", granted(Some(at(200))))
        .save(store)
        .await;
    let order = ["soon", "later", "together", "real old", "real new", "for good", "dry old", "dry new"];
    for limit in 1..9 {
        assert_eq!(urgent(store, "bob", limit, 10).await, order, "{limit} on a page");
    }
    // Whose own approval stands waits for others; who asked for it may not approve it.
    assert_eq!(
        urgent(store, "dan", 3, 10).await,
        ["later", "real old", "real new", "for good", "dry old", "dry new"]
    );
    assert_eq!(urgent(store, "ann", 3, 10).await, [""; 0]);
    // What has lapsed is urgent no more: its next end counts, or none.
    let after = ["later", "together", "soon", "real old", "real new", "for good", "dry old", "dry new"];
    assert_eq!(urgent(store, "bob", 2, 100).await, after);
    let end = ["real old", "real new", "for good", "later", "together", "dry old", "dry new", "soon"];
    assert_eq!(urgent(store, "bob", 3, 300).await, end);
    // The two orders hold the same.
    let mut both = [urgent(store, "bob", 50, 100).await, waiting(store, "w", "bob", at(100)).await];
    for list in &mut both {
        list.sort();
    }
    assert_eq!(both[0], both[1]);
}

pub async fn an_approval_that_does_not_count_makes_nothing_urgent(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let cid = member(store, "w", "cid", &["approver"]).await;
    in_mode("real", 0, Mode::Apply, 2).save(store).await;
    in_mode("lapsing", 1, Mode::Apply, 2).then(2, "cid", granted(Some(at(100)))).save(store).await;
    in_mode("taken back", 2, Mode::Apply, 2)
        .then(3, "dan", granted(Some(at(50))))
        .then(4, "dan", Body::ApprovalRevoked { reason: None })
        .save(store)
        .await;
    assert_eq!(urgent(store, "bob", 1, 10).await, ["lapsing", "real", "taken back"]);
    suspended(store, "w", &cid, true).await;
    assert_eq!(urgent(store, "bob", 1, 10).await, ["real", "lapsing", "taken back"]);
}

pub async fn pages_of_the_inbox_stay_right_while_it_is_decided(store: &Arc<dyn Store>) {
    let lapsing = |name: &str, seconds: i64, until: i64| {
        in_mode(name, seconds, Mode::Apply, 2).then(seconds, "cid", granted(Some(at(until))))
    };
    let mut first = lapsing("l1", 0, 100);
    first.save(store).await;
    lapsing("l2", 1, 200).save(store).await;
    lapsing("l3", 2, 300).save(store).await;
    in_mode("r1", 3, Mode::Apply, 1).save(store).await;
    let bob = ["bob".to_owned()];
    let page = PageRequest { after: None, limit: 2, oldest_first: true };
    let found = store.urgent_for(&ws("w"), &bob, &page, at(10)).await.unwrap();
    assert_eq!(found.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["l1", "l2"]);
    // One of them is decided, and another comes before the place where the next page begins.
    first.then(11, "bob", granted(None)).save(store).await;
    lapsing("l0", 12, 150).save(store).await;
    let page = PageRequest { after: found.next, ..page };
    let found = store.urgent_for(&ws("w"), &bob, &page, at(13)).await.unwrap();
    assert_eq!(found.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["l3", "r1"]);
    assert_eq!(found.next, None);
    let page = PageRequest { after: Some("nonsense".to_owned()), ..page };
    let refused = store.urgent_for(&ws("w"), &bob, &page, at(13)).await;
    assert!(matches!(refused, Err(store::StoreError::Cursor)));
    let page = PageRequest { after: None, ..page };
    assert_eq!(store.urgent_for(&ws("w"), &[], &page, at(13)).await.unwrap().rows, []);
}

pub async fn what_ended_lately(store: &Arc<dyn Store>) {
    let rejected = |reason: &str| Body::DecisionRejected { reason: reason.to_owned() };
    Story::request("w", "old", 0, "ann", "goal").then(9, "bob", rejected("no")).save(store).await;
    Story::request("w", "open", 1, "ann", "goal").save(store).await;
    Story::request("w", "last", 2, "ann", "goal").then(40, "bob", rejected("no")).save(store).await;
    Story::request("w", "done", 3, "bob", "goal")
        .then(4, "cid", granted(None))
        .started(5, "bob")
        .completed(20)
        .save(store)
        .await;
    let gone = Body::DecisionWithdrawn { reason: None };
    Story::request("w", "gone", 4, "bob", "goal").then(30, "bob", gone).save(store).await;
    Story::request("v", "elsewhere", 4, "bob", "goal").then(30, "ann", rejected("no")).save(store).await;
    let all = async |whose: Option<&[String]>| {
        let mut page = PageRequest { after: None, limit: 2, oldest_first: false };
        let mut found = Vec::new();
        loop {
            let rows = store.ended(&ws("w"), whose, at(10), &page, at(50)).await.unwrap();
            found.extend(rows.rows.into_iter().map(|row| row.id.to_string()));
            match rows.next {
                Some(next) => page.after = Some(next),
                None => return found,
            }
        }
    };
    let [ann, bob, both] = [vec!["ann"], vec!["bob"], vec!["ann", "bob"]]
        .map(|ids| ids.into_iter().map(str::to_owned).collect::<Vec<_>>());
    for (whose, expected) in [
        (None, vec!["last", "gone", "done"]),
        (Some(&ann), vec!["last"]),
        (Some(&bob), vec!["gone", "done"]),
        (Some(&both), vec!["last", "gone", "done"]),
        (Some(&Vec::new()), vec![]),
    ] {
        let whose = whose.map(Vec::as_slice);
        assert_eq!(all(whose).await, expected, "{whose:?}");
        let count = store.count_ended(&ws("w"), whose, at(10)).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected.len(), "{whose:?}");
    }
    // One row is what the lists say of it, and of nothing else.
    let row = store.row(&ws("w"), &id("gone"), at(50)).await.unwrap().unwrap();
    assert_eq!((row.id.as_str(), row.state), ("gone", State::Withdrawn));
    assert_eq!(store.row(&ws("w"), &id("elsewhere"), at(50)).await.unwrap(), None);
}
