//! Workspaces, people and their sessions.

use super::{Transaction, added, found, log, values};
use crate::directory::WorkspaceRecord;
use crate::enact::NewPerson;
use crate::error::StoreError;
use governance::{PersonId, Timestamp, WorkspaceId};

/// Fails with `Gone` when there is no such workspace.
pub async fn need_workspace(tx: &mut dyn Transaction, workspace: &WorkspaceId) -> Result<(), StoreError> {
    log::length(tx, workspace).await.map(drop)
}

/// Fails with `Gone` when there is no such person, or the account was merged into another.
pub async fn need(tx: &mut dyn Transaction, person: &PersonId) -> Result<(), StoreError> {
    let sql = "SELECT person_id, actor_id, name FROM people WHERE person_id = ?1 AND merged_into IS NULL";
    let rows = tx.texts(sql, values![person]).await?;
    if rows.is_empty() { Err(StoreError::Gone("person")) } else { Ok(()) }
}

/// Adds a workspace, with an empty log.
pub async fn create_workspace(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceRecord,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO workspaces (workspace_id, name, forbid_self_approval, created_us, log_length)
               VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING";
    let WorkspaceRecord { id, name, forbid_self_approval, created_at, log_length: _ } = workspace;
    added(tx.run(sql, values![id, name, *forbid_self_approval, *created_at]).await?, "workspace")
}

/// Calls a workspace something else.
pub async fn name_workspace(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    name: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE workspaces SET name = ?2 WHERE workspace_id = ?1";
    found(tx.run(sql, values![workspace, name]).await?, "workspace")
}

/// Changes the default for self-approval.
pub async fn forbid_self_approval(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    forbid: bool,
) -> Result<(), StoreError> {
    let sql = "UPDATE workspaces SET forbid_self_approval = ?2 WHERE workspace_id = ?1";
    found(tx.run(sql, values![workspace, forbid]).await?, "workspace")
}

/// Uses a set-up token up, while nobody exists.
pub async fn redeem_setup(
    tx: &mut dyn Transaction,
    token_hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM setup_tokens WHERE token_hash = ?1 AND expires_us > ?2
               AND NOT EXISTS (SELECT 1 FROM people)";
    found(tx.run(sql, values![token_hash, now]).await?, "set-up link")
}

/// Adds a person, who belongs nowhere yet. Keys act under their ids: the id of one is taken as well.
pub async fn create(tx: &mut dyn Transaction, person: &NewPerson) -> Result<(), StoreError> {
    let keys = "SELECT workspace_id, key_id, name FROM api_keys WHERE key_id = ?1";
    if !tx.texts(keys, values![&person.actor_id]).await?.is_empty() {
        return Err(StoreError::Exists("person"));
    }
    let sql = "INSERT INTO people (person_id, actor_id, name, password_hash, created_us)
               VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    let NewPerson { id, actor_id, name, password_hash, created_at } = person;
    added(tx.run(sql, values![id, actor_id, name, password_hash.as_deref(), *created_at]).await?, "person")
}

/// Changes what a person is called.
pub async fn name(tx: &mut dyn Transaction, person: &PersonId, name: &str) -> Result<(), StoreError> {
    let sql = "UPDATE people SET name = ?2 WHERE person_id = ?1 AND merged_into IS NULL";
    found(tx.run(sql, values![person, name]).await?, "person")
}

/// Replaces or removes a password. Whoever knew the old one is signed out.
pub async fn set_password(
    tx: &mut dyn Transaction,
    person: &PersonId,
    hash: Option<&str>,
    keep_session: Option<&str>,
) -> Result<(), StoreError> {
    let sql = "UPDATE people SET password_hash = ?2 WHERE person_id = ?1 AND merged_into IS NULL";
    found(tx.run(sql, values![person, hash]).await?, "person")?;
    end_sessions(tx, person, None, keep_session).await
}

/// Ends a person's sessions, however many there are.
pub async fn end_sessions(
    tx: &mut dyn Transaction,
    person: &PersonId,
    workspace: Option<&WorkspaceId>,
    keep: Option<&str>,
) -> Result<(), StoreError> {
    // No session has an empty hash.
    let keep = keep.unwrap_or_default();
    match workspace {
        Some(workspace) => {
            let sql = "DELETE FROM sessions WHERE person_id = ?1 AND workspace_id = ?2 AND id_hash <> ?3";
            tx.run(sql, values![person, workspace, keep]).await?;
        }
        None => {
            let sql = "DELETE FROM sessions WHERE person_id = ?1 AND id_hash <> ?2";
            tx.run(sql, values![person, keep]).await?;
        }
    }
    Ok(())
}

/// Ends one session of a person.
pub async fn end_session(
    tx: &mut dyn Transaction,
    person: &PersonId,
    workspace: Option<&WorkspaceId>,
    id_hash: &str,
) -> Result<(), StoreError> {
    let ended = match workspace {
        Some(workspace) => {
            let sql = "DELETE FROM sessions WHERE person_id = ?1 AND workspace_id = ?2 AND id_hash = ?3";
            tx.run(sql, values![person, workspace, id_hash]).await?
        }
        None => {
            let sql = "DELETE FROM sessions WHERE person_id = ?1 AND id_hash = ?2";
            tx.run(sql, values![person, id_hash]).await?
        }
    };
    found(ended, "session")
}
