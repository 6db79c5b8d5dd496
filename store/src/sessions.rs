//! Browser sessions. The key is the SHA-256 of the session's id, so that a stolen database signs nobody in.
//! Saving only ever updates: a session that a concurrent sign-out deleted stays deleted.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{PersonId, Timestamp};

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// SHA-256 of the id, hexadecimal.
    pub id_hash: String,
    /// What the web layer keeps in it, as JSON text.
    pub data: String,
    /// Who is signed in.
    pub person: Option<PersonId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
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

    /// Deletes all sessions of a person.
    async fn delete_sessions_of(&self, person: &PersonId) -> Result<u64, StoreError>;

    /// Deletes what has expired.
    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError>;
}
