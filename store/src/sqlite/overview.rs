//! What the overview asks, on SQLite.

use super::list::OPEN;
use super::{SqliteStore, rebuild, voices};
use crate::error::StoreError;
use crate::overview::{self, OpenWork, Overview, Sums};
use crate::query::COUNT_CAP;
use crate::rows::decision_id;
use async_trait::async_trait;
use governance::{DecisionId, Timestamp, WorkspaceId};
use sqlx::{QueryBuilder, Sqlite};

#[async_trait]
impl Overview for SqliteStore {
    async fn open_work(&self, workspace: &WorkspaceId, now: Timestamp) -> Result<OpenWork, StoreError> {
        let mut query = open("", workspace.as_str(), now);
        overview::open_work(query.build_query_as().fetch_all(&self.readers).await?, now)
    }

    async fn figures(&self, workspace: &WorkspaceId, from_day: &str) -> Result<Sums, StoreError> {
        let mut query = sums("", workspace.as_str(), from_day);
        let rows: Vec<overview::FigureRow> = query.build_query_as().fetch_all(&self.readers).await?;
        let sums = overview::sums_of(rows)?;
        if sums.disagree {
            rebuild::mark_due(self).await?;
        }
        Ok(sums)
    }

    async fn newest_rejected(
        &self,
        workspace: &WorkspaceId,
        from: Timestamp,
        limit: u32,
    ) -> Result<Vec<DecisionId>, StoreError> {
        let mut query = rejected("", workspace.as_str(), from, limit);
        let ids: Vec<String> = query.build_query_scalar().fetch_all(&self.readers).await?;
        ids.iter().map(|id| decision_id(id, "decisions")).collect()
    }
}

/// What is open, oldest first, and one more than is counted.
pub fn open(head: &str, workspace: &str, now: Timestamp) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push(
        "SELECT d.decision_id, d.origin, d.phase, d.min_approvals, d.approved_until_us, d.created_us, ",
    );
    voices::count(&mut query, now);
    query.push(" AS active_approvals FROM decisions AS d INDEXED BY decisions_open WHERE d.workspace_id = ");
    query.push_bind(workspace.to_owned()).push(OPEN).push(" ORDER BY d.created_us, d.decision_id LIMIT ");
    query.push_bind(i64::from(COUNT_CAP) + 1);
    query
}

/// Sums by month. However much was decided, a day has few rows: one for each person, one for each length of time.
pub fn sums(head: &str, workspace: &str, from_day: &str) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push(
        "SELECT substr(day, 1, 7) AS month, what, who, sum(number) AS number FROM daily_figures
         WHERE workspace_id = ",
    );
    query.push_bind(workspace.to_owned()).push(" AND day >= ").push_bind(from_day.to_owned());
    query.push(" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
    query
}

/// The newest rejections.
pub fn rejected(head: &str, workspace: &str, from: Timestamp, limit: u32) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push(
        "SELECT decision_id FROM decisions INDEXED BY decisions_rejected
         WHERE phase = 'rejected' AND origin = 'native' AND workspace_id = ",
    );
    query.push_bind(workspace.to_owned()).push(" AND updated_us >= ").push_bind(from.micros());
    query.push(" ORDER BY updated_us DESC, decision_id DESC LIMIT ").push_bind(i64::from(limit));
    query
}
