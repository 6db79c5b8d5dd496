//! What is new in the log for one reader: what they may see, and how far they have got.

use super::import::{imported, write};
use crate::support::{Story, at, granted, ws};
use std::sync::Arc;
use store::Store;
use store::stream::LOOKED_AT;

/// News as text: `position decision/seq`, and how far the log was looked at. `None` sees everything.
async fn news(
    store: &Arc<dyn Store>,
    position: i64,
    visible_to: Option<&[&str]>,
    limit: u32,
) -> (Vec<String>, i64) {
    let actors = visible_to.map(|actors| actors.iter().map(|actor| (*actor).to_owned()).collect::<Vec<_>>());
    let news = store.visible_after(&ws("w"), position, actors.as_deref(), limit).await.unwrap();
    let line = |(position, decision, event): (i64, governance::DecisionId, governance::Event)| {
        format!("{position} {decision}/{}", event.seq)
    };
    (news.events.into_iter().map(line).collect(), news.looked_to)
}

/// 1-2 ann's `a`, 3-4 another workspace, 5-6 bob's `b`, 7 an approval of `a`.
async fn fill(store: &Arc<dyn Store>) {
    let mut a = Story::request("w", "a", 0, "ann", "goal");
    a.save(store).await;
    Story::request("v", "a", 0, "ann", "goal").save(store).await;
    Story::request("w", "b", 0, "bob", "goal").save(store).await;
    a.then(1, "bob", granted(Some(at(60)))).save(store).await;
}

pub async fn news_of_what_somebody_requested(store: &Arc<dyn Store>) {
    assert_eq!(news(store, 0, None, 9).await, (vec![], 0));
    fill(store).await;
    let all = ["1 a/0", "2 a/1", "5 b/0", "6 b/1", "7 a/2"];
    for (visible_to, seen) in [
        (None, &all[..]),
        (Some(&["ann"][..]), &["1 a/0", "2 a/1", "7 a/2"]),
        (Some(&["bob"]), &["5 b/0", "6 b/1"]),
        (Some(&["bob", "ann", "cid"]), &all),
        (Some(&["cid"]), &[]),
        (Some(&["Ann"]), &[]),
        (Some(&[""]), &[]),
        (Some(&[]), &[]),
    ] {
        assert_eq!(news(store, 0, visible_to, 9).await, (seen.iter().map(|&s| s.into()).collect(), 7));
        assert_eq!(news(store, 7, visible_to, 9).await, (vec![], 7), "nothing is newer");
        assert_eq!(news(store, 99, visible_to, 9).await, (vec![], 99));
    }
    let full = store.visible_after(&ws("w"), 0, None, 9).await.unwrap().events;
    assert_eq!(full, store.events_after(&ws("w"), 0, 9).await.unwrap());
    let elsewhere = store.visible_after(&ws("v"), 0, Some(&["bob".to_owned()]), 9).await.unwrap();
    assert_eq!((elsewhere.events, elsewhere.looked_to), (vec![], 4));
}

pub async fn news_that_are_cut_off_go_on_where_they_ended(store: &Arc<dyn Store>) {
    fill(store).await;
    let ann = Some(&["ann"][..]);
    assert_eq!(news(store, 0, ann, 0).await, (vec![], 0), "nothing was asked for, nothing is passed over");
    assert_eq!(news(store, 0, ann, 1).await, (vec!["1 a/0".to_owned()], 1));
    assert_eq!(news(store, 0, ann, 2).await, (vec!["1 a/0".to_owned(), "2 a/1".to_owned()], 2));
    assert_eq!(news(store, 2, ann, 1).await, (vec!["7 a/2".to_owned()], 7));
    assert_eq!(news(store, 0, ann, 4).await.1, 7);
    assert_eq!(news(store, 0, Some(&["bob"]), 1).await, (vec!["5 b/0".to_owned()], 5));
    assert_eq!(news(store, 0, None, u32::MAX).await.1, 7);
}

pub async fn who_sees_few_of_many_gets_on_as_well(store: &Arc<dyn Store>) {
    let many = i64::from(LOOKED_AT);
    let mut crowd = Story::request("w", "crowd", 0, "bob", "goal");
    for number in 2..=many {
        crowd = crowd.then(number, "cid", granted(None));
    }
    crowd.save(store).await;
    Story::request("w", "a", 0, "ann", "goal").save(store).await;
    let ann = Some(&["ann"][..]);
    assert_eq!(news(store, 0, ann, 9).await, (vec![], many), "not the end, and not nothing");
    let rest = vec![format!("{} a/0", many + 2), format!("{} a/1", many + 3)];
    assert_eq!(news(store, many, ann, 9).await, (rest, many + 3));
    assert_eq!(news(store, 0, Some(&[]), 9).await, (vec![], many));
    let (seen, looked_to) = news(store, 0, None, u32::MAX).await;
    assert_eq!((seen.len(), looked_to), (usize::try_from(many).unwrap(), many));
}

pub async fn what_an_import_replaced_is_no_news(store: &Arc<dyn Store>) {
    // 1-3: ann's own, 4-6 and 7-8: zoe's imports in its place.
    let mut native = Story::request("w", "d", 0, "ann", "decided here").then(1, "bob", granted(None));
    native.save(store).await;
    assert_eq!(news(store, 0, Some(&["ann"]), 9).await.0.len(), 3);
    store.import(write(&imported("d", "second").then(3, "yan", granted(None)), true)).await.unwrap();
    store.import(write(&imported("d", "third"), true)).await.unwrap();
    for (visible_to, seen) in [
        (None, &["7 d/0", "8 d/1"][..]),
        (Some(&["zoe"][..]), &["7 d/0", "8 d/1"]),
        (Some(&["zoe", "ann"]), &["7 d/0", "8 d/1"]),
        (Some(&["ann"]), &[]),
    ] {
        assert_eq!(news(store, 0, visible_to, 9).await, (seen.iter().map(|&s| s.into()).collect(), 8));
        assert_eq!(news(store, 2, visible_to, 1).await.1, if seen.is_empty() { 8 } else { 7 });
    }
    store.rebuild().await.unwrap();
    assert_eq!(news(store, 0, Some(&["ann"]), 9).await, (vec![], 8));
    assert_eq!(news(store, 0, Some(&["zoe"]), 9).await.0.len(), 2);
}
