//! Who belongs to which workspace, and as what. What counts is always what was given by hand and by groups together,
//! and [`settle`] alone writes it.

use super::people::{end_sessions, need, need_workspace};
use super::{Transaction, found, values};
use crate::error::StoreError;
use crate::projection::{plain, texts_json, texts_of};
use governance::{PersonId, WorkspaceId};
use std::collections::BTreeSet;

/// Roles as they are stored: in order, each once.
pub fn stored<'a>(roles: impl IntoIterator<Item = &'a String>) -> String {
    let roles: BTreeSet<String> = roles.into_iter().map(|role| plain(role)).collect();
    texts_json(&roles.into_iter().collect::<Vec<String>>())
}

/// Makes a person a member with these roles by hand, in addition to those that a member has.
pub async fn join(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
    roles: &[String],
) -> Result<(), StoreError> {
    need_workspace(tx, workspace).await?;
    need(tx, person).await?;
    admit(tx, workspace, person).await?;
    give(tx, workspace, person, roles).await
}

/// Replaces the roles that were given by hand.
pub async fn set_roles(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
    roles: &[String],
) -> Result<(), StoreError> {
    let sql = "UPDATE memberships SET given_roles = ?3 WHERE workspace_id = ?1 AND person_id = ?2";
    found(tx.run(sql, values![workspace, person, &stored(roles)]).await?, "person")?;
    settle(tx, workspace, person).await
}

/// Replaces all roles that a provider's groups give to a person.
pub async fn set_group_roles(
    tx: &mut dyn Transaction,
    person: &PersonId,
    issuer: &str,
    roles: &[(WorkspaceId, Vec<String>)],
) -> Result<(), StoreError> {
    need(tx, person).await?;
    let old = tx
        .texts(
            "SELECT workspace_id, issuer, roles FROM group_roles WHERE person_id = ?1 AND issuer = ?2",
            values![person, issuer],
        )
        .await?;
    tx.run("DELETE FROM group_roles WHERE person_id = ?1 AND issuer = ?2", values![person, issuer]).await?;
    for (workspace, roles) in roles.iter().filter(|(_, roles)| !roles.is_empty()) {
        need_workspace(tx, workspace).await?;
        admit(tx, workspace, person).await?;
        add_group_roles(tx, workspace, person, issuer, roles).await?;
        settle(tx, workspace, person).await?;
    }
    for (workspace, _, _) in &old {
        settle(tx, &crate::rows::workspace_id(workspace, "group_roles")?, person).await?;
    }
    Ok(())
}

/// Keeps a member out, or lets them back in.
pub async fn set_suspended(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
    suspended: bool,
) -> Result<(), StoreError> {
    let sql = "UPDATE memberships SET suspended = ?3 WHERE workspace_id = ?1 AND person_id = ?2";
    found(tx.run(sql, values![workspace, person, suspended]).await?, "person")?;
    if suspended {
        end_sessions(tx, person, Some(workspace), None).await?;
    }
    Ok(())
}

/// Adds roles to those that a member was given by hand.
pub async fn give(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
    roles: &[String],
) -> Result<(), StoreError> {
    let mut given = given_roles(tx, workspace, person).await?;
    given.extend_from_slice(roles);
    set_roles(tx, workspace, person, &given).await
}

/// Adds roles to those that an issuer's groups give to a member. What counts has to be settled afterwards.
pub async fn add_group_roles(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
    issuer: &str,
    roles: &[String],
) -> Result<(), StoreError> {
    let sql = "SELECT workspace_id, issuer, roles FROM group_roles
               WHERE workspace_id = ?1 AND person_id = ?2 AND issuer = ?3";
    let mut all = roles.to_vec();
    for (_, _, there) in tx.texts(sql, values![workspace, person, issuer]).await? {
        all.extend(texts_of(&there, "group_roles", person.as_str())?);
    }
    let sql = "INSERT INTO group_roles (workspace_id, person_id, issuer, roles) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (workspace_id, person_id, issuer) DO UPDATE SET roles = excluded.roles";
    tx.run(sql, values![workspace, person, issuer, &stored(&all)]).await?;
    Ok(())
}

/// Makes what counts follow from what was given.
pub async fn settle(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
) -> Result<(), StoreError> {
    let mut roles = given_roles(tx, workspace, person).await?;
    let sql =
        "SELECT workspace_id, issuer, roles FROM group_roles WHERE workspace_id = ?1 AND person_id = ?2";
    for (_, _, more) in tx.texts(sql, values![workspace, person]).await? {
        roles.extend(texts_of(&more, "group_roles", person.as_str())?);
    }
    let sql = "UPDATE memberships SET roles = ?3 WHERE workspace_id = ?1 AND person_id = ?2";
    found(tx.run(sql, values![workspace, person, &stored(&roles)]).await?, "person")
}

/// A membership without roles, where there is none.
async fn admit(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO memberships (workspace_id, person_id, roles, given_roles, suspended)
               VALUES (?1, ?2, '[]', '[]', ?3) ON CONFLICT DO NOTHING";
    tx.run(sql, values![workspace, person, false]).await?;
    Ok(())
}

async fn given_roles(
    tx: &mut dyn Transaction,
    workspace: &WorkspaceId,
    person: &PersonId,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT workspace_id, person_id, given_roles FROM memberships
               WHERE workspace_id = ?1 AND person_id = ?2";
    let rows = tx.texts(sql, values![workspace, person]).await?;
    rows.first().map_or(Ok(Vec::new()), |row| texts_of(&row.2, "memberships", person.as_str()))
}
