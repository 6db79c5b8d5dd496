//! Two accounts of one human become one. What the account that goes could do, the one that stays can do; where it was
//! kept out, the one that stays is kept out as well.

use super::memberships::{add_group_roles, give, settle};
use super::people::need;
use super::{Transaction, values};
use crate::error::StoreError;
use crate::projection::texts_of;
use crate::rows::workspace_id;
use governance::PersonId;

/// What moves in single statements: `?1` goes, `?2` stays.
const MOVES: &[&str] = &[
    // Unlinked ones as well: whoever has one is this human still.
    "UPDATE identities SET person_id = ?2 WHERE person_id = ?1",
    "UPDATE api_keys SET owner = ?2 WHERE owner = ?1",
    "UPDATE drafts SET person_id = ?2 WHERE person_id = ?1 AND NOT EXISTS (
         SELECT 1 FROM drafts AS d WHERE d.workspace_id = drafts.workspace_id AND d.person_id = ?2
             AND d.decision_id = drafts.decision_id)",
    "INSERT INTO memberships (workspace_id, person_id, roles, given_roles, suspended)
     SELECT workspace_id, ?2, '[]', '[]', suspended FROM memberships WHERE person_id = ?1
     ON CONFLICT DO NOTHING",
    "UPDATE memberships SET suspended = TRUE WHERE person_id = ?2 AND workspace_id IN (
         SELECT m.workspace_id FROM memberships AS m WHERE m.person_id = ?1 AND m.suspended)",
    "DELETE FROM sessions WHERE person_id = ?2 AND workspace_id IN (
         SELECT m.workspace_id FROM memberships AS m WHERE m.person_id = ?1 AND m.suspended)",
    // Whoever points at the one that goes points at the one that stays: there are no chains.
    "UPDATE people SET merged_into = ?2, password_hash = NULL WHERE person_id = ?1 OR merged_into = ?1",
];

/// What is left of the account that goes, and ends with it.
const ENDS: &[&str] = &[
    "DELETE FROM group_roles WHERE person_id = ?1",
    "DELETE FROM memberships WHERE person_id = ?1",
    "DELETE FROM second_factors WHERE person_id = ?1",
    "DELETE FROM recovery_codes WHERE person_id = ?1",
    "DELETE FROM drafts WHERE person_id = ?1",
    "DELETE FROM sessions WHERE person_id = ?1",
];

/// Merges `from` into `into`. Neither may have been merged before.
pub async fn merge(tx: &mut dyn Transaction, from: &PersonId, into: &PersonId) -> Result<(), StoreError> {
    if from == into {
        return Err(StoreError::Gone("person"));
    }
    need(tx, from).await?;
    need(tx, into).await?;
    for sql in MOVES {
        tx.run(sql, values![from, into]).await?;
    }
    let sql = "SELECT workspace_id, issuer, roles FROM group_roles WHERE person_id = ?1";
    for (workspace, issuer, roles) in tx.texts(sql, values![from]).await? {
        let workspace = workspace_id(&workspace, "group_roles")?;
        let roles = texts_of(&roles, "group_roles", from.as_str())?;
        add_group_roles(tx, &workspace, into, &issuer, &roles).await?;
        settle(tx, &workspace, into).await?;
    }
    let sql = "SELECT workspace_id, person_id, given_roles FROM memberships WHERE person_id = ?1";
    for (workspace, _, roles) in tx.texts(sql, values![from]).await? {
        let roles = texts_of(&roles, "memberships", from.as_str())?;
        give(tx, &workspace_id(&workspace, "memberships")?, into, &roles).await?;
    }
    for sql in ENDS {
        tx.run(sql, values![from]).await?;
    }
    Ok(())
}
