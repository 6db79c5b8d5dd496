//! A database that an older release made, opened by this one.

use crate::people::{act, key, member, set_roles, texts, who};
use crate::support::{self, Story, at, granted, ws};
use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Executor as _};
use std::sync::Arc;
use store::identity::KeyRecord;
use store::{Change, Store};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// What somebody did before anybody thought of identities. Both engines understand it.
const BEFORE: &str = r#"
    INSERT INTO workspaces (workspace_id, name, forbid_self_approval, created_us)
        VALUES ('w', 'W', TRUE, 1), ('v', 'V', FALSE, 2);
    INSERT INTO people (person_id, actor_id, name, password_hash, suspended, created_us)
        VALUES ('p1', 'ann', 'Ann', '$argon2id$', TRUE, 3), ('p2', 'bob', 'Bob', NULL, FALSE, 4);
    INSERT INTO memberships (workspace_id, person_id, roles)
        VALUES ('w', 'p1', '["admin","author"]'), ('v', 'p1', '[]'), ('w', 'p2', '["approver"]');
    INSERT INTO sessions (id_hash, data, person_id, created_us, expires_us)
        VALUES ('s', '{}', 'p2', 5, 9000000000000000);
    INSERT INTO setup_tokens (token_hash, expires_us) VALUES ('t', 6);
"#;

/// What somebody did before anybody thought of machines.
const BEFORE_MACHINES: &str = r#"
    INSERT INTO api_keys (workspace_id, key_id, secret_hash, name, owner, scopes, created_us, expires_us)
        VALUES ('w', 'nxc_old', '5ec', 'deploys', 'p2', '["write"]', 7, 9223372036854775807);
"#;

/// The migrations of an older release.
fn first_of(all: &Migrator, count: usize) -> Migrator {
    let first: Vec<Migration> = all.iter().take(count).cloned().collect();
    let names: Vec<(i64, &str)> = first.iter().map(|one| (one.version, one.description.as_ref())).collect();
    assert_eq!(names, [(1, "initial"), (2, "identity")][..count]);
    Migrator::with_migrations(first)
}

#[tokio::test]
async fn an_older_sqlite_file_is_brought_up_to_date() {
    let bench = support::sqlite().await;
    bench.store.close().await;
    let file = bench.url.strip_prefix("sqlite://").unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{file}{suffix}"));
    }
    let mut conn = SqliteConnection::connect(&format!("{}?mode=rwc", bench.url)).await.unwrap();
    first_of(&SQLITE, 1).run(&mut conn).await.unwrap();
    conn.execute(BEFORE).await.unwrap();
    first_of(&SQLITE, 2).run(&mut conn).await.unwrap();
    conn.execute(BEFORE_MACHINES).await.unwrap();
    conn.close().await.unwrap();
    assert_up_to_date(&store::open(&bench.url).await.unwrap()).await;
    bench.end().await;
}

#[tokio::test]
async fn an_older_postgres_database_is_brought_up_to_date() {
    let bench = support::postgres().await;
    bench.store.close().await;
    let mut conn = PgConnection::connect(&bench.url).await.unwrap();
    conn.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    first_of(&POSTGRES, 1).run(&mut conn).await.unwrap();
    conn.execute(BEFORE).await.unwrap();
    first_of(&POSTGRES, 2).run(&mut conn).await.unwrap();
    conn.execute(BEFORE_MACHINES).await.unwrap();
    conn.close().await.unwrap();
    assert_up_to_date(&store::open(&bench.url).await.unwrap()).await;
    bench.end().await;
}

