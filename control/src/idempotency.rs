//! Repeating a call without doing it twice: the first answer under a caller's key is kept and given again.

use crate::{Caller, Control, Error};
use governance::Timestamp;
use store::idempotency::Claimed;
pub use store::idempotency::{Answer, Claim};

/// How long a key is kept.
pub const KEPT_DAYS: i64 = 30;
const DAY_SECONDS: i64 = 24 * 3600;

/// What a call under a key met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing: it is the first, and has to be settled or released.
    First(Claim),
    /// The same call before, with its answer.
    Answered(Answer),
    /// The same call, still going on since then, or interrupted without anyone knowing how far it came.
    Unanswered(Timestamp),
    /// Another call under the same key.
    Other,
}

/// Refuses what is no key: also where none is needed, so that every call is read alike.
pub fn well_formed(key: &str) -> Result<(), Error> {
    let visible = key.chars().all(|c| c.is_ascii_graphic());
    if key.is_empty() || key.len() > 255 || !visible {
        let message = "an Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID".to_owned();
        return Err(Error::Invalid { field: "Idempotency-Key", message });
    }
    Ok(())
}

impl Control {
    /// Takes a key for a call. `request_digest` is SHA-256 over method, address and body.
    pub async fn claim(&self, caller: &Caller, key: &str, request_digest: String) -> Result<Repeat, Error> {
        well_formed(key)?;
        let claim = Claim {
            workspace: caller.workspace.clone(),
            actor: caller.actor.id().to_owned(),
            key: key.to_owned(),
            request_digest,
            at: self.now(),
        };
        Ok(match self.store.claim(&claim).await? {
            Claimed::Fresh => Repeat::First(claim),
            Claimed::Taken { request_digest, .. } if request_digest != claim.request_digest => Repeat::Other,
            Claimed::Taken { answer: Some(answer), .. } => Repeat::Answered(answer),
            Claimed::Taken { at, answer: None, .. } => Repeat::Unanswered(at),
        })
    }

    /// Keeps the answer of the first call.
    pub async fn settle(&self, claim: &Claim, answer: &Answer) -> Result<(), Error> {
        Ok(self.store.settle(claim, answer).await?)
    }

    /// Gives the key of a call back that was refused before it did anything.
    pub async fn release(&self, claim: &Claim) -> Result<(), Error> {
        Ok(self.store.release(claim).await?)
    }

    /// Deletes keys that are older than [`KEPT_DAYS`]. Returns how many.
    pub async fn sweep_claims(&self) -> Result<u64, Error> {
        let moment = self.now().plus_seconds(-KEPT_DAYS * DAY_SECONDS);
        Ok(self.store.delete_claims_before(moment).await?)
    }
}
