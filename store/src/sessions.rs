//! Browser sessions. The key is the SHA-256 of the session's id, so that a stolen database signs nobody in.
//! Saving only ever updates: a session that a concurrent sign-out deleted stays deleted.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{PersonId, Timestamp, WorkspaceId};

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// SHA-256 of the id, hexadecimal.
    pub id_hash: String,
    /// What the web layer keeps in it, as JSON text.
    pub data: String,
    /// Who is signed in.
    pub person: Option<PersonId>,
    /// For which workspace.
    pub workspace: Option<WorkspaceId>,
    /// The provider that vouched, with its subject and its name for the session.
    pub vouched: Option<Vouched>,
    /// Where it began.
    pub address: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Who vouched for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The provider's identifier.
    pub issuer: String,
    /// The person there.
    pub subject: String,
    /// The provider's name for its session.
    pub session: Option<String>,
}

/// Sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Adds a session; false when the id is taken.
    async fn create_session(&self, session: &SessionRecord) -> Result<bool, StoreError>;

    /// Reads a session that has not expired.
    async fn load_session(&self, id_hash: &str, now: Timestamp) -> Result<Option<SessionRecord>, StoreError>;

    /// Updates a session that still exists; false when it does not.
    async fn save_session(&self, session: &SessionRecord) -> Result<bool, StoreError>;

    /// Deletes a session.
    async fn delete_session(&self, id_hash: &str) -> Result<(), StoreError>;

    /// A person's sessions that have not expired, in one workspace or in all, the last used first.
    async fn sessions_of(
        &self,
        person: &PersonId,
        workspace: Option<&WorkspaceId>,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError>;

    /// Deletes the sessions that a provider vouched for: those of a subject, those of one session of the provider,
    /// or, with both, those that match both. With neither, none. Returns how many.
    async fn delete_vouched_sessions(
        &self,
        issuer: &str,
        subject: Option<&str>,
        session: Option<&str>,
    ) -> Result<u64, StoreError>;

    /// Deletes what has expired.
    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError>;
}
