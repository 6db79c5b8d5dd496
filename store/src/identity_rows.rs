//! Rows of sessions, identities, invitations and keys as both engines give them back, and what they become. A row that
//! makes no sense is `Corrupt`, with its table and key.

use crate::error::StoreError;
use crate::identity::{IdentityRecord, InvitationRecord, KeyRecord, SecondFactorRecord};
use crate::projection::{NEVER_US, texts_of};
use crate::rows::{person_id, small, workspace_id};
use crate::sessions::{SessionRecord, Vouched};
use governance::Timestamp;
use sqlx::FromRow;

/// How far apart noted uses of a key are, in microseconds.
pub const USED_MICROS: i64 = 60_000_000;

/// The columns of a session, in the order of [`SessionRow`].
macro_rules! session_columns {
    () => {
        "id_hash, data, person_id, workspace_id, issuer, subject, provider_session, address, agent, created_us,
         seen_us, expires_us"
    };
}
pub(crate) use session_columns;

/// The columns of an identity.
macro_rules! identity_columns {
    () => {
        "issuer, subject, person_id, provider, email, linked_us, used_us, unlinked_us"
    };
}
pub(crate) use identity_columns;

/// The columns of an invitation.
macro_rules! invitation_columns {
    () => {
        "workspace_id, invitation_id, token_hash, email, name, roles, invited_by, created_us, expires_us,
         accepted_us, revoked_us"
    };
}
pub(crate) use invitation_columns;

/// The columns of a key.
macro_rules! key_columns {
    () => {
        "workspace_id, key_id, secret_hash, name, owner, personal, scopes, created_us, expires_us, revoked_us,
         used_us, used_from"
    };
}
pub(crate) use key_columns;

/// A session.
#[derive(Debug, FromRow)]
pub struct SessionRow {
    pub id_hash: String,
    pub data: String,
    pub person_id: Option<String>,
    pub workspace_id: Option<String>,
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub provider_session: Option<String>,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub created_us: i64,
    pub seen_us: i64,
    pub expires_us: i64,
}

impl SessionRow {
    /// The record.
    pub fn record(self) -> Result<SessionRecord, StoreError> {
        let vouched = match (self.issuer, self.subject) {
            (Some(issuer), Some(subject)) => {
                Some(Vouched { issuer, subject, session: self.provider_session })
            }
            _ => None,
        };
        Ok(SessionRecord {
            id_hash: self.id_hash,
            data: self.data,
            person: self.person_id.map(|id| person_id(&id, "sessions")).transpose()?,
            workspace: self.workspace_id.map(|id| workspace_id(&id, "sessions")).transpose()?,
            vouched,
            address: self.address.unwrap_or_default(),
            agent: self.agent.unwrap_or_default(),
            created_at: Timestamp::from_micros(self.created_us),
            seen_at: Timestamp::from_micros(self.seen_us),
            expires_at: Timestamp::from_micros(self.expires_us),
        })
    }
}

/// An identity at a provider.
#[derive(Debug, FromRow)]
pub struct IdentityRow {
    pub issuer: String,
    pub subject: String,
    pub person_id: String,
    pub provider: String,
    pub email: Option<String>,
    pub linked_us: i64,
    pub used_us: i64,
    pub unlinked_us: Option<i64>,
}

impl IdentityRow {
    /// The record.
    pub fn record(self) -> Result<IdentityRecord, StoreError> {
        Ok(IdentityRecord {
            issuer: self.issuer,
            subject: self.subject,
            person: person_id(&self.person_id, "identities")?,
            provider: self.provider,
            email: self.email,
            linked_at: Timestamp::from_micros(self.linked_us),
            used_at: Timestamp::from_micros(self.used_us),
            unlinked_at: self.unlinked_us.map(Timestamp::from_micros),
        })
    }
}

/// A second factor with the number of its recovery codes.
#[derive(Debug, FromRow)]
pub struct SecondFactorRow {
    pub secret: String,
    pub confirmed: bool,
    pub last_step: i64,
    pub recovery_codes: i64,
}

impl SecondFactorRow {
    /// The record.
    pub fn record(self, person: &str) -> Result<SecondFactorRecord, StoreError> {
        Ok(SecondFactorRecord {
            secret: self.secret,
            confirmed: self.confirmed,
            last_step: self.last_step,
            recovery_codes: small(self.recovery_codes, "recovery_codes", person)?,
        })
    }
}

/// An invitation.
#[derive(Debug, FromRow)]
pub struct InvitationRow {
    pub workspace_id: String,
    pub invitation_id: String,
    pub token_hash: String,
    pub email: String,
    pub name: String,
    pub roles: String,
    pub invited_by: String,
    pub created_us: i64,
    pub expires_us: i64,
    pub accepted_us: Option<i64>,
    pub revoked_us: Option<i64>,
}

impl InvitationRow {
    /// The record.
    pub fn record(self) -> Result<InvitationRecord, StoreError> {
        Ok(InvitationRecord {
            workspace: workspace_id(&self.workspace_id, "invitations")?,
            roles: texts_of(&self.roles, "invitations", &self.invitation_id)?,
            id: self.invitation_id,
            token_hash: self.token_hash,
            email: self.email,
            name: self.name,
            invited_by: self.invited_by,
            created_at: Timestamp::from_micros(self.created_us),
            expires_at: Timestamp::from_micros(self.expires_us),
            accepted_at: self.accepted_us.map(Timestamp::from_micros),
            revoked_at: self.revoked_us.map(Timestamp::from_micros),
        })
    }
}

/// An API key.
#[derive(Debug, FromRow)]
pub struct KeyRow {
    pub workspace_id: String,
    pub key_id: String,
    pub secret_hash: String,
    pub name: String,
    pub owner: String,
    pub personal: bool,
    pub scopes: String,
    pub created_us: i64,
    pub expires_us: i64,
    pub revoked_us: Option<i64>,
    pub used_us: Option<i64>,
    pub used_from: Option<String>,
}

impl KeyRow {
    /// The record.
    pub fn record(self) -> Result<KeyRecord, StoreError> {
        Ok(KeyRecord {
            workspace: workspace_id(&self.workspace_id, "api_keys")?,
            scopes: texts_of(&self.scopes, "api_keys", &self.key_id)?,
            owner: person_id(&self.owner, "api_keys")?,
            id: self.key_id,
            secret_hash: self.secret_hash,
            name: self.name,
            personal: self.personal,
            created_at: Timestamp::from_micros(self.created_us),
            expires_at: Some(self.expires_us).filter(|at| *at != NEVER_US).map(Timestamp::from_micros),
            revoked_at: self.revoked_us.map(Timestamp::from_micros),
            used_at: self.used_us.map(Timestamp::from_micros),
            used_from: self.used_from,
        })
    }
}
