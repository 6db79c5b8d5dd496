//! Sessions in the product's own store. The key is the hash of the id; saving only updates, so that a session
//! that was ended elsewhere stays ended. Expiry is decided here: idle and absolute, whichever comes first.

use super::identity::{IDENTITY, Identity, SEEN};
use crate::config::Session;
use async_trait::async_trait;
use control::Control;
use governance::{PersonId, Timestamp, WorkspaceId};
use sha2::{Digest, Sha256};
use std::fmt;
use store::sessions::SessionRecord;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// How often a new id is tried; two equal ones of 128 random bits mean that the randomness is broken.
const ATTEMPTS: usize = 4;

/// The session store.
#[derive(Clone)]
pub struct Sessions {
    control: Control,
    limits: Session,
}

impl Sessions {
    /// In the store and by the clock of the use cases, with the limits of the configuration.
    pub fn new(control: Control, limits: Session) -> Self {
        Self { control, limits }
    }

    fn record(&self, record: &Record) -> Result<SessionRecord> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let identity: Option<Identity> = record
            .data
            .get(IDENTITY)
            .cloned()
            .map(serde_json::from_value)
            .transpose()
            .map_err(|error| Error::Encode(error.to_string()))?;
        let seen = record.data.get(SEEN).and_then(serde_json::Value::as_i64);
        let now = self.control.now();
        let began = identity.as_ref().map_or(now, Identity::began);
        let idle = now.plus_seconds(self.limits.idle_seconds());
        let last = began.plus_seconds(self.limits.absolute_seconds());
        Ok(SessionRecord {
            id_hash: hash(&record.id),
            data,
            person: identity.as_ref().and_then(|one| PersonId::new(one.person.as_str()).ok()),
            workspace: identity.as_ref().and_then(|one| WorkspaceId::new(one.workspace.as_str()).ok()),
            vouched: identity.as_ref().and_then(Identity::vouched),
            seen_at: Timestamp::from_micros(seen.unwrap_or(now.micros())),
            address: identity.as_ref().map(|one| one.address.clone()).unwrap_or_default(),
            agent: identity.map(|one| one.agent).unwrap_or_default(),
            created_at: began,
            expires_at: idle.min(last),
        })
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..ATTEMPTS {
            if self.control.store().create_session(&self.record(record)?).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("no free session id was found".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // Not there any more: somebody signed out in the meantime, and that stands.
        self.control.store().save_session(&self.record(record)?).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(found) =
            self.control.store().load_session(&hash(id), self.control.now()).await.map_err(backend)?
        else {
            return Ok(None);
        };
        let data = serde_json::from_str(&found.data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: moment(found.expires_at) }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.control.store().delete_session(&hash(id)).await.map_err(backend)
    }
}

/// The key of a session's row.
pub(super) fn hash(id: &Id) -> String {
    crate::random::in_hex(&Sha256::digest(id.to_string()))
}

fn moment(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.micros()) * 1000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn backend(error: store::StoreError) -> Error {
    Error::Backend(error.to_string())
}
