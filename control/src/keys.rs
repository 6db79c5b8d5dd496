//! API keys, for admins: made, listed, revoked. Whoever makes a key owns it: it may do what its scopes say, never more
//! than its owner, and where distinct people are needed it is its owner. What people make for themselves is a personal
//! token (`tokens`); admins see and revoke those here, too.

use crate::access::{address, administer, in_force, required};
use crate::key::{self, KeyScope};
use crate::record::Act;
use crate::{Caller, Control, Credential, Door, Entrance, Error, Operation};
use governance::json::object;
use governance::workspace_log::{ActKind, NewEntry};
use governance::{PersonId, Timestamp, Value, WorkspaceId};
use store::enact::Change;
use store::identity::KeyRecord;

/// Most days that a key may live, where it ends at all.
const MAX_DAYS: u32 = 3660;
/// Most days that a personal token may live. It always ends.
const MAX_TOKEN_DAYS: u32 = 366;
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
        let last = self.no_wider(caller, &input).await?;
        let (mut record, key) = self.new_key(&caller.workspace, &caller.person, false, &input)?;
        record.expires_at = record.expires_at.into_iter().chain(last).min();
        let (changes, entry) = self.making(&Act::of(caller), &record);
        self.enact_here(caller, Operation::ManageKeys, changes, entry).await?;
        Ok((record, key))
    }

    /// Refuses a key that would reach further than the token that makes it, and answers when it has to end: with that
    /// token at the latest. A provider's token, which lives for minutes, makes none.
    async fn no_wider(&self, caller: &Caller, input: &KeyInput) -> Result<Option<Timestamp>, Error> {
        let Credential::Key { scopes, key_id, .. } = &caller.credential else { return Ok(None) };
        let Some(id) = key_id else { return Err(Error::KeyForbidden) };
        let own = self.store.key(id).await?.ok_or(Error::Unauthenticated)?;
        if let Some(scope) = input.scopes.iter().find(|scope| !scopes.contains(scope)) {
            let message = format!(
                "your token has no scope `{}`, so no key that it makes can have it; make the key in a browser, or use a \
                 token that has it",
                scope.as_str()
            );
            return Err(Error::Invalid { field: "scopes", message });
        }
        Ok(own.expires_at)
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
        Ok(keys.into_iter().map(|record| view(owner_of(&record), record, now)).collect())
    }

    /// Revokes a key. The next call with it is refused.
    pub async fn revoke_key(&self, caller: &Caller, id: &str) -> Result<(), Error> {
        administer(caller, Operation::ManageKeys)?;
        let keys = self.store.keys(&caller.workspace).await?;
        let record = keys.into_iter().find(|key| key.id == id).ok_or(Error::NotFound("key"))?;
        let (changes, entry) = self.revoking(&Act::of(caller), &record)?;
        self.enact_here(caller, Operation::ManageKeys, changes, entry).await
    }

    /// Makes a key on the server itself, where nobody is signed in: owned by the member with this address, who has to
    /// be one who may make keys. Without a workspace it is the only one that they belong to.
    pub async fn first_key(
        &self,
        workspace: Option<&WorkspaceId>,
        owner_email: &str,
        name: &str,
        scopes: Vec<KeyScope>,
        days: Option<u32>,
    ) -> Result<(KeyRecord, String), Error> {
        let owner = self.store.account(&address(owner_email)?).await?.ok_or(Error::NotFound("person"))?;
        let memberships = self.store.memberships(&owner.id).await?;
        let mut theirs = memberships.into_iter().map(|membership| membership.workspace.id);
        let workspace = match workspace {
            Some(wanted) => theirs.find(|id| id == wanted).ok_or(Error::NotFound("member"))?,
            None => match (theirs.next(), theirs.next()) {
                (Some(only), None) => only,
                (None, _) => return Err(Error::NotFound("member")),
                (Some(_), Some(_)) => {
                    let message = "they belong to several workspaces; name the one that the key is for";
                    return Err(Error::Invalid { field: "workspace", message: message.to_owned() });
                }
            },
        };
        let entrance =
            Entrance { door: Door::Cli, address: String::new(), signed_in_at: self.now(), proven_at: None };
        let owner = match self.caller(&workspace, &owner.id, entrance).await {
            Err(Error::Unauthenticated) => {
                let message = "they are suspended or have no role there; choose another owner".to_owned();
                return Err(Error::Invalid { field: "owner", message });
            }
            other => other?,
        };
        administer(&owner, Operation::ManageKeys)?;
        let input = KeyInput { name: name.to_owned(), scopes, days };
        let (record, key) = self.new_key(&workspace, &owner.person, false, &input)?;
        let (changes, entry) = self.making(&Act::on_the_server(), &record);
        self.enact_here(&owner, Operation::ManageKeys, changes, entry).await?;
        Ok((record, key))
    }

    /// A new key, not yet stored.
    pub(crate) fn new_key(
        &self,
        workspace: &WorkspaceId,
        owner: &PersonId,
        personal: bool,
        input: &KeyInput,
    ) -> Result<(KeyRecord, String), Error> {
        check(personal, input)?;
        let name = required(&input.name, "name", "the name")?;
        let new = key::make([self.entropy.bytes()?, self.entropy.bytes()?]);
        let now = self.now();
        let scopes = KeyScope::ALL.into_iter().filter(|scope| input.scopes.contains(scope));
        let record = KeyRecord {
            workspace: workspace.clone(),
            id: new.id,
            secret_hash: key::hash(&new.key),
            name,
            owner: owner.clone(),
            personal,
            scopes: scopes.map(|scope| scope.as_str().to_owned()).collect(),
            created_at: now,
            expires_at: input.days.map(|days| now.plus_seconds(i64::from(days) * DAY_SECONDS)),
            revoked_at: None,
            used_at: None,
            used_from: None,
        };
        Ok((record, new.key))
    }

    /// The change that stores a new key, and its entry.
    pub(crate) fn making(&self, act: &Act, record: &KeyRecord) -> (Vec<Change>, NewEntry) {
        let entry = act.entry(self.now(), ActKind::KeyCreated, &record.id, None, Some(value(record)));
        (vec![Change::CreateKey(record.clone())], entry)
    }

    /// The change that revokes a key, and its entry.
    pub(crate) fn revoking(&self, act: &Act, record: &KeyRecord) -> Result<(Vec<Change>, NewEntry), Error> {
        if record.revoked_at.is_some() {
            let message = "this key is revoked already".to_owned();
            return Err(Error::Invalid { field: "id", message });
        }
        let at = self.now();
        let change = Change::RevokeKey { workspace: record.workspace.clone(), key_id: record.id.clone(), at };
        let entry = act.entry(at, ActKind::KeyRevoked, &record.id, Some(value(record)), None);
        Ok((vec![change], entry))
    }
}

