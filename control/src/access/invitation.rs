//! Invitations: how people get into a workspace. A link that works once, for a week, and only for whom it was made:
//! who opens it proves themselves with a new password, with a provider, or by being signed in already.

use super::sso::{Proven, Provider, SsoRefusal, trusted_address};
use super::{address, administer, linking, required, role_words};
use crate::permission::Role;
use crate::record::Act;
use crate::{Caller, Control, Error, Operation, clock, password};
use governance::digest::sha256_hex;
use governance::json::object;
use governance::workspace_log::ActKind;
use governance::{PersonId, Value};
use store::directory::ActorRecord;
use store::enact::{Change, NewPerson};
use store::identity::InvitationRecord;
use store::{Enactment, StoreError};

use super::sign_in::SignedIn;

/// How often an acceptance is tried again when the directory changed meanwhile.
const ATTEMPTS: usize = 8;

/// How long an invitation lives, in seconds.
pub const INVITATION_SECONDS: i64 = 7 * 24 * 3600;

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Their address, which becomes their actor id for good if they are new.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
}

/// What somebody who opens an invitation is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Whom it is for.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The workspace's name.
    pub workspace: String,
    /// What they may do there, as words.
    pub roles: Vec<String>,
    /// Whether they may choose a password.
    pub local: bool,
}

impl Control {
    /// Invites somebody. Answers with what the link carries, shown this once.
    pub async fn invite(
        &self,
        caller: &Caller,
        whom: Invitation,
    ) -> Result<(InvitationRecord, String), Error> {
        administer(caller, Operation::ManagePeople)?;
        crate::people::some_role(&whom.roles)?;
        let token = clock::token(self.entropy.as_ref())?;
        let invitation = InvitationRecord {
            workspace: caller.workspace.clone(),
            id: format!("inv_{}", clock::uuid(self.entropy.as_ref(), self.now())?),
            token_hash: sha256_hex(token.as_bytes()),
            email: address(&whom.email)?,
            name: required(&whom.name, "name", "the name")?,
            roles: role_words(&whom.roles),
            invited_by: caller.actor.id().to_owned(),
            created_at: self.now(),
            expires_at: self.now().plus_seconds(INVITATION_SECONDS),
            accepted_at: None,
            revoked_at: None,
        };
        if let Some(member) = self.store.person_by_actor(&caller.workspace, &invitation.email).await?
            && !member.roles.is_empty()
        {
            let message = "they belong to this workspace already; change their roles instead".to_owned();
            return Err(Error::Invalid { field: "email", message });
        }
        let after = object([
            ("roles", invitation.roles.as_slice().into()),
            ("expires_at", invitation.expires_at.to_string().into()),
        ]);
        let entry = Act::of(caller).entry(
            self.now(),
            ActKind::InvitationCreated,
            &invitation.email,
            None,
            Some(after),
        );
        self.enact_here(caller, Operation::ManagePeople, vec![Change::Invite(invitation.clone())], entry)
            .await?;
        Ok((invitation, token))
    }

    /// Invitations that nobody has accepted, newest first.
    pub async fn invitations(&self, caller: &Caller) -> Result<Vec<InvitationRecord>, Error> {
        administer(caller, Operation::ManagePeople)?;
        Ok(self.store.invitations(&caller.workspace).await?)
    }

    /// Takes an invitation back.
    pub async fn revoke_invitation(&self, caller: &Caller, id: &str) -> Result<(), Error> {
        let open = self.invitations(caller).await?;
        let invitation = open.into_iter().find(|one| one.id == id).ok_or(Error::NotFound("invitation"))?;
        let change = Change::RevokeInvitation {
            workspace: caller.workspace.clone(),
            id: id.to_owned(),
            at: self.now(),
        };
        let before = Some(invitation.roles.as_slice().into());
        let entry =
            Act::of(caller).entry(self.now(), ActKind::InvitationRevoked, &invitation.email, before, None);
        self.enact_here(caller, Operation::ManagePeople, vec![change], entry).await
    }

    /// What an invitation says. It is read any number of times: mail scanners open links.
    pub async fn invited(&self, token: &str) -> Result<Invited, Error> {
        let invitation = self.open_invitation(token).await?;
        let workspace = self.store.workspace(&invitation.workspace).await?;
        Ok(Invited {
            email: invitation.email,
            name: invitation.name,
            workspace: workspace.ok_or(Error::NotFound("invitation"))?.name,
            roles: invitation.roles,
            local: self.local_accounts,
        })
    }

    /// Accepts with a new local account.
    pub async fn join_with_password(
        &self,
        token: &str,
        name: &str,
        password: &str,
        from: &str,
    ) -> Result<SignedIn, Error> {
        if !self.local_accounts {
            return Err(Error::LocalAccountsOff);
        }
        let invitation = self.open_invitation(token).await?;
        let hash = password::hash(password, self.entropy.as_ref()).await?;
        let person = self.new_person(&invitation.email, name, Some(hash))?;
        let id = person.id.clone();
        let actor_id = person.actor_id.clone();
        self.accept(&invitation, &id, &actor_id, vec![Change::CreatePerson(person)], None, from).await?;
        Ok(SignedIn { person_id: id, workspace: invitation.workspace, vouched: None })
    }

