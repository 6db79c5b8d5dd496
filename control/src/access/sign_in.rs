//! Local accounts: sign-in with a password, and what people change about their own account.

use super::required;
use crate::record::Act;
use crate::throttle::Guess;
use crate::{Caller, Control, Error, password};
use governance::workspace_log::ActKind;
use governance::{PersonId, Timestamp, WorkspaceId};
use store::Enactment;
use store::enact::Change;
use store::sessions::Vouched;

/// Who signed in, and to which workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub person_id: PersonId,
    /// Their workspace.
    pub workspace: WorkspaceId,
    /// The provider that vouched, when one did.
    pub vouched: Option<Vouched>,
}

/// What a right password leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// In.
    SignedIn(SignedIn),
    /// A code from the authenticator app is asked for next.
    SecondFactor(PersonId),
}

impl Control {
    /// Signs in with a local account. Wrong name and wrong password look the same and take the same time.
    pub async fn sign_in(&self, email: &str, password: &str, from: &str) -> Result<Entered, Error> {
        if !self.local_accounts {
            return Err(Error::LocalAccountsOff);
        }
        let actor_id = email.trim().to_lowercase();
        if actor_id.len() > governance::actor::MAX_ACTOR_BYTES {
            return Err(Error::Credentials);
        }
        let counted = self.throttle.attempt(Guess::Password, Some(&actor_id), from, self.now())?;
        let account = self.store.account(&actor_id).await?;
        let hash = account.as_ref().and_then(|account| account.password_hash.clone());
        let right = password::verify(password, hash).await?;
        let home = match &account {
            Some(account) if right => self.home(&account.id, None).await?,
            _ => None,
        };
        match (account, home) {
            (Some(account), Some(_)) if account.second_factor => {
                self.throttle.succeeded(counted);
                Ok(Entered::SecondFactor(account.id))
            }
            (Some(account), Some(workspace)) => {
                self.throttle.succeeded(counted);
                Ok(Entered::SignedIn(SignedIn { person_id: account.id, workspace, vouched: None }))
            }
            _ => Err(Error::Credentials),
        }
    }

    /// Proves again who the caller is, by their password: for what asks that they signed in a short while ago.
    /// A second factor that is in force is asked for as well.
    pub async fn sign_in_again(&self, caller: &Caller, password: &str) -> Result<Entered, Error> {
        if !self.local_accounts {
            return Err(Error::LocalAccountsOff);
        }
        let account = self.store.account_of(caller.human()?).await?.ok_or(Error::Unauthenticated)?;
        let counted =
            self.throttle.attempt(Guess::Again, Some(&account.actor_id), &caller.address, self.now())?;
        if !password::verify(password, account.password_hash).await? {
            return Err(Error::Credentials);
        }
        self.throttle.succeeded(counted);
        if account.second_factor {
            return Ok(Entered::SecondFactor(account.id));
        }
        let workspace = caller.workspace.clone();
        Ok(Entered::SignedIn(SignedIn { person_id: account.id, workspace, vouched: None }))
    }

    /// Whether the caller has a password. Where passwords are switched off it is kept, and lets nobody in.
    pub async fn has_password(&self, caller: &Caller) -> Result<bool, Error> {
        let account = self.store.account_of(caller.human()?).await?.ok_or(Error::Unauthenticated)?;
        Ok(account.password_hash.is_some())
    }

    /// Changes the caller's own password, or sets the first one of somebody who came through a provider, and ends
    /// their other sessions.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
        keep_session: Option<&str>,
    ) -> Result<(), Error> {
        let id = caller.human()?;
        password::check(new)?;
        if !self.local_accounts {
            return Err(Error::LocalAccountsOff);
        }
        let account = self.store.account_of(id).await?.ok_or(Error::Unauthenticated)?;
        let counted =
            self.throttle.attempt(Guess::Again, Some(&account.actor_id), &caller.address, self.now())?;
        let known = match account.password_hash {
            Some(hash) => password::verify(current, Some(hash)).await?,
            None => {
                if let Err(error) = self.recently_signed_in(caller) {
                    self.throttle.given_back(counted);
                    return Err(error);
                }
                true
            }
        };
        if !known {
            let message = "the current password is wrong".to_owned();
            return Err(Error::Invalid { field: "current", message });
        }
        self.throttle.succeeded(counted);
        let hash = password::hash(new, self.entropy.as_ref()).await?;
        let change = Change::SetPassword {
            person: id.clone(),
            hash: Some(hash),
            keep_session: keep_session.map(str::to_owned),
        };
        self.enact_everywhere(caller, ActKind::PasswordChanged, vec![change], None, None).await
    }

    /// Changes what the caller is called.
    pub async fn rename(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        let id = caller.human()?;
        let name = required(name, "name", "the name")?;
        let before = self.store.account_of(id).await?.ok_or(Error::Unauthenticated)?.name;
        if before == name {
            return Ok(());
        }
        let change = Change::NamePerson { person: id.clone(), name: name.clone() };
        let (before, after) = (Some(before.as_str().into()), Some(name.as_str().into()));
        self.enact_everywhere(caller, ActKind::PersonRenamed, vec![change], before, after).await
    }

    /// Changes that concern the caller's account wherever they are a member: every workspace's log says so.
    pub(crate) async fn enact_everywhere(
        &self,
        caller: &Caller,
        kind: ActKind,
        changes: Vec<Change>,
        before: Option<governance::Value>,
        after: Option<governance::Value>,
    ) -> Result<(), Error> {
        let person = caller.human()?;
        let act = Act::of(caller);
        let about = caller.actor.id().to_owned();
        let entry = act.entry(self.now(), kind, &about, before, after);
        let memberships = self.store.memberships(person).await?;
        let entries = memberships.into_iter().map(|one| (one.workspace.id, entry.clone())).collect();
        Ok(self.store.enact(Enactment { changes, entries, expected: None }).await?)
    }

    /// What touches the ways to sign in asks that the person proved themselves a short while ago; where a provider does
    /// not say when that was, that they signed in a short while ago.
    pub(crate) fn recently_signed_in(&self, caller: &Caller) -> Result<(), Error> {
        let since = caller.proven_at().or(caller.signed_in_at()).unwrap_or(Timestamp::from_micros(0));
        if since.plus_seconds(RECENT_SECONDS) > self.now() {
            Ok(())
        } else {
            Err(governance::Refusal::SignInTooOld { minutes: RECENT_MINUTES }.into())
        }
    }
}

/// How recent a sign-in has to be before somebody changes how they sign in.
const RECENT_MINUTES: u32 = 15;
const RECENT_SECONDS: i64 = 15 * 60;
