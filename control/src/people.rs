//! People, their roles, and the workspace's settings: the admin's use cases.

use crate::access::caller_of;
use crate::caller::Door;
use crate::permission::Role;
use crate::{Caller, Control, Error, Operation, password};
use governance::PersonId;
use store::directory::{PersonRecord, WorkspaceRecord};

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Their sign-in address, which is their actor id for good.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their first password, which they should change.
    pub password: String,
    /// What they may do.
    pub roles: Vec<Role>,
}

impl Control {
    /// Everyone who belongs to the caller's workspace, by name. Password hashes are left out.
    pub async fn people(&self, caller: &Caller) -> Result<Vec<PersonRecord>, Error> {
        caller.require(Operation::SeePeople)?;
        let mut people = self.store.people(&caller.workspace).await?;
        for person in &mut people {
            person.password_hash = None;
        }
        Ok(people)
    }

    /// Everyone who may sign in to the first workspace, for a demo's front door. It asks for no caller: whoever
    /// calls it must know that this server is a demo.
    pub async fn demo_people(&self) -> Result<Vec<PersonRecord>, Error> {
        let Some(workspace) = self.store.workspaces().await?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let mut people = self.store.people(&workspace.id).await?;
        people.retain(|person| !person.suspended);
        Ok(people)
    }

    /// Adds a person.
    pub async fn add_person(&self, caller: &Caller, new: NewPerson) -> Result<PersonRecord, Error> {
        caller.require(Operation::ManagePeople)?;
        some_role(&new.roles)?;
        let person = self.new_person(&new.email, &new.name, &new.password, &new.roles).await?;
        self.store.create_person(&caller.workspace, &person).await?;
        Ok(person)
    }

    /// Replaces a person's roles. The last admin keeps that role, or nobody could ever give it back.
    pub async fn set_roles(&self, caller: &Caller, id: &PersonId, roles: &[Role]) -> Result<(), Error> {
        caller.require(Operation::ManagePeople)?;
        some_role(roles)?;
        if !roles.contains(&Role::Admin) {
            self.another_admin(caller, id).await?;
        }
        let words: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
        if self.store.set_roles(&caller.workspace, id, &words).await? {
            Ok(())
        } else {
            Err(Error::NotFound("person"))
        }
    }

    /// Suspends a person, which ends their sessions, or lets them back in.
    pub async fn set_suspended(&self, caller: &Caller, id: &PersonId, suspended: bool) -> Result<(), Error> {
        caller.require(Operation::ManagePeople)?;
        self.member(caller, id).await?;
        if suspended {
            self.another_admin(caller, id).await?;
        }
        if self.store.set_suspended(id, suspended).await? { Ok(()) } else { Err(Error::NotFound("person")) }
    }

    /// Gives a person a new password and ends their sessions.
    pub async fn reset_password(&self, caller: &Caller, id: &PersonId, new: &str) -> Result<(), Error> {
        caller.require(Operation::ManagePeople)?;
        self.member(caller, id).await?;
        let hash = password::hash(new, self.entropy.as_ref()).await?;
        if self.store.set_password(id, &hash, None).await? { Ok(()) } else { Err(Error::NotFound("person")) }
    }

    /// The workspace's settings.
    pub async fn settings(&self, caller: &Caller) -> Result<WorkspaceRecord, Error> {
        self.workspace_of(caller).await
    }

    /// Whether a policy that does not say otherwise forbids self-approval. Decisions that exist keep their policy.
    pub async fn set_forbid_self_approval(&self, caller: &Caller, forbid: bool) -> Result<(), Error> {
        caller.require(Operation::ManagePeople)?;
        self.store.set_forbid_self_approval(&caller.workspace, forbid).await?;
        Ok(())
    }

    /// People who could approve now: members with the approver role who are not suspended.
    pub(crate) async fn approvers(&self, caller: &Caller) -> Result<Vec<PersonRecord>, Error> {
        let mut people = self.store.people(&caller.workspace).await?;
        people.retain(|person| {
            !person.suspended && person.roles.iter().any(|role| role == Role::Approver.as_str())
        });
        Ok(people)
    }

    async fn member(&self, caller: &Caller, id: &PersonId) -> Result<PersonRecord, Error> {
        self.store.person(&caller.workspace, id).await?.ok_or(Error::NotFound("person"))
    }

    async fn another_admin(&self, caller: &Caller, id: &PersonId) -> Result<(), Error> {
        let people = self.store.people(&caller.workspace).await?;
        let admin = |person: &PersonRecord| {
            let caller = caller_of(&caller.workspace, person, Door::Web);
            !person.suspended && caller.is_ok_and(|caller| caller.roles.contains(&Role::Admin))
        };
        let is_admin = people.iter().any(|person| person.id == *id && admin(person));
        if is_admin && !people.iter().any(|person| person.id != *id && admin(person)) {
            let message = "this is the only admin; make somebody else an admin first".to_owned();
            return Err(Error::Invalid { field: "roles", message });
        }
        Ok(())
    }
}

fn some_role(roles: &[Role]) -> Result<(), Error> {
    if roles.is_empty() {
        let message = "choose at least one role; to keep somebody out, suspend them".to_owned();
        return Err(Error::Invalid { field: "roles", message });
    }
    Ok(())
}
