//! One group as one SQLite transaction, on the one writing connection.

use super::WriteSide;
use super::append::{Array, Batch, CHECK, Prepared, remove};
use crate::change::{Change, ModelChange};
use crate::writer::{Commit, Failure, Head, Outcome, Then, Verdict, directories, judge, slots};
use sqlx::sqlite::SqliteConnection;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The writing task's way to the connection, which it shares with the few other writes.
pub struct Committer {
    /// The connection.
    pub write: Arc<Mutex<WriteSide>>,
}

impl Commit for Committer {
    type Prepared = Prepared;

    async fn commit(&mut self, group: &[&Prepared]) -> Result<Vec<Outcome>, Failure> {
        let mut side = self.write.lock().await;
        let Some(conn) = side.conn.as_mut() else {
            return Err(Failure { error: sqlx::Error::PoolClosed, then: Then::Stop });
        };
        match commit(conn, group).await {
            Ok(outcomes) => Ok(outcomes),
            Err(error) => {
                let then = if roll_back(conn, &error).await { Then::Retry } else { Then::Stop };
                if then == Then::Stop {
                    side.conn = None;
                }
                Err(Failure { error, then })
            }
        }
    }
}

type Found = (i64, Option<i64>, Option<i64>, Option<String>, Option<i64>);

/// Writes what may be written. On an error the transaction may still be open.
async fn commit(conn: &mut SqliteConnection, group: &[&Prepared]) -> Result<Vec<Outcome>, sqlx::Error> {
    let changes = || group.iter().map(|prepared| &prepared.change);
    let (keys, slots) = slots(changes());
    let mut wanted = Array::default();
    for key in keys {
        wanted.add("", &serde_json::json!([key.0, key.1]).to_string());
    }
    let rows: Vec<Found> = sqlx::query_as(CHECK).bind(wanted.close()).fetch_all(&mut *conn).await?;
    let mut position = rows.first().and_then(|row| row.4).unwrap_or(0);
    let heads: HashMap<usize, Head> = rows.into_iter().filter_map(head).collect();
    // Acts write on this same connection: nothing can change the directory before this group is written.
    let mut lengths = HashMap::new();
    for workspace in directories(changes()) {
        let length = sqlx::query_scalar("SELECT log_length FROM workspaces WHERE workspace_id = ?1")
            .bind(workspace)
            .fetch_optional(&mut *conn)
            .await?;
        lengths.extend(length.map(|length: i64| (workspace.to_owned(), length)));
    }
    let verdicts = judge(changes(), &slots, &heads, &lengths);
    let mut batch = Batch::default();
    let mut outcomes = Vec::with_capacity(group.len());
    for (prepared, verdict) in group.iter().zip(verdicts) {
        outcomes.push(match verdict {
            Verdict::Conflict(actual) => Outcome::Conflict(actual),
            Verdict::Outdated => Outcome::Outdated,
            Verdict::Later => Outcome::Later,
            Verdict::Write(generation) => {
                let Change { workspace, id, model, .. } = &prepared.change;
                if let ModelChange::Whole { stale: Some(stale), .. } = model {
                    remove(conn, workspace.as_str(), id.as_str(), stale).await?;
                }
                Outcome::Written(batch.add(prepared, generation, &mut position))
            }
        });
    }
    if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Written(_))) {
        batch.commit(conn).await?;
    } else {
        sqlx::query("ROLLBACK").execute(conn).await?;
    }
    Ok(outcomes)
}

fn head(row: Found) -> Option<(usize, Head)> {
    let (slot, generation, version, origin, _) = row;
    Some((usize::try_from(slot).ok()?, Head { generation: generation?, version: version?, origin: origin? }))
}

/// Ends a failed transaction. False when nothing may be written after it.
async fn roll_back(conn: &mut SqliteConnection, error: &sqlx::Error) -> bool {
    if is_fatal(error) {
        return false;
    }
    match sqlx::query("ROLLBACK").execute(conn).await {
        Ok(_) => true,
        // SQLite has rolled back by itself.
        Err(error) => error.to_string().contains("no transaction is active"),
    }
}

/// Whether the state on disk is unknown after this error: a write or flush failed, or the file is damaged.
fn is_fatal(error: &sqlx::Error) -> bool {
    const IOERR: i32 = 10;
    const CORRUPT: i32 = 11;
    const NOTADB: i32 = 26;
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().and_then(|code| code.parse::<i32>().ok());
            code.is_some_and(|code| [IOERR, CORRUPT, NOTADB].contains(&(code & 0xff)))
        }
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_disk_stop_the_writer() {
        assert!(is_fatal(&sqlx::Error::Io(std::io::Error::other("flush"))));
        assert!(is_fatal(&sqlx::Error::WorkerCrashed));
        assert!(!is_fatal(&sqlx::Error::RowNotFound));
    }
}
