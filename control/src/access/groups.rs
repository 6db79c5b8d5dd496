//! Roles that a provider's groups give. They are computed anew at every sign-in with that provider: what a group gave and no
//! longer gives is gone. Roles that were given by hand are not touched.

use super::role_words;
use super::sso::{Proven, Provider};
use crate::permission::Role;
use crate::record::Act;
use crate::{Control, Error};
use governance::json::object;
use governance::workspace_log::{ActKind, NewEntry};
use governance::{PersonId, Value, WorkspaceId};
use std::collections::BTreeMap;
use store::Enactment;
use store::enact::Change;

/// What one group gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// The group, as the provider calls it.
    pub group: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// The workspace; `None`: the only one there is.
    pub workspace: Option<WorkspaceId>,
}

impl Control {
    /// Gives and takes what the groups of this sign-in say. Only a difference is written, and logged.
    pub(super) async fn read_groups(
        &self,
        provider: &Provider,
        proven: &Proven,
        person: &PersonId,
        act: &Act,
    ) -> Result<(), Error> {
        let account = self.store.account_of(person).await?.ok_or(Error::Unauthenticated)?;
        let before: BTreeMap<WorkspaceId, Vec<String>> =
            self.store.group_roles(person, &proven.issuer).await?.into_iter().collect();
        let after = self.roles_of_groups(provider, &proven.groups).await?;
        if before == after {
            return Ok(());
        }
        let workspaces: Vec<&WorkspaceId> = before.keys().chain(after.keys()).collect();
        let mut entries: Vec<(WorkspaceId, NewEntry)> = Vec::new();
        for workspace in workspaces {
            let (old, new) = (before.get(workspace), after.get(workspace));
            if old == new || entries.iter().any(|(done, _)| done == workspace) {
                continue;
            }
            let said = |roles: Option<&Vec<String>>| roles.map(|roles| group_value(provider, roles));
            let entry = act.entry(self.now(), ActKind::RolesChanged, &account.actor_id, said(old), said(new));
            entries.push((workspace.clone(), entry));
        }
        let change = Change::SetGroupRoles {
            person: person.clone(),
            issuer: proven.issuer.clone(),
            roles: after.into_iter().collect(),
        };
        Ok(self.store.enact(Enactment { changes: vec![change], entries, expected: None }).await?)
    }

    async fn roles_of_groups(
        &self,
        provider: &Provider,
        groups: &[String],
    ) -> Result<BTreeMap<WorkspaceId, Vec<String>>, Error> {
        let workspaces = self.store.workspaces().await?;
        let mut given: BTreeMap<WorkspaceId, Vec<Role>> = BTreeMap::new();
        for rule in provider.rules.iter().filter(|rule| groups.contains(&rule.group)) {
            let there = match &rule.workspace {
                Some(id) => workspaces.iter().find(|workspace| workspace.id == *id),
                // Which of several is meant must be said.
                None => workspaces.first().filter(|_| workspaces.len() == 1),
            };
            match there {
                Some(workspace) => given.entry(workspace.id.clone()).or_default().extend(&rule.roles),
                None => tracing::warn!(
                    provider = provider.name,
                    group = rule.group,
                    "a group rule names no workspace that exists, or none where there are several; it gives nothing"
                ),
            }
        }
        let words = |roles: Vec<Role>| {
            // In the order of the store, so that what is the same compares as the same.
            let mut words = role_words(&roles);
            words.sort();
            words
        };
        Ok(given.into_iter().map(|(workspace, roles)| (workspace, words(roles))).collect())
    }
}

fn group_value(provider: &Provider, roles: &[String]) -> Value {
    object([("by_groups_of", provider.name.as_str().into()), ("roles", roles.into())])
}
