//! One human, one person: identities of several providers, linked by proof from both sides. The one side is the session,
//! signed in to a short while ago; the other is what the provider proves. Nothing is ever linked by an address.

use super::sso::{Proven, Provider, SsoRefusal, trusted_address};
use crate::record::Act;
use crate::{Caller, Control, Error};
use governance::json::object;
use governance::workspace_log::ActKind;
use governance::{PersonId, Timestamp, Value};
use std::collections::BTreeSet;
use store::Enactment;
use store::enact::Change;
use store::identity::IdentityRecord;

impl Control {
    /// Identities that the caller can sign in with.
    pub async fn identities(&self, caller: &Caller) -> Result<Vec<IdentityRecord>, Error> {
        Ok(self.store.identities_of(caller.human()?).await?)
    }

    /// Whether the caller may begin to link another identity: a session that is old enough to have been left open
    /// proves nothing.
    pub fn may_link(&self, caller: &Caller) -> Result<(), Error> {
        caller.human()?;
        self.recently_signed_in(caller)
    }

    /// Links what a provider proves to the person. What it proves may be another person's: then both are one from now on,
    /// and their approvals count once. What another person has unlinked proves nothing: they may have lost it.
    pub(super) async fn link(
        &self,
        provider: &Provider,
        proven: &Proven,
        into: &PersonId,
        known: Option<&IdentityRecord>,
        from: &str,
    ) -> Result<(), Error> {
        if self.home(into, None).await?.is_none() {
            // Suspended since the attempt began.
            return Err(SsoRefusal::NoRole.into());
        }
        let account = self.store.account_of(into).await?.ok_or(Error::Unauthenticated)?;
        let act = Act::by_person(&account.actor_id, from)?;
        let identity = identity_value(provider, proven);
        let not_linked = known.is_none_or(|known| known.unlinked_at.is_some());
        let mut changes = Vec::new();
        let (kind, before) = match known.filter(|known| known.person != *into) {
            Some(_) if not_linked => return Err(SsoRefusal::OtherPerson.into()),
            Some(known) => {
                let other = self.store.account_of(&known.person).await?.ok_or(Error::Unauthenticated)?;
                changes.push(Change::Merge { from: known.person.clone(), into: into.clone() });
                (ActKind::PeopleMerged, Some(other.actor_id.as_str().into()))
            }
            None if not_linked => (ActKind::IdentityLinked, None),
            None => return Ok(()),
        };
        if not_linked {
            changes.push(link_change(provider, proven, into, self.now()));
        }
        let mut workspaces = BTreeSet::new();
        for one in [Some(into), known.map(|known| &known.person)].into_iter().flatten() {
            workspaces.extend(self.store.memberships(one).await?.into_iter().map(|one| one.workspace.id));
        }
        let entry = act.entry(self.now(), kind, &account.actor_id, before, Some(identity));
        let entries = workspaces.into_iter().map(|workspace| (workspace, entry.clone())).collect();
        Ok(self.store.enact(Enactment { changes, entries, expected: None }).await?)
    }

    /// Unlinks an identity of the caller, which ends the sessions that it began. The last way to sign in stays. The
    /// identity lets nobody in any more, and stays known as theirs: it makes no second person.
    pub async fn unlink(&self, caller: &Caller, issuer: &str, subject: &str) -> Result<(), Error> {
        let id = caller.human()?;
        self.recently_signed_in(caller)?;
        let identities = self.store.identities_of(id).await?;
        let found = identities.iter().find(|one| one.issuer == issuer && one.subject == subject);
        let identity = found.ok_or(Error::NotFound("sign-in"))?;
        let account = self.store.account_of(id).await?.ok_or(Error::Unauthenticated)?;
        let by_password = self.local_accounts && account.password_hash.is_some();
        if identities.len() == 1 && !by_password {
            let message = "this is your only way to sign in; add another one first".to_owned();
            return Err(Error::Invalid { field: "identity", message });
        }
        let change = Change::UnlinkIdentity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            person: id.clone(),
            at: self.now(),
        };
        let before = object([
            ("provider", identity.provider.as_str().into()),
            ("issuer", issuer.into()),
            ("subject", subject.into()),
        ]);
        let mut changes = vec![change];
        if identities.iter().filter(|one| one.issuer == issuer).count() == 1 {
            // What its groups gave would never be taken back again.
            let (person, issuer) = (id.clone(), issuer.to_owned());
            changes.push(Change::SetGroupRoles { person, issuer, roles: Vec::new() });
        }
        self.enact_everywhere(caller, ActKind::IdentityUnlinked, changes, Some(before), None).await
    }
}

/// The change that links what a provider proves to a person.
pub(super) fn link_change(provider: &Provider, proven: &Proven, id: &PersonId, at: Timestamp) -> Change {
    Change::LinkIdentity {
        issuer: proven.issuer.clone(),
        subject: proven.subject.clone(),
        provider: provider.name.clone(),
        email: trusted_address(proven),
        person: id.clone(),
        at,
    }
}

/// An identity as the log shows it.
pub(super) fn identity_value(provider: &Provider, proven: &Proven) -> Value {
    object([
        ("provider", provider.name.as_str().into()),
        ("issuer", proven.issuer.as_str().into()),
        ("subject", proven.subject.as_str().into()),
    ])
}
