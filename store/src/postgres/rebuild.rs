//! The read model, made again from the log. The log is read stream by stream, so that memory holds one decision
//! and one batch of rows however long it is. One transaction: a crash leaves the old model, never half a new one.

use super::columns::Batch;
use super::{BEGIN, PostgresStore};
use crate::change::Change;
use crate::error::StoreError;
use crate::progress::Progress;
use crate::rows::{DumpRow, LogRow, origin, workspace_id};
use governance::Decision;
use sqlx::postgres::PgConnection;
use std::fmt::{Debug, Write as _};

/// Events read at once.
const READ: i64 = 2_000;
const DUE: &str = "SELECT reason FROM rebuilds_due LIMIT 1";

/// Whether one of the newest streams has no digests: a server of an older release wrote it, beside newer ones. All streams
/// would take too long at every start. On SQLite this cannot be, because an older program refuses the file.
const HOLES: &str = "
    SELECT EXISTS (
        SELECT 1 FROM events AS e
        JOIN streams AS s ON s.workspace_id = e.workspace_id AND s.decision_id = e.decision_id
            AND s.generation = e.generation
        WHERE e.position > (SELECT coalesce(max(position), 0) FROM events) - 10000 AND e.seq = 0
            AND NOT EXISTS (SELECT 1 FROM decision_digests AS g WHERE g.workspace_id = e.workspace_id
                AND g.digest = e.digest AND g.created_us = e.ts_us AND g.decision_id = e.decision_id))";

/// A release that keeps more in the read model than the one before it begins by making it again.
pub async fn catch_up(store: &PostgresStore) -> Result<(), StoreError> {
    let holes: bool = sqlx::query_scalar(HOLES).fetch_one(&store.pool).await?;
    if holes {
        tracing::warn!("a server of an older release wrote to the log beside newer ones; stop it");
        sqlx::query("INSERT INTO rebuilds_due (reason) VALUES ('decision_digests') ON CONFLICT DO NOTHING")
            .execute(&store.pool)
            .await?;
    }
    let due: Option<String> = sqlx::query_scalar(DUE).fetch_optional(&store.pool).await?;
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
pub async fn mark_due(store: &PostgresStore) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO rebuilds_due (reason) VALUES ('daily_figures') ON CONFLICT DO NOTHING")
        .execute(&store.pool)
        .await?;
    Ok(())
}

/// Throws the read model away and writes it again. Returns how many events were read.
pub async fn rebuild(store: &PostgresStore) -> Result<u64, StoreError> {
    again(store, false).await
}

/// The same; `when_due` only if it still is, for another server may have done it meanwhile.
async fn again(store: &PostgresStore, when_due: bool) -> Result<u64, StoreError> {
    let mut tx = store.pool.begin_with(BEGIN).await?;
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
        // On the same connection: with a second one, callers that wait for the lock could use all of them up.
        let rows = read(&mut tx, &at).await?;
        write(&mut tx, std::mem::take(&mut done)).await?;
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

async fn read(conn: &mut PgConnection, at: &(String, String, i64, i64)) -> Result<Vec<LogRow>, StoreError> {
    let query = sqlx::query_as(
        "SELECT e.position, e.workspace_id, e.decision_id, e.generation, e.seq, e.type, e.ts, e.actor_kind,
                e.actor_id, e.payload, e.digest, s.origin
         FROM events AS e
         JOIN streams AS s ON s.workspace_id = e.workspace_id AND s.decision_id = e.decision_id
             AND s.generation = e.generation
         WHERE (e.workspace_id, e.decision_id, e.generation, e.seq) > ($1, $2, $3, $4)
         ORDER BY e.workspace_id, e.decision_id, e.generation, e.seq LIMIT $5",
    )
    .bind(&at.0)
    .bind(&at.1)
    .bind(at.2)
    .bind(at.3)
    .bind(READ);
    Ok(query.fetch_all(conn).await?)
}

async fn write(conn: &mut PgConnection, decisions: Vec<(String, Decision)>) -> Result<(), StoreError> {
    let change = |(workspace, decision): (String, Decision)| {
        Ok(Change::of_rebuild(workspace_id(&workspace, "events")?, &decision))
    };
    let changes = decisions.into_iter().map(change).collect::<Result<Vec<Change>, StoreError>>()?;
    let mut batch = Batch::default();
    for change in &changes {
        batch.add_model(change);
    }
    batch.write(conn).await?;
    Ok(())
}

/// Every table of the read model as text.
pub async fn dump(store: &PostgresStore) -> Result<String, StoreError> {
    let mut out = String::new();
    let pool = &store.pool;
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
