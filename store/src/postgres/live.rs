//! Runs while they run, on Postgres. A run and whoever wants it to stop write different columns of one row, so that
//! neither undoes what the other said.

use super::PostgresStore;
use crate::error::StoreError;
use crate::live::{CancelWish, LiveRun, LiveRuns};
use crate::machine_rows::{CancelRow, LiveRow};
use crate::projection::plain;
use async_trait::async_trait;
use governance::{DecisionId, RunId, WorkspaceId};

#[async_trait]
impl LiveRuns for PostgresStore {
    async fn put_live(
        &self,
        workspace: &WorkspaceId,
        live: &LiveRun,
    ) -> Result<Option<CancelWish>, StoreError> {
        let query = sqlx::query_as(
            "INSERT INTO live_runs (workspace_id, run_id, decision_id, heard_us, steps, doing, tail)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (workspace_id, run_id) DO UPDATE SET
                 decision_id = excluded.decision_id, heard_us = excluded.heard_us, steps = excluded.steps,
                 doing = excluded.doing, tail = excluded.tail
             RETURNING cancel_by, cancel_us",
        )
        .bind(workspace.as_str())
        .bind(live.run_id.as_str())
        .bind(live.decision_id.as_str())
        .bind(live.heard_at.micros())
        .bind(i64::from(live.steps))
        .bind(plain(&live.doing))
        .bind(plain(&live.tail));
        let row: CancelRow = query.fetch_one(&self.pool).await?;
        row.wish(live.run_id.as_str())
    }

    async fn wish_cancel(
        &self,
        workspace: &WorkspaceId,
        run_id: &RunId,
        decision: &DecisionId,
        wish: &CancelWish,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO live_runs (workspace_id, run_id, decision_id, heard_us, steps, doing, tail, cancel_by,
                                    cancel_us)
             VALUES ($1, $2, $3, $5, 0, '', '', $4, $5)
             ON CONFLICT (workspace_id, run_id) DO UPDATE SET
                 cancel_by = excluded.cancel_by, cancel_us = excluded.cancel_us
             WHERE live_runs.cancel_us IS NULL",
        )
        .bind(workspace.as_str())
        .bind(run_id.as_str())
        .bind(decision.as_str())
        .bind(plain(&wish.by))
        .bind(wish.at.micros());
        query.execute(&self.pool).await?;
        Ok(())
    }

    async fn live_run(&self, workspace: &WorkspaceId, run_id: &RunId) -> Result<Option<LiveRun>, StoreError> {
        let query = sqlx::query_as(
            "SELECT run_id, decision_id, heard_us, steps, doing, tail, cancel_by, cancel_us
             FROM live_runs WHERE workspace_id = $1 AND run_id = $2",
        );
        let row: Option<LiveRow> =
            query.bind(workspace.as_str()).bind(run_id.as_str()).fetch_optional(&self.pool).await?;
        row.map(LiveRow::record).transpose()
    }

    async fn delete_live(&self, workspace: &WorkspaceId, run_id: &RunId) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM live_runs WHERE workspace_id = $1 AND run_id = $2");
        query.bind(workspace.as_str()).bind(run_id.as_str()).execute(&self.pool).await?;
        Ok(())
    }
}
