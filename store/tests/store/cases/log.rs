//! Appending and loading.

use crate::support::{Story, at, granted, id, ids, ws};
use governance::{Actor, ActorKind, Decision, Event, NewEvent, Origin, RunId, Timestamp, canonical};
use std::sync::Arc;
use store::{Append, DecisionFilter, RunWrite, Store, StoreError};
use tokio::task::JoinSet;

fn bytes(events: &[Event]) -> Vec<String> {
    let line = |event: &Event| {
        let (seq, ts, actor) = (event.seq, event.ts, &event.actor);
        format!("{seq} {ts} {actor} {} {}", canonical::to_string(&event.payload), event.digest)
    };
    events.iter().map(line).collect()
}

pub async fn append_and_load_round_trip(store: &Arc<dyn Store>) {
    assert!(store.load(&ws("w"), &id("d")).await.unwrap().is_none());
    assert_eq!(store.head().await.unwrap(), 0);
    let mut tale = Story::request("w", "d", 0, "ann", "rotate the key");
    let appended = tale.save(store).await;
    assert_eq!((appended.version, appended.position), (2, 2));
    let mut tale = tale.then(1, "bob", granted(Some(at(60)))).started(2, "ann").completed(3);
    assert_eq!(tale.save(store).await.version, 6);
    let stream = store.load(&ws("w"), &id("d")).await.unwrap().unwrap();
    assert_eq!(stream.origin, Origin::Native);
    assert_eq!(bytes(&stream.events), bytes(&tale.decision.events));
    assert_eq!(Decision::replay(id("d"), Origin::Native, stream.events), tale.decision);
    assert_eq!(store.head().await.unwrap(), 6);
    store.ping().await.unwrap();
}

pub async fn timestamps_keep_their_offset(store: &Arc<dyn Store>) {
    let mut decision = Decision::empty(id("d"), Origin::Imported);
    for (seq, ts) in ["2026-11-21T06:48:12.634503+05:30", "2026-11-21T06:48:12-11:00"].into_iter().enumerate()
    {
        let actor = Actor::new(ActorKind::System, "cron").unwrap();
        let new = NewEvent { actor, body: crate::support::created("goal", &[]) };
        let seq = u32::try_from(seq).unwrap();
        decision.evolve(Event::record(new, seq, Timestamp::parse(ts).unwrap()));
    }
    let append = Append {
        workspace: ws("w"),
        decision: Arc::new(decision.clone()),
        new_events: 2,
        run: None,
        directory: None,
        door: None,
    };
    store.append(append).await.unwrap();
    let stream = store.load(&ws("w"), &id("d")).await.unwrap().unwrap();
    assert_eq!(stream.origin, Origin::Imported);
    assert_eq!(bytes(&stream.events), bytes(&decision.events));
}

pub async fn a_stale_version_conflicts_and_writes_nothing(store: &Arc<dyn Store>) {
    let mut first = Story::request("w", "d", 0, "ann", "goal");
    let mut again = first.clone();
    first.save(store).await;
    let mut stale = first.clone().then(2, "cid", granted(None));
    first.clone().then(1, "bob", granted(None)).save(store).await;
    let before = (store.dump_read_model().await.unwrap(), store.head().await.unwrap());
    let error = stale.try_save(store).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { expected: 2, actual: 3, .. }), "{error}");
    let error = again.try_save(store).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { expected: 0, actual: 3, .. }), "{error}");
    let mut ahead = Story::request("w", "other", 0, "ann", "goal");
    let _ = ahead.append();
    let error = ahead.then(1, "bob", granted(None)).try_save(store).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { expected: 2, actual: 0, .. }), "{error}");
    assert_eq!(before, (store.dump_read_model().await.unwrap(), store.head().await.unwrap()));
}

