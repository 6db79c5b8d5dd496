//! Coming in: the one-time set-up link, sign-in with a local account, and who a session stands for.

use crate::caller::{Caller, Door};
use crate::permission::Role;
use crate::{Control, Error, clock, password};
use governance::digest::sha256_hex;
use governance::{Actor, ActorKind, PersonId, WorkspaceId};
use store::directory::{PersonRecord, WorkspaceRecord};

/// How long a set-up link lives, in seconds.
pub const SETUP_SECONDS: i64 = 24 * 3600;

/// Who signed in, and to which workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub person_id: PersonId,
    /// Their workspace.
    pub workspace: WorkspaceId,
}

/// What the first administrator fills in.
#[derive(Debug, Clone)]
pub struct SetupInput {
    /// The workspace's name.
    pub workspace: String,
    /// What the administrator is called.
    pub name: String,
    /// Their sign-in address, which is their actor id for good.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl Control {
    /// A fresh one-time set-up token, replacing earlier ones; `None` when people exist.
    pub async fn issue_setup_token(&self) -> Result<Option<String>, Error> {
        if self.store.has_people().await? {
            return Ok(None);
        }
        let token = clock::token(self.entropy.as_ref())?;
        let expires_at = self.now().plus_seconds(SETUP_SECONDS);
        self.store.put_setup_token(&sha256_hex(token.as_bytes()), expires_at).await?;
        Ok(Some(token))
    }

    /// Makes the workspace and its first person, who gets every role. The token works once.
    pub async fn redeem_setup(&self, token: &str, input: SetupInput) -> Result<SignedIn, Error> {
        let name = required(&input.workspace, "workspace", "the workspace's name")?;
        let roles = Role::ALL.to_vec();
        let person = self.new_person(&input.email, &input.name, &input.password, &roles).await?;
        let workspace = WorkspaceRecord {
            id: self.new_workspace_id()?,
            name,
            forbid_self_approval: true,
            created_at: self.now(),
        };
        let hash = sha256_hex(token.as_bytes());
        if self.store.redeem_setup_token(&hash, self.now(), &workspace, &person).await? {
            Ok(SignedIn { person_id: person.id, workspace: workspace.id })
        } else {
            Err(Error::Invalid {
                field: "token",
                message: "this set-up link was used or has expired; start the server again for a new one"
                    .to_owned(),
            })
        }
    }

    /// Signs in with a local account. Wrong name and wrong password look the same and take the same time.
    pub async fn sign_in(&self, email: &str, password: &str, address: &str) -> Result<SignedIn, Error> {
        let actor_id = email.trim().to_lowercase();
        self.throttle.check(&actor_id, address, self.now())?;
        let memberships = self.store.memberships(&actor_id).await?;
        let person = match memberships.first() {
            Some(workspace) => self.store.person_by_actor(workspace, &actor_id).await?,
            None => None,
        };
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        let right = password::verify(password, hash).await?;
        match (person, memberships.into_iter().next()) {
            (Some(person), Some(workspace)) if right && !person.suspended => {
                self.throttle.succeeded(&actor_id);
                Ok(SignedIn { person_id: person.id, workspace })
            }
            _ => {
                self.throttle.failed(&actor_id, address, self.now());
                Err(Error::Credentials)
            }
        }
    }

    /// The caller that a session stands for, with the roles of this moment. Fails as unauthenticated when the person
    /// is suspended or no longer belongs to the workspace.
    pub async fn caller(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        door: Door,
    ) -> Result<Caller, Error> {
        let person = self.store.person(workspace, person).await?.ok_or(Error::Unauthenticated)?;
        if person.suspended || person.roles.is_empty() {
            return Err(Error::Unauthenticated);
        }
        caller_of(workspace, &person, door)
    }

    /// Changes the caller's own password and ends their other sessions.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
        keep_session: Option<&str>,
    ) -> Result<(), Error> {
        let id = caller.person.as_ref().ok_or(Error::Unauthenticated)?;
        password::check(new)?;
        let person = self.store.person(&caller.workspace, id).await?.ok_or(Error::Unauthenticated)?;
        self.throttle.check(&person.actor_id, "account page", self.now())?;
        if !password::verify(current, person.password_hash).await? {
            self.throttle.failed(&person.actor_id, "account page", self.now());
            let message = "the current password is wrong".to_owned();
            return Err(Error::Invalid { field: "current", message });
        }
        let hash = password::hash(new, self.entropy.as_ref()).await?;
        self.store.set_password(id, &hash, keep_session).await?;
        Ok(())
    }

    /// Changes what the caller is called.
    pub async fn rename(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        let id = caller.person.as_ref().ok_or(Error::Unauthenticated)?;
        let name = required(name, "name", "the name")?;
        self.store.set_name(id, &name).await?;
        Ok(())
    }

    pub(crate) async fn new_person(
        &self,
        email: &str,
        name: &str,
        password: &str,
        roles: &[Role],
    ) -> Result<PersonRecord, Error> {
        let actor_id = email.trim().to_lowercase();
        let address_like = actor_id.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !actor_id.contains(char::is_whitespace)
        });
        if !address_like || Actor::new(ActorKind::Human, actor_id.clone()).is_err() {
            let message = "this is not an e-mail address; write one such as ana@example.com".to_owned();
            return Err(Error::Invalid { field: "email", message });
        }
        let id = format!("prs_{}", clock::uuid(self.entropy.as_ref(), self.now())?);
        Ok(PersonRecord {
            id: PersonId::new(id).map_err(|error| Error::Fault(error.to_string()))?,
            actor_id,
            name: required(name, "name", "the name")?,
            password_hash: Some(password::hash(password, self.entropy.as_ref()).await?),
            roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
            suspended: false,
            created_at: self.now(),
        })
    }

    fn new_workspace_id(&self) -> Result<WorkspaceId, Error> {
        let id = format!("wsp_{}", clock::uuid(self.entropy.as_ref(), self.now())?);
        WorkspaceId::new(id).map_err(|error| Error::Fault(error.to_string()))
    }
}

/// The caller that a person is in a workspace.
pub(crate) fn caller_of(workspace: &WorkspaceId, person: &PersonRecord, door: Door) -> Result<Caller, Error> {
    let actor = Actor::new(ActorKind::Human, person.actor_id.clone());
    Ok(Caller {
        workspace: workspace.clone(),
        actor: actor.map_err(|error| Error::Fault(error.to_string()))?,
        person: Some(person.id.clone()),
        name: person.name.clone(),
        roles: person.roles.iter().filter_map(|word| Role::parse(word)).collect(),
        door,
    })
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
