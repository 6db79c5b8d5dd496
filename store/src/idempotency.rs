//! Calls that a program may repeat: the first answer under a key is kept and given again. A claim without an answer
//! belongs to a call that is still going on, or that ended without anyone knowing how.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{Timestamp, WorkspaceId};

/// A call under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The wall.
    pub workspace: WorkspaceId,
    /// Actor id of the caller: two callers' keys never meet.
    pub actor: String,
    /// The key that the caller chose.
    pub key: String,
    /// SHA-256 over method, address and body.
    pub request_digest: String,
    /// When the call came.
    pub at: Timestamp,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its content type.
    pub content_type: String,
    /// Where what it made is, when it made something.
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

/// What a claim met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Nothing: the call may go on.
    Fresh,
    /// An earlier call under the same key.
    Taken {
        /// What that call asked.
        request_digest: String,
        /// When it came.
        at: Timestamp,
        /// Its answer; `None` while it has none.
        answer: Option<Answer>,
    },
}

/// Keys of calls.
#[async_trait]
pub trait Idempotency: Send + Sync {
    /// Takes the key, or says who did. Of calls that come at the same moment exactly one gets `Fresh`.
    async fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError>;

    /// Keeps the answer of a claimed call. Fails with `Gone` when this very claim is not there, as when it was deleted
    /// as too old. An answer that is there already stays.
    async fn settle(&self, claim: &Claim, answer: &Answer) -> Result<(), StoreError>;

    /// Gives the key back: the call did nothing. Only where this very claim is there and has no answer; otherwise
    /// nothing happens.
    async fn release(&self, claim: &Claim) -> Result<(), StoreError>;

    /// Deletes keys that were claimed before this moment. Returns how many.
    async fn delete_claims_before(&self, moment: Timestamp) -> Result<u64, StoreError>;
}
