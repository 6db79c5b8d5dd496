//! The read model as a whole: what it follows from, and what it can hold.

use crate::people::{self, set_roles, who};
use crate::support::{Story, assert_rebuilt_is_equal, at, attached, created, granted, id, ids, waiting, ws};
use governance::ids::MAX_ID_BYTES;
use governance::{Body, RunId};
use std::sync::Arc;
use store::directory::PersonRecord;
use store::{DecisionFilter, PageRequest, Store, StoreError};

pub async fn rebuilt_is_live(store: &Arc<dyn Store>) {
    assert_eq!(store.rebuild().await.unwrap(), 0);
    let mut one = Story::new("w", "one").then(0, "ann", created("One goal", &["x"]));
    one.save(store).await;
    let mut one = one.then(1, "ann", attached(1, true));
    one.save(store).await;
    let mut one = one.then(2, "bob", granted(Some(at(9)))).then(2, "ann", granted(None));
    one.save(store).await;
    let mut one = one.then(3, "bob", Body::ApprovalRevoked { reason: None }).then(4, "cid", granted(None));
    one.save(store).await;
    one.started(5, "ann").completed(6).save(store).await;
    Story::request("v", "two", 0, "ann", "Other goal").save(store).await;
    let no = Body::DecisionRejected { reason: "no".to_owned() };
    Story::request("v", "three", 0, "ann", "Other goal").then(1, "dan", no).save(store).await;
    let live = store.dump_read_model().await.unwrap();
    assert_eq!(store.rebuild().await.unwrap(), 9 + 2 + 3);
    assert_eq!(store.dump_read_model().await.unwrap(), live);
    for table in [
        "decisions ",
        "decision_approvals ",
        "decision_labels ",
        "decision_people ",
        "decision_words ",
        "daily_figures ",
    ] {
        assert!(live.lines().any(|line| line.starts_with(table)), "{table}");
    }
    // What was rebuilt can be built upon.
    Story::request("v", "four", 0, "ann", "Other goal").save(store).await;
    assert_rebuilt_is_equal(store).await;
}

pub async fn a_second_request_in_one_stream_replaces_the_rows(store: &Arc<dyn Store>) {
    // Our rules never decide so; a log that holds it must still have one model.
    let mut tale = Story::new("w", "d").then(0, "ann", created("first goal", &["a", "b"]));
    tale.save(store).await;
    let mut tale = tale.then(1, "bob", granted(None));
    tale.save(store).await;
    let mut tale = tale.then(2, "cid", created("second goal", &["b", "c"])).then(3, "cid", attached(1, true));
    tale.save(store).await;
    let mut tale = tale.then(4, "cid", attached(2, false));
    tale.save(store).await;
    let by = |label: &str| DecisionFilter { label: Some(label.to_owned()), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &by("a"), at(9)).await, [""; 0]);
    assert_eq!(ids(store, "w", &by("c"), at(9)).await, ["d"]);
    assert_rebuilt_is_equal(store).await;
}

pub async fn hostile_text_round_trips(store: &Arc<dyn Store>) {
    let goals = [
        "'; DROP TABLE events; --",
        "\"double\" and `back` and \\ slash / \\u0000 \\n",
        "emoji 🔑👩‍👩‍👧 and RTL \u{202E}שלום‏ مرحبا",
        "line\nbreak\ttab\r\u{1}\u{1f}\u{7f}\u{85}\u{2028}",
        "[1,2,{\"a\":null}] %s $1 ?1 {} {0}",
        "e\u{301} é ﬁ ǆ İ ß ẞ \u{FFFD}\u{FEFF}\u{10FFFF}",
        "",
    ];
    for (number, goal) in goals.into_iter().enumerate() {
        let name = format!("d{number} '\"\\[]{{}}");
        let mut tale = Story::new("w", &name).then(0, "o'neil \"x\"", created(goal, &[goal, "l"]));
        tale.save(store).await;
        let mut tale = tale.then(1, "o'neil \"x\"", attached(1, false)).then(2, "b", granted(None));
        tale.save(store).await;
        let stream = store.load(&ws("w"), &id(&name)).await.unwrap().unwrap();
        assert_eq!(stream.events, tale.decision.events);
        let filter = DecisionFilter { label: Some(goal.to_owned()), ..DecisionFilter::default() };
        let page = PageRequest { limit: 9, ..PageRequest::default() };
        let rows = store.list(&ws("w"), &filter, &page, at(9)).await.unwrap().rows;
        assert_eq!(rows.len(), 1, "{goal}");
        assert_eq!((rows[0].goal.as_str(), rows[0].labels[0].as_str()), (goal, goal));
    }
    let filter = DecisionFilter { requester: Some("o'neil \"x\"".to_owned()), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(9)).await.len(), goals.len());
    assert_rebuilt_is_equal(store).await;
}

