//! Logs of workspaces that somebody changed behind the store's back.

use crate::people::{act, workspace};
use crate::support::{self, ws};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Executor as _};
use std::sync::Arc;
use store::{Store, StoreError};

/// Each is done to a log of four entries, and undone.
const EDITS: &[(&str, &str)] = &[
    // Which reads notice: a page, the whole log, the newest entry of the kind, the next act.
    ("UPDATE workspace_events SET payload = '{}' WHERE seq = 3", "page whole latest"),
    ("UPDATE workspace_events SET type = 'KEY_CREATED' WHERE seq = 1", "page whole"),
    ("UPDATE workspace_events SET actor_id = 'somebody else' WHERE seq = 1", "whole"),
    ("UPDATE workspace_events SET actor_kind = 'ghost' WHERE seq = 1", "page whole"),
    ("UPDATE workspace_events SET ts = 'today' WHERE seq = 3", "page whole latest"),
    ("UPDATE workspace_events SET payload = '{' WHERE seq = 1", "page whole"),
    ("DELETE FROM workspace_events WHERE seq = 1", "whole"),
    ("DELETE FROM workspace_events WHERE seq = 0", "whole"),
    ("DELETE FROM workspace_events WHERE seq = 3", "next"),
];

macro_rules! tampering {
    ($engine:ident, $connection:ty) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $engine() {
            let bench = support::$engine().await;
            workspace(&bench.store, "w").await;
            for _ in 0..4 {
                act(&bench.store, "w", Vec::new()).await.unwrap();
            }
            assert_eq!(notices(&bench.store).await, "");
            let mut conn = <$connection>::connect(&bench.url).await.unwrap();
            // The last probe was an act: there are five entries, of which the newest goes again.
            conn.execute("DELETE FROM workspace_events WHERE seq > 3").await.unwrap();
            conn.execute("UPDATE workspaces SET log_length = 4").await.unwrap();
            conn.execute("CREATE TABLE kept AS SELECT * FROM workspace_events").await.unwrap();
            for (edit, expected) in EDITS {
                conn.execute(*edit).await.unwrap();
                assert_eq!(notices(&bench.store).await, *expected, "{edit}");
                conn.execute("DELETE FROM workspace_events").await.unwrap();
                conn.execute("INSERT INTO workspace_events SELECT * FROM kept").await.unwrap();
                conn.execute("UPDATE workspaces SET log_length = 4").await.unwrap();
            }
            conn.close().await.unwrap();
            bench.end().await;
        }
    };
}

tampering!(sqlite, SqliteConnection);
tampering!(postgres, PgConnection);

async fn notices(store: &Arc<dyn Store>) -> String {
    let corrupt = |result: Result<(), StoreError>| match result {
        Ok(()) => false,
        Err(StoreError::Corrupt { table: "workspace_events", key, .. }) => key.starts_with('w'),
        Err(error) => panic!("{error}"),
    };
    let w = ws("w");
    let results = [
        ("page", store.workspace_log(&w, None, 9).await.map(drop)),
        ("whole", store.whole_workspace_log(&w).await.map(drop)),
        ("latest", store.latest_entry(&w, "ROLES_CHANGED").await.map(drop)),
        ("next", act(store, "w", Vec::new()).await),
    ];
    let noticed = results.into_iter().filter_map(|(name, result)| corrupt(result).then_some(name));
    noticed.collect::<Vec<_>>().join(" ")
}