    /// Accepts as who the caller is already: the invitation has to be for them.
    pub async fn join_signed_in(&self, caller: &Caller, token: &str) -> Result<SignedIn, Error> {
        let id = caller.human()?;
        let invitation = self.open_invitation(token).await?;
        let identities = self.store.identities_of(id).await?;
        let told = identities.iter().filter_map(|one| one.email.as_deref());
        let mut own = told.chain([caller.actor.id()]).map(str::to_lowercase);
        if !own.any(|address| address == invitation.email) {
            return Err(not_for_you(&invitation.email));
        }
        self.accept(&invitation, id, caller.actor.id(), Vec::new(), None, &caller.address).await?;
        Ok(SignedIn { person_id: id.clone(), workspace: invitation.workspace, vouched: None })
    }

    /// Accepts by what a provider proves: the address that it tells has to be the invited one.
    pub(super) async fn join_through(
        &self,
        provider: &Provider,
        proven: &Proven,
        known: Option<PersonId>,
        token: &str,
        from: &str,
    ) -> Result<PersonId, Error> {
        let invitation = self.open_invitation(token).await?;
        if trusted_address(proven).as_ref() != Some(&invitation.email) {
            return Err(not_for_you(&invitation.email));
        }
        let by = linking::identity_value(provider, proven);
        let (id, actor_id, changes) = match known {
            Some(id) => {
                let account = self.store.account_of(&id).await?.ok_or(Error::Unauthenticated)?;
                (id, account.actor_id, Vec::new())
            }
            None => {
                let person: NewPerson = self.new_person(&invitation.email, &invitation.name, None)?;
                let (id, actor_id) = (person.id.clone(), person.actor_id.clone());
                let link = linking::link_change(provider, proven, &id, self.now());
                (id, actor_id, vec![Change::CreatePerson(person), link])
            }
        };
        match self.accept(&invitation, &id, &actor_id, changes, Some(by), from).await {
            Err(Error::Exists(_)) => Err(SsoRefusal::AddressTaken.into()),
            other => other.map(|()| id),
        }
    }

    async fn open_invitation(&self, token: &str) -> Result<InvitationRecord, Error> {
        let found = self.store.invitation(&sha256_hex(token.as_bytes())).await?;
        let open = |one: &InvitationRecord| {
            one.accepted_at.is_none() && one.revoked_at.is_none() && one.expires_at > self.now()
        };
        found.filter(open).ok_or_else(gone)
    }

    async fn accept(
        &self,
        invitation: &InvitationRecord,
        id: &PersonId,
        actor_id: &str,
        mut changes: Vec<Change>,
        identity: Option<Value>,
        from: &str,
    ) -> Result<(), Error> {
        let workspace = invitation.workspace.clone();
        let given_roles = invitation.roles.clone();
        changes.push(Change::AcceptInvitation {
            token_hash: invitation.token_hash.clone(),
            person: id.clone(),
            at: self.now(),
        });
        changes.push(Change::Join { workspace: workspace.clone(), person: id.clone(), given_roles });
        let after = object([
            ("roles", invitation.roles.as_slice().into()),
            ("invited_by", invitation.invited_by.as_str().into()),
            ("identity", identity.unwrap_or(Value::Null)),
        ]);
        let act = Act::by_person(actor_id, from)?;
        let entry = act.entry(self.now(), ActKind::PersonJoined, actor_id, None, Some(after));
        let entries = vec![(workspace.clone(), entry)];
        for _ in 0..ATTEMPTS {
            let length = self.store.workspace(&workspace).await?.ok_or_else(gone)?.log_length;
            self.still_invites(invitation).await?;
            let expected = Some((workspace.clone(), length));
            let enactment = Enactment { changes: changes.clone(), entries: entries.clone(), expected };
            match self.store.enact(enactment).await {
                Err(StoreError::Outdated(_)) => {}
                Err(StoreError::Gone("invitation")) => return Err(gone()),
                other => return Ok(other?),
            }
        }
        Err(Error::Fault(format!("the directory kept changing during {ATTEMPTS} attempts")))
    }

    /// Who invited has to be an admin still: nobody leaves a door open for themselves.
    async fn still_invites(&self, invitation: &InvitationRecord) -> Result<(), Error> {
        let by = std::slice::from_ref(&invitation.invited_by);
        let found = self.store.actors(&invitation.workspace, by).await?;
        let admin = |one: &ActorRecord| {
            !one.suspended && !one.is_key && one.roles.iter().any(|role| role == Role::Admin.as_str())
        };
        if found.iter().any(admin) { Ok(()) } else { Err(gone()) }
    }
}

fn gone() -> Error {
    let message = "this invitation was used, taken back or has expired; ask for a new one".to_owned();
    Error::Invalid { field: "token", message }
}

fn not_for_you(email: &str) -> Error {
    let message = format!("this invitation is for {email}; sign in as them, or ask for one of your own");
    Error::Invalid { field: "token", message }
}
