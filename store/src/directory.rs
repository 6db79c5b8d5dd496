//! Workspaces, people and what they may do there.

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
}

/// A person, with their roles in one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// Their id.
    pub id: PersonId,
    /// The id that events carry: their sign-in address at first, and never changed afterwards.
    pub actor_id: String,
    /// What they are called.
    pub name: String,
    /// argon2id hash in PHC form; `None` when they cannot sign in with a password.
    pub password_hash: Option<String>,
    /// Roles in this workspace, as words.
    pub roles: Vec<String>,
    /// Whether they may sign in.
    pub suspended: bool,
    /// When they were added.
    pub created_at: Timestamp,
}

/// Workspaces and people.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Adds a workspace. Fails with `Exists`.
    async fn create_workspace(&self, workspace: &WorkspaceRecord) -> Result<(), StoreError>;

    /// All workspaces, oldest first.
    async fn workspaces(&self) -> Result<Vec<WorkspaceRecord>, StoreError>;

    /// One workspace.
    async fn workspace(&self, id: &WorkspaceId) -> Result<Option<WorkspaceRecord>, StoreError>;

    /// Changes the default for self-approval.
    async fn set_forbid_self_approval(&self, id: &WorkspaceId, forbid: bool) -> Result<(), StoreError>;

    /// Adds a person and their membership. Fails with `Exists` when the actor id is taken.
    async fn create_person(&self, workspace: &WorkspaceId, person: &PersonRecord) -> Result<(), StoreError>;

    /// A person by actor id, with their roles in this workspace.
    async fn person_by_actor(
        &self,
        workspace: &WorkspaceId,
        actor_id: &str,
    ) -> Result<Option<PersonRecord>, StoreError>;

    /// A person by id, with their roles in this workspace.
    async fn person(
        &self,
        workspace: &WorkspaceId,
        id: &PersonId,
    ) -> Result<Option<PersonRecord>, StoreError>;

    /// Workspaces that a person belongs to.
    async fn memberships(&self, actor_id: &str) -> Result<Vec<WorkspaceId>, StoreError>;

    /// Members of a workspace, by name; at most `limit` after the given actor id.
    async fn people(&self, workspace: &WorkspaceId) -> Result<Vec<PersonRecord>, StoreError>;

    /// Replaces a member's roles. Returns whether there was such a member.
    async fn set_roles(
        &self,
        workspace: &WorkspaceId,
        id: &PersonId,
        roles: &[String],
    ) -> Result<bool, StoreError>;

    /// Suspends a person or lets them back in; suspending ends their sessions in the same transaction.
    async fn set_suspended(&self, id: &PersonId, suspended: bool) -> Result<bool, StoreError>;

    /// Replaces a password hash and ends the person's sessions, but not the one with this hash.
    async fn set_password(
        &self,
        id: &PersonId,
        hash: &str,
        keep_session: Option<&str>,
    ) -> Result<bool, StoreError>;

    /// Changes what a person is called.
    async fn set_name(&self, id: &PersonId, name: &str) -> Result<bool, StoreError>;

    /// Whether any person exists at all: the first start asks.
    async fn has_people(&self) -> Result<bool, StoreError>;

    /// Keeps the hash of a one-time set-up token, replacing earlier ones.
    async fn put_setup_token(&self, hash: &str, expires_at: Timestamp) -> Result<(), StoreError>;

    /// Uses a set-up token up and adds workspace and first person in the same transaction. Returns false when the
    /// token is unknown, used or expired, or people exist already.
    async fn redeem_setup_token(
        &self,
        hash: &str,
        now: Timestamp,
        workspace: &WorkspaceRecord,
        person: &PersonRecord,
    ) -> Result<bool, StoreError>;
}
