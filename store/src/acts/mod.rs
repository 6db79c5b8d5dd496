//! Administrative acts, written once for both engines: the order of things inside the transaction that an engine has
//! opened. It begins and ends no transaction, and it never changes an entry that is in a log.

mod log;
mod memberships;
mod merge;
mod people;
mod proofs;

use crate::enact::{Change, Enactment};
use crate::error::StoreError;
use crate::projection::plain;
use async_trait::async_trait;
use governance::{PersonId, Timestamp, WorkspaceId};

/// A value of a statement.
#[derive(Debug, Clone)]
pub enum Param {
    /// A text.
    Text(String),
    /// A text that may be absent.
    MaybeText(Option<String>),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(plain(text))
    }
}

impl From<&String> for Param {
    fn from(text: &String) -> Self {
        Self::Text(plain(text))
    }
}

impl From<Option<&str>> for Param {
    fn from(text: Option<&str>) -> Self {
        Self::MaybeText(text.map(plain))
    }
}

impl From<&WorkspaceId> for Param {
    fn from(id: &WorkspaceId) -> Self {
        id.as_str().into()
    }
}

impl From<&PersonId> for Param {
    fn from(id: &PersonId) -> Self {
        id.as_str().into()
    }
}

impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Param {
    fn from(moment: Timestamp) -> Self {
        Self::Number(moment.micros())
    }
}

impl From<bool> for Param {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// What acts ask for: rows of three texts.
pub type Texts = (String, String, String);

/// An open transaction of an engine, as far as acts need it. Statements number their values `?1`, `?2`, … and say only
/// what both engines understand.
#[async_trait]
pub trait Transaction: Send {
    /// Runs a statement and says how many rows it wrote.
    async fn run(&mut self, sql: &'static str, values: &[Param]) -> Result<u64, sqlx::Error>;

    /// Reads rows.
    async fn texts(&mut self, sql: &'static str, values: &[Param]) -> Result<Vec<Texts>, sqlx::Error>;

    /// The length of a workspace's log and the chain of its last entry; `None` when there is no such workspace.
    async fn log_end(
        &mut self,
        workspace: &WorkspaceId,
    ) -> Result<Option<(i64, Option<String>)>, sqlx::Error>;
}

/// The values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$(crate::acts::Param::from($value)),*]
    };
}
use values;

/// Does everything that an enactment says. After an error the transaction must not be committed.
pub async fn enact(tx: &mut dyn Transaction, enactment: Enactment) -> Result<(), StoreError> {
    if let Some((workspace, length)) = &enactment.expected
        && log::length(tx, workspace).await? != *length
    {
        return Err(StoreError::Outdated(workspace.clone()));
    }
    for change in &enactment.changes {
        make(tx, change).await?;
    }
    for (workspace, entry) in enactment.entries {
        log::add(tx, &workspace, entry).await?;
    }
    Ok(())
}

async fn make(tx: &mut dyn Transaction, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::CreateWorkspace(workspace) => people::create_workspace(tx, workspace).await,
        Change::NameWorkspace { workspace, name } => people::name_workspace(tx, workspace, name).await,
        Change::ForbidSelfApproval { workspace, forbid } => {
            people::forbid_self_approval(tx, workspace, *forbid).await
        }
        Change::RedeemSetup { token_hash, now } => people::redeem_setup(tx, token_hash, *now).await,
        Change::CreatePerson(person) => people::create(tx, person).await,
        Change::NamePerson { person, name } => people::name(tx, person, name).await,
        Change::SetPassword { person, hash, keep_session } => {
            people::set_password(tx, person, hash.as_deref(), keep_session.as_deref()).await
        }
        Change::Join { workspace, person, given_roles } => {
            memberships::join(tx, workspace, person, given_roles).await
        }
        Change::SetRoles { workspace, person, given_roles } => {
            memberships::set_roles(tx, workspace, person, given_roles).await
        }
        Change::SetGroupRoles { person, issuer, roles } => {
            memberships::set_group_roles(tx, person, issuer, roles).await
        }
        Change::SetSuspended { workspace, person, suspended } => {
            memberships::set_suspended(tx, workspace, person, *suspended).await
        }
        Change::LinkIdentity { issuer, subject, provider, email, person, at } => {
            proofs::link(tx, (issuer, subject), provider, email.as_deref(), person, *at).await
        }
        Change::UnlinkIdentity { issuer, subject, person, at } => {
            proofs::unlink(tx, issuer, subject, person, *at).await
        }
        Change::Merge { from, into } => merge::merge(tx, from, into).await,
        Change::PutSecondFactor { person, secret } => proofs::put_factor(tx, person, secret).await,
        Change::ConfirmSecondFactor { person, at, step, recovery_hashes } => {
            proofs::confirm_factor(tx, person, *at, *step, recovery_hashes).await
        }
        Change::RemoveSecondFactor { person } => proofs::remove_factor(tx, person).await,
        Change::Invite(invitation) => proofs::invite(tx, invitation).await,
        Change::RevokeInvitation { workspace, id, at } => {
            proofs::revoke_invitation(tx, workspace, id, *at).await
        }
        Change::AcceptInvitation { token_hash, person, at } => {
            proofs::accept_invitation(tx, token_hash, person, *at).await
        }
        Change::CreateKey(key) => proofs::create_key(tx, key).await,
        Change::RevokeKey { workspace, key_id, at } => proofs::revoke_key(tx, workspace, key_id, *at).await,
        Change::EndSessions { person, workspace, keep } => {
            people::end_sessions(tx, person, workspace.as_ref(), keep.as_deref()).await
        }
        Change::EndSession { person, workspace, id_hash } => {
            people::end_session(tx, person, workspace.as_ref(), id_hash).await
        }
    }
}

/// Nothing written means that what was to be changed is gone.
fn found(rows: u64, what: &'static str) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Gone(what)) } else { Ok(()) }
}

/// Nothing written means that something of this name is there already.
fn added(rows: u64, what: &'static str) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Exists(what)) } else { Ok(()) }
}
