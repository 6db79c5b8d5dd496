//! Workspaces and people on Postgres. What ends sessions does so in the same transaction.

use super::PostgresStore;
use crate::directory::{Directory, PersonRecord, WorkspaceRecord};
use crate::error::StoreError;
use crate::projection::{plain, texts_json};
use crate::rows::{PersonRow, WorkspaceRow, workspace_id};
use async_trait::async_trait;
use governance::{PersonId, Timestamp, WorkspaceId};
use sqlx::postgres::PgConnection;

const END_SESSIONS: &str = "DELETE FROM sessions WHERE person_id = $1 AND id_hash <> $2";

#[async_trait]
impl Directory for PostgresStore {
    async fn create_workspace(&self, workspace: &WorkspaceRecord) -> Result<(), StoreError> {
        insert_workspace(&mut *self.pool.acquire().await?, workspace).await
    }

    async fn workspaces(&self) -> Result<Vec<WorkspaceRecord>, StoreError> {
        let rows: Vec<WorkspaceRow> = sqlx::query_as(
            "SELECT workspace_id, name, forbid_self_approval, created_us FROM workspaces
             ORDER BY created_us, workspace_id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(WorkspaceRow::record).collect()
    }

    async fn workspace(&self, id: &WorkspaceId) -> Result<Option<WorkspaceRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT workspace_id, name, forbid_self_approval, created_us FROM workspaces WHERE workspace_id = $1",
        );
        let row: Option<WorkspaceRow> = query.bind(id.as_str()).fetch_optional(&self.pool).await?;
        row.map(WorkspaceRow::record).transpose()
    }

    async fn set_forbid_self_approval(&self, id: &WorkspaceId, forbid: bool) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE workspaces SET forbid_self_approval = $2 WHERE workspace_id = $1");
        query.bind(id.as_str()).bind(forbid).execute(&self.pool).await?;
        Ok(())
    }

    async fn create_person(&self, workspace: &WorkspaceId, person: &PersonRecord) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        insert_person(&mut tx, workspace, person).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn person_by_actor(
        &self,
        workspace: &WorkspaceId,
        actor_id: &str,
    ) -> Result<Option<PersonRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT p.person_id, p.actor_id, p.name, p.password_hash, m.roles, p.suspended, p.created_us
             FROM people AS p JOIN memberships AS m ON m.person_id = p.person_id
             WHERE m.workspace_id = $1 AND p.actor_id = $2",
        );
        let row: Option<PersonRow> =
            query.bind(workspace.as_str()).bind(plain(actor_id)).fetch_optional(&self.pool).await?;
        row.map(PersonRow::record).transpose()
    }

    async fn person(
        &self,
        workspace: &WorkspaceId,
        id: &PersonId,
    ) -> Result<Option<PersonRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT p.person_id, p.actor_id, p.name, p.password_hash, m.roles, p.suspended, p.created_us
             FROM people AS p JOIN memberships AS m ON m.person_id = p.person_id
             WHERE m.workspace_id = $1 AND p.person_id = $2",
        );
        let row: Option<PersonRow> =
            query.bind(workspace.as_str()).bind(id.as_str()).fetch_optional(&self.pool).await?;
        row.map(PersonRow::record).transpose()
    }

    async fn memberships(&self, actor_id: &str) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT m.workspace_id FROM people AS p JOIN memberships AS m ON m.person_id = p.person_id
             WHERE p.actor_id = $1 ORDER BY m.workspace_id",
        )
        .bind(plain(actor_id))
        .fetch_all(&self.pool)
        .await?;
        ids.iter().map(|id| workspace_id(id, "memberships")).collect()
    }

    async fn people(&self, workspace: &WorkspaceId) -> Result<Vec<PersonRecord>, StoreError> {
        let query = sqlx::query_as(
            "SELECT p.person_id, p.actor_id, p.name, p.password_hash, m.roles, p.suspended, p.created_us
             FROM memberships AS m JOIN people AS p ON p.person_id = m.person_id
             WHERE m.workspace_id = $1 ORDER BY p.name, p.actor_id",
        );
        let rows: Vec<PersonRow> = query.bind(workspace.as_str()).fetch_all(&self.pool).await?;
        rows.into_iter().map(PersonRow::record).collect()
    }

    async fn set_roles(
        &self,
        workspace: &WorkspaceId,
        id: &PersonId,
        roles: &[String],
    ) -> Result<bool, StoreError> {
        let query =
            sqlx::query("UPDATE memberships SET roles = $3 WHERE workspace_id = $1 AND person_id = $2");
        let query = query.bind(workspace.as_str()).bind(id.as_str()).bind(plain_roles(roles));
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    async fn set_suspended(&self, id: &PersonId, suspended: bool) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let query = sqlx::query("UPDATE people SET suspended = $2 WHERE person_id = $1");
        let found = query.bind(id.as_str()).bind(suspended).execute(&mut *tx).await?.rows_affected() == 1;
        if suspended {
            sqlx::query(END_SESSIONS).bind(id.as_str()).bind("").execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(found)
    }

    async fn set_password(
        &self,
        id: &PersonId,
        hash: &str,
        keep_session: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let query = sqlx::query("UPDATE people SET password_hash = $2 WHERE person_id = $1");
        let found = query.bind(id.as_str()).bind(hash).execute(&mut *tx).await?.rows_affected() == 1;
        sqlx::query(END_SESSIONS)
            .bind(id.as_str())
            .bind(keep_session.unwrap_or(""))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn set_name(&self, id: &PersonId, name: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("UPDATE people SET name = $2 WHERE person_id = $1");
        let query = query.bind(id.as_str()).bind(plain(name));
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
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

    async fn redeem_setup_token(
        &self,
        hash: &str,
        now: Timestamp,
        workspace: &WorkspaceRecord,
        person: &PersonRecord,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let query = sqlx::query(
            "DELETE FROM setup_tokens WHERE token_hash = $1 AND expires_us > $2
             AND NOT EXISTS (SELECT 1 FROM people)",
        );
        if query.bind(hash).bind(now.micros()).execute(&mut *tx).await?.rows_affected() != 1 {
            return Ok(false);
        }
        insert_workspace(&mut tx, workspace).await?;
        insert_person(&mut tx, &workspace.id, person).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn insert_workspace(conn: &mut PgConnection, workspace: &WorkspaceRecord) -> Result<(), StoreError> {
    let query = sqlx::query(
        "INSERT INTO workspaces (workspace_id, name, forbid_self_approval, created_us) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.id.as_str())
    .bind(plain(&workspace.name))
    .bind(workspace.forbid_self_approval)
    .bind(workspace.created_at.micros());
    taken(query.execute(conn).await?.rows_affected(), "the workspace")
}

async fn insert_person(
    conn: &mut PgConnection,
    workspace: &WorkspaceId,
    person: &PersonRecord,
) -> Result<(), StoreError> {
    let query = sqlx::query(
        "INSERT INTO people (person_id, actor_id, name, password_hash, suspended, created_us)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(person.id.as_str())
    .bind(plain(&person.actor_id))
    .bind(plain(&person.name))
    .bind(person.password_hash.as_deref())
    .bind(person.suspended)
    .bind(person.created_at.micros());
    taken(query.execute(&mut *conn).await?.rows_affected(), "the person")?;
    let query = sqlx::query("INSERT INTO memberships (workspace_id, person_id, roles) VALUES ($1, $2, $3)");
    let roles = plain_roles(&person.roles);
    query.bind(workspace.as_str()).bind(person.id.as_str()).bind(roles).execute(conn).await?;
    Ok(())
}

fn plain_roles(roles: &[String]) -> String {
    texts_json(&roles.iter().map(|role| plain(role)).collect::<Vec<String>>())
}

fn taken(inserted: u64, what: &'static str) -> Result<(), StoreError> {
    if inserted == 1 { Ok(()) } else { Err(StoreError::Exists(what)) }
}
