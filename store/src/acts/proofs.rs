//! What people and machines prove who they are with: identities, second factors, invitations and keys.

use super::memberships::stored;
use super::people::{need, need_workspace};
use super::{Transaction, added, found, values};
use crate::error::StoreError;
use crate::identity::{InvitationRecord, KeyRecord};
use crate::projection::{NEVER_US, texts_json};
use governance::{PersonId, Timestamp, WorkspaceId};

/// Links an identity, `(issuer, subject)`, to a person. One that was unlinked can be linked again to the same person,
/// and to nobody else: with it one human would become two.
pub async fn link(
    tx: &mut dyn Transaction,
    (issuer, subject): (&str, &str),
    provider: &str,
    email: Option<&str>,
    person: &PersonId,
    at: Timestamp,
) -> Result<(), StoreError> {
    need(tx, person).await?;
    let sql = "INSERT INTO identities (issuer, subject, person_id, provider, email, linked_us, used_us)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
               ON CONFLICT (issuer, subject) DO UPDATE SET provider = excluded.provider, email = excluded.email,
                   linked_us = excluded.linked_us, used_us = excluded.used_us, unlinked_us = NULL
               WHERE identities.unlinked_us IS NOT NULL AND identities.person_id = excluded.person_id";
    added(tx.run(sql, values![issuer, subject, person, provider, email, at]).await?, "identity")
}

/// Unlinks an identity, and ends the sessions that it began. The row stays: it is the proof of whose it is.
pub async fn unlink(
    tx: &mut dyn Transaction,
    issuer: &str,
    subject: &str,
    person: &PersonId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE identities SET unlinked_us = ?4
               WHERE issuer = ?1 AND subject = ?2 AND person_id = ?3 AND unlinked_us IS NULL";
    found(tx.run(sql, values![issuer, subject, person, at]).await?, "identity")?;
    let sql = "DELETE FROM sessions WHERE issuer = ?1 AND subject = ?2 AND person_id = ?3";
    tx.run(sql, values![issuer, subject, person]).await?;
    Ok(())
}

/// Keeps a secret that is not yet proven.
pub async fn put_factor(tx: &mut dyn Transaction, person: &PersonId, secret: &str) -> Result<(), StoreError> {
    need(tx, person).await?;
    let sql =
        "INSERT INTO second_factors (person_id, secret, confirmed_us, last_step) VALUES (?1, ?2, NULL, 0)
               ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, last_step = 0
               WHERE second_factors.confirmed_us IS NULL";
    found(tx.run(sql, values![person, secret]).await?, "second factor")
}

/// Puts a second factor in force, or one that is in force already under new recovery codes. The step is used up
/// either way, so that one code from the app does this once.
pub async fn confirm_factor(
    tx: &mut dyn Transaction,
    person: &PersonId,
    at: Timestamp,
    step: i64,
    recovery_hashes: &[String],
) -> Result<(), StoreError> {
    let sql = "UPDATE second_factors SET confirmed_us = COALESCE(confirmed_us, ?2), last_step = ?3
               WHERE person_id = ?1 AND last_step < ?3";
    found(tx.run(sql, values![person, at, step]).await?, "second factor")?;
    tx.run("DELETE FROM recovery_codes WHERE person_id = ?1", values![person]).await?;
    for hash in recovery_hashes {
        let sql = "INSERT INTO recovery_codes (person_id, code_hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        tx.run(sql, values![person, hash]).await?;
    }
    Ok(())
}

/// Removes secret and recovery codes.
pub async fn remove_factor(tx: &mut dyn Transaction, person: &PersonId) -> Result<(), StoreError> {
    let sql = "DELETE FROM second_factors WHERE person_id = ?1";
    found(tx.run(sql, values![person]).await?, "second factor")?;
    tx.run("DELETE FROM recovery_codes WHERE person_id = ?1", values![person]).await?;
    Ok(())
}

/// Adds an invitation, open.
pub async fn invite(tx: &mut dyn Transaction, invitation: &InvitationRecord) -> Result<(), StoreError> {
    need_workspace(tx, &invitation.workspace).await?;
    let sql =
        "INSERT INTO invitations (workspace_id, invitation_id, token_hash, email, name, roles, invited_by,
                                        created_us, expires_us)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
    let InvitationRecord { workspace, id, token_hash, email, name, invited_by, .. } = invitation;
    let (roles, created, expires) = (stored(&invitation.roles), invitation.created_at, invitation.expires_at);
    let values = values![workspace, id, token_hash, email, name, &roles, invited_by, created, expires];
    added(tx.run(sql, values).await?, "invitation")
}

/// Takes an invitation back.
pub async fn revoke_invitation(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    id: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE invitations SET revoked_us = ?3 WHERE workspace_id = ?1 AND invitation_id = ?2
               AND accepted_us IS NULL AND revoked_us IS NULL";
    found(tx.run(sql, values![workspace, id, at]).await?, "invitation")
}

/// Uses an invitation up.
pub async fn accept_invitation(
    tx: &mut dyn Transaction,
    token_hash: &str,
    person: &PersonId,
    at: Timestamp,
) -> Result<(), StoreError> {
    need(tx, person).await?;
    let sql = "UPDATE invitations SET accepted_us = ?3, accepted_by = ?2 WHERE token_hash = ?1
               AND accepted_us IS NULL AND revoked_us IS NULL AND expires_us > ?3";
    found(tx.run(sql, values![token_hash, person, at]).await?, "invitation")
}

/// Adds a key. Keys act under their ids: the actor id of a person is taken as well.
pub async fn create_key(tx: &mut dyn Transaction, key: &KeyRecord) -> Result<(), StoreError> {
    need_workspace(tx, &key.workspace).await?;
    need(tx, &key.owner).await?;
    let people = "SELECT person_id, actor_id, name FROM people WHERE actor_id = ?1";
    if !tx.texts(people, values![&key.id]).await?.is_empty() {
        return Err(StoreError::Exists("key"));
    }
    let sql =
        "INSERT INTO api_keys (workspace_id, key_id, secret_hash, name, owner, personal, scopes, created_us,
                                     expires_us)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
    let KeyRecord { workspace, id, secret_hash, name, owner, personal, created_at, .. } = key;
    let expires = key.expires_at.map_or(NEVER_US, Timestamp::micros);
    let scopes = texts_json(&key.scopes);
    let values = values![workspace, id, secret_hash, name, owner, *personal, &scopes, *created_at, expires];
    added(tx.run(sql, values).await?, "key")
}

/// Revokes a key.
pub async fn revoke_key(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    key_id: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE api_keys SET revoked_us = ?3 WHERE workspace_id = ?1 AND key_id = ?2
               AND revoked_us IS NULL";
    found(tx.run(sql, values![workspace, key_id, at]).await?, "key")
}
