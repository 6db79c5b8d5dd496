//! Templates and runs on SQLite. A template is inserted and never updated.

use super::SqliteStore;
use crate::cursor::{self, Place};
use crate::error::StoreError;
use crate::projection::{key, plain};
use crate::query::{Page, PageRequest};
use crate::records::Records;
use crate::rows::{RunRow, TemplateRow};
use crate::stream::RunWrite;
use async_trait::async_trait;
use governance::event::event_digest;
use governance::{DecisionId, RunId, Template, WorkspaceId, canonical};
use sqlx::{Connection as _, QueryBuilder};
use std::collections::BTreeSet;

const TEMPLATE_CREATED: &str = "TEMPLATE_CREATED";

#[async_trait]
impl Records for SqliteStore {
    async fn create_template(&self, workspace: &WorkspaceId, template: &Template) -> Result<(), StoreError> {
        let (created_at, by) = (template.created_at(), template.created_by());
        let payload = template.created_payload();
        let mut conn = self.write().await?;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        let query = sqlx::query(
            "INSERT INTO templates (workspace_id, name, body, created_us) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )
        .bind(workspace.as_str())
        .bind(template.name())
        .bind(canonical::to_string(&template.to_value()))
        .bind(created_at.micros());
        if query.execute(&mut *tx).await?.rows_affected() != 1 {
            return Err(StoreError::Exists("the template"));
        }
        sqlx::query(
            "INSERT INTO template_events (workspace_id, name, seq, type, ts, ts_us, actor_kind, actor_id, payload, digest)
             VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .bind(workspace.as_str())
        .bind(template.name())
        .bind(TEMPLATE_CREATED)
        .bind(created_at.to_string())
        .bind(created_at.micros())
        .bind(by.kind().as_str())
        .bind(by.id())
        .bind(canonical::to_string(&payload))
        .bind(event_digest(TEMPLATE_CREATED, &payload))
        .execute(&mut *tx)
        .await?;
        let labels: BTreeSet<String> = template.policy().labels().iter().map(|label| key(label)).collect();
        for label in labels {
            let query = sqlx::query(
                "INSERT INTO template_labels (workspace_id, label, created_us, name) VALUES (?1, ?2, ?3, ?4)",
            );
            let query = query.bind(workspace.as_str()).bind(label).bind(created_at.micros());
            query.bind(template.name()).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn template(&self, workspace: &WorkspaceId, name: &str) -> Result<Option<Template>, StoreError> {
        let query = sqlx::query_as(
            "SELECT name, body, created_us FROM templates WHERE workspace_id = ?1 AND name = ?2",
        );
        let row: Option<TemplateRow> =
            query.bind(workspace.as_str()).bind(plain(name)).fetch_optional(&self.readers).await?;
        row.map(TemplateRow::template).transpose()
    }

    async fn templates(
        &self,
        workspace: &WorkspaceId,
        label: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Template>, StoreError> {
        let (place, limit) = (cursor::after(page)?, cursor::limit(page));
        let mut query = QueryBuilder::new("SELECT t.name, t.body, t.created_us FROM ");
        let order = if let Some(label) = label {
            query.push(
                "template_labels AS k CROSS JOIN templates AS t
                 ON t.workspace_id = k.workspace_id AND t.name = k.name WHERE k.workspace_id = ",
            );
            query.push_bind(workspace.as_str().to_owned()).push(" AND k.label = ").push_bind(key(label));
            "k"
        } else {
            query.push("templates AS t INDEXED BY templates_by_created WHERE t.workspace_id = ");
            query.push_bind(workspace.as_str().to_owned());
            "t"
        };
        if let Some(Place { created_us, id }) = place {
            for part in [" AND (", order, ".created_us, ", order, ".name) "] {
                query.push(part);
            }
            query.push(if page.oldest_first { "> (" } else { "< (" });
            query.push_bind(created_us).push(", ").push_bind(id).push(")");
        }
        let way = if page.oldest_first { "" } else { " DESC" };
        for part in [" ORDER BY ", order, ".created_us", way, ", ", order, ".name", way, " LIMIT "] {
            query.push(part);
        }
        query.push_bind(i64::try_from(limit + 1).unwrap_or(1));
        let rows: Vec<TemplateRow> = query.build_query_as().fetch_all(&self.readers).await?;
        let page = cursor::cut(rows, limit, TemplateRow::place);
        let rows = page.rows.into_iter().map(TemplateRow::template).collect::<Result<Vec<_>, _>>()?;
        Ok(Page { rows, next: page.next })
    }

    async fn run(&self, workspace: &WorkspaceId, run_id: &RunId) -> Result<Option<RunWrite>, StoreError> {
        let query = sqlx::query_as(
            "SELECT run_id, decision_id, adapter_id, status, started_us, finished_us, bundle FROM runs
             WHERE workspace_id = ?1 AND run_id = ?2",
        );
        let row: Option<RunRow> =
            query.bind(workspace.as_str()).bind(run_id.as_str()).fetch_optional(&self.readers).await?;
        row.map(RunRow::record).transpose()
    }

    async fn run_of(
        &self,
        workspace: &WorkspaceId,
        decision: &DecisionId,
    ) -> Result<Option<RunWrite>, StoreError> {
        let query = sqlx::query_as(
            "SELECT run_id, decision_id, adapter_id, status, started_us, finished_us, bundle FROM runs
             WHERE workspace_id = ?1 AND decision_id = ?2 ORDER BY started_us DESC, run_id DESC LIMIT 1",
        );
        let row: Option<RunRow> =
            query.bind(workspace.as_str()).bind(decision.as_str()).fetch_optional(&self.readers).await?;
        row.map(RunRow::record).transpose()
    }
}