pub async fn nul_is_replaced_in_the_model_and_kept_in_the_log(store: &Arc<dyn Store>) {
    let mut tale = Story::new("w", "d").then(0, "ann", created("one\0two", &["a\0b"]));
    tale.save(store).await;
    let stream = store.load(&ws("w"), &id("d")).await.unwrap().unwrap();
    assert_eq!(stream.events, tale.decision.events);
    let page = PageRequest { limit: 9, ..PageRequest::default() };
    let filter = DecisionFilter { label: Some("a\0b".to_owned()), ..DecisionFilter::default() };
    let rows = store.list(&ws("w"), &filter, &page, at(9)).await.unwrap().rows;
    assert_eq!(
        (rows[0].goal.as_str(), rows[0].labels.as_slice()),
        ("one\u{FFFD}two", &["a\u{FFFD}b".to_owned()][..])
    );
    let filter = DecisionFilter { text: Some("two".to_owned()), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(9)).await, ["d"]);
    assert_rebuilt_is_equal(store).await;
}

pub async fn long_ids_and_labels(store: &Arc<dyn Store>) {
    let (workspace, name) = ("w".repeat(MAX_ID_BYTES), "ü".repeat(MAX_ID_BYTES / 2));
    let actor = "a".repeat(governance::actor::MAX_ACTOR_BYTES);
    let label = "長".repeat(20_000);
    let other = format!("{label}!");
    let goal = "word ".repeat(50_000) + &"x".repeat(50_000);
    let mut tale = Story::new(&workspace, &name)
        .then(0, &actor, created(&goal, &[&label, &other]))
        .then(0, &actor, attached(1, false))
        .then(1, &actor, granted(None));
    tale.save(store).await;
    let stream = store.load(&ws(&workspace), &id(&name)).await.unwrap().unwrap();
    assert_eq!(stream.events, tale.decision.events);
    for (label, count) in [(&label, 1), (&other, 1), (&format!("{label}?"), 0)] {
        let filter = DecisionFilter { label: Some(label.clone()), ..DecisionFilter::default() };
        assert_eq!(ids(store, &workspace, &filter, at(9)).await.len(), count);
    }
    for filter in [
        DecisionFilter { person: Some(actor.clone()), ..DecisionFilter::default() },
        DecisionFilter { text: Some("x".repeat(50_000)), ..DecisionFilter::default() },
        DecisionFilter { text: Some(name.clone()), ..DecisionFilter::default() },
    ] {
        assert_eq!(ids(store, &workspace, &filter, at(9)).await, std::slice::from_ref(&name));
    }
    assert_rebuilt_is_equal(store).await;
}

pub async fn workspaces_are_walls(store: &Arc<dyn Store>) {
    // The same id in two workspaces is two decisions.
    let mut ours = Story::request("w", "d", 0, "ann", "ours");
    ours.save(store).await;
    let mut theirs = Story::request("v", "d", 0, "ann", "theirs").then(1, "bob", granted(None));
    theirs.save(store).await;
    assert_eq!(store.load(&ws("w"), &id("d")).await.unwrap().unwrap().events, ours.decision.events);
    assert_eq!(store.load(&ws("v"), &id("d")).await.unwrap().unwrap().events, theirs.decision.events);
    let everything = [
        DecisionFilter::default(),
        DecisionFilter { open_only: true, ..DecisionFilter::default() },
        DecisionFilter { person: Some("ann".to_owned()), ..DecisionFilter::default() },
        DecisionFilter { requester: Some("ann".to_owned()), ..DecisionFilter::default() },
        DecisionFilter { text: Some("ours".to_owned()), ..DecisionFilter::default() },
        DecisionFilter { text: Some("d".to_owned()), ..DecisionFilter::default() },
    ];
    let page = PageRequest { limit: 9, ..PageRequest::default() };
    for filter in &everything {
        let rows = store.list(&ws("w"), filter, &page, at(9)).await.unwrap().rows;
        assert_eq!(rows.iter().map(|row| row.goal.as_str()).collect::<Vec<_>>(), ["ours"], "{filter:?}");
        assert_eq!(rows[0].active_approvals, 0);
        assert_eq!(ids(store, "u", filter, at(9)).await, [""; 0]);
    }
    assert_eq!(waiting(store, "w", "bob", at(9)).await, ["d"]);
    assert_eq!(waiting(store, "v", "bob", at(9)).await, [""; 0]);
    assert_eq!(
        store.counts(&ws("u"), &["ann".to_owned()], at(9)).await.unwrap(),
        store::query::Counts::default()
    );
    assert_eq!(store.events_after(&ws("u"), 0, 9).await.unwrap(), []);
    assert_eq!(store.run(&ws("u"), &RunId::new("r").unwrap()).await.unwrap(), None);
    people::workspace(store, "w").await;
    people::workspace(store, "u").await;
    people::member(store, "w", "p", "ann", &["approver"]).await;
    assert_eq!(store.person_by_actor(&ws("u"), "ann").await.unwrap(), None);
    assert_eq!(store.person(&ws("u"), &who("p")).await.unwrap(), None);
    assert_eq!(store.people(&ws("u")).await.unwrap(), Vec::<PersonRecord>::new());
    let elsewhere = people::act(store, "u", vec![set_roles("u", "p", &["admin"])]).await;
    assert!(matches!(elsewhere, Err(StoreError::Gone(_))), "{elsewhere:?}");
}
