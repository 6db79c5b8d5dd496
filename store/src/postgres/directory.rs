//! Workspaces and people on Postgres, read.

use super::PostgresStore;
use crate::directory::{
    AccountRecord, ActorRecord, Directory, MembershipRecord, PersonRecord, WorkspaceRecord,
};
use crate::directory_rows::{AccountRow, ActorRow, GroupRolesRow, MembershipRow, PersonRow, WorkspaceRow};
use crate::error::StoreError;
use crate::projection::plain;
use async_trait::async_trait;
use governance::{PersonId, Timestamp, WorkspaceId};

/// Members of a workspace; accounts that were merged into others are none.
macro_rules! people {
    ($rest:literal) => {
        concat!(
            "SELECT p.person_id, p.actor_id, p.name, p.password_hash, m.roles, m.given_roles, m.suspended, p.created_us,
                    COALESCE((SELECT json_agg(a.actor_id ORDER BY a.actor_id)::text FROM people AS a
                               WHERE a.merged_into = p.person_id), '[]') AS aliases,
                    EXISTS (SELECT 1 FROM memberships AS o WHERE o.person_id = p.person_id
                            AND o.workspace_id <> m.workspace_id) AS elsewhere,
                    EXISTS (SELECT 1 FROM second_factors AS f WHERE f.person_id = p.person_id
                            AND f.confirmed_us IS NOT NULL) AS second_factor
             FROM memberships AS m JOIN people AS p ON p.person_id = m.person_id
             WHERE m.workspace_id = $1 AND p.merged_into IS NULL ",
            $rest
        )
    };
}

/// Accounts. One that was merged into another answers with that, and without a password.
macro_rules! accounts {
    ($rest:literal) => {
        concat!(
            "SELECT p.person_id, p.actor_id, p.name,
                    CASE WHEN a.merged_into IS NULL THEN p.password_hash END AS password_hash,
                    EXISTS (SELECT 1 FROM second_factors AS f WHERE f.person_id = p.person_id
                            AND f.confirmed_us IS NOT NULL) AS second_factor
             FROM people AS a JOIN people AS p ON p.person_id = COALESCE(a.merged_into, a.person_id)
             WHERE ",
            $rest
        )
    };
}

