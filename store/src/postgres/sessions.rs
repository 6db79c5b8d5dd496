//! Sessions on Postgres. Saving updates and never inserts, so that a session that was ended stays ended.

use super::PostgresStore;
use crate::error::StoreError;
use crate::projection::plain;
use crate::rows::SessionRow;
use crate::sessions::{SessionRecord, Sessions};
use async_trait::async_trait;
use governance::{PersonId, Timestamp};

#[async_trait]
impl Sessions for PostgresStore {
    async fn create_session(&self, session: &SessionRecord) -> Result<bool, StoreError> {
        let query = sqlx::query(
            "INSERT INTO sessions (id_hash, data, person_id, created_us, expires_us) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(&session.id_hash)
        .bind(plain(&session.data))
        .bind(session.person.as_ref().map(PersonId::as_str))
        .bind(session.created_at.micros())
        .bind(session.expires_at.micros());
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    async fn load_session(&self, id_hash: &str, now: Timestamp) -> Result<Option<SessionRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT id_hash, data, person_id, created_us, expires_us FROM sessions
             WHERE id_hash = $1 AND expires_us > $2",
        );
        let row: Option<SessionRow> =
            query.bind(id_hash).bind(now.micros()).fetch_optional(&self.pool).await?;
        row.map(SessionRow::record).transpose()
    }

    async fn save_session(&self, session: &SessionRecord) -> Result<bool, StoreError> {
        let query =
            sqlx::query("UPDATE sessions SET data = $2, person_id = $3, expires_us = $4 WHERE id_hash = $1")
                .bind(&session.id_hash)
                .bind(plain(&session.data))
                .bind(session.person.as_ref().map(PersonId::as_str))
                .bind(session.expires_at.micros());
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    async fn delete_session(&self, id_hash: &str) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE id_hash = $1").bind(id_hash);
        query.execute(&self.pool).await?;
        Ok(())
    }

    async fn delete_sessions_of(&self, person: &PersonId) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE person_id = $1").bind(person.as_str());
        Ok(query.execute(&self.pool).await?.rows_affected())
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE expires_us <= $1").bind(now.micros());
        Ok(query.execute(&self.pool).await?.rows_affected())
    }
}
