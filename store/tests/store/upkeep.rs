//! When the read model is made again by itself: after sums that cannot be, beside an older server, and once alone.

use crate::support::{self, Bench, Story, at, execute, granted, ws};
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};
use std::time::Duration;
use store::overview::Sums;

/// What has two sums, both 1, and a third that is about to be broken.
async fn one_approval(bench: &Bench) {
    let mut tale = Story::request("w", "d", 0, "ann", "goal").then(5, "bob", granted(None));
    tale.save(&bench.store).await;
}

async fn sums(store: &dyn store::Store) -> (usize, bool) {
    let Sums { figures, disagree } = store.figures(&ws("w"), "2025-11-01").await.unwrap();
    assert!(figures.iter().all(|figure| figure.number == 1), "{figures:?}");
    (figures.len(), disagree)
}

/// An older server takes from sums what it never added: the overview says so, and the next start makes it right.
async fn a_sum_below_zero_is_made_right_at_the_next_start(bench: Bench) {
    one_approval(&bench).await;
    let right = bench.store.dump_read_model().await.unwrap();
    assert_eq!(sums(&*bench.store).await, (3, false));
    execute(&bench.url, "UPDATE daily_figures SET number = -1 WHERE what = 'approved'").await;
    for _ in 0..2 {
        assert_eq!(sums(&*bench.store).await, (2, true));
    }
    bench.store.close().await;
    let again = store::open(&bench.url).await.unwrap();
    assert_eq!(sums(&*again).await, (3, false));
    assert_eq!(again.dump_read_model().await.unwrap(), right);
    again.close().await;
    bench.end().await;
}

#[tokio::test]
async fn a_sum_below_zero_on_sqlite() {
    a_sum_below_zero_is_made_right_at_the_next_start(support::sqlite().await).await;
}

#[tokio::test]
async fn a_sum_below_zero_on_postgres() {
    a_sum_below_zero_is_made_right_at_the_next_start(support::postgres().await).await;
}

#[tokio::test]
async fn what_an_older_server_wrote_is_caught_up_with_on_postgres() {
    let bench = support::postgres().await;
    one_approval(&bench).await;
    let right = bench.store.dump_read_model().await.unwrap();
    bench.store.close().await;
    execute(&bench.url, "DELETE FROM decision_digests; DELETE FROM daily_figures").await;
    let again = store::open(&bench.url).await.unwrap();
    assert_eq!(again.dump_read_model().await.unwrap(), right);
    again.close().await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_that_start_one_makes_the_read_model() {
    let bench = support::postgres().await;
    one_approval(&bench).await;
    bench.store.close().await;
    let mut other = PgConnection::connect(&bench.url).await.unwrap();
    other.execute("INSERT INTO rebuilds_due (reason) VALUES ('daily_figures')").await.unwrap();
    other.execute("BEGIN; SELECT pg_advisory_xact_lock(7165892340126811)").await.unwrap();
    let mut opening = Box::pin(store::open(&bench.url));
    let waited = tokio::time::timeout(Duration::from_millis(700), &mut opening).await;
    assert!(waited.is_err(), "it did not wait for the other");
    let done = "UPDATE decisions SET goal = 'made by the other'; DELETE FROM rebuilds_due; COMMIT";
    other.execute(done).await.unwrap();
    let store = opening.await.unwrap();
    assert!(store.dump_read_model().await.unwrap().contains("made by the other"));
    assert_eq!(store.load(&ws("w"), &support::id("d")).await.unwrap().unwrap().events[0].ts, at(0));
    store.close().await;
    other.close().await.unwrap();
    bench.end().await;
}
