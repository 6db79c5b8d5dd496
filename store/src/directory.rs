//! Workspaces, people and what they may do there: what is read. Every change goes through [`crate::enact`], because
//! none of them happens without its entry in the workspace's log.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{PersonId, Timestamp, WorkspaceId};

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRecord {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Whether a policy that does not say otherwise forbids self-approval.
    pub forbid_self_approval: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Entries in its log: raised by every administrative act. Ignored when a workspace is made.
    pub log_length: u32,
}

/// A person, as a member of one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// Their id.
    pub id: PersonId,
    /// The id that events carry, which never changes.
    pub actor_id: String,
    /// Actor ids of accounts that were merged into this one: the same human.
    pub aliases: Vec<String>,
    /// What they are called.
    pub name: String,
    /// argon2id hash in PHC form; `None` when they cannot sign in with a password.
    pub password_hash: Option<String>,
    /// Roles that count in this workspace, as words: given by hand or by groups.
    pub roles: Vec<String>,
    /// Those of them that were given by hand.
    pub given_roles: Vec<String>,
    /// Whether they are kept out of this workspace.
    pub suspended: bool,
    /// Whether they belong to other workspaces too.
    pub elsewhere: bool,
    /// Whether a second factor is in force.
    pub second_factor: bool,
    /// When they were added.
    pub created_at: Timestamp,
}

/// An account, whatever workspaces it belongs to: what sign-in needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Their id. That of the person who the account was merged into, where it was.
    pub id: PersonId,
    /// The id that events carry.
    pub actor_id: String,
    /// What they are called.
    pub name: String,
    /// argon2id hash in PHC form.
    pub password_hash: Option<String>,
    /// Whether a second factor is in force.
    pub second_factor: bool,
}

/// One membership of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRecord {
    /// The workspace.
    pub workspace: WorkspaceRecord,
    /// Roles that count there; empty when they have none any more.
    pub roles: Vec<String>,
    /// Whether they are kept out of it.
    pub suspended: bool,
}

/// Who stands behind an actor id in one workspace: a member, somebody merged into a member, or a key's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorRecord {
    /// The actor id that was asked for.
    pub actor_id: String,
    /// The person.
    pub person: PersonId,
    /// What to call the actor: the person's name, or the key's.
    pub name: String,
    /// Whether the actor is an API key of the person.
    pub is_key: bool,
    /// The person's roles that count here.
    pub roles: Vec<String>,
    /// Whether the person is kept out of this workspace.
    pub suspended: bool,
}

/// Workspaces and people, read.
#[async_trait]
pub trait Directory: Send + Sync {
    /// All workspaces, oldest first.
    async fn workspaces(&self) -> Result<Vec<WorkspaceRecord>, StoreError>;

    /// One workspace.
    async fn workspace(&self, id: &WorkspaceId) -> Result<Option<WorkspaceRecord>, StoreError>;

    /// A member by actor id (not by alias).
    async fn person_by_actor(
        &self,
        workspace: &WorkspaceId,
        actor_id: &str,
    ) -> Result<Option<PersonRecord>, StoreError>;

    /// A member by id.
    async fn person(
        &self,
        workspace: &WorkspaceId,
        id: &PersonId,
    ) -> Result<Option<PersonRecord>, StoreError>;

    /// Members of a workspace, by name. Accounts that were merged into others are not among them.
    async fn people(&self, workspace: &WorkspaceId) -> Result<Vec<PersonRecord>, StoreError>;

    /// An account by the actor id that somebody signs in with. A merged one answers with the person it stands for,
    /// and without a password.
    async fn account(&self, actor_id: &str) -> Result<Option<AccountRecord>, StoreError>;

    /// An account by person.
    async fn account_of(&self, id: &PersonId) -> Result<Option<AccountRecord>, StoreError>;

    /// Memberships of a person, by the workspace's name.
    async fn memberships(&self, id: &PersonId) -> Result<Vec<MembershipRecord>, StoreError>;

    /// Who stands behind these actor ids, in one query. Those that are nobody here are left out.
    async fn actors(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
    ) -> Result<Vec<ActorRecord>, StoreError>;

    /// Every actor id that stands for the person here: their own, their aliases', their keys'.
    async fn actor_ids(&self, workspace: &WorkspaceId, id: &PersonId) -> Result<Vec<String>, StoreError>;

    /// Roles that a provider's groups gave to a person, by workspace.
    async fn group_roles(
        &self,
        person: &PersonId,
        issuer: &str,
    ) -> Result<Vec<(WorkspaceId, Vec<String>)>, StoreError>;

    /// Whether any person exists at all: the first start asks.
    async fn has_people(&self) -> Result<bool, StoreError>;

    /// Keeps the hash of a one-time set-up token, replacing earlier ones.
    async fn put_setup_token(&self, hash: &str, expires_at: Timestamp) -> Result<(), StoreError>;
}
