//! Sessions on SQLite. Saving updates and never inserts, so that a session that was ended stays ended.

use super::SqliteStore;
use crate::error::StoreError;
use crate::identity_rows::{SessionRow, session_columns};
use crate::projection::plain;
use crate::sessions::{SessionRecord, Sessions};
use async_trait::async_trait;
use governance::{PersonId, Timestamp, WorkspaceId};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{QueryBuilder, Sqlite};

#[async_trait]
impl Sessions for SqliteStore {
    async fn create_session(&self, session: &SessionRecord) -> Result<bool, StoreError> {
        let query = filled(
            concat!(
                "INSERT INTO sessions (",
                session_columns!(),
                ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?12, ?10, ?11) ON CONFLICT DO NOTHING"
            ),
            session,
        );
        let query = query.bind(session.created_at.micros());
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected() == 1)
    }

    async fn load_session(&self, id_hash: &str, now: Timestamp) -> Result<Option<SessionRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions WHERE id_hash = ?1 AND expires_us > ?2"
        ));
        let row: Option<SessionRow> =
            query.bind(id_hash).bind(now.micros()).fetch_optional(&self.readers).await?;
        row.map(SessionRow::record).transpose()
    }

    async fn save_session(&self, session: &SessionRecord) -> Result<bool, StoreError> {
        let query = filled(
            "UPDATE sessions SET data = ?2, person_id = ?3, workspace_id = ?4, issuer = ?5, subject = ?6,
                                 provider_session = ?7, address = ?8, agent = ?9, seen_us = ?10, expires_us = ?11
             WHERE id_hash = ?1",
            session,
        );
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected() == 1)
    }

    async fn delete_session(&self, id_hash: &str) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE id_hash = ?1").bind(id_hash);
        query.execute(&mut *self.write().await?).await?;
        Ok(())
    }

    async fn sessions_of(
        &self,
        person: &PersonId,
        workspace: Option<&WorkspaceId>,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions INDEXED BY sessions_by_person
             WHERE person_id = ?1 AND expires_us > ?2 AND (?3 IS NULL OR workspace_id = ?3)
             ORDER BY seen_us DESC, created_us DESC, id_hash"
        ));
        let query = query.bind(person.as_str()).bind(now.micros()).bind(workspace.map(WorkspaceId::as_str));
        let rows: Vec<SessionRow> = query.fetch_all(&self.readers).await?;
        rows.into_iter().map(SessionRow::record).collect()
    }

    async fn delete_vouched_sessions(
        &self,
        issuer: &str,
        subject: Option<&str>,
        session: Option<&str>,
    ) -> Result<u64, StoreError> {
        if subject.is_none() && session.is_none() {
            return Ok(0);
        }
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("DELETE FROM sessions WHERE issuer = ");
        query.push_bind(plain(issuer));
        for (column, value) in [(" AND subject = ", subject), (" AND provider_session = ", session)] {
            if let Some(value) = value {
                query.push(column).push_bind(plain(value));
            }
        }
        Ok(query.build().execute(&mut *self.write().await?).await?.rows_affected())
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE expires_us <= ?1").bind(now.micros());
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected())
    }
}

/// A statement with what may change of a session: parameters 1 to 11.
fn filled<'q>(statement: &'static str, session: &'q SessionRecord) -> Query<'q, Sqlite, SqliteArguments> {
    let vouched = session.vouched.as_ref();
    sqlx::query(statement)
        .bind(&session.id_hash)
        .bind(plain(&session.data))
        .bind(session.person.as_ref().map(PersonId::as_str))
        .bind(session.workspace.as_ref().map(WorkspaceId::as_str))
        .bind(vouched.map(|vouched| plain(&vouched.issuer)))
        .bind(vouched.map(|vouched| plain(&vouched.subject)))
        .bind(vouched.and_then(|vouched| vouched.session.as_deref()).map(plain))
        .bind(plain(&session.address))
        .bind(plain(&session.agent))
        .bind(session.seen_at.micros())
        .bind(session.expires_at.micros())
}
