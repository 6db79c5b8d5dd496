//! Imports: a whole stream at once, in a transaction of its own. A stream that it replaces stays in the log, one
//! generation older.

use super::append::remove;
use super::columns::Batch;
use super::{BEGIN, PostgresStore};
use crate::change::{Change, ModelChange};
use crate::error::StoreError;
use crate::rows::{LogRow, streams};
use crate::stream::{Appended, ImportWrite};

/// A stream with its events, as it stands now.
pub const CURRENT: &str = "
    SELECT e.position, e.workspace_id, e.decision_id, e.generation, e.seq, e.type, e.ts, e.actor_kind, e.actor_id,
           e.payload, e.digest, s.origin
    FROM streams AS s
    JOIN events AS e ON e.workspace_id = s.workspace_id AND e.decision_id = s.decision_id
        AND e.generation = s.generation
    WHERE s.workspace_id = $1 AND s.decision_id = $2
    ORDER BY e.seq";

/// Through which doors its events came, where that was noted.
pub const DOORS: &str = "
    SELECT e.seq, e.door
    FROM streams AS s
    JOIN events AS e ON e.workspace_id = s.workspace_id AND e.decision_id = s.decision_id
        AND e.generation = s.generation
    WHERE s.workspace_id = $1 AND s.decision_id = $2 AND e.door IS NOT NULL
    ORDER BY e.seq";

/// Writes an import.
pub async fn import(store: &PostgresStore, import: &ImportWrite) -> Result<Appended, StoreError> {
    let (workspace, id) = (import.workspace.as_str(), import.decision.id.as_str());
    let mut tx = store.pool.begin_with(BEGIN).await?;
    let there: Option<i64> =
        sqlx::query_scalar("SELECT generation FROM streams WHERE workspace_id = $1 AND decision_id = $2")
            .bind(workspace)
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
    if there.is_some() && !import.overwrite {
        return Err(StoreError::Exists("the decision"));
    }
    let old: Vec<LogRow> = sqlx::query_as(CURRENT).bind(workspace).bind(id).fetch_all(&mut *tx).await?;
    let change = Change::of_import(import, streams(old)?.pop())?;
    for statement in [
        "INSERT INTO replaced_streams SELECT * FROM streams WHERE workspace_id = $1 AND decision_id = $2",
        "DELETE FROM streams WHERE workspace_id = $1 AND decision_id = $2",
    ] {
        sqlx::query(statement).bind(workspace).bind(id).execute(&mut *tx).await?;
    }
    if let ModelChange::Whole { stale: Some(stale), .. } = &change.model {
        remove(&mut tx, workspace, id, stale).await?;
    }
    let head: Option<i64> =
        sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(&mut *tx).await?;
    let mut head = head.unwrap_or(0);
    let mut batch = Batch::default();
    let appended = batch.add(&change, there.map_or(0, |generation| generation + 1), &mut head);
    batch.write(&mut tx).await?;
    sqlx::query(
        "UPDATE streams SET imported_by = $3, imported_us = $4 WHERE workspace_id = $1 AND decision_id = $2",
    )
    .bind(workspace)
    .bind(id)
    .bind(crate::projection::plain(&import.imported_by))
    .bind(import.imported_at.micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(appended)
}
