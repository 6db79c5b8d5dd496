//! Signing in through a provider that has proven who somebody is. The identity is the provider's issuer and subject; an
//! address is told, shown and compared with rules, and never signs anyone in.

use super::attempt::Purpose;
pub use super::groups::GroupRule;
use super::linking;
pub use super::refusal::SsoRefusal;
use super::sign_in::SignedIn;
use crate::record::Act;
use crate::{Control, Error};
use governance::workspace_log::ActKind;
use governance::{Actor, ActorKind, PersonId, WorkspaceId};
use store::enact::Change;
use store::sessions::Vouched;
use store::{Enactment, StoreError};

/// What the configuration says about a provider.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    /// Its name, in addresses.
    pub name: String,
    /// The text of its button.
    pub label: String,
    /// Domains of e-mail addresses that may come in; empty: any.
    pub allowed_email_domains: Vec<String>,
    /// An address counts only when the provider says that it verified it.
    pub require_verified_email: bool,
    /// Whoever is unknown gets an account.
    pub just_in_time: bool,
    /// What groups give.
    pub rules: Vec<GroupRule>,
}

/// Who a provider says somebody is, every check of its protocol passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proven {
    /// The provider's own identifier.
    pub issuer: String,
    /// The person there.
    pub subject: String,
    /// Their address, as told.
    pub email: Option<String>,
    /// Whether the provider says that it verified it.
    pub email_verified: Option<bool>,
    /// What they are called.
    pub name: Option<String>,
    /// Their groups.
    pub groups: Vec<String>,
    /// The provider's name for its session.
    pub session: Option<String>,
}

impl Control {
    /// Lets in who a provider vouches for, for the purpose that they went there for. `from` is the browser's network
    /// address, `wish` the workspace that they were in. Groups are read at every sign-in: what they gave and no longer give is gone before the answer.
    pub async fn sign_in_through(
        &self,
        provider: &Provider,
        proven: &Proven,
        purpose: &Purpose,
        wish: Option<&WorkspaceId>,
        from: &str,
    ) -> Result<SignedIn, Error> {
        within_domains(provider, proven)?;
        let known = self.store.identity(&proven.issuer, &proven.subject).await?;
        // Unlinked, it lets nobody in, and makes nobody new: it is known whose it is.
        let unlinked = known.as_ref().is_some_and(|identity| identity.unlinked_at.is_some());
        let whose = known.as_ref().map(|identity| identity.person.clone());
        let act = Act::by_provider(&provider.name, from)?;
        let person = match purpose {
            Purpose::SignIn | Purpose::Join(_) if unlinked => return Err(SsoRefusal::Unknown.into()),
            Purpose::SignIn => match whose {
                Some(person) => person,
                None if provider.just_in_time => self.newcomer(provider, proven, &act).await?,
                None => return Err(SsoRefusal::Unknown.into()),
            },
            Purpose::Again(id) => {
                let expected = super::attempt::person(id)?;
                if unlinked || whose.as_ref() != Some(&expected) {
                    return Err(SsoRefusal::OtherPerson.into());
                }
                expected
            }
            Purpose::Link(id) => {
                let person = super::attempt::person(id)?;
                self.link(provider, proven, &person, known.as_ref(), from).await?;
                person
            }
            Purpose::Join(token) => self.join_through(provider, proven, whose, token, from).await?,
        };
        self.read_groups(provider, proven, &person, &act).await?;
        self.store
            .touch_identity(&proven.issuer, &proven.subject, trusted_address(proven).as_deref(), self.now())
            .await?;
        let workspace = self.home(&person, wish).await?.ok_or(SsoRefusal::NoRole)?;
        let vouched = Vouched {
            issuer: proven.issuer.clone(),
            subject: proven.subject.clone(),
            session: proven.session.clone(),
        };
        Ok(SignedIn { person_id: person, workspace, vouched: Some(vouched) })
    }

    /// An account for somebody whom nobody here knows, without any role but those that groups give.
    async fn newcomer(&self, provider: &Provider, proven: &Proven, act: &Act) -> Result<PersonId, Error> {
        let actor_id = trusted_address(proven).unwrap_or_else(|| {
            // Without an address the provider's own name for them stands in the log, and says whose it is.
            format!("{}:{}", provider.name, proven.subject)
        });
        if Actor::new(ActorKind::Human, actor_id.clone()).is_err() {
            // Nobody could ever act under such a name.
            return Err(SsoRefusal::NotProven.into());
        }
        let told = proven.name.as_deref().unwrap_or_default();
        let plain = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
        let name =
            Some(plain(told)).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| plain(&actor_id));
        let person = self.new_person(&actor_id, &name, None)?;
        let id = person.id.clone();
        let mut changes =
            vec![Change::CreatePerson(person), linking::link_change(provider, proven, &id, self.now())];
        let mut entries = Vec::new();
        // They stand in the list of people from now on, so that an admin can give them a role.
        if let Some(only) = self.only_workspace().await? {
            let given_roles = Vec::new();
            changes.push(Change::Join { workspace: only.clone(), person: id.clone(), given_roles });
            let identity = linking::identity_value(provider, proven);
            entries
                .push((only, act.entry(self.now(), ActKind::PersonJoined, &actor_id, None, Some(identity))));
        }
        match self.store.enact(Enactment { changes, entries, expected: None }).await {
            Ok(()) => Ok(id),
            Err(StoreError::Exists("person")) => Err(SsoRefusal::AddressTaken.into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn only_workspace(&self) -> Result<Option<WorkspaceId>, Error> {
        let mut workspaces = self.store.workspaces().await?;
        Ok(if workspaces.len() == 1 { workspaces.pop().map(|only| only.id) } else { None })
    }
}

/// The address, unless the provider says itself that it has not verified it.
pub(super) fn trusted_address(proven: &Proven) -> Option<String> {
    let email = proven.email.as_deref().filter(|_| proven.email_verified != Some(false))?;
    super::address(email).ok()
}

fn within_domains(provider: &Provider, proven: &Proven) -> Result<(), Error> {
    let unverified = provider.require_verified_email && proven.email_verified != Some(true);
    if unverified {
        return Err(SsoRefusal::Domain.into());
    }
    if provider.allowed_email_domains.is_empty() {
        return Ok(());
    }
    let address = trusted_address(proven).ok_or(SsoRefusal::Domain)?;
    let domain = address.split_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let allowed = provider.allowed_email_domains.iter().any(|one| one.eq_ignore_ascii_case(domain));
    if allowed { Ok(()) } else { Err(SsoRefusal::Domain.into()) }
}
