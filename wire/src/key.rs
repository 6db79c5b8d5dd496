//! API keys. A key itself is in one answer and in no other.

use crate::Scope;
use control::keys::{KeyInput, KeyView};
use control::lists::KeyRecord;
use governance::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// Keys of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct KeyList {
    /// They, newest first, revoked ones among them.
    pub keys: Vec<Key>,
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Key {
    /// The public part, under which events know it.
    #[schema(example = "nxc_4h2kq81mzp0a")]
    pub key_id: String,
    /// What it is called.
    pub name: String,
    /// Whether it speaks as its owner.
    pub personal: bool,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Until when it works; `null`: until it is revoked.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// When it was revoked.
    #[schema(format = DateTime)]
    pub revoked_at: Option<String>,
    /// When it was last used.
    #[schema(format = DateTime)]
    pub used_at: Option<String>,
    /// Its owner's name.
    pub owner: String,
    /// Whether it works at this moment, as far as the key itself goes.
    pub in_force: bool,
}

impl Key {
    /// Of a key and its owner's name.
    pub fn of(record: &KeyRecord, owner: &str, in_force: bool) -> Self {
        let known = |word: &String| control::KeyScope::parse(word).map(Scope::from);
        let time = |at: &Option<Timestamp>| at.as_ref().map(Timestamp::to_string);
        Self {
            key_id: record.id.clone(),
            name: record.name.clone(),
            personal: record.personal,
            scopes: record.scopes.iter().filter_map(known).collect(),
            created_at: record.created_at.to_string(),
            expires_at: time(&record.expires_at),
            revoked_at: time(&record.revoked_at),
            used_at: time(&record.used_at),
            owner: owner.to_owned(),
            in_force,
        }
    }
}

impl From<&KeyView> for Key {
    fn from(view: &KeyView) -> Self {
        Self::of(&view.record, &view.owner, view.in_force)
    }
}

/// A key to make. Whoever makes it owns it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "deploy pipeline", "scopes": ["request", "execute"], "days": 90 }))]
pub struct NewKey {
    /// What it is called.
    #[schema(min_length = 1, pattern = r"\S")]
    pub name: String,
    /// What it may do.
    #[schema(min_items = 1)]
    pub scopes: Vec<Scope>,
    /// After how many days it ends; left out: when it is revoked.
    #[schema(minimum = 1, maximum = 3660)]
    pub days: Option<u32>,
}

impl From<NewKey> for KeyInput {
    fn from(new: NewKey) -> Self {
        let scopes = new.scopes.into_iter().map(control::KeyScope::from).collect();
        Self { name: new.name, scopes, days: new.days }
    }
}

/// A key that was made, with its secret: shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct MadeKey {
    /// What is kept of it.
    #[serde(flatten)]
    pub kept: Key,
    /// The whole key. Nobody is shown it again: not in an answer that is repeated for an `Idempotency-Key`, where it is
    /// left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
}

impl fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeKey").field("kept", &self.kept).finish_non_exhaustive()
    }
}
