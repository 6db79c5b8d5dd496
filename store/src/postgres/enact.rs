//! Administrative acts on Postgres: the transaction around them, and the logs that they leave.

use super::PostgresStore;
use crate::acts::{self, Param, Texts, Transaction};
use crate::directory_rows::{EntryRow, log_page, page_limit, whole_log};
use crate::enact::{Acts, Enactment, LogPage};
use crate::error::StoreError;
use crate::projection::plain;
use async_trait::async_trait;
use governance::WorkspaceId;
use governance::workspace_log::Entry;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT workspace_id, seq, type, ts, actor_kind, actor_id, door, address, payload, digest, chain
             FROM workspace_events WHERE workspace_id = $1 ",
            $rest
        )
    };
}

/// Begins a transaction of acts. They are rare, so that one lock lets them in one at a time, whatever they are about:
/// what an act has read stays true until it has written.
const BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(7165892340126812)";

/// Holds off the appends that rest on the directory of these workspaces. In order: whoever locks several of them does
/// it in the same one.
const HOLD: &str = "SELECT workspace_id FROM workspaces WHERE workspace_id = ANY ($1)
                    ORDER BY workspace_id FOR UPDATE";

#[async_trait]
impl Acts for PostgresStore {
    async fn enact(&self, enactment: Enactment) -> Result<(), StoreError> {
        let named = enactment.entries.iter().map(|(workspace, _)| workspace);
        let named = named.chain(enactment.expected.iter().map(|(workspace, _)| workspace));
        let named: Vec<&str> = named.map(WorkspaceId::as_str).collect();
        let mut tx = self.pool.begin_with(BEGIN).await?;
        sqlx::query(HOLD).bind(named).execute(&mut *tx).await?;
        acts::enact(&mut *tx, enactment).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn workspace_log(
        &self,
        workspace: &WorkspaceId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<LogPage, StoreError> {
        let limit = page_limit(limit);
        let query = sqlx::query_as(entries!("AND seq < $2 ORDER BY seq DESC LIMIT $3"))
            .bind(workspace.as_str())
            .bind(before.map_or(i64::MAX, i64::from))
            .bind(i64::from(limit) + 1);
        let rows: Vec<EntryRow> = query.fetch_all(&self.pool).await?;
        log_page(rows, limit)
    }

    async fn whole_workspace_log(&self, workspace: &WorkspaceId) -> Result<Vec<Entry>, StoreError> {
        let query = sqlx::query_as(entries!("ORDER BY seq")).bind(workspace.as_str());
        let rows: Vec<EntryRow> = query.fetch_all(&self.pool).await?;
        whole_log(rows)
    }

    async fn latest_entry(&self, workspace: &WorkspaceId, kind: &str) -> Result<Option<Entry>, StoreError> {
        let query = sqlx::query_as(entries!("AND type = $2 ORDER BY seq DESC LIMIT 1"))
            .bind(workspace.as_str())
            .bind(plain(kind));
        let row: Option<EntryRow> = query.fetch_optional(&self.pool).await?;
        row.map(EntryRow::entry).transpose()
    }
}

#[async_trait]
impl Transaction for PgConnection {
    async fn run(&mut self, sql: &'static str, values: &[Param]) -> Result<u64, sqlx::Error> {
        let mut query = sqlx::query(numbered(sql));
        for value in values {
            query = match value {
                Param::Text(text) => query.bind(text),
                Param::MaybeText(text) => query.bind(text),
                Param::Number(number) => query.bind(number),
                Param::Flag(flag) => query.bind(flag),
            };
        }
        Ok(query.execute(self).await?.rows_affected())
    }

    async fn texts(&mut self, sql: &'static str, values: &[Param]) -> Result<Vec<Texts>, sqlx::Error> {
        let mut query = sqlx::query_as(numbered(sql));
        for value in values {
            query = match value {
                Param::Text(text) => query.bind(text),
                Param::MaybeText(text) => query.bind(text),
                Param::Number(number) => query.bind(number),
                Param::Flag(flag) => query.bind(flag),
            };
        }
        query.fetch_all(self).await
    }

    async fn log_end(
        &mut self,
        workspace: &WorkspaceId,
    ) -> Result<Option<(i64, Option<String>)>, sqlx::Error> {
        let query = sqlx::query_as(
            "SELECT w.log_length, e.chain FROM workspaces AS w
             LEFT JOIN workspace_events AS e ON e.workspace_id = w.workspace_id AND e.seq = w.log_length - 1
             WHERE w.workspace_id = $1",
        );
        query.bind(workspace.as_str()).fetch_optional(self).await
    }
}

/// The statement with values numbered as Postgres does it. No statement of an act holds another question mark.
fn numbered(sql: &'static str) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.replace('?', "$"))
}
