//! The read model, made again from the log. The log is read stream by stream, so that memory holds one decision
//! and one batch of rows however long it is. One transaction: a crash leaves the old model, never half a new one.

use super::SqliteStore;
use super::append::{Batch, Prepared};
use crate::change::Change;
use crate::error::StoreError;
use crate::progress::Progress;
use crate::rows::{DumpRow, LogRow, origin, workspace_id};
use governance::Decision;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use std::fmt::{Debug, Write as _};

/// Events read at once.
const READ: i64 = 2_000;
const DUE: &str = "SELECT reason FROM rebuilds_due LIMIT 1";

/// A release that keeps more in the read model than the one before it begins by making it again.
pub async fn catch_up(store: &SqliteStore) -> Result<(), StoreError> {
    let due: Option<String> = sqlx::query_scalar(DUE).fetch_optional(&store.readers).await?;
    if let Some(reason) = due {
        tracing::info!(
            reason,
            "the read model is made again from the log; nothing is answered until it is done"
        );
        again(store, true).await?;
    }
    Ok(())
}

/// Notes that sums were found to be wrong.
pub async fn mark_due(store: &SqliteStore) -> Result<(), StoreError> {
    sqlx::query("INSERT OR IGNORE INTO rebuilds_due (reason) VALUES ('daily_figures')")
        .execute(&mut *store.write().await?)
        .await?;
    Ok(())
}

/// Throws the read model away and writes it again. Returns how many events were read.
pub async fn rebuild(store: &SqliteStore) -> Result<u64, StoreError> {
    again(store, false).await
}

/// The same; `when_due` only if it still is, for another server may have done it meanwhile.
async fn again(store: &SqliteStore, when_due: bool) -> Result<u64, StoreError> {
    let mut conn = store.write().await?;
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    let due: Option<String> = sqlx::query_scalar(DUE).fetch_optional(&mut *tx).await?;
    if when_due && due.is_none() {
        return Ok(0);
    }
    let of: i64 =
        sqlx::query_scalar("SELECT coalesce(max(position), 0) FROM events").fetch_one(&mut *tx).await?;
    let mut progress = Progress::of(of);
    for statement in [
        "DELETE FROM decisions",
        "DELETE FROM decision_approvals",
        "DELETE FROM decision_labels",
        "DELETE FROM decision_people",
        "DELETE FROM decision_words",
        "DELETE FROM daily_figures",
        "DELETE FROM rebuilds_due",
        "DELETE FROM decision_digests",
    ] {
        sqlx::query(statement).execute(&mut *tx).await?;
    }
    let (mut count, mut at) = (0, (String::new(), String::new(), 0, 0));
    let mut open: Option<(String, Decision)> = None;
    let mut done: Vec<(String, Decision)> = Vec::new();
    loop {
        // The log does not change meanwhile: nothing else may write. So another connection reads ahead.
        let write = write(&mut tx, std::mem::take(&mut done));
        let (rows, ()) = tokio::try_join!(read(&store.readers, &at), write)?;
        if rows.is_empty() {
            break;
        }
        progress.say(count);
        for row in rows {
            count += 1;
            at = (row.workspace_id.clone(), row.decision_id.clone(), row.generation, row.seq);
            let same = |(workspace, decision): &(String, Decision)| {
                *workspace == row.workspace_id && decision.id.as_str() == row.decision_id
            };
            if !open.as_ref().is_some_and(same) {
                let begun = Decision::empty(row.decision()?, origin(&row.origin, &at.1)?);
                done.extend(open.replace((at.0.clone(), begun)));
            }
            if let Some((_, decision)) = &mut open {
                decision.evolve(row.event()?);
            }
        }
    }
    done.extend(open);
    write(&mut tx, done).await?;
    tx.commit().await?;
    Ok(count)
}

async fn read(pool: &SqlitePool, at: &(String, String, i64, i64)) -> Result<Vec<LogRow>, StoreError> {
    let query = sqlx::query_as(
        "SELECT e.position, e.workspace_id, e.decision_id, e.generation, e.seq, e.type, e.ts, e.actor_kind,
                e.actor_id, e.payload, e.digest, s.origin
         FROM events AS e
         CROSS JOIN streams AS s ON s.workspace_id = e.workspace_id AND s.decision_id = e.decision_id
             AND s.generation = e.generation
         WHERE (e.workspace_id, e.decision_id, e.generation, e.seq) > (?1, ?2, ?3, ?4)
         ORDER BY e.workspace_id, e.decision_id, e.generation, e.seq LIMIT ?5",
    )
    .bind(&at.0)
    .bind(&at.1)
    .bind(at.2)
    .bind(at.3)
    .bind(READ);
    Ok(query.fetch_all(pool).await?)
}

async fn write(conn: &mut SqliteConnection, decisions: Vec<(String, Decision)>) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    for (workspace, decision) in decisions {
        let change = Change::of_rebuild(workspace_id(&workspace, "events")?, &decision);
        batch.add_model(&Prepared::new(change)?);
    }
    batch.write(conn).await?;
    Ok(())
}

/// Every table of the read model as text.
pub async fn dump(store: &SqliteStore) -> Result<String, StoreError> {
    let mut out = String::new();
    let pool = &store.readers;
    let rows: Vec<DumpRow> = sqlx::query_as(
        "SELECT workspace_id, decision_id, origin, phase, version, goal, mode, requester, template, labels,
                min_approvals, forbid_self_approval, approved_until_us, created_us, updated_us
         FROM decisions ORDER BY workspace_id, decision_id",
    )
    .fetch_all(pool)
    .await?;
    lines(&mut out, "decisions", &rows);
    let rows: Vec<(String, String, String, i64, i64, bool, bool)> = sqlx::query_as(
        "SELECT workspace_id, decision_id, actor_id, granted_us, expires_us, revoked, fills_seat
         FROM decision_approvals ORDER BY workspace_id, decision_id, actor_id",
    )
    .fetch_all(pool)
    .await?;
    lines(&mut out, "decision_approvals", &rows);
    for (table, statement) in [
        (
            "decision_labels",
            "SELECT workspace_id, label, created_us, decision_id FROM decision_labels ORDER BY 1, 2, 3, 4",
        ),
        (
            "decision_people",
            "SELECT workspace_id, actor_id, created_us, decision_id FROM decision_people ORDER BY 1, 2, 3, 4",
        ),
        (
            "decision_words",
            "SELECT workspace_id, word, created_us, decision_id FROM decision_words ORDER BY 1, 2, 3, 4",
        ),
        (
            "decision_digests",
            "SELECT workspace_id, digest, created_us, decision_id FROM decision_digests ORDER BY 1, 2, 3, 4",
        ),
    ] {
        let rows: Vec<(String, String, i64, String)> = sqlx::query_as(statement).fetch_all(pool).await?;
        lines(&mut out, table, &rows);
    }
    let rows: Vec<(String, String, String, String, i64)> = sqlx::query_as(
        "SELECT workspace_id, day, what, who, number FROM daily_figures ORDER BY workspace_id, day, what, who",
    )
    .fetch_all(pool)
    .await?;
    lines(&mut out, "daily_figures", &rows);
    Ok(out)
}

fn lines<T: Debug>(out: &mut String, table: &str, rows: &[T]) {
    for row in rows {
        // INVARIANT: writing into a String cannot fail.
        let _ = writeln!(out, "{table} {row:?}");
    }
}
