//! How people and machines prove who they are: provider identities, second factors, invitations, API keys, and the
//! short-lived rows in between. Secrets are here only as hashes, but for the second factor's, which has to be known.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{DecisionId, PersonId, Timestamp, WorkspaceId};

/// An identity at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRecord {
    /// The provider's own identifier.
    pub issuer: String,
    /// The person there.
    pub subject: String,
    /// The person here.
    pub person: PersonId,
    /// The provider's name in the configuration when it was linked.
    pub provider: String,
    /// The address that the provider last told.
    pub email: Option<String>,
    /// When it was linked.
    pub linked_at: Timestamp,
    /// When somebody last signed in with it.
    pub used_at: Timestamp,
    /// When it was unlinked; `None`: it is linked. An unlinked one lets nobody in and still says whose it is.
    pub unlinked_at: Option<Timestamp>,
}

/// A second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorRecord {
    /// Base32.
    pub secret: String,
    /// Whether it is in force.
    pub confirmed: bool,
    /// The newest time step that was used.
    pub last_step: i64,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRecord {
    /// The workspace that it lets into.
    pub workspace: WorkspaceId,
    /// Its id, for admins.
    pub id: String,
    /// SHA-256 of what the link carries.
    pub token_hash: String,
    /// Whom it is for.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Roles that it gives, as words.
    pub roles: Vec<String>,
    /// Actor id of who invited.
    pub invited_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when the link works.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The workspace that it works in.
    pub workspace: WorkspaceId,
    /// `nxc_…` without the secret: what people see, and the actor id that events carry.
    pub id: String,
    /// SHA-256 of the whole key.
    pub secret_hash: String,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub owner: PersonId,
    /// Whether it speaks as its owner (a personal token), and not as a machine of its own name.
    pub personal: bool,
    /// What it may do, as words.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works; `None`: until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// From where.
    pub used_from: Option<String>,
}

/// Identities, second factors, invitations and keys, read; and what is used up at sign-in.
#[async_trait]
pub trait Identities: Send + Sync {
    /// An identity by issuer and subject, linked or not: whoever lets somebody in by it has to look at `unlinked_at`.
    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<IdentityRecord>, StoreError>;

    /// Identities that are linked to a person, oldest first.
    async fn identities_of(&self, person: &PersonId) -> Result<Vec<IdentityRecord>, StoreError>;

    /// Notes that a linked identity was used, and what its provider says the address is.
    async fn touch_identity(
        &self,
        issuer: &str,
        subject: &str,
        email: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// A person's second factor, in force or not.
    async fn second_factor(&self, person: &PersonId) -> Result<Option<SecondFactorRecord>, StoreError>;

    /// Uses a time step up: false when the factor is not in force, or this step or a later one was used before.
    async fn use_second_factor(&self, person: &PersonId, step: i64) -> Result<bool, StoreError>;

    /// Uses a recovery code up: false when there is no such code.
    async fn use_recovery_code(&self, person: &PersonId, code_hash: &str) -> Result<bool, StoreError>;

    /// Invitations of a workspace that are open, newest first; expired ones among them.
    async fn invitations(&self, workspace: &WorkspaceId) -> Result<Vec<InvitationRecord>, StoreError>;

    /// An invitation by its token's hash, whatever became of it.
    async fn invitation(&self, token_hash: &str) -> Result<Option<InvitationRecord>, StoreError>;

    /// Keys of a workspace, newest first, revoked ones among them.
    async fn keys(&self, workspace: &WorkspaceId) -> Result<Vec<KeyRecord>, StoreError>;

    /// A key by its id, in whatever workspace: the key decides it.
    async fn key(&self, id: &str) -> Result<Option<KeyRecord>, StoreError>;

    /// Notes that a key was used.
    async fn touch_key(&self, id: &str, at: Timestamp, address: &str) -> Result<(), StoreError>;

    /// Keeps a sign-in that has begun.
    async fn put_attempt(
        &self,
        state_hash: &str,
        browser_hash: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Takes a sign-in that has begun, once: `None` when there is none such, it expired, or another browser began it.
    /// A wrong browser does not use it up.
    async fn take_attempt(
        &self,
        state_hash: &str,
        browser_hash: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError>;

    /// Marks a token as used: false when it was used before.
    async fn use_token(
        &self,
        issuer: &str,
        token_id: &str,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Deletes attempts and used tokens that have expired.
    async fn delete_expired_sign_ins(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Keeps what somebody was writing about a decision, replacing an earlier draft of theirs.
    async fn put_draft(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        decision: &DecisionId,
        body: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Such a draft.
    async fn draft(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        decision: &DecisionId,
    ) -> Result<Option<String>, StoreError>;

    /// Throws a draft away.
    async fn delete_draft(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        decision: &DecisionId,
    ) -> Result<(), StoreError>;
}