#[async_trait]
impl Directory for PostgresStore {
    async fn workspaces(&self) -> Result<Vec<WorkspaceRecord>, StoreError> {
        let rows: Vec<WorkspaceRow> = sqlx::query_as(
            "SELECT workspace_id, name, forbid_self_approval, created_us, log_length FROM workspaces
             ORDER BY created_us, workspace_id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(WorkspaceRow::record).collect()
    }

    async fn workspace(&self, id: &WorkspaceId) -> Result<Option<WorkspaceRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT workspace_id, name, forbid_self_approval, created_us, log_length FROM workspaces
             WHERE workspace_id = $1",
        );
        let row: Option<WorkspaceRow> = query.bind(id.as_str()).fetch_optional(&self.pool).await?;
        row.map(WorkspaceRow::record).transpose()
    }

    async fn person_by_actor(
        &self,
        workspace: &WorkspaceId,
        actor_id: &str,
    ) -> Result<Option<PersonRecord>, StoreError> {
        let query = sqlx::query_as(people!("AND p.actor_id = $2"));
        let row: Option<PersonRow> =
            query.bind(workspace.as_str()).bind(plain(actor_id)).fetch_optional(&self.pool).await?;
        row.map(PersonRow::record).transpose()
    }

    async fn person(
        &self,
        workspace: &WorkspaceId,
        id: &PersonId,
    ) -> Result<Option<PersonRecord>, StoreError> {
        let query = sqlx::query_as(people!("AND p.person_id = $2"));
        let row: Option<PersonRow> =
            query.bind(workspace.as_str()).bind(id.as_str()).fetch_optional(&self.pool).await?;
        row.map(PersonRow::record).transpose()
    }

    async fn people(&self, workspace: &WorkspaceId) -> Result<Vec<PersonRecord>, StoreError> {
        let query = sqlx::query_as(people!("ORDER BY p.name, p.actor_id"));
        let rows: Vec<PersonRow> = query.bind(workspace.as_str()).fetch_all(&self.pool).await?;
        rows.into_iter().map(PersonRow::record).collect()
    }

    async fn account(&self, actor_id: &str) -> Result<Option<AccountRecord>, StoreError> {
        let query = sqlx::query_as(accounts!("a.actor_id = $1")).bind(plain(actor_id));
        let row: Option<AccountRow> = query.fetch_optional(&self.pool).await?;
        row.map(AccountRow::record).transpose()
    }

    async fn account_of(&self, id: &PersonId) -> Result<Option<AccountRecord>, StoreError> {
        let query = sqlx::query_as(accounts!("a.person_id = $1")).bind(id.as_str());
        let row: Option<AccountRow> = query.fetch_optional(&self.pool).await?;
        row.map(AccountRow::record).transpose()
    }

    async fn memberships(&self, id: &PersonId) -> Result<Vec<MembershipRecord>, StoreError> {
        let rows: Vec<MembershipRow> = sqlx::query_as(
            "SELECT w.workspace_id, w.name, w.forbid_self_approval, w.created_us, w.log_length, m.roles, m.suspended
             FROM memberships AS m JOIN workspaces AS w ON w.workspace_id = m.workspace_id
             WHERE m.person_id = $1 ORDER BY w.name, w.workspace_id",
        )
        .bind(id.as_str())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(MembershipRow::record).collect()
    }

    async fn actors(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
    ) -> Result<Vec<ActorRecord>, StoreError> {
        let rows: Vec<ActorRow> = sqlx::query_as(
            "SELECT a.actor_id, p.person_id, p.name, FALSE AS is_key, m.roles, m.suspended
             FROM people AS a
             JOIN people AS p ON p.person_id = COALESCE(a.merged_into, a.person_id)
             JOIN memberships AS m ON m.workspace_id = $1 AND m.person_id = p.person_id
             WHERE a.actor_id = ANY ($2)
             UNION ALL
             SELECT k.key_id, k.owner, k.name, TRUE, COALESCE(m.roles, '[]'), COALESCE(m.suspended, FALSE)
             FROM api_keys AS k
             LEFT JOIN memberships AS m ON m.workspace_id = k.workspace_id AND m.person_id = k.owner
             WHERE k.workspace_id = $1 AND k.key_id = ANY ($2)
             ORDER BY 1",
        )
        .bind(workspace.as_str())
        .bind(actor_ids.iter().map(|id| plain(id)).collect::<Vec<String>>())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ActorRow::record).collect()
    }

    async fn actor_ids(&self, workspace: &WorkspaceId, id: &PersonId) -> Result<Vec<String>, StoreError> {
        let query = sqlx::query_scalar(
            "SELECT actor_id FROM people WHERE person_id = $2
             UNION ALL SELECT actor_id FROM people WHERE merged_into = $2
             UNION ALL SELECT key_id FROM api_keys WHERE workspace_id = $1 AND owner = $2
             ORDER BY 1",
        );
        Ok(query.bind(workspace.as_str()).bind(id.as_str()).fetch_all(&self.pool).await?)
    }

    async fn group_roles(
        &self,
        person: &PersonId,
        issuer: &str,
    ) -> Result<Vec<(WorkspaceId, Vec<String>)>, StoreError> {
        let rows: Vec<GroupRolesRow> = sqlx::query_as(
            "SELECT workspace_id, roles FROM group_roles WHERE person_id = $1 AND issuer = $2
             ORDER BY workspace_id",
        )
        .bind(person.as_str())
        .bind(plain(issuer))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(GroupRolesRow::record).collect()
    }

    async fn has_people(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM people)").fetch_one(&self.pool).await?)
    }

    async fn put_setup_token(&self, hash: &str, expires_at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM setup_tokens").execute(&mut *tx).await?;
        let query = sqlx::query("INSERT INTO setup_tokens (token_hash, expires_us) VALUES ($1, $2)");
        query.bind(hash).bind(expires_at.micros()).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
