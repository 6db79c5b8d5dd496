//! API keys, for admins: made, listed, revoked. Whoever makes a key owns it: it may do what its scopes say, never more
//! than its owner, and where distinct people are needed it is its owner.

use crate::access::{administer, in_force, required};
use crate::key::{self, KeyScope};
use crate::record::Act;
use crate::{Caller, Control, Error, Operation};
use governance::json::object;
use governance::workspace_log::ActKind;
use governance::{Timestamp, Value};
use store::enact::Change;
use store::identity::KeyRecord;

/// Most days that a key may live, where it ends at all.
const MAX_DAYS: u32 = 3660;
const DAY_SECONDS: i64 = 24 * 3600;

/// A key to make.
#[derive(Debug, Clone)]
pub struct KeyInput {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// After how many days it ends; `None`: when it is revoked.
    pub days: Option<u32>,
}

/// A key with its owner's name, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// The key, without anything secret but its hash.
    pub record: KeyRecord,
    /// Its owner's name.
    pub owner: String,
    /// Whether it works at this moment, as far as the key itself goes.
    pub in_force: bool,
}

impl Control {
    /// Makes a key, owned by the caller. Answers with the whole key, which nobody is shown again.
    pub async fn create_key(&self, caller: &Caller, input: KeyInput) -> Result<(KeyRecord, String), Error> {
        administer(caller, Operation::ManageKeys)?;
        if input.scopes.is_empty() {
            let message = "choose at least one scope; a key without one can do nothing".to_owned();
            return Err(Error::Invalid { field: "scopes", message });
        }
        if input.days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            let message = format!("a key lives for 1 to {MAX_DAYS} days, or until it is revoked");
            return Err(Error::Invalid { field: "days", message });
        }
        let new = key::make([self.entropy.bytes()?, self.entropy.bytes()?]);
        let now = self.now();
        let scopes = KeyScope::ALL.into_iter().filter(|scope| input.scopes.contains(scope));
        let record = KeyRecord {
            workspace: caller.workspace.clone(),
            id: new.id,
            secret_hash: key::hash(&new.key),
            name: required(&input.name, "name", "the name")?,
            owner: caller.person.clone(),
            scopes: scopes.map(|scope| scope.as_str().to_owned()).collect(),
            created_at: now,
            expires_at: input.days.map(|days| now.plus_seconds(i64::from(days) * DAY_SECONDS)),
            revoked_at: None,
            used_at: None,
            used_from: None,
        };
        let entry = Act::of(caller).entry(now, ActKind::KeyCreated, &record.id, None, Some(value(&record)));
        self.enact_here(caller, Operation::ManageKeys, vec![Change::CreateKey(record.clone())], entry)
            .await?;
        Ok((record, new.key))
    }

    /// Keys of the workspace, newest first, revoked ones among them. Their hashes are left out.
    pub async fn keys(&self, caller: &Caller) -> Result<Vec<KeyView>, Error> {
        administer(caller, Operation::ManageKeys)?;
        let now = self.now();
        let people = self.store.people(&caller.workspace).await?;
        let owner_of = |record: &KeyRecord| {
            let owner = people.iter().find(|person| person.id == record.owner);
            owner.map_or_else(|| record.owner.to_string(), |person| person.name.clone())
        };
        let keys = self.store.keys(&caller.workspace).await?;
        let views = keys.into_iter().map(|mut record| {
            record.secret_hash = String::new();
            let in_force = in_force(&record, now);
            KeyView { owner: owner_of(&record), record, in_force }
        });
        Ok(views.collect())
    }

    /// Revokes a key. The next call with it is refused.
    pub async fn revoke_key(&self, caller: &Caller, id: &str) -> Result<(), Error> {
        administer(caller, Operation::ManageKeys)?;
        let keys = self.store.keys(&caller.workspace).await?;
        let record = keys.into_iter().find(|key| key.id == id).ok_or(Error::NotFound("key"))?;
        if record.revoked_at.is_some() {
            let message = "this key is revoked already".to_owned();
            return Err(Error::Invalid { field: "id", message });
        }
        let at = self.now();
        let change = Change::RevokeKey { workspace: caller.workspace.clone(), key_id: id.to_owned(), at };
        let entry = Act::of(caller).entry(at, ActKind::KeyRevoked, id, Some(value(&record)), None);
        self.enact_here(caller, Operation::ManageKeys, vec![change], entry).await
    }
}

/// A key as the log shows it.
fn value(record: &KeyRecord) -> Value {
    object([
        ("name", record.name.as_str().into()),
        ("scopes", record.scopes.as_slice().into()),
        ("expires_at", record.expires_at.as_ref().map(Timestamp::to_string).into()),
    ])
}
