//! What is particular to one engine, or true of both together: who may open what, and that both tell the same.

use crate::people;
use crate::support::{self, Story, at, created, granted, ws};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::sync::Arc;
use std::time::Duration;
use store::{Append, Store, StoreError};
use tokio::task::JoinSet;

#[tokio::test]
async fn unknown_addresses_are_refused() {
    for url in ["mysql://localhost/x", "nexus.db", "", "sqlite::memory:", "sqlite://x.db?mode=memory"] {
        assert!(matches!(store::open(url).await, Err(StoreError::Address(_))), "{url}");
    }
}

#[tokio::test]
async fn a_password_is_not_repeated() {
    let Err(error) = store::open("postgres://user:secret@host:notaport/db").await else { panic!("opened") };
    assert!(!format!("{error:?} {error}").contains("secret"));
}

#[tokio::test]
async fn an_sqlite_file_is_opened_once() {
    let bench = support::sqlite().await;
    assert!(matches!(store::open(&bench.url).await, Err(StoreError::InUse(_))));
    Story::request("w", "d", 0, "ann", "goal").save(&bench.store).await;
    bench.store.close().await;
    let again = store::open(&bench.url).await.unwrap();
    assert_eq!(again.head().await.unwrap(), 2);
    again.close().await;
    bench.end().await;
}

/// Opens the file named by the environment, for the test below; on its own it does nothing.
#[tokio::test]
async fn another_process_opens() {
    if let Ok(url) = std::env::var("NEXUS_TEST_SECOND_PROCESS") {
        assert!(matches!(store::open(&url).await, Err(StoreError::InUse(_))));
        println!("refused as it should be");
    }
}

#[tokio::test]
async fn a_second_process_is_refused() {
    let bench = support::sqlite().await;
    let mut second = std::process::Command::new(std::env::current_exe().unwrap());
    second.args(["--exact", "engines::another_process_opens", "--nocapture"]);
    let output = second.env("NEXUS_TEST_SECOND_PROCESS", &bench.url).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("refused as it should be"), "{said}");
    bench.end().await;
}

