//! What stands beside the log: doors of events, and what ran last.

use crate::support::{Story, at, granted, id, ws};
use std::sync::Arc;
use store::query::Like;
use store::{Append, Store};

pub async fn doors_are_kept_beside_the_events(store: &Arc<dyn Store>) {
    let mut tale = Story::request("w", "d", 0, "ann", "goal");
    store.append(Append { door: Some("api"), ..tale.append() }).await.unwrap();
    let mut tale = tale.then(1, "bob", granted(None));
    tale.save(store).await;
    let mut tale = tale.then(2, "cid", granted(None));
    store.append(Append { door: Some("web"), ..tale.append() }).await.unwrap();
    let known = [(0, "api".to_owned()), (1, "api".to_owned()), (3, "web".to_owned())];
    assert_eq!(store.doors(&ws("w"), &id("d")).await.unwrap(), known);
    assert_eq!(store.doors(&ws("v"), &id("d")).await.unwrap(), []);
    // The events are what they were, and so is what follows from them.
    let stream = store.load(&ws("w"), &id("d")).await.unwrap().unwrap();
    assert_eq!(stream.events, tale.decision.events);
    let live = store.dump_read_model().await.unwrap();
    store.rebuild().await.unwrap();
    assert_eq!(store.dump_read_model().await.unwrap(), live);
    assert_eq!(store.doors(&ws("w"), &id("d")).await.unwrap(), known);
}

pub async fn the_last_run_of_a_goal_is_found(store: &Arc<dyn Store>) {
    let long = format!("{} one", "ü".repeat(4_000));
    for (name, seconds, goal, done) in [
        ("a", 0, "rotate", true),
        ("b", 10, "rotate", true),
        ("c", 20, "rotate", false),
        ("e", 30, "rotate keys", true),
        ("f", 40, long.as_str(), true),
    ] {
        let tale = Story::request("w", name, seconds, "ann", goal);
        let mut tale = if done { tale.started(seconds + 1, "ann").completed(seconds + 2) } else { tale };
        tale.save(store).await;
    }
    Story::request("v", "x", 15, "ann", "rotate").started(16, "ann").completed(17).save(store).await;
    let other = format!("{} two", "ü".repeat(4_000));
    for (goal, before, found) in [
        ("rotate", (at(50), "z"), Some("b")),
        ("rotate", (at(10), "b"), Some("a")),
        ("rotate", (at(0), "a"), None),
        ("Rotate", (at(50), "z"), None),
        ("rotate keys", (at(50), "z"), Some("e")),
        (long.as_str(), (at(50), "z"), Some("f")),
        (other.as_str(), (at(50), "z"), None),
    ] {
        let before = (before.0, &id(before.1));
        let last = store.last_completed(&ws("w"), Like::Goal(goal), before).await.unwrap();
        assert_eq!(last, found.map(id), "{}", &goal[..6]);
    }
    let before = (at(50), &id("z"));
    assert_eq!(store.last_completed(&ws("w"), Like::Template("t"), before).await.unwrap(), None);
}
