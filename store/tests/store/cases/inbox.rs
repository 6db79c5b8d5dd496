//! What waits for whom, and the numbers on the tabs.

use crate::support::{Story, at, attached, created, granted, waiting, ws};
use governance::Body;
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
