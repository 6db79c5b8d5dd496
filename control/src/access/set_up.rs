//! The first start: a one-time link that makes the workspace and its first administrator.

use super::{address, required, role_words};
use crate::permission::Role;
use crate::record::Act;
use crate::{Control, Error, clock, password};
use governance::digest::sha256_hex;
use governance::workspace_log::ActKind;
use governance::{PersonId, WorkspaceId};
use store::directory::WorkspaceRecord;
use store::enact::{Change, NewPerson};
use store::{Enactment, StoreError};

use super::sign_in::SignedIn;

/// How long a set-up link lives, in seconds.
pub const SETUP_SECONDS: i64 = 24 * 3600;

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

    /// Makes the workspace and its first person, who gets every role. The token works once. `from` is the network
    /// address that it was used from.
    pub async fn redeem_setup(&self, token: &str, input: SetupInput, from: &str) -> Result<SignedIn, Error> {
        if self.store.has_people().await? {
            return Err(used_up());
        }
        let workspace = self.new_workspace(&input.workspace)?;
        let hash = password::hash(&input.password, self.entropy.as_ref()).await?;
        let person = self.new_person(&address(&input.email)?, &input.name, Some(hash))?;
        let id = person.id.clone();
        let now = self.now();
        let act = Act::by_person(&person.actor_id, from)?;
        let roles = role_words(&Role::ALL);
        let made = act.entry(now, ActKind::WorkspaceCreated, &workspace.name, None, None);
        let joined =
            act.entry(now, ActKind::PersonJoined, &person.actor_id, None, Some(roles.as_slice().into()));
        let enactment = Enactment {
            changes: vec![
                Change::RedeemSetup { token_hash: sha256_hex(token.as_bytes()), now },
                Change::CreateWorkspace(workspace.clone()),
                Change::CreatePerson(person),
                Change::Join { workspace: workspace.id.clone(), person: id.clone(), given_roles: roles },
            ],
            entries: vec![(workspace.id.clone(), made), (workspace.id.clone(), joined)],
            expected: None,
        };
        match self.store.enact(enactment).await {
            Ok(()) => Ok(SignedIn { person_id: id, workspace: workspace.id, vouched: None }),
            Err(StoreError::Gone(_)) => Err(used_up()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn new_workspace(&self, name: &str) -> Result<WorkspaceRecord, Error> {
        let id = format!("wsp_{}", clock::uuid(self.entropy.as_ref(), self.now())?);
        Ok(WorkspaceRecord {
            id: WorkspaceId::new(id).map_err(|error| Error::Fault(error.to_string()))?,
            name: required(name, "workspace", "the workspace's name")?,
            forbid_self_approval: true,
            created_at: self.now(),
            log_length: 0,
        })
    }

    pub(crate) fn new_person(
        &self,
        actor_id: &str,
        name: &str,
        password_hash: Option<String>,
    ) -> Result<NewPerson, Error> {
        let id = format!("prs_{}", clock::uuid(self.entropy.as_ref(), self.now())?);
        Ok(NewPerson {
            id: PersonId::new(id).map_err(|error| Error::Fault(error.to_string()))?,
            actor_id: actor_id.to_owned(),
            name: required(name, "name", "the name")?,
            password_hash,
            created_at: self.now(),
        })
    }
}

fn used_up() -> Error {
    let message = "this set-up link was used or has expired; start the server again for a new one".to_owned();
    Error::Invalid { field: "token", message }
}
