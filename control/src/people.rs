//! People and their roles: the admin's use cases. They reach one workspace: what concerns an account that belongs to
//! others too is left to its owner.

use crate::access::{administer, role_words, roles};
use crate::permission::Role;
use crate::record::Act;
use crate::{Caller, Control, Error, Operation, password};
use governance::PersonId;
use governance::workspace_log::{ActKind, NewEntry};
use store::directory::PersonRecord;
use store::enact::Change;
use store::{Enactment, StoreError};

/// How often a change is decided again when the directory changed meanwhile.
const ATTEMPTS: usize = 8;

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
        people.retain(|person| !person.suspended && !person.roles.is_empty());
        Ok(people)
    }

    /// Replaces the roles that a person was given by hand; those that groups give stay. The last admin keeps that role,
    /// or nobody could ever give it back.
    pub async fn set_roles(&self, caller: &Caller, id: &PersonId, new: &[Role]) -> Result<(), Error> {
        administer(caller, Operation::ManagePeople)?;
        for _ in 0..ATTEMPTS {
            let (caller, length) = self.refreshed(caller).await?;
            administer(&caller, Operation::ManagePeople)?;
            let person = self.member(&caller, id).await?;
            let by_groups = person.roles.iter().any(|role| !person.given_roles.contains(role));
            if !by_groups {
                some_role(new)?;
            }
            let stays_admin = new.contains(&Role::Admin) || is_admin_by_groups(&person);
            if !stays_admin {
                self.another_admin(&caller, id).await?;
            }
            let given_roles = role_words(new);
            let (before, after) = (person.given_roles.as_slice().into(), given_roles.as_slice().into());
            let about = &person.actor_id;
            let entry =
                Act::of(&caller).entry(self.now(), ActKind::RolesChanged, about, Some(before), Some(after));
            let change =
                Change::SetRoles { workspace: caller.workspace.clone(), person: id.clone(), given_roles };
            match self.enact_at(&caller, length, vec![change], entry).await {
                Err(Error::Store(StoreError::Outdated(_))) => {}
                other => return other,
            }
        }
        Err(busy())
    }

    /// Keeps a person out of the workspace, which ends their sessions there, or lets them back in.
    pub async fn set_suspended(&self, caller: &Caller, id: &PersonId, suspended: bool) -> Result<(), Error> {
        administer(caller, Operation::ManagePeople)?;
        for _ in 0..ATTEMPTS {
            let (caller, length) = self.refreshed(caller).await?;
            administer(&caller, Operation::ManagePeople)?;
            let person = self.member(&caller, id).await?;
            if suspended {
                self.another_admin(&caller, id).await?;
            }
            if person.suspended == suspended {
                return Ok(());
            }
            let kind = if suspended { ActKind::PersonSuspended } else { ActKind::PersonRestored };
            let entry = Act::of(&caller).entry(
                self.now(),
                kind,
                &person.actor_id,
                Some(person.suspended.into()),
                Some(suspended.into()),
            );
            let change =
                Change::SetSuspended { workspace: caller.workspace.clone(), person: id.clone(), suspended };
            match self.enact_at(&caller, length, vec![change], entry).await {
                Err(Error::Store(StoreError::Outdated(_))) => {}
                other => return other,
            }
        }
        Err(busy())
    }

    /// Gives a person a new password and ends their sessions.
    pub async fn reset_password(&self, caller: &Caller, id: &PersonId, new: &str) -> Result<(), Error> {
        let person = self.own_member(caller, id).await?;
        if !self.local_accounts {
            return Err(Error::LocalAccountsOff);
        }
        if person.password_hash.is_none() {
            let message = "they have no password: they sign in through a provider".to_owned();
            return Err(Error::Invalid { field: "id", message });
        }
        let hash = password::hash(new, self.entropy.as_ref()).await?;
        let change = Change::SetPassword { person: id.clone(), hash: Some(hash), keep_session: None };
        let entry = Act::of(caller).entry(self.now(), ActKind::PasswordReset, &person.actor_id, None, None);
        self.enact_here(caller, Operation::ManagePeople, vec![change], entry).await
    }

    /// Switches a person's second factor off, for somebody who lost both phone and recovery codes.
    pub async fn reset_second_factor(&self, caller: &Caller, id: &PersonId) -> Result<(), Error> {
        let person = self.own_member(caller, id).await?;
        let changes = vec![
            Change::RemoveSecondFactor { person: id.clone() },
            Change::EndSessions { person: id.clone(), workspace: None, keep: None },
        ];
        let entry =
            Act::of(caller).entry(self.now(), ActKind::SecondFactorReset, &person.actor_id, None, None);
        self.enact_here(caller, Operation::ManagePeople, changes, entry).await
    }

    /// People who could approve now: members with the approver role who are not suspended.
    pub(crate) async fn approvers(&self, caller: &Caller) -> Result<Vec<PersonRecord>, Error> {
        let mut people = self.store.people(&caller.workspace).await?;
        people.retain(|person| {
            !person.suspended && person.roles.iter().any(|role| role == Role::Approver.as_str())
        });
        Ok(people)
    }

    pub(crate) async fn member(&self, caller: &Caller, id: &PersonId) -> Result<PersonRecord, Error> {
        self.store.person(&caller.workspace, id).await?.ok_or(Error::NotFound("person"))
    }

    /// A member whose account this workspace alone looks after. Whoever belongs to others as well must not be taken over
    /// by an admin of one.
    async fn own_member(&self, caller: &Caller, id: &PersonId) -> Result<PersonRecord, Error> {
        // How somebody signs in is not changed by a token, however recent the proof behind it.
        caller.human()?;
        administer(caller, Operation::ManagePeople)?;
        let person = self.member(caller, id).await?;
        if *id == caller.person {
            let message = "change how you sign in yourself under My account".to_owned();
            return Err(Error::Invalid { field: "id", message });
        }
        self.recently_signed_in(caller)?;
        if person.elsewhere {
            let message =
                "they belong to other workspaces too, so only they can change how they sign in".to_owned();
            return Err(Error::Invalid { field: "id", message });
        }
        Ok(person)
    }

    /// Changes of the caller's workspace with their entry, if the caller may at the moment of writing: a request can be
    /// held open while its sender loses the role.
    pub(crate) async fn enact_here(
        &self,
        caller: &Caller,
        operation: Operation,
        changes: Vec<Change>,
        entry: NewEntry,
    ) -> Result<(), Error> {
        let allowed = |caller: &Caller| administer(caller, operation);
        self.enact_if(caller, allowed, changes, entry).await
    }

    /// The same for whom `allowed` lets pass at the moment of writing.
    pub(crate) async fn enact_if(
        &self,
        caller: &Caller,
        allowed: impl Fn(&Caller) -> Result<(), Error> + Send + Sync,
        changes: Vec<Change>,
        entry: NewEntry,
    ) -> Result<(), Error> {
        for _ in 0..ATTEMPTS {
            let (caller, length) = self.refreshed(caller).await?;
            allowed(&caller)?;
            match self.enact_at(&caller, length, changes.clone(), entry.clone()).await {
                Err(Error::Store(StoreError::Outdated(_))) => {}
                other => return other,
            }
        }
        Err(busy())
    }

    async fn enact_at(
        &self,
        caller: &Caller,
        length: u32,
        changes: Vec<Change>,
        entry: NewEntry,
    ) -> Result<(), Error> {
        let entries = vec![(caller.workspace.clone(), entry)];
        let expected = Some((caller.workspace.clone(), length));
        Ok(self.store.enact(Enactment { changes, entries, expected }).await?)
    }

    async fn another_admin(&self, caller: &Caller, id: &PersonId) -> Result<(), Error> {
        let people = self.store.people(&caller.workspace).await?;
        let admin = |person: &PersonRecord| !person.suspended && roles(&person.roles).contains(&Role::Admin);
        let is_admin = people.iter().any(|person| person.id == *id && admin(person));
        if is_admin && !people.iter().any(|person| person.id != *id && admin(person)) {
            let message = "this is the only admin; make somebody else an admin first".to_owned();
            return Err(Error::Invalid { field: "roles", message });
        }
        Ok(())
    }
}

pub(crate) fn some_role(roles: &[Role]) -> Result<(), Error> {
    if roles.is_empty() {
        let message = "choose at least one role; to keep somebody out, suspend them".to_owned();
        return Err(Error::Invalid { field: "roles", message });
    }
    Ok(())
}

fn is_admin_by_groups(person: &PersonRecord) -> bool {
    let admin = Role::Admin.as_str();
    let has = |words: &[String]| words.iter().any(|word| word == admin);
    has(&person.roles) && !has(&person.given_roles)
}

fn busy() -> Error {
    Error::Fault(format!("the directory kept changing during {ATTEMPTS} attempts"))
}
