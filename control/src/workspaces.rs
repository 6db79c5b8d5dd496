//! Workspaces: their settings, further ones, and going from one to another. A workspace is never named by a request: it
//! is the session's or the key's, and a session changes it only into one that its person belongs to.

use crate::access::sign_in::SignedIn;
use crate::access::{administer, required, role_words};
use crate::permission::Role;
use crate::record::Act;
use crate::{Caller, Control, Error, Operation};
use governance::workspace_log::ActKind;
use governance::{Value, json};
use store::Enactment;
use store::directory::{MembershipRecord, WorkspaceRecord};
use store::enact::Change;

impl Control {
    /// The workspace's settings.
    pub async fn settings(&self, caller: &Caller) -> Result<WorkspaceRecord, Error> {
        self.workspace_of(caller).await
    }

    /// Workspaces that the caller may go to, this one among them, by name.
    pub async fn my_workspaces(&self, caller: &Caller) -> Result<Vec<MembershipRecord>, Error> {
        let mut found = self.store.memberships(caller.human()?).await?;
        found.retain(|membership| !membership.suspended && !membership.roles.is_empty());
        Ok(found)
    }

    /// Goes to another workspace of the caller's. Any other answers "not found".
    pub async fn go_to_workspace(&self, caller: &Caller, id: &str) -> Result<SignedIn, Error> {
        let open = self.my_workspaces(caller).await?;
        let found = open.into_iter().find(|one| one.workspace.id.as_str() == id);
        let workspace = found.ok_or(Error::NotFound("workspace"))?.workspace.id;
        Ok(SignedIn { person_id: caller.person.clone(), workspace, vouched: None })
    }

    /// Creates a workspace with the caller in every role.
    pub async fn create_workspace(&self, caller: &Caller, name: &str) -> Result<WorkspaceRecord, Error> {
        let (caller, _) = self.refreshed(caller).await?;
        let caller = &caller;
        administer(caller, Operation::CreateWorkspace)?;
        let workspace = self.new_workspace(name)?;
        let act = Act::of(caller);
        let given_roles = role_words(&Role::ALL);
        let made = act.entry(self.now(), ActKind::WorkspaceCreated, &workspace.name, None, None);
        let joined = act.entry(
            self.now(),
            ActKind::PersonJoined,
            caller.actor.id(),
            None,
            Some(given_roles.as_slice().into()),
        );
        let (id, person) = (workspace.id.clone(), caller.person.clone());
        let changes = vec![
            Change::CreateWorkspace(workspace.clone()),
            Change::Join { workspace: id.clone(), person, given_roles },
        ];
        let entries = vec![(id.clone(), made), (id, joined)];
        self.store.enact(Enactment { changes, entries, expected: None }).await?;
        Ok(workspace)
    }

    /// Calls the workspace something else.
    pub async fn rename_workspace(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        administer(caller, Operation::ManageSettings)?;
        let name = required(name, "workspace", "the workspace's name")?;
        let before = self.workspace_of(caller).await?.name;
        let workspace = caller.workspace.clone();
        let change = Change::NameWorkspace { workspace, name: name.clone() };
        let (was, is) = (Some(before.as_str().into()), Some(name.as_str().into()));
        let entry = Act::of(caller).entry(self.now(), ActKind::WorkspaceRenamed, &name, was, is);
        self.enact_here(caller, Operation::ManageSettings, vec![change], entry).await
    }

    /// Whether a policy that does not say otherwise forbids self-approval. Decisions that exist keep their policy.
    pub async fn set_forbid_self_approval(&self, caller: &Caller, forbid: bool) -> Result<(), Error> {
        administer(caller, Operation::ManageSettings)?;
        let before = self.workspace_of(caller).await?;
        if before.forbid_self_approval == forbid {
            return Ok(());
        }
        let workspace = caller.workspace.clone();
        let change = Change::ForbidSelfApproval { workspace, forbid };
        let entry = Act::of(caller).entry(
            self.now(),
            ActKind::SelfApprovalChanged,
            &before.name,
            Some(before.forbid_self_approval.into()),
            Some(forbid.into()),
        );
        self.enact_here(caller, Operation::ManageSettings, vec![change], entry).await
    }

    /// Notes in every workspace's log that the sign-in providers are other ones than at the last start. `providers` is
    /// what there is to know of them, without secrets.
    pub async fn record_providers(&self, providers: &Value) -> Result<(), Error> {
        let said = |value: &Value| governance::canonical::to_string(value);
        let mut entries = Vec::new();
        for workspace in self.store.workspaces().await? {
            let latest = self.store.latest_entry(&workspace.id, ActKind::ProvidersChanged.as_str()).await?;
            let before = latest.map_or_else(|| json::Value::Array(Vec::new()), |entry| entry.after().clone());
            if said(&before) != said(providers) {
                let entry = Act::by_server().entry(
                    self.now(),
                    ActKind::ProvidersChanged,
                    "sign-in providers",
                    Some(before),
                    Some(providers.clone()),
                );
                entries.push((workspace.id, entry));
            }
        }
        if entries.is_empty() {
            return Ok(());
        }
        Ok(self.store.enact(Enactment { changes: Vec::new(), entries, expected: None }).await?)
    }
}