async fn assert_up_to_date(store: &Arc<dyn Store>) {
    let (w, v) = (ws("w"), ws("v"));
    let lengths = store.workspaces().await.unwrap().into_iter().map(|workspace| workspace.log_length);
    assert_eq!(lengths.collect::<Vec<_>>(), [0, 0]);
    let ann = store.person(&w, &who("p1")).await.unwrap().unwrap();
    assert_eq!((ann.actor_id.as_str(), ann.password_hash.as_deref()), ("ann", Some("$argon2id$")));
    assert_eq!((&ann.roles, &ann.given_roles), (&texts(&["admin", "author"]), &texts(&["admin", "author"])));
    assert!(ann.suspended && ann.elsewhere && !ann.second_factor && ann.aliases.is_empty());
    let ann = store.person(&v, &who("p1")).await.unwrap().unwrap();
    assert_eq!((&ann.roles, &ann.given_roles), (&texts(&[]), &texts(&[])));
    assert!(ann.suspended && ann.elsewhere, "suspended everywhere before, suspended in every workspace now");
    let bob = store.person(&w, &who("p2")).await.unwrap().unwrap();
    assert_eq!((&bob.roles, bob.suspended), (&texts(&["approver"]), false));
    // People sign in once more: an older session says nothing of the workspace that it is for.
    assert_eq!(store.load_session("s", at(1)).await.unwrap(), None);
    // What is new works on what is old.
    act(store, "w", vec![set_roles("w", "p2", &["auditor"])]).await.unwrap();
    member(store, "v", "p3", "cid", &["admin"]).await;
    assert_eq!(store.person(&w, &who("p2")).await.unwrap().unwrap().roles, ["auditor"]);
    assert_eq!(store.whole_workspace_log(&w).await.unwrap().len(), 1);
    let old = store.key("nxc_old").await.unwrap().unwrap();
    assert_eq!((&old.owner, old.personal, &old.scopes), (&who("p2"), false, &texts(&["write"])));
    let personal = KeyRecord { personal: true, ..key("w", "nxc_new", "p2") };
    act(store, "w", vec![Change::CreateKey(personal.clone())]).await.unwrap();
    assert_eq!(store.keys(&w).await.unwrap(), [personal, old]);
    store.close().await;
}

/// Something to count, before anybody counted.
async fn one_approval(store: &Arc<dyn Store>) {
    let mut tale = Story::request("w", "d", 0, "ann", "goal").then(5, "bob", granted(None));
    tale.save(store).await;
}

/// A release that keeps more than the one before makes it from the log, once.
const AS_BEFORE: &str =
    "DELETE FROM daily_figures; INSERT INTO rebuilds_due (reason) VALUES ('daily_figures')";

async fn assert_caught_up(store: &Arc<dyn Store>) {
    let figures = store.figures(&ws("w"), "2025-11-01").await.unwrap().figures;
    assert_eq!(figures.iter().map(|figure| figure.number).collect::<Vec<_>>(), [1, 1, 1]);
    support::assert_rebuilt_is_equal(store).await;
    store.close().await;
}

#[tokio::test]
async fn an_older_sqlite_log_is_counted_when_it_is_opened() {
    let bench = support::sqlite().await;
    one_approval(&bench.store).await;
    bench.store.close().await;
    let mut conn = SqliteConnection::connect(&bench.url).await.unwrap();
    conn.execute(AS_BEFORE).await.unwrap();
    conn.close().await.unwrap();
    assert_caught_up(&store::open(&bench.url).await.unwrap()).await;
    let mut conn = SqliteConnection::connect(&bench.url).await.unwrap();
    let due: i64 =
        sqlx::query_scalar("SELECT count(*) FROM rebuilds_due").fetch_one(&mut conn).await.unwrap();
    assert_eq!(due, 0);
    conn.close().await.unwrap();
    bench.end().await;
}

#[tokio::test]
async fn an_older_postgres_log_is_counted_when_it_is_opened() {
    let bench = support::postgres().await;
    one_approval(&bench.store).await;
    bench.store.close().await;
    let mut conn = PgConnection::connect(&bench.url).await.unwrap();
    conn.execute(AS_BEFORE).await.unwrap();
    assert_caught_up(&store::open(&bench.url).await.unwrap()).await;
    let due: i64 =
        sqlx::query_scalar("SELECT count(*) FROM rebuilds_due").fetch_one(&mut conn).await.unwrap();
    assert_eq!(due, 0);
    conn.close().await.unwrap();
    bench.end().await;
}