pub async fn of_two_concurrent_appends_one_wins(store: &Arc<dyn Store>) {
    for round in 0..20 {
        let mut tale = Story::request("w", &format!("d{round}"), round, "ann", "goal");
        tale.save(store).await;
        let mut tasks = JoinSet::new();
        for voice in ["bob", "cid", "dan", "eve"] {
            let (store, mut tale) = (Arc::clone(store), tale.clone().then(round, voice, granted(None)));
            tasks.spawn(async move { store.append(tale.append()).await });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let conflict =
            |error: &StoreError| matches!(error, StoreError::Conflict { expected: 2, actual: 3, .. });
        assert!(results.iter().filter_map(|result| result.as_ref().err()).all(conflict));
    }
    crate::support::assert_rebuilt_is_equal(store).await;
}

pub async fn concurrent_appends_to_distinct_streams_share_commits(store: &Arc<dyn Store>) {
    let mut tasks = JoinSet::new();
    for number in 0..200 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let mut tale = Story::request("w", &format!("d{number:03}"), number, "ann", "goal");
            let appended = store.append(tale.append()).await.unwrap();
            let stream = store.load(&ws("w"), &tale.decision.id).await.unwrap().unwrap();
            assert_eq!(stream.events.len(), 2, "an answered append can be read");
            appended.position
        });
    }
    let mut positions = tasks.join_all().await;
    positions.sort_unstable();
    assert_eq!(positions, (1..=200).map(|number| number * 2).collect::<Vec<i64>>());
    assert_eq!(ids(store, "w", &DecisionFilter::default(), at(0)).await.len(), 200);
    let (commits, appends) = store.commit_counts();
    assert_eq!(appends, 200);
    assert!(commits < 200, "{commits} commits carried 200 appends");
}

pub async fn a_reader_never_sees_a_gap_that_fills(store: &Arc<dyn Store>) {
    let mut tasks = JoinSet::new();
    for writer in 0..8 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            for number in 0..25 {
                Story::request("w", &format!("d{writer}_{number}"), number, "ann", "goal").save(&store).await;
            }
        });
    }
    let mut seen = 0;
    while seen < 8 * 25 * 2 {
        for (position, _, _) in store.events_after(&ws("w"), seen, 1_000).await.unwrap() {
            assert_eq!(position, seen + 1, "a position was missing");
            seen = position;
        }
    }
    tasks.join_all().await;
    assert_eq!(store.head().await.unwrap(), seen);
}

pub async fn appends_that_build_on_each_other_may_wait_together(store: &Arc<dyn Store>) {
    // A caller need not wait for its first append before it sends the second.
    for round in 0..10 {
        let mut tale = Story::request("w", &format!("d{round}"), round, "ann", "goal");
        let first = tale.append();
        let mut tale = tale.then(1, "bob", granted(None));
        let (one, two) = tokio::join!(store.append(first), store.append(tale.append()));
        assert_eq!(one.unwrap().version, 2);
        assert_eq!(two.unwrap().version, 3);
    }
    crate::support::assert_rebuilt_is_equal(store).await;
}

pub async fn an_append_without_events_is_refused(store: &Arc<dyn Store>) {
    assert!(matches!(Story::new("w", "d").try_save(store).await, Err(StoreError::Corrupt { .. })));
    let mut append = Story::request("w", "d", 0, "ann", "goal").append();
    append.new_events = 3;
    assert!(matches!(store.append(append).await, Err(StoreError::Corrupt { .. })));
    assert_eq!(store.head().await.unwrap(), 0);
}

pub async fn events_after_a_position(store: &Arc<dyn Store>) {
    Story::request("w", "a", 0, "ann", "goal").save(store).await;
    Story::request("v", "b", 0, "ann", "goal").save(store).await;
    Story::request("w", "c", 0, "ann", "goal").save(store).await;
    let after = |position, limit| async move {
        let found = store.events_after(&ws("w"), position, limit).await.unwrap();
        found
            .into_iter()
            .map(|(position, id, event)| (position, id.to_string(), event.seq))
            .collect::<Vec<_>>()
    };
    let all =
        [(1, "a", 0), (2, "a", 1), (5, "c", 0), (6, "c", 1)].map(|(at, id, seq)| (at, id.to_owned(), seq));
    assert_eq!(after(0, 10).await, all);
    assert_eq!(after(1, 2).await, all[1..3]);
    assert_eq!(after(6, 10).await, []);
}