/// What both kinds of keys hold to: what each may do, and for how long.
fn check(personal: bool, input: &KeyInput) -> Result<(), Error> {
    let wrong = |field: &'static str, message: String| Err(Error::Invalid { field, message });
    if input.scopes.is_empty() {
        return wrong("scopes", "choose at least one scope; without one it can do nothing".to_owned());
    }
    if let Some(scope) = input.scopes.iter().find(|scope| !scope.is_for(personal)) {
        let whose = if personal {
            "is for machines' keys; a personal token cannot have it"
        } else {
            "is for personal tokens, which people make for themselves; a machine's key cannot have it"
        };
        return wrong("scopes", format!("`{}` {whose}", scope.as_str()));
    }
    match (personal, input.days) {
        (false, None) => Ok(()),
        (false, Some(days)) if (1..=MAX_DAYS).contains(&days) => Ok(()),
        (false, _) => wrong("days", format!("a key lives for 1 to {MAX_DAYS} days, or until it is revoked")),
        (true, Some(days)) if (1..=MAX_TOKEN_DAYS).contains(&days) => Ok(()),
        (true, _) => wrong("days", format!("say after how many days it ends: 1 to {MAX_TOKEN_DAYS}")),
    }
}

/// A key for people to read. Its hash is left out.
pub(crate) fn view(owner: String, mut record: KeyRecord, now: Timestamp) -> KeyView {
    record.secret_hash = String::new();
    let in_force = in_force(&record, now);
    KeyView { record, owner, in_force }
}

/// A key as the log shows it.
fn value(record: &KeyRecord) -> Value {
    object([
        ("name", record.name.as_str().into()),
        ("personal", record.personal.into()),
        ("scopes", record.scopes.as_slice().into()),
        ("expires_at", record.expires_at.as_ref().map(Timestamp::to_string).into()),
    ])
}
