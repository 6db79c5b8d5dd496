//! Appends that rest on the directory: what was decided on an older one is not written.

use crate::people::{self, acts, workspace};
use crate::scene::{log_length, member, suspended};
use crate::support::{Story, granted, id, ws};
use governance::PersonId;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use store::{Append, Store, StoreError};
use tokio::task::JoinSet;

fn outdated(result: &Result<store::Appended, StoreError>) -> bool {
    matches!(result, Err(StoreError::Outdated(workspace)) if *workspace == ws("w"))
}

pub async fn an_act_in_between_makes_an_append_outdated(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let bob = member(store, "w", "bob", &["approver"]).await;
    let mut request = Story::request("w", "d", 0, "ann", "goal");
    let length = log_length(store, "w").await;
    store.append(Append { directory: Some(length), ..request.append() }).await.unwrap();
    let mut approved = request.clone().then(1, "bob", granted(None));
    let append = Append { directory: Some(length), ..approved.append() };
    suspended(store, "w", &bob, true).await;
    let before = (store.dump_read_model().await.unwrap(), store.head().await.unwrap());
    for length in [length, length + 2, u32::MAX] {
        let result = store.append(Append { directory: Some(length), ..append.clone() }).await;
        assert!(outdated(&result), "{length}: {result:?}");
    }
    assert_eq!(before, (store.dump_read_model().await.unwrap(), store.head().await.unwrap()));
    // A stream that moved on as well is a conflict, and one that rests on nothing is written.
    let mut stale = Story::request("w", "d", 0, "ann", "goal");
    let conflict = store.append(Append { directory: Some(0), ..stale.append() }).await;
    assert!(matches!(conflict, Err(StoreError::Conflict { .. })), "{conflict:?}");
    store.append(Append { directory: Some(length + 1), ..append }).await.unwrap();
    Story::request("w", "e", 0, "ann", "goal").save(store).await;
}

pub async fn a_workspace_that_nobody_knows_is_outdated(store: &Arc<dyn Store>) {
    let append = Append { directory: Some(0), ..Story::request("w", "d", 0, "ann", "goal").append() };
    assert!(outdated(&store.append(append).await));
    assert_eq!(store.head().await.unwrap(), 0);
}

pub async fn an_outdated_append_does_not_hurt_its_neighbours(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    let (ours, theirs) = (log_length(store, "w").await, log_length(store, "v").await);
    let mut tasks = JoinSet::new();
    for number in 0..90_i64 {
        let (store, old) = (Arc::clone(store), number % 3 == 0);
        tasks.spawn(async move {
            let (workspace, length) = if number % 2 == 0 { ("w", ours) } else { ("v", theirs) };
            let name = format!("d{number}");
            let directory = Some(if old { length + 1 } else { length });
            let append = Story::request(workspace, &name, number, "ann", "goal").append();
            let result = store.append(Append { directory, ..append }).await;
            assert_eq!(result.is_ok(), !old, "{result:?}");
            assert!(!old || matches!(result, Err(StoreError::Outdated(_))));
            let stream = store.load(&ws(workspace), &id(&name)).await.unwrap();
            assert_eq!(stream.is_some(), !old);
        });
    }
    tasks.join_all().await;
    assert_eq!(store.head().await.unwrap(), 120);
    let (commits, appends) = store.commit_counts();
    assert!(appends == 60 && commits < appends, "{commits} commits for {appends} appends");
}

/// How the race stands.
#[derive(Default)]
struct Race {
    written: AtomicU32,
    refused: AtomicU32,
}

impl Race {
    /// Enough of both, so that they did race.
    fn is_over(&self) -> bool {
        self.written.load(Ordering::Relaxed) > 100 && self.refused.load(Ordering::Relaxed) > 100
    }
}

/// Suspends and restores somebody until the race is over. Says when each act was over.
async fn suspend_and_restore(store: Arc<dyn Store>, race: Arc<Race>, person: PersonId) -> Vec<Instant> {
    let mut done = Vec::new();
    for number in 0.. {
        if race.is_over() {
            break;
        }
        let change = people::suspended("w", person.as_str(), number % 2 == 0);
        store.enact(acts("w", vec![change])).await.unwrap();
        done.push(Instant::now());
        tokio::time::sleep(Duration::from_millis(number % 9 * 2)).await;
    }
    done
}

/// Appends on the directory as it was a moment ago until the race is over. Says at which length of the log each one
/// that was written was decided, and when it was asked for.
async fn append_and_append(store: Arc<dyn Store>, race: Arc<Race>, caller: u64) -> Vec<(u32, Instant)> {
    let mut written = Vec::new();
    for number in 0_u64.. {
        if race.is_over() {
            break;
        }
        let length = log_length(&store, "w").await;
        tokio::time::sleep(Duration::from_millis((caller * 7 + number * 13) % 5)).await;
        let append = Story::request("w", &format!("d{caller}-{number}"), 0, "ann", "goal").append();
        let asked = Instant::now();
        let counter = match store.append(Append { directory: Some(length), ..append }).await {
            Ok(_) => {
                written.push((length, asked));
                &race.written
            }
            Err(StoreError::Outdated(_)) => &race.refused,
            Err(other) => panic!("{other}"),
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
    written
}

pub async fn acts_and_appends_race(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let bob = member(store, "w", "bob", &["approver"]).await;
    let first = log_length(store, "w").await;
    let race = Arc::new(Race::default());
    let acts = tokio::spawn(suspend_and_restore(Arc::clone(store), Arc::clone(&race), bob));
    let mut tasks = JoinSet::new();
    for caller in 0..8 {
        tasks.spawn(append_and_append(Arc::clone(store), Arc::clone(&race), caller));
    }
    let written = tokio::time::timeout(Duration::from_mins(1), tasks.join_all()).await;
    let written: Vec<(u32, Instant)> =
        written.expect("a race of both outcomes").into_iter().flatten().collect();
    let done = acts.await.unwrap();
    for (length, asked) in &written {
        // The act that made this directory an old one was not over yet when the append was asked for.
        let next = done.get(usize::try_from(length - first).unwrap());
        assert!(next.is_none_or(|over| asked < over), "written on a directory that was old already");
    }
    assert_eq!(store.head().await.unwrap(), i64::try_from(written.len()).unwrap() * 2);
}