fn run(status: &str, finished: Option<i64>) -> RunWrite {
    RunWrite {
        run_id: RunId::new("run_1").unwrap(),
        decision_id: id("d"),
        adapter_id: "subprocess:rotate".to_owned(),
        status: status.to_owned(),
        started_at: at(5),
        finished_at: finished.map(at),
        bundle: finished.map(|_| "{\"steps\":[\"\\u0000\"]}".to_owned()),
    }
}

pub async fn runs_are_written_with_the_append(store: &Arc<dyn Store>) {
    let mut tale = Story::request("w", "d", 0, "ann", "goal").then(1, "bob", granted(None));
    tale.save(store).await;
    let mut tale = tale.started(5, "ann");
    let mut stale = tale.append();
    let started = Append { run: Some(run("running", None)), ..stale.clone() };
    store.append(started).await.unwrap();
    stale.run = Some(run("failed", Some(6)));
    assert!(store.append(stale).await.is_err());
    let run_id = RunId::new("run_1").unwrap();
    assert_eq!(store.run(&ws("w"), &run_id).await.unwrap(), Some(run("running", None)));
    let mut tale = tale.completed(9);
    store.append(Append { run: Some(run("completed", Some(9))), ..tale.append() }).await.unwrap();
    assert_eq!(store.run(&ws("w"), &run_id).await.unwrap(), Some(run("completed", Some(9))));
    assert_eq!(store.run_of(&ws("w"), &id("d")).await.unwrap(), Some(run("completed", Some(9))));
    assert_eq!(store.run(&ws("v"), &run_id).await.unwrap(), None);
    assert_eq!(store.run_of(&ws("v"), &id("d")).await.unwrap(), None);
}

pub async fn an_odd_append_does_not_hurt_its_neighbours(store: &Arc<dyn Store>) {
    // One run in several appends of a group is more than one statement can upsert on Postgres.
    let mut tasks = JoinSet::new();
    for number in 0..40 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let mut tale = Story::request("w", &format!("d{number}"), number, "ann", "goal");
            let run = (number % 2 == 0).then(|| run("running", None));
            store.append(Append { run, ..tale.append() }).await
        });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    assert_eq!(store.head().await.unwrap(), 80);
    crate::support::assert_rebuilt_is_equal(store).await;
}

pub async fn unfinished_finds_started_runs(store: &Arc<dyn Store>) {
    let approved = |workspace: &str, name: &str| {
        Story::request(workspace, name, 0, "ann", "goal").then(1, "bob", granted(None))
    };
    approved("w", "ready").save(store).await;
    approved("w", "running").started(2, "ann").save(store).await;
    approved("v", "running too").started(2, "ann").save(store).await;
    approved("w", "done").started(2, "ann").completed(3).save(store).await;
    let found = store.unfinished().await.unwrap();
    assert_eq!(found, [(ws("v"), id("running too")), (ws("w"), id("running"))]);
}

pub async fn after_closing_nothing_is_written(store: &Arc<dyn Store>) {
    let mut tale = Story::request("w", "d", 0, "ann", "goal");
    let pending = store.append(tale.append());
    let (appended, ()) = tokio::join!(pending, async {
        tokio::task::yield_now().await;
        store.close().await;
    });
    // It was queued before the close and finished, or came after it and was refused; never lost in between.
    assert!(matches!(appended, Ok(_) | Err(StoreError::Stopped)));
    let mut late = Story::request("w", "late", 0, "ann", "goal");
    assert!(matches!(store.append(late.append()).await, Err(StoreError::Stopped)));
}
