//! Workspaces and who works there, put into the store with their log entries, as every change is.

use crate::app::{PASSWORD, TestApp};
use control::key::KeyScope;
use control::keys::KeyInput;
use control::requests::RequestInput;
use control::{Caller, Entrance, Role, SystemEntropy};
use governance::decide::PolicyInput;
use governance::workspace_log::{Act, ActKind, Door, NewEntry};
use governance::{Actor, Mode, PersonId, Value, WorkspaceId};
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::{Change, Enactment};
use tokio::sync::OnceCell;

impl TestApp {
    /// A workspace without anybody.
    pub async fn found(&self, id: &str, name: &str) -> WorkspaceId {
        let id = WorkspaceId::new(id).unwrap();
        let workspace = WorkspaceRecord {
            id: id.clone(),
            name: name.to_owned(),
            forbid_self_approval: true,
            created_at: self.control.now(),
            log_length: 0,
        };
        self.enact(&id, vec![Change::CreateWorkspace(workspace)]).await;
        id
    }

    /// One more person, `prs_NAME`, who signs in as `NAME@test.example` with everybody's password. It is hashed once:
    /// hashing is slow on purpose.
    pub async fn hire(&self, workspace: &WorkspaceId, name: &str, roles: &[Role]) -> PersonId {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hash =
            HASH.get_or_init(|| async { control::password::hash(PASSWORD, &SystemEntropy).await.unwrap() });
        let id = person(name);
        let newcomer = NewPerson {
            id: id.clone(),
            actor_id: format!("{name}@test.example"),
            name: name.to_owned(),
            password_hash: Some(hash.await.clone()),
            created_at: self.control.now(),
        };
        self.enact(workspace, vec![Change::CreatePerson(newcomer)]).await;
        self.let_in(workspace, &id, roles).await;
        id
    }

    /// Makes somebody a member.
    pub async fn let_in(&self, workspace: &WorkspaceId, id: &PersonId, roles: &[Role]) {
        let given_roles = words(roles);
        let join = Change::Join { workspace: workspace.clone(), person: id.clone(), given_roles };
        self.enact(workspace, vec![join]).await;
    }

    /// Replaces a person's roles.
    pub async fn set_roles(&self, name: &str, roles: &[Role]) {
        let workspace = self.workspace.clone().unwrap();
        let (person, given_roles) = (person(name), words(roles));
        self.enact(&workspace, vec![Change::SetRoles { workspace: workspace.clone(), person, given_roles }])
            .await;
    }

    /// Keeps a person out, as an admin does.
    pub async fn suspend(&self, name: &str) {
        let admin = self.call("admin").await;
        self.control.set_suspended(&admin, &person(name), true).await.unwrap();
    }

    /// A change, with an entry that says little.
    pub async fn enact(&self, workspace: &WorkspaceId, changes: Vec<Change>) {
        let act = Act {
            kind: ActKind::RolesChanged,
            about: "test".to_owned(),
            before: Value::Null,
            after: Value::Null,
        };
        let entry = NewEntry {
            ts: self.control.now(),
            actor: Actor::control(),
            door: Door::Server,
            address: String::new(),
            act,
        };
        let entries = vec![(workspace.clone(), entry)];
        self.control.store().enact(Enactment { changes, entries, expected: None }).await.unwrap();
    }

    /// The use cases' caller of somebody who signed in at this moment.
    pub async fn call(&self, name: &str) -> Caller {
        self.call_in(self.workspace.as_ref().unwrap(), name).await
    }

    /// The same in any workspace.
    pub async fn call_in(&self, workspace: &WorkspaceId, name: &str) -> Caller {
        let entrance = Entrance::web("192.0.2.1", self.control.now());
        self.control.caller(workspace, &person(name), entrance).await.unwrap()
    }

    /// A rehearsal that somebody asks for; its id and version.
    pub async fn request(&self, by: &Caller, goal: &str, approvals: i64) -> (String, u32) {
        let policy = PolicyInput { min_approvals: Some(approvals), ..PolicyInput::default() };
        let input =
            RequestInput { goal: goal.to_owned(), plan: None, mode: Mode::DryRun, template: None, policy };
        let made = self.control.request(by, input).await.unwrap();
        (made.id.to_string(), made.version())
    }

    /// A key of somebody's with these scopes, as far as a machine may have them: its id, and the whole key.
    pub async fn key(&self, by: &Caller, name: &str, scopes: &[KeyScope]) -> (String, String) {
        let scopes = scopes.iter().copied().filter(|scope| scope.is_for(false)).collect();
        let input = KeyInput { name: name.to_owned(), scopes, days: Some(30) };
        let (record, key) = self.control.create_key(by, input).await.unwrap();
        (record.id, key)
    }
}

/// The id of one of the test's people.
pub fn person(name: &str) -> PersonId {
    PersonId::new(format!("prs_{name}")).unwrap()
}

fn words(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.as_str().to_owned()).collect()
}
