//! Runs while they run: what they say of themselves, and who wants them to stop.

use crate::support::{at, id, ws};
use governance::RunId;
use std::sync::Arc;
use store::Store;
use store::live::{CancelWish, LiveRun};
use tokio::task::JoinSet;

fn run(name: &str) -> RunId {
    RunId::new(name).unwrap()
}

fn live(name: &str, seconds: i64, steps: u32) -> LiveRun {
    LiveRun {
        run_id: run(name),
        decision_id: id("d"),
        heard_at: at(seconds),
        steps,
        doing: format!("step {steps} of “安”"),
        tail: "line\n".repeat(steps.min(9) as usize),
        cancel: None,
    }
}

fn wish(by: &str, seconds: i64) -> CancelWish {
    CancelWish { by: by.to_owned(), at: at(seconds) }
}

async fn known(store: &Arc<dyn Store>, name: &str) -> Option<LiveRun> {
    store.live_run(&ws("w"), &run(name)).await.unwrap()
}

pub async fn what_a_run_says_replaces_what_it_said(store: &Arc<dyn Store>) {
    assert_eq!(known(store, "r").await, None);
    for said in [live("r", 1, 0), live("r", 2, 3), LiveRun { decision_id: id("e"), ..live("r", 9, u32::MAX) }]
    {
        assert_eq!(store.put_live(&ws("w"), &said).await.unwrap(), None);
        assert_eq!(known(store, "r").await, Some(said));
    }
    let odd = LiveRun { doing: String::new(), tail: "nul\0".to_owned(), ..live("r", 10, 1) };
    store.put_live(&ws("w"), &odd).await.unwrap();
    assert_eq!(known(store, "r").await, Some(LiveRun { tail: "nul\u{FFFD}".to_owned(), ..odd }));
}

pub async fn the_first_wish_to_stop_a_run_stays(store: &Arc<dyn Store>) {
    store.put_live(&ws("w"), &live("r", 1, 1)).await.unwrap();
    store.wish_cancel(&ws("w"), &run("r"), &id("d"), &wish("ann", 5)).await.unwrap();
    let wished = LiveRun { cancel: Some(wish("ann", 5)), ..live("r", 1, 1) };
    assert_eq!(known(store, "r").await, Some(wished), "a wish changes nothing else");
    store.wish_cancel(&ws("w"), &run("r"), &id("d"), &wish("bob", 4)).await.unwrap();
    for said in [live("r", 6, 2), LiveRun { cancel: Some(wish("the run itself", 7)), ..live("r", 7, 3) }] {
        assert_eq!(store.put_live(&ws("w"), &said).await.unwrap(), Some(wish("ann", 5)));
        assert_eq!(known(store, "r").await, Some(LiveRun { cancel: Some(wish("ann", 5)), ..said }));
    }
}

pub async fn a_run_may_be_stopped_before_anything_was_heard_of_it(store: &Arc<dyn Store>) {
    store.wish_cancel(&ws("w"), &run("r"), &id("d"), &wish("ann", 5)).await.unwrap();
    let silent = LiveRun {
        run_id: run("r"),
        decision_id: id("d"),
        heard_at: at(5),
        steps: 0,
        doing: String::new(),
        tail: String::new(),
        cancel: Some(wish("ann", 5)),
    };
    assert_eq!(known(store, "r").await, Some(silent));
    let said = live("r", 6, 1);
    assert_eq!(store.put_live(&ws("w"), &said).await.unwrap(), Some(wish("ann", 5)));
    assert_eq!(known(store, "r").await, Some(LiveRun { cancel: Some(wish("ann", 5)), ..said.clone() }));
    // What a run itself says of such a wish is not written.
    let other = LiveRun { cancel: Some(wish("nobody", 1)), ..live("q", 1, 1) };
    assert_eq!(store.put_live(&ws("w"), &other).await.unwrap(), None);
    assert_eq!(known(store, "q").await, Some(live("q", 1, 1)));
}

pub async fn a_run_and_wishes_to_stop_it_race(store: &Arc<dyn Store>) {
    let mut wishes = JoinSet::new();
    for number in 0..10 {
        let store = Arc::clone(store);
        wishes.spawn(async move {
            let wish = wish(&format!("p{number}"), number);
            store.wish_cancel(&ws("w"), &run("r"), &id("d"), &wish).await.unwrap();
            store.live_run(&ws("w"), &run("r")).await.unwrap().unwrap().cancel.unwrap()
        });
    }
    let mut heard = Vec::new();
    for steps in 0..20 {
        heard.extend(store.put_live(&ws("w"), &live("r", 1, steps)).await.unwrap());
    }
    let seen = wishes.join_all().await;
    let last = known(store, "r").await.unwrap();
    assert_eq!(last.steps, 19);
    let stays = last.cancel.unwrap();
    assert!(heard.iter().chain(&seen).all(|wish| *wish == stays), "{stays:?}: {heard:?} {seen:?}");
}

pub async fn a_run_that_ended_is_forgotten(store: &Arc<dyn Store>) {
    let (ours, theirs) = (live("r", 1, 1), live("r", 2, 2));
    store.delete_live(&ws("w"), &run("r")).await.unwrap();
    store.put_live(&ws("w"), &ours).await.unwrap();
    store.put_live(&ws("v"), &theirs).await.unwrap();
    store.put_live(&ws("w"), &live("s", 3, 3)).await.unwrap();
    store.wish_cancel(&ws("v"), &run("r"), &id("d"), &wish("eve", 3)).await.unwrap();
    assert_eq!(known(store, "r").await, Some(ours), "another workspace's wish is about another run");
    store.delete_live(&ws("w"), &run("r")).await.unwrap();
    assert_eq!(known(store, "r").await, None);
    assert_eq!(known(store, "s").await, Some(live("s", 3, 3)));
    let there = store.live_run(&ws("v"), &run("r")).await.unwrap();
    assert_eq!(there, Some(LiveRun { cancel: Some(wish("eve", 3)), ..theirs }));
    assert_eq!(
        store.put_live(&ws("w"), &live("r", 4, 4)).await.unwrap(),
        None,
        "the wish is forgotten with it"
    );
}
