//! Ask, and take back: the requester's use cases.

use crate::{Caller, Control, Error, Operation, clock};
use governance::decide::{self, PolicyInput, Request};
use governance::{Decision, DecisionId, Mode, Origin};
use std::sync::Arc;

/// A request as it comes through a door.
#[derive(Debug, Clone)]
pub struct RequestInput {
    /// What is to be achieved.
    pub goal: String,
    /// What exactly will run.
    pub plan: Option<String>,
    /// Rehearsed or real.
    pub mode: Mode,
    /// The template to start from, by name.
    pub template: Option<String>,
    /// Policy values: the whole policy, or what replaces the template's.
    pub policy: PolicyInput,
}

impl Control {
    /// Creates a decision. Fails when the caller may not, the template does not exist, or the policy is none.
    pub async fn request(&self, caller: &Caller, input: RequestInput) -> Result<Arc<Decision>, Error> {
        let (caller, _) = self.refreshed(caller).await?;
        let caller = &caller;
        caller.require(Operation::CreateRequest)?;
        let workspace = self.workspace_of(caller).await?;
        let template = match &input.template {
            None => None,
            Some(name) => {
                Some(self.store.template(&caller.workspace, name).await?.ok_or(Error::NotFound("template"))?)
            }
        };
        let context = self.context(caller);
        let request = Request {
            goal: input.goal,
            plan: input.plan,
            mode: input.mode,
            template: template.as_ref(),
            policy: input.policy,
            forbid_self_approval: workspace.forbid_self_approval,
        };
        let events = decide::request(&context, request)?;
        let id = DecisionId::new(clock::uuid(self.entropy.as_ref(), self.now())?)
            .map_err(|error| Error::Fault(error.to_string()))?;
        let decision = Decision::empty(id, Origin::Native);
        self.append(caller, decision, events, context.now, None, None).await
    }

    /// The policy that a request would get: what the form shows while it is filled in. Records nothing.
    pub async fn preview(&self, caller: &Caller, input: RequestInput) -> Result<crate::view::Preview, Error> {
        caller.require(Operation::CreateRequest)?;
        let workspace = self.workspace_of(caller).await?;
        let template = match &input.template {
            None => None,
            Some(name) => {
                Some(self.store.template(&caller.workspace, name).await?.ok_or(Error::NotFound("template"))?)
            }
        };
        let (policy, _) =
            decide::resolve(template.as_ref(), input.policy, input.mode, workspace.forbid_self_approval)?;
        let mut approvers = self.approvers(caller).await?;
        approvers.retain(|person| !policy.forbid_self_approval() || person.id != caller.person);
        let possible_approvers = u32::try_from(approvers.len()).unwrap_or(u32::MAX);
        Ok(crate::view::Preview { policy, possible_approvers })
    }

    /// Takes the caller's own request back.
    pub async fn withdraw(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        reason: Option<String>,
    ) -> Result<Arc<Decision>, Error> {
        self.change(caller, Operation::Withdraw, id, expected, |decision, context| {
            decide::withdraw(decision, context, reason.clone())
        })
        .await
    }

    pub(crate) async fn workspace_of(
        &self,
        caller: &Caller,
    ) -> Result<store::directory::WorkspaceRecord, Error> {
        self.store.workspace(&caller.workspace).await?.ok_or(Error::NotFound("workspace"))
    }
}
