//! The log on SQLite: appends go to the one writer, loads to the reading connections.

use super::append::Prepared;
use super::import::{self, CURRENT};
use super::{SqliteStore, news, rebuild};
use crate::change::Change;
use crate::error::StoreError;
use crate::rows::{LogRow, decision_id, small, streams, workspace_id};
use crate::stream::{Append, Appended, ImportWrite, Log, News, Stream};
use async_trait::async_trait;
use governance::{DecisionId, Event, WorkspaceId};

#[async_trait]
impl Log for SqliteStore {
    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        self.writer.append(Prepared::new(Change::of_append(append)?)?).await
    }

    async fn load(&self, workspace: &WorkspaceId, id: &DecisionId) -> Result<Option<Stream>, StoreError> {
        let query = sqlx::query_as(CURRENT).bind(workspace.as_str()).bind(id.as_str());
        let rows: Vec<LogRow> = query.fetch_all(&self.readers).await?;
        Ok(streams(rows)?.pop())
    }

    async fn doors(
        &self,
        workspace: &WorkspaceId,
        id: &DecisionId,
    ) -> Result<Vec<(u32, String)>, StoreError> {
        let query = sqlx::query_as(import::DOORS).bind(workspace.as_str()).bind(id.as_str());
        let rows: Vec<(i64, String)> = query.fetch_all(&self.readers).await?;
        let read = |(seq, door)| Ok((small(seq, "events", id.as_str())?, door));
        rows.into_iter().map(read).collect()
    }

    async fn import(&self, write: ImportWrite) -> Result<Appended, StoreError> {
        import::import(self, &write).await
    }

    async fn replaced(&self, workspace: &WorkspaceId, id: &DecisionId) -> Result<Vec<Stream>, StoreError> {
        let query = sqlx::query_as(
            "SELECT e.position, e.workspace_id, e.decision_id, e.generation, e.seq, e.type, e.ts, e.actor_kind,
                    e.actor_id, e.payload, e.digest, s.origin
             FROM replaced_streams AS s
             JOIN events AS e ON e.workspace_id = s.workspace_id AND e.decision_id = s.decision_id
                 AND e.generation = s.generation
             WHERE s.workspace_id = ?1 AND s.decision_id = ?2
             ORDER BY e.generation, e.seq",
        );
        let rows: Vec<LogRow> =
            query.bind(workspace.as_str()).bind(id.as_str()).fetch_all(&self.readers).await?;
        streams(rows)
    }

    async fn unfinished(&self) -> Result<Vec<(WorkspaceId, DecisionId)>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT workspace_id, decision_id FROM decisions INDEXED BY decisions_executing
             WHERE phase = 'executing' AND origin = 'native' ORDER BY workspace_id, decision_id",
        )
        .fetch_all(&self.readers)
        .await?;
        let ids = |(workspace, id): (String, String)| {
            Ok((workspace_id(&workspace, "decisions")?, decision_id(&id, "decisions")?))
        };
        rows.into_iter().map(ids).collect()
    }

    async fn rebuild(&self) -> Result<u64, StoreError> {
        rebuild::rebuild(self).await
    }

    async fn dump_read_model(&self) -> Result<String, StoreError> {
        rebuild::dump(self).await
    }

    async fn head(&self) -> Result<i64, StoreError> {
        let head: Option<i64> =
            sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(&self.readers).await?;
        Ok(head.unwrap_or(0))
    }

    async fn events_after(
        &self,
        workspace: &WorkspaceId,
        position: i64,
        limit: u32,
    ) -> Result<Vec<(i64, DecisionId, Event)>, StoreError> {
        let query = sqlx::query_as(
            "SELECT position, workspace_id, decision_id, generation, seq, type, ts, actor_kind, actor_id, payload,
                    digest
             FROM events INDEXED BY events_by_workspace
             WHERE workspace_id = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
        );
        let rows: Vec<LogRow> =
            query.bind(workspace.as_str()).bind(position).bind(limit).fetch_all(&self.readers).await?;
        rows.into_iter().map(|row| Ok((row.position, row.decision()?, row.event()?))).collect()
    }

    async fn visible_after(
        &self,
        workspace: &WorkspaceId,
        position: i64,
        visible_to: Option<&[String]>,
        limit: u32,
    ) -> Result<News, StoreError> {
        news::visible_after(self, workspace, position, visible_to, limit).await
    }

    fn commit_counts(&self) -> (u64, u64) {
        self.writer.counts()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        // A store that can no longer write does not answer in any useful sense; one that is writing does.
        match self.write.try_lock() {
            Ok(side) if side.conn.is_none() => Err(StoreError::Stopped),
            _ => Ok(()),
        }
    }

    async fn close(&self) {
        self.shut().await;
    }
}
