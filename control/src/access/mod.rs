//! Coming in: the one-time set-up link, local accounts, sign-in providers, second factors, invitations, keys and tokens;
//! and who a session, a key or a token stands for at this moment.

pub mod attempt;
pub mod groups;
pub mod invitation;
pub mod linking;
pub mod refusal;
pub mod second_factor;
pub mod session;
pub mod set_up;
pub mod sign_in;
pub mod sso;
pub mod token;

pub use set_up::{SETUP_SECONDS, SetupInput};
pub use sign_in::{Entered, SignedIn};

use crate::caller::{Caller, Credential, Door, Entrance};
use crate::permission::Role;
use crate::throttle::Guess;
use crate::{Control, Error, KeyScope, Operation, key};
use governance::{Actor, ActorKind, PersonId, Timestamp, WorkspaceId};
use store::directory::PersonRecord;
use store::identity::KeyRecord;

/// How old the note of a key's last use may grow before it is written again, in seconds.
const KEY_USE_SECONDS: i64 = 60;

impl Control {
    /// The caller that a session stands for, with the roles of this moment. Fails as unauthenticated when the person
    /// is suspended or no longer belongs to the workspace.
    pub async fn caller(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        entrance: Entrance,
    ) -> Result<Caller, Error> {
        let person = self.entitled(workspace, person).await?;
        let name = person.name.clone();
        let actor = Actor::new(ActorKind::Human, person.actor_id.clone());
        let Entrance { signed_in_at, proven_at, .. } = entrance;
        let credential = Credential::Session { signed_in_at, proven_at };
        self.caller_of(workspace, person, actor, name, credential, (entrance.door, entrance.address)).await
    }

    /// The caller that an API key stands for. The key decides the workspace; its owner's roles of this moment bound it.
    /// Whatever is wrong with it, the answer is the same; wrong keys from one address have to wait after a while.
    pub async fn key_caller(&self, token: &str, door: Door, address: &str) -> Result<Caller, Error> {
        let now = self.now();
        let found = match key::id_of(token) {
            Some(id) => self.store.key(&id).await?,
            None => None,
        };
        let right = found.filter(|key| key::matches(token, &key.secret_hash) && in_force(key, now));
        let Some(record) = right else {
            // A right key never waits for somebody else's wrong ones.
            self.throttle.attempt(Guess::Key, None, address, now)?;
            return Err(Error::Unauthenticated);
        };
        let person = self.entitled(&record.workspace, &record.owner).await?;
        let stale = record.used_at.is_none_or(|at| at.plus_seconds(KEY_USE_SECONDS) <= now);
        if stale {
            self.store.touch_key(&record.id, now, address).await?;
        }
        let personal = record.personal;
        let scopes = record.scopes.iter().filter_map(|word| KeyScope::parse(word));
        // Whatever a row says, a machine decides nothing.
        let scopes = scopes.filter(|scope| scope.is_for(personal)).collect();
        let (actor, name) = if personal {
            (Actor::new(ActorKind::Human, person.actor_id.clone()), person.name.clone())
        } else {
            (Actor::new(ActorKind::System, record.id.clone()), record.name)
        };
        let credential = Credential::Key { scopes, personal, key_id: Some(record.id) };
        self.caller_of(&record.workspace, person, actor, name, credential, (door, address.to_owned())).await
    }

    /// The same caller with the roles of this moment, and the length of the workspace's log that they were read at.
    /// The length is read first: what changes in between makes the write fail, never pass.
    pub(crate) async fn refreshed(&self, caller: &Caller) -> Result<(Caller, u32), Error> {
        let workspace = self.store.workspace(&caller.workspace).await?.ok_or(Error::Unauthenticated)?;
        if let Credential::Key { key_id: Some(id), .. } = &caller.credential {
            let key = self.store.key(id).await?.ok_or(Error::Unauthenticated)?;
            if !in_force(&key, self.now()) {
                return Err(Error::Unauthenticated);
            }
        }
        let person = self.entitled(&caller.workspace, &caller.person).await?;
        let mut fresh = caller.clone();
        fresh.roles = roles(&person.roles);
        Ok((fresh, workspace.log_length))
    }

