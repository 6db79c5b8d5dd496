//! Rows of the directory and of workspace logs as both engines give them back, and what they become. A row that makes
//! no sense is `Corrupt`, with its table and key.

use crate::directory::{AccountRecord, ActorRecord, MembershipRecord, PersonRecord, WorkspaceRecord};
use crate::enact::LogPage;
use crate::error::StoreError;
use crate::projection::{corrupt, texts_of};
use crate::rows::{person_id, small, workspace_id};
use governance::workspace_log::Entry;
use governance::{Actor, ActorKind, Timestamp, WorkspaceId, json};
use sqlx::FromRow;

/// Most entries on a page of a workspace's log.
const MAX_ENTRIES: u32 = 200;

/// A workspace.
#[derive(Debug, FromRow)]
pub struct WorkspaceRow {
    pub workspace_id: String,
    pub name: String,
    pub forbid_self_approval: bool,
    pub created_us: i64,
    pub log_length: i64,
}

impl WorkspaceRow {
    /// The record.
    pub fn record(self) -> Result<WorkspaceRecord, StoreError> {
        Ok(WorkspaceRecord {
            id: workspace_id(&self.workspace_id, "workspaces")?,
            name: self.name,
            forbid_self_approval: self.forbid_self_approval,
            created_at: Timestamp::from_micros(self.created_us),
            log_length: small(self.log_length, "workspaces", &self.workspace_id)?,
        })
    }
}

/// A person with their membership.
#[derive(Debug, FromRow)]
pub struct PersonRow {
    pub person_id: String,
    pub actor_id: String,
    pub aliases: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub roles: String,
    pub given_roles: String,
    pub suspended: bool,
    pub elsewhere: bool,
    pub second_factor: bool,
    pub created_us: i64,
}

impl PersonRow {
    /// The record.
    pub fn record(self) -> Result<PersonRecord, StoreError> {
        Ok(PersonRecord {
            id: person_id(&self.person_id, "people")?,
            aliases: texts_of(&self.aliases, "people", &self.person_id)?,
            roles: texts_of(&self.roles, "memberships", &self.person_id)?,
            given_roles: texts_of(&self.given_roles, "memberships", &self.person_id)?,
            actor_id: self.actor_id,
            name: self.name,
            password_hash: self.password_hash,
            suspended: self.suspended,
            elsewhere: self.elsewhere,
            second_factor: self.second_factor,
            created_at: Timestamp::from_micros(self.created_us),
        })
    }
}

/// An account.
#[derive(Debug, FromRow)]
pub struct AccountRow {
    pub person_id: String,
    pub actor_id: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub second_factor: bool,
}

impl AccountRow {
    /// The record.
    pub fn record(self) -> Result<AccountRecord, StoreError> {
        Ok(AccountRecord {
            id: person_id(&self.person_id, "people")?,
            actor_id: self.actor_id,
            name: self.name,
            password_hash: self.password_hash,
            second_factor: self.second_factor,
        })
    }
}

/// A membership with its workspace.
#[derive(Debug, FromRow)]
pub struct MembershipRow {
    #[sqlx(flatten)]
    pub workspace: WorkspaceRow,
    pub roles: String,
    pub suspended: bool,
}

impl MembershipRow {
    /// The record.
    pub fn record(self) -> Result<MembershipRecord, StoreError> {
        Ok(MembershipRecord {
            roles: texts_of(&self.roles, "memberships", &self.workspace.workspace_id)?,
            workspace: self.workspace.record()?,
            suspended: self.suspended,
        })
    }
}

/// Who stands behind an actor id.
#[derive(Debug, FromRow)]
pub struct ActorRow {
    pub actor_id: String,
    pub person_id: String,
    pub name: String,
    pub is_key: bool,
    pub roles: String,
    pub suspended: bool,
}

impl ActorRow {
    /// The record.
    pub fn record(self) -> Result<ActorRecord, StoreError> {
        Ok(ActorRecord {
            person: person_id(&self.person_id, "people")?,
            roles: texts_of(&self.roles, "memberships", &self.person_id)?,
            actor_id: self.actor_id,
            name: self.name,
            is_key: self.is_key,
            suspended: self.suspended,
        })
    }
}

/// Roles that groups give in one workspace.
#[derive(Debug, FromRow)]
pub struct GroupRolesRow {
    pub workspace_id: String,
    pub roles: String,
}

impl GroupRolesRow {
    /// The workspace and the roles.
    pub fn record(self) -> Result<(WorkspaceId, Vec<String>), StoreError> {
        let workspace = workspace_id(&self.workspace_id, "group_roles")?;
        Ok((workspace, texts_of(&self.roles, "group_roles", &self.workspace_id)?))
    }
}

/// An entry of a workspace's log.
#[derive(Debug, FromRow)]
pub struct EntryRow {
    pub workspace_id: String,
    pub seq: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub ts: String,
    pub actor_kind: String,
    pub actor_id: String,
    pub door: String,
    pub address: String,
    pub payload: String,
    pub digest: String,
    pub chain: String,
}

impl EntryRow {
    /// The entry, its digest checked.
    pub fn entry(self) -> Result<Entry, StoreError> {
        let key = format!("{}/{}", self.workspace_id, self.seq);
        let fault =
            |problem: &dyn std::fmt::Display| corrupt("workspace_events", key.as_str(), problem.to_string());
        let kind = ActorKind::parse(&self.actor_kind).ok_or_else(|| fault(&"unknown kind of actor"))?;
        let entry = Entry {
            seq: small(self.seq, "workspace_events", &key)?,
            ts: Timestamp::parse(&self.ts).map_err(|error| fault(&error))?,
            actor: Actor::new(kind, self.actor_id).map_err(|error| fault(&error))?,
            door: self.door,
            address: self.address,
            kind: self.kind,
            payload: json::parse(&self.payload).map_err(|error| fault(&error))?,
            digest: self.digest,
            chain: self.chain,
        };
        Entry::restore(entry).map_err(|error| fault(&error))
    }
}

/// Entries on a page, within bounds.
pub fn page_limit(limit: u32) -> u32 {
    limit.clamp(1, MAX_ENTRIES)
}

/// Rows as a page, newest first, the one beyond it cut off.
pub fn log_page(mut rows: Vec<EntryRow>, limit: u32) -> Result<LogPage, StoreError> {
    let limit = usize::try_from(limit).unwrap_or(1);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let entries = rows.into_iter().map(EntryRow::entry).collect::<Result<Vec<Entry>, _>>()?;
    let before = entries.last().filter(|_| more).map(|entry| entry.seq);
    Ok(LogPage { entries, before })
}

/// Rows as a whole log, in which each entry follows the one before it.
pub fn whole_log(rows: Vec<EntryRow>) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
    for row in rows {
        let key = format!("{}/{}", row.workspace_id, row.seq);
        let entry = row.entry()?;
        let next = entry.follows(entries.last());
        next.map_err(|error| corrupt("workspace_events", key, error.to_string()))?;
        entries.push(entry);
    }
    Ok(entries)
}
