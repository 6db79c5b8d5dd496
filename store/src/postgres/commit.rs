//! One group as one Postgres transaction, under the lock that all processes share.

use super::BEGIN;
use super::append::remove;
use super::columns::Batch;
use crate::change::{Change, ModelChange};
use crate::writer::{Commit, Failure, Head, Outcome, Then, Verdict, directories, judge, slots};
use sqlx::postgres::{PgConnection, PgPool};
use std::collections::{BTreeSet, HashMap};

/// The writing task's way to the database.
pub struct Committer {
    /// The connections of this process.
    pub pool: PgPool,
}

impl AsRef<Change> for Change {
    fn as_ref(&self) -> &Change {
        self
    }
}

impl Commit for Committer {
    type Prepared = Change;

    async fn commit(&mut self, group: &[&Change]) -> Result<Vec<Outcome>, Failure> {
        // Before COMMIT is sent nothing can have been written; a transaction that is dropped is rolled back.
        let before = |error: sqlx::Error| {
            let refused = matches!(error, sqlx::Error::Database(_) | sqlx::Error::Encode(_));
            Failure { then: if refused { Then::Retry } else { Then::Tell }, error }
        };
        let mut tx = self.pool.begin_with(BEGIN).await.map_err(before)?;
        let outcomes = write(&mut tx, group).await.map_err(before)?;
        if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Written(_))) {
            tx.commit().await.map_err(|error| Failure { error, then: Then::Tell })?;
        } else {
            tx.rollback().await.map_err(before)?;
        }
        Ok(outcomes)
    }
}

type Found = (i64, Option<i64>, Option<i64>, Option<String>, Option<i64>);

async fn write(conn: &mut PgConnection, group: &[&Change]) -> Result<Vec<Outcome>, sqlx::Error> {
    let (keys, slots) = slots(group.iter().copied());
    let (workspaces, decisions): (Vec<&str>, Vec<&str>) = keys.into_iter().unzip();
    let rows: Vec<Found> = sqlx::query_as(
        "SELECT k.slot, s.generation, s.version, s.origin, (SELECT max(position) FROM events)
         FROM UNNEST($1::text[], $2::text[]) WITH ORDINALITY AS k (workspace_id, decision_id, slot)
         LEFT JOIN streams AS s ON s.workspace_id = k.workspace_id AND s.decision_id = k.decision_id",
    )
    .bind(workspaces)
    .bind(decisions)
    .fetch_all(&mut *conn)
    .await?;
    let mut position = rows.first().and_then(|row| row.4).unwrap_or(0);
    let heads: HashMap<usize, Head> = rows.into_iter().filter_map(head).collect();
    let lengths = lengths(conn, directories(group.iter().copied())).await?;
    let verdicts = judge(group.iter().copied(), &slots, &heads, &lengths);
    let mut batch = Batch::default();
    let mut outcomes = Vec::with_capacity(group.len());
    for (change, verdict) in group.iter().zip(verdicts) {
        outcomes.push(match verdict {
            Verdict::Conflict(actual) => Outcome::Conflict(actual),
            Verdict::Outdated => Outcome::Outdated,
            Verdict::Later => Outcome::Later,
            Verdict::Write(generation) => {
                if let ModelChange::Whole { stale: Some(stale), .. } = &change.model {
                    remove(conn, change.workspace.as_str(), change.id.as_str(), stale).await?;
                }
                Outcome::Written(batch.add(change, generation, &mut position))
            }
        });
    }
    if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Written(_))) {
        batch.write(conn).await?;
    }
    Ok(outcomes)
}

/// How long the logs of these workspaces are, until the end of the transaction: an act that wants to write there waits
/// for it, and one that has begun is waited for. Everybody locks in the order of the ids, so that no two wait for
/// each other.
async fn lengths(
    conn: &mut PgConnection,
    workspaces: BTreeSet<&str>,
) -> Result<HashMap<String, i64>, sqlx::Error> {
    if workspaces.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT workspace_id, log_length FROM workspaces WHERE workspace_id = ANY($1)
         ORDER BY workspace_id FOR SHARE",
    )
    .bind(workspaces.into_iter().collect::<Vec<&str>>())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}

fn head(row: Found) -> Option<(usize, Head)> {
    let (ordinal, generation, version, origin, _) = row;
    let slot = usize::try_from(ordinal.checked_sub(1)?).ok()?;
    Some((slot, Head { generation: generation?, version: version?, origin: origin? }))
}
