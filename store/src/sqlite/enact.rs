//! Administrative acts on SQLite: the transaction around them, and the logs that they leave.

use super::SqliteStore;
use crate::acts::{self, Param, Texts, Transaction};
use crate::directory_rows::{EntryRow, log_page, page_limit, whole_log};
use crate::enact::{Acts, Enactment, LogPage};
use crate::error::StoreError;
use crate::projection::plain;
use async_trait::async_trait;
use governance::WorkspaceId;
use governance::workspace_log::Entry;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT workspace_id, seq, type, ts, actor_kind, actor_id, door, address, payload, digest, chain
             FROM workspace_events WHERE workspace_id = ?1 ",
            $rest
        )
    };
}

#[async_trait]
impl Acts for SqliteStore {
    async fn enact(&self, enactment: Enactment) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
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
        let query = sqlx::query_as(entries!("AND seq < ?2 ORDER BY seq DESC LIMIT ?3"))
            .bind(workspace.as_str())
            .bind(before.map_or(i64::MAX, i64::from))
            .bind(i64::from(limit) + 1);
        let rows: Vec<EntryRow> = query.fetch_all(&self.readers).await?;
        log_page(rows, limit)
    }

    async fn whole_workspace_log(&self, workspace: &WorkspaceId) -> Result<Vec<Entry>, StoreError> {
        let query = sqlx::query_as(entries!("ORDER BY seq")).bind(workspace.as_str());
        let rows: Vec<EntryRow> = query.fetch_all(&self.readers).await?;
        whole_log(rows)
    }

    async fn latest_entry(&self, workspace: &WorkspaceId, kind: &str) -> Result<Option<Entry>, StoreError> {
        let query = sqlx::query_as(entries!("AND type = ?2 ORDER BY seq DESC LIMIT 1"))
            .bind(workspace.as_str())
            .bind(plain(kind));
        let row: Option<EntryRow> = query.fetch_optional(&self.readers).await?;
        row.map(EntryRow::entry).transpose()
    }
}

#[async_trait]
impl Transaction for SqliteConnection {
    async fn run(&mut self, sql: &'static str, values: &[Param]) -> Result<u64, sqlx::Error> {
        let mut query = sqlx::query(sql);
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
        let mut query = sqlx::query_as(sql);
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
             WHERE w.workspace_id = ?1",
        );
        query.bind(workspace.as_str()).fetch_optional(self).await
    }
}
