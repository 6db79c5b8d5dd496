//! A workspace with a requester and two approvers, on a database of the caller's choice.

use anyhow::{Context as _, Result};
use control::requests::RequestInput;
use control::{Caller, Clock, Control, Door, Role, Routers, SystemClock, SystemEntropy};
use governance::decide::PolicyInput;
use governance::{Actor, ActorKind, Mode, WorkspaceId};
use std::sync::Arc;
use store::directory::WorkspaceRecord;

/// Callers without accounts: sign-in is not what is measured.
pub struct Scene {
    pub control: Control,
    pub requester: Caller,
    pub approvers: [Caller; 2],
}

impl Scene {
    pub async fn open(url: &str) -> Result<Self> {
        let store = store::open(url).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let routers = Routers::new(Vec::new(), &clock).map_err(anyhow::Error::msg)?;
        let id = WorkspaceId::new("wsp_bench")?;
        let workspace = WorkspaceRecord {
            id: id.clone(),
            name: "Bench".to_owned(),
            forbid_self_approval: true,
            created_at: clock.now(),
        };
        store.create_workspace(&workspace).await?;
        let control = Control::new(store, routers, clock, Arc::new(SystemEntropy));
        let caller = |name: &str, role| -> Result<Caller> {
            Ok(Caller {
                workspace: id.clone(),
                actor: Actor::new(ActorKind::Human, format!("{name}@example.com"))?,
                person: None,
                name: name.to_owned(),
                roles: vec![role],
                door: Door::Cli,
            })
        };
        let approvers = [caller("bo", Role::Approver)?, caller("cy", Role::Approver)?];
        Ok(Self { control, requester: caller("ana", Role::Requester)?, approvers })
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