    /// A member who may come in now.
    async fn entitled(&self, workspace: &WorkspaceId, person: &PersonId) -> Result<PersonRecord, Error> {
        let person = self.store.person(workspace, person).await?.ok_or(Error::Unauthenticated)?;
        if person.suspended || person.roles.is_empty() { Err(Error::Unauthenticated) } else { Ok(person) }
    }

    async fn caller_of(
        &self,
        workspace: &WorkspaceId,
        person: PersonRecord,
        actor: Result<Actor, governance::actor::ActorError>,
        name: String,
        credential: Credential,
        (door, address): (Door, String),
    ) -> Result<Caller, Error> {
        let actor = actor.map_err(|error| Error::Fault(error.to_string()))?;
        Ok(Caller {
            workspace: workspace.clone(),
            // A key reaches what it asked for itself, not what its owner or their other keys did.
            actor_ids: match credential {
                Credential::Session { .. } | Credential::Key { personal: true, .. } => {
                    self.store.actor_ids(workspace, &person.id).await?
                }
                Credential::Key { personal: false, .. } => vec![actor.id().to_owned()],
            },
            roles: roles(&person.roles),
            person: person.id,
            actor,
            name,
            credential,
            door,
            address,
        })
    }

    /// Where a person goes after signing in: the workspace that they asked for when they may, else their first.
    /// `None` when no workspace lets them in.
    pub(crate) async fn home(
        &self,
        person: &PersonId,
        wish: Option<&WorkspaceId>,
    ) -> Result<Option<WorkspaceId>, Error> {
        let mut open = self.store.memberships(person).await?;
        open.retain(|membership| !membership.suspended && !membership.roles.is_empty());
        let wished = open.iter().position(|membership| Some(&membership.workspace.id) == wish);
        Ok(open.into_iter().nth(wished.unwrap_or(0)).map(|membership| membership.workspace.id))
    }
}

/// Whether a key works at this moment, as far as the key itself goes.
pub(crate) fn in_force(key: &KeyRecord, now: Timestamp) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|at| at > now)
}

/// Roles of their words. Unknown words give nothing.
pub(crate) fn roles(words: &[String]) -> Vec<Role> {
    words.iter().filter_map(|word| Role::parse(word)).collect()
}

/// Words of roles, in the order of the table and without repeats.
pub(crate) fn role_words(roles: &[Role]) -> Vec<String> {
    Role::ALL.iter().filter(|role| roles.contains(role)).map(|role| role.as_str().to_owned()).collect()
}

/// A trimmed text of 1 to 200 characters without control characters.
pub(crate) fn required(text: &str, field: &'static str, what: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Invalid { field, message: format!("{what} is missing; please write it") });
    }
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        let message = format!("{what} has more than 200 characters or holds control characters");
        return Err(Error::Invalid { field, message });
    }
    Ok(text.to_owned())
}

/// An e-mail address in lower case, as actor ids of people are written.
pub(crate) fn address(email: &str) -> Result<String, Error> {
    let address = email.trim().to_lowercase();
    let address_like = address.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.is_empty() && !host.contains('@') && !address.contains(char::is_whitespace)
    });
    if address_like && Actor::new(ActorKind::Human, address.clone()).is_ok() {
        Ok(address)
    } else {
        let message = "this is not an e-mail address; write one such as ana@example.com".to_owned();
        Err(Error::Invalid { field: "email", message })
    }
}

/// Whether people look after this: the caller is a person with the permission, there or by a token of theirs.
pub(crate) fn administer(caller: &Caller, operation: Operation) -> Result<(), Error> {
    if caller.is_machine() {
        return Err(Error::KeyForbidden);
    }
    caller.require(operation)
}
