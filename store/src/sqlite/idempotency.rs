//! Keys of calls, on SQLite. Answers are kept and keys given back by the claim that took them alone: one that was
//! deleted as too old meanwhile has no say in who came after it.

use super::SqliteStore;
use crate::error::StoreError;
use crate::idempotency::{Answer, Claim, Claimed, Idempotency};
use crate::machine_rows::ClaimRow;
use crate::projection::{key, plain};
use async_trait::async_trait;
use governance::Timestamp;
use sqlx::Sqlite;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;

#[async_trait]
impl Idempotency for SqliteStore {
    async fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        // Both statements on the one connection that writes: nothing comes in between.
        let mut conn = self.write().await?;
        let taken = claimed(
            "INSERT INTO idempotency_keys (workspace_id, actor_id, key, request_digest, claimed_us)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            claim,
        );
        if taken.execute(&mut *conn).await?.rows_affected() == 1 {
            return Ok(Claimed::Fresh);
        }
        let query = sqlx::query_as(
            "SELECT request_digest, claimed_us, status, content_type, location, body
             FROM idempotency_keys WHERE workspace_id = ?1 AND actor_id = ?2 AND key = ?3",
        )
        .bind(claim.workspace.as_str())
        .bind(plain(&claim.actor))
        .bind(key(&claim.key));
        let row: ClaimRow = query.fetch_one(&mut *conn).await?;
        row.taken(&claim.key)
    }

    async fn settle(&self, claim: &Claim, answer: &Answer) -> Result<(), StoreError> {
        let query = claimed(
            "UPDATE idempotency_keys SET status = COALESCE(status, ?6), content_type = COALESCE(content_type, ?7),
                                         body = COALESCE(body, ?8),
                                         location = CASE WHEN status IS NULL THEN ?9 ELSE location END
             WHERE workspace_id = ?1 AND actor_id = ?2 AND key = ?3 AND request_digest = ?4 AND claimed_us = ?5",
            claim,
        )
        .bind(answer.status)
        .bind(plain(&answer.content_type))
        .bind(plain(&answer.body))
        .bind(answer.location.as_deref().map(plain));
        match query.execute(&mut *self.write().await?).await?.rows_affected() {
            0 => Err(StoreError::Gone("idempotency key")),
            _ => Ok(()),
        }
    }

    async fn release(&self, claim: &Claim) -> Result<(), StoreError> {
        let query = claimed(
            "DELETE FROM idempotency_keys
             WHERE workspace_id = ?1 AND actor_id = ?2 AND key = ?3 AND request_digest = ?4 AND claimed_us = ?5
                 AND status IS NULL",
            claim,
        );
        query.execute(&mut *self.write().await?).await?;
        Ok(())
    }

    async fn delete_claims_before(&self, moment: Timestamp) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM idempotency_keys WHERE claimed_us < ?1").bind(moment.micros());
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected())
    }
}

/// A statement with all of a claim: parameters 1 to 5.
fn claimed(statement: &'static str, claim: &Claim) -> Query<'static, Sqlite, SqliteArguments> {
    sqlx::query(statement)
        .bind(claim.workspace.to_string())
        .bind(plain(&claim.actor))
        .bind(key(&claim.key))
        .bind(plain(&claim.request_digest))
        .bind(claim.at.micros())
}
