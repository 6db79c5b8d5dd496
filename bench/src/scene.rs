//! A workspace with a requester and two approvers, on a database of the caller's choice.

use crate::clock::LateClock;
use anyhow::{Context as _, Result};
use control::requests::RequestInput;
use control::{Caller, Clock, Control, Door, Entrance, Role, Routers, SystemEntropy, password};
use governance::decide::PolicyInput;
use governance::workspace_log::{self, Act, ActKind, NewEntry};
use governance::{Actor, ActorKind, Mode, PersonId, Timestamp, Value, WorkspaceId};
use std::sync::Arc;
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::{Change, Enactment};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// People with a password that is hashed once: sign-in is not what is measured.
pub struct Scene {
    pub control: Control,
    pub clock: Arc<LateClock>,
    pub requester: Caller,
    pub approvers: [Caller; 2],
    /// Has every role, so that every page opens.
    pub reader: Caller,
}

impl Scene {
    pub async fn open(url: &str) -> Result<Self> {
        let store = store::open(url).await?;
        let late = Arc::new(LateClock::default());
        let clock: Arc<dyn Clock> = late.clone();
        let routers = Routers::new(Vec::new(), &clock).map_err(anyhow::Error::msg)?;
        let id = WorkspaceId::new("wsp_bench")?;
        let people = [
            ("ana", &[Role::Requester][..]),
            ("bo", &[Role::Approver]),
            ("cy", &[Role::Approver]),
            ("ada", &Role::ALL),
        ];
        let hash = password::hash(PASSWORD, &SystemEntropy).await?;
        store.enact(founding(&id, &people, &hash, clock.now())?).await?;
        let entrance = Entrance { door: Door::Cli, ..Entrance::web("", clock.now()) };
        let control = Control::new(store, routers, clock, Arc::new(SystemEntropy));
        let mut callers = Vec::new();
        for (name, _) in &people {
            callers.push(control.caller(&id, &person_id(name)?, entrance.clone()).await?);
        }
        let [requester, bo, cy, reader] =
            <[Caller; 4]>::try_from(callers).map_err(|_| anyhow::anyhow!("four people"))?;
        let approvers = [bo, cy];
        Ok(Self { control, clock: late, requester, approvers, reader })
    }

    /// A rehearsal that takes this many approvals.
    pub fn input(approvals: i64) -> RequestInput {
        RequestInput {
            goal: "Rotate the production signing keys of the billing service".to_owned(),
            plan: Some("{\"service\":\"billing\",\"keys\":3}".to_owned()),
            mode: Mode::DryRun,
            template: None,
            policy: PolicyInput {
                min_approvals: Some(approvals),
                labels: Some(vec!["prod".to_owned(), "security".to_owned()]),
                ..PolicyInput::default()
            },
        }
    }

    /// Request, two approvals, a rehearsal, an exported package.
    pub async fn flow(&self) -> Result<()> {
        let decision = self.control.request(&self.requester, Self::input(2)).await?;
        for approver in &self.approvers {
            self.control.approve(approver, &decision.id, None, None, None).await?;
        }
        self.control.execute(&self.requester, &decision.id, None, "simulate", None).await?;
        let package = self.control.export_package(&self.requester, &decision.id, true).await?;
        governance::verify::verify_text(&package.json)?
            .ok
            .then_some(())
            .context("the package does not verify")
    }
}

fn person_id(name: &str) -> Result<PersonId> {
    Ok(PersonId::new(format!("psn_{name}"))?)
}

/// The workspace and its members.
fn founding(id: &WorkspaceId, people: &[(&str, &[Role])], hash: &str, now: Timestamp) -> Result<Enactment> {
    let workspace = WorkspaceRecord {
        id: id.clone(),
        name: "Bench".to_owned(),
        forbid_self_approval: true,
        created_at: now,
        log_length: 0,
    };
    let mut changes = vec![Change::CreateWorkspace(workspace)];
    for (name, roles) in people {
        let person = person_id(name)?;
        changes.push(Change::CreatePerson(NewPerson {
            id: person.clone(),
            actor_id: format!("{name}@example.com"),
            name: (*name).to_owned(),
            password_hash: Some(hash.to_owned()),
            created_at: now,
        }));
        let given_roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
        changes.push(Change::Join { workspace: id.clone(), person, given_roles });
    }
    let act = Act {
        kind: ActKind::WorkspaceCreated,
        about: id.to_string(),
        before: Value::Null,
        after: Value::Null,
    };
    let actor = Actor::new(ActorKind::System, "bench")?;
    let entry = NewEntry { ts: now, actor, door: workspace_log::Door::Cli, address: String::new(), act };
    Ok(Enactment { changes, entries: vec![(id.clone(), entry)], expected: None })
}