#[tokio::test]
async fn what_was_written_survives_reopening() {
    let bench = support::sqlite().await;
    Story::request("w", "d", 0, "ann", "goal").then(1, "bob", granted(Some(at(9)))).save(&bench.store).await;
    let dump = bench.store.dump_read_model().await.unwrap();
    bench.store.close().await;
    let again = store::open(&bench.url).await.unwrap();
    assert_eq!(again.dump_read_model().await.unwrap(), dump);
    Story::request("w", "e", 0, "ann", "goal").save(&again).await;
    assert_eq!(again.head().await.unwrap(), 5);
    again.close().await;
    bench.end().await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let bench = support::sqlite().await;
    bench.store.close().await;
    let mut conn = SqliteConnection::connect(&bench.url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of the future', 1, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    assert!(matches!(store::open(&bench.url).await, Err(StoreError::Migrate(_))));
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_share_a_postgres() {
    let bench = support::postgres().await;
    let other = store::open(&bench.url).await.unwrap();
    let stores = [Arc::clone(&bench.store), Arc::clone(&other)];
    let mut tasks = JoinSet::new();
    for number in 0..100_i64 {
        let store = Arc::clone(&stores[usize::try_from(number % 2).unwrap()]);
        tasks.spawn(async move {
            // Fifty ids, each wanted by both servers.
            let name = format!("d{}", number / 2);
            let mut tale = Story::request("w", &name, number, "ann", "goal");
            store.append(tale.append()).await.is_ok()
        });
    }
    let reader = tokio::spawn(async move {
        let mut seen = 0;
        while seen < 100 {
            for (position, _, _) in other.events_after(&ws("w"), seen, 1_000).await.unwrap() {
                assert_eq!(position, seen + 1, "a position was missing");
                seen = position;
            }
        }
        other.close().await;
    });
    let won = tasks.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 50, "each id is written by exactly one of the two");
    reader.await.unwrap();
    support::assert_rebuilt_is_equal(&bench.store).await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_tell_the_same() {
    let (one, two) = (support::sqlite().await, support::postgres().await);
    for store in [&one.store, &two.store] {
        tell(store).await;
    }
    let (left, right) =
        (one.store.dump_read_model().await.unwrap(), two.store.dump_read_model().await.unwrap());
    assert_eq!(left, right);
    assert!(left.len() > 500);
    one.end().await;
    two.end().await;
}

async fn tell(store: &Arc<dyn Store>) {
    Story::request("w", "Äd", 0, "ann", "ümlaut Zebra apple Äpfel").save(store).await;
    Story::request("w", "zd", 1, "bob", "nul \0 and “quotes”")
        .then(2, "cid", granted(None))
        .save(store)
        .await;
    Story::new("w", "Bd").then(3, "Dan", created("plain", &["B", "a", "Ä"])).save(store).await;
}

/// Postgres plans by what it knows of the tables, so that small ones prove little.
#[tokio::test]
async fn news_are_read_from_the_log_of_a_large_postgres() {
    let bench = support::postgres().await;
    let mut conn = PgConnection::connect(&bench.url).await.unwrap();
    for statement in [
        "INSERT INTO streams SELECT 'w' || d % 5, 'd' || d, 0, 4, 'native' FROM generate_series(1, 20000) AS d",
        "INSERT INTO events
         SELECT d * 4 + s, 'w' || d % 5, 'd' || d, 0, s, 'T', 't', 0, 'human', 'a', repeat('x', 100), 'x'
         FROM generate_series(1, 20000) AS d, generate_series(0, 3) AS s",
        "INSERT INTO decisions
         SELECT 'w' || d % 5, 'd' || d, 'native', 'open', 4, 'g', 'apply', (ARRAY['a', 'b', 'c'])[d % 300 + 1], NULL,
                '[]', 1, FALSE, 0, d, d FROM generate_series(1, 20000) AS d WHERE d % 300 < 3",
        "ANALYZE",
    ] {
        sqlx::query(statement).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    let plans = bench.store.query_plans(&ws("w1")).await.unwrap();
    let news: Vec<_> = plans.into_iter().filter(|(name, _)| name.starts_with("news")).collect();
    assert_eq!(news.len(), 4);
    for (name, plan) in news {
        assert!(plan.contains("events_by_workspace"), "{name}:\n{plan}");
        for other in ["Join", "Nested Loop", "decisions_by_requester"] {
            assert!(!plan.contains(other), "{name}:\n{plan}");
        }
    }
    bench.end().await;
}

/// An act that has begun and is not over: an append that rests on the directory waits for it.
macro_rules! an_unfinished_act_is_waited_for {
    ($name:ident, $engine:ident, $connection:ty, $begin:literal) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let bench = support::$engine().await;
            people::workspace(&bench.store, "w").await;
            let append = Append { directory: Some(0), ..Story::request("w", "d", 0, "ann", "goal").append() };
            let mut act = <$connection>::connect(&bench.url).await.unwrap();
            for statement in [$begin, "UPDATE workspaces SET log_length = 1 WHERE workspace_id = 'w'"] {
                sqlx::query(statement).execute(&mut act).await.unwrap();
            }
            let store = Arc::clone(&bench.store);
            let waiting = tokio::spawn(async move { store.append(append).await });
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(!waiting.is_finished(), "the append did not wait");
            sqlx::query("COMMIT").execute(&mut act).await.unwrap();
            act.close().await.unwrap();
            let result = waiting.await.unwrap();
            assert!(matches!(result, Err(StoreError::Outdated(_))), "{result:?}");
            assert_eq!(bench.store.head().await.unwrap(), 0);
            bench.end().await;
        }
    };
}

an_unfinished_act_is_waited_for!(
    an_unfinished_act_is_waited_for_on_sqlite,
    sqlite,
    SqliteConnection,
    "BEGIN IMMEDIATE"
);
an_unfinished_act_is_waited_for!(
    an_unfinished_act_is_waited_for_on_postgres,
    postgres,
    PgConnection,
    "BEGIN"
);
