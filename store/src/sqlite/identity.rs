//! Identities, second factors, invitations and keys on SQLite. What may be used once is used up by one statement:
//! of many who ask at the same time one is told yes.

use super::SqliteStore;
use crate::error::StoreError;
use crate::identity::{Identities, IdentityRecord, InvitationRecord, KeyRecord, SecondFactorRecord};
use crate::identity_rows::{
    IdentityRow, InvitationRow, KeyRow, SecondFactorRow, USED_MICROS, identity_columns, invitation_columns,
    key_columns,
};
use crate::projection::{key, plain};
use async_trait::async_trait;
use governance::{DecisionId, PersonId, Timestamp, WorkspaceId};

#[async_trait]
impl Identities for SqliteStore {
    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<IdentityRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            identity_columns!(),
            " FROM identities WHERE issuer = ?1 AND subject = ?2"
        ));
        let row: Option<IdentityRow> =
            query.bind(plain(issuer)).bind(plain(subject)).fetch_optional(&self.readers).await?;
        row.map(IdentityRow::record).transpose()
    }

    async fn identities_of(&self, person: &PersonId) -> Result<Vec<IdentityRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            identity_columns!(),
            " FROM identities WHERE person_id = ?1 AND unlinked_us IS NULL ORDER BY linked_us, issuer, subject"
        ));
        let rows: Vec<IdentityRow> = query.bind(person.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(IdentityRow::record).collect()
    }

    async fn touch_identity(
        &self,
        issuer: &str,
        subject: &str,
        email: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE identities SET used_us = ?4, email = ?3
             WHERE issuer = ?1 AND subject = ?2 AND unlinked_us IS NULL",
        )
        .bind(plain(issuer))
        .bind(plain(subject))
        .bind(email.map(plain))
        .bind(at.micros());
        query.execute(&mut *self.write().await?).await?;
        Ok(())
    }

    async fn second_factor(&self, person: &PersonId) -> Result<Option<SecondFactorRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT secret, confirmed_us IS NOT NULL AS confirmed, last_step,
                    (SELECT count(*) FROM recovery_codes AS c WHERE c.person_id = f.person_id) AS recovery_codes
             FROM second_factors AS f WHERE person_id = ?1",
        );
        let row: Option<SecondFactorRow> = query.bind(person.as_str()).fetch_optional(&self.readers).await?;
        row.map(|row| row.record(person.as_str())).transpose()
    }

    async fn use_second_factor(&self, person: &PersonId, step: i64) -> Result<bool, StoreError> {
        let query = sqlx::query(
            "UPDATE second_factors SET last_step = ?2
             WHERE person_id = ?1 AND confirmed_us IS NOT NULL AND last_step < ?2",
        );
        let query = query.bind(person.as_str()).bind(step);
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected() == 1)
    }

    async fn use_recovery_code(&self, person: &PersonId, code_hash: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("DELETE FROM recovery_codes WHERE person_id = ?1 AND code_hash = ?2");
        let query = query.bind(person.as_str()).bind(plain(code_hash));
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected() == 1)
    }

    async fn invitations(&self, workspace: &WorkspaceId) -> Result<Vec<InvitationRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            invitation_columns!(),
            " FROM invitations WHERE workspace_id = ?1 AND accepted_us IS NULL AND revoked_us IS NULL
             ORDER BY created_us DESC, invitation_id DESC"
        ));
        let rows: Vec<InvitationRow> = query.bind(workspace.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(InvitationRow::record).collect()
    }

    async fn invitation(&self, token_hash: &str) -> Result<Option<InvitationRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            invitation_columns!(),
            " FROM invitations WHERE token_hash = ?1"
        ));
        let row: Option<InvitationRow> = query.bind(plain(token_hash)).fetch_optional(&self.readers).await?;
        row.map(InvitationRow::record).transpose()
    }

    async fn keys(&self, workspace: &WorkspaceId) -> Result<Vec<KeyRecord>, StoreError> {
        let query = sqlx::query_as(concat!(
            "SELECT ",
            key_columns!(),
            " FROM api_keys WHERE workspace_id = ?1 ORDER BY created_us DESC, key_id DESC"
        ));
        let rows: Vec<KeyRow> = query.bind(workspace.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(KeyRow::record).collect()
    }

    async fn key(&self, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        let query = sqlx::query_as(concat!("SELECT ", key_columns!(), " FROM api_keys WHERE key_id = ?1"));
        let row: Option<KeyRow> = query.bind(plain(id)).fetch_optional(&self.readers).await?;
        row.map(KeyRow::record).transpose()
    }

    async fn touch_key(&self, id: &str, at: Timestamp, address: &str) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE api_keys SET used_us = ?2, used_from = ?3
             WHERE key_id = ?1 AND (used_us IS NULL OR used_us <= ?2 - ?4)",
        );
        let query = query.bind(plain(id)).bind(at.micros()).bind(plain(address)).bind(USED_MICROS);
        query.execute(&mut *self.write().await?).await?;
        Ok(())
    }

    async fn put_attempt(
        &self,
        state_hash: &str,
        browser_hash: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO sign_in_attempts (state_hash, browser_hash, data, expires_us) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )
        .bind(plain(state_hash))
        .bind(plain(browser_hash))
        .bind(plain(data))
        .bind(expires_at.micros());
        match query.execute(&mut *self.write().await?).await?.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Exists("sign-in")),
        }
    }

    async fn take_attempt(
        &self,
        state_hash: &str,
        browser_hash: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar(
            "DELETE FROM sign_in_attempts WHERE state_hash = ?1 AND browser_hash = ?2 AND expires_us > ?3
             RETURNING data",
        );
        let query = query.bind(plain(state_hash)).bind(plain(browser_hash)).bind(now.micros());
        // All rows are asked for, so that the statement ends, and with it its transaction, before the answer.
        Ok(query.fetch_all(&mut *self.write().await?).await?.pop())
    }

    async fn use_token(
        &self,
        issuer: &str,
        token_id: &str,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let query = sqlx::query(
            "INSERT INTO used_tokens (issuer, token_id, expires_us) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        );
        let query = query.bind(key(issuer)).bind(key(token_id)).bind(expires_at.micros());
        Ok(query.execute(&mut *self.write().await?).await?.rows_affected() == 1)
    }

    async fn delete_expired_sign_ins(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for statement in [
            "DELETE FROM sign_in_attempts WHERE expires_us <= ?1",
            "DELETE FROM used_tokens WHERE expires_us <= ?1",
        ] {
            let query = sqlx::query(statement).bind(now.micros());
            deleted += query.execute(&mut *self.write().await?).await?.rows_affected();
        }
        Ok(deleted)
    }

    async fn put_draft(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        decision: &DecisionId,
        body: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO drafts (workspace_id, person_id, decision_id, body, kept_us) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (workspace_id, person_id, decision_id)
             DO UPDATE SET body = excluded.body, kept_us = excluded.kept_us",
        )
        .bind(workspace.as_str())
        .bind(person.as_str())
        .bind(decision.as_str())
        .bind(plain(body))
        .bind(at.micros());
        query.execute(&mut *self.write().await?).await?;
        Ok(())
    }

    async fn draft(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        decision: &DecisionId,
    ) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar(
            "SELECT body FROM drafts WHERE workspace_id = ?1 AND person_id = ?2 AND decision_id = ?3",
        );
        let query = query.bind(workspace.as_str()).bind(person.as_str()).bind(decision.as_str());
        Ok(query.fetch_optional(&self.readers).await?)
    }

    async fn delete_draft(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        decision: &DecisionId,
    ) -> Result<(), StoreError> {
        let query =
            sqlx::query("DELETE FROM drafts WHERE workspace_id = ?1 AND person_id = ?2 AND decision_id = ?3");
        let query = query.bind(workspace.as_str()).bind(person.as_str()).bind(decision.as_str());
        query.execute(&mut *self.write().await?).await?;
        Ok(())
    }
}
