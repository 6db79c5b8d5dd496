//! Imported streams: evidence beside what was decided here.

use crate::support::{Story, assert_rebuilt_is_equal, at, attached, created, granted, id, ids, waiting, ws};
use governance::{Event, Origin};
use std::sync::Arc;
use store::{DecisionFilter, ImportWrite, Store, StoreError};

pub fn imported(name: &str, goal: &str) -> Story {
    let tale = Story::of("w", name, Origin::Imported).then(1, "zoe", created(goal, &["evidence"]));
    tale.then(2, "zoe", attached(1, false))
}

pub fn write(tale: &Story, overwrite: bool) -> ImportWrite {
    ImportWrite {
        workspace: tale.workspace.clone(),
        decision: Arc::new(tale.decision.clone()),
        overwrite,
        imported_by: "ann".to_owned(),
        imported_at: at(100),
    }
}

pub async fn an_import_of_a_taken_id_is_refused(store: &Arc<dyn Store>) {
    let appended = store.import(write(&imported("d", "first"), false)).await.unwrap();
    assert_eq!((appended.version, appended.position), (2, 2));
    let error = store.import(write(&imported("d", "second"), false)).await.unwrap_err();
    assert!(matches!(error, StoreError::Exists(_)));
    let stream = store.load(&ws("w"), &id("d")).await.unwrap().unwrap();
    assert_eq!(stream.origin, Origin::Imported);
    assert_eq!(stream.events, imported("d", "first").decision.events);
    assert_eq!(store.replaced(&ws("w"), &id("d")).await.unwrap(), []);
    let empty = Story::of("w", "e", Origin::Imported);
    assert!(matches!(store.import(write(&empty, false)).await, Err(StoreError::Corrupt { .. })));
}

pub async fn overwriting_keeps_the_replaced_log(store: &Arc<dyn Store>) {
    let mut native = Story::request("w", "d", 0, "ann", "decided here").then(1, "bob", granted(None));
    native.save(store).await;
    let (second, third) = (imported("d", "second").then(3, "yan", granted(None)), imported("d", "third"));
    let appended = store.import(write(&second, true)).await.unwrap();
    assert_eq!((appended.version, appended.position), (3, 6));
    store.import(write(&third, true)).await.unwrap();
    let stream = store.load(&ws("w"), &id("d")).await.unwrap().unwrap();
    assert_eq!(stream.events, third.decision.events);
    let old = store.replaced(&ws("w"), &id("d")).await.unwrap();
    let old: Vec<(Origin, Vec<Event>)> =
        old.into_iter().map(|stream| (stream.origin, stream.events)).collect();
    let expected = [
        (Origin::Native, native.decision.events.clone()),
        (Origin::Imported, second.decision.events.clone()),
    ];
    assert_eq!(old, expected);
    assert_eq!(store.replaced(&ws("v"), &id("d")).await.unwrap(), []);
    assert_rebuilt_is_equal(store).await;
    let dump = store.dump_read_model().await.unwrap();
    assert!(!dump.contains("decided") && !dump.contains("bob") && !dump.contains("yan"), "{dump}");
}

pub async fn an_append_that_did_not_see_the_import_conflicts(store: &Arc<dyn Store>) {
    let mut native = Story::request("w", "d", 0, "ann", "goal");
    native.save(store).await;
    // The very same version as before, and yet another log.
    store.import(write(&imported("d", "other"), true)).await.unwrap();
    let error = native.then(1, "bob", granted(None)).try_save(store).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
}

pub async fn imported_is_never_waiting(store: &Arc<dyn Store>) {
    store.import(write(&imported("evidence", "goal"), false)).await.unwrap();
    Story::request("w", "ours", 0, "ann", "goal").save(store).await;
    assert_eq!(waiting(store, "w", "bob", at(200)).await, ["ours"]);
    assert_eq!(store.counts(&ws("w"), &["bob".to_owned()], at(200)).await.unwrap().waiting, 1);
    assert_eq!(ids(store, "w", &DecisionFilter::default(), at(200)).await, ["ours", "evidence"]);
    store.import(write(&imported("running", "goal").started(9, "zoe"), false)).await.unwrap();
    assert_eq!(store.unfinished().await.unwrap(), []);
}
