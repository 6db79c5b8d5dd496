//! Reading: lists, one decision, what a person may do about it.

use crate::view::{Action, DecisionView, Permitted};
use crate::{AdapterInfo, Caller, Control, Error, Operation, Scope};
use governance::decide::Context;
use governance::{Decision, DecisionId, Policy, Refusal, Timestamp, decide, lifecycle};
use std::collections::{BTreeMap, BTreeSet};
use store::query::{Counts, DecisionRow, Page};
use store::{DecisionFilter, PageRequest};

/// How many days "lately" is.
const LATELY_DAYS: i64 = 14;

impl Control {
    /// What waits for the caller's approval, oldest first. Empty for those who may not approve.
    pub async fn inbox(&self, caller: &Caller, page: &PageRequest) -> Result<Page<DecisionRow>, Error> {
        if caller.scope(Operation::Approve) == Scope::No {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let found = self.store.waiting_for(&caller.workspace, &caller.actor_ids, page, self.now()).await?;
        Ok(found)
    }

    /// What waits for the caller's approval, most urgent first: what loses an approval soonest, then real runs, then
    /// the oldest. Empty for those who may not approve.
    pub async fn urgent(&self, caller: &Caller, page: &PageRequest) -> Result<Page<DecisionRow>, Error> {
        if caller.scope(Operation::Approve) == Scope::No {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        Ok(self.store.urgent_for(&caller.workspace, &caller.actor_ids, page, self.now()).await?)
    }

    /// What waits for the caller behind this decision in the order of urgency, and from the first on where nothing is
    /// behind it. The decision itself need not wait any more, nor be there.
    pub async fn next_waiting(
        &self,
        caller: &Caller,
        after: &DecisionId,
    ) -> Result<Option<DecisionRow>, Error> {
        if caller.scope(Operation::Approve) == Scope::No {
            return Ok(None);
        }
        let here = self.store.row(&caller.workspace, after, self.now()).await?;
        for behind in [here.as_ref().map(store::inbox::behind), None] {
            let page = PageRequest { after: behind, limit: 2, oldest_first: true };
            let found = self.urgent(caller, &page).await?.rows;
            if let Some(row) = found.into_iter().find(|row| row.id != *after) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// What ended in the last 14 days and the caller may see, newest end first.
    pub async fn ended_lately(
        &self,
        caller: &Caller,
        page: &PageRequest,
    ) -> Result<Page<DecisionRow>, Error> {
        let whose = visible_to(caller)?;
        let found = self.store.ended(&caller.workspace, whose, self.lately(), page, self.now());
        Ok(found.await?)
    }

    /// How many that are; stops at [`COUNT_CAP`](store::query::COUNT_CAP).
    pub async fn count_ended_lately(&self, caller: &Caller) -> Result<u32, Error> {
        let whose = visible_to(caller)?;
        Ok(self.store.count_ended(&caller.workspace, whose, self.lately()).await?)
    }

    fn lately(&self) -> Timestamp {
        self.now().plus_seconds(-LATELY_DAYS * 86_400)
    }

    /// Decisions that match and that the caller may see.
    pub async fn list(
        &self,
        caller: &Caller,
        mut filter: DecisionFilter,
        page: &PageRequest,
    ) -> Result<Page<DecisionRow>, Error> {
        filter.visible_to = visible_to(caller)?.map(<[String]>::to_vec);
        Ok(self.store.list(&caller.workspace, &filter, page, self.now()).await?)
    }

    /// How many match and may be seen by the caller; stops at [`COUNT_CAP`](store::query::COUNT_CAP). `None` where words
    /// are searched for, or too little of much matches: then all would have to be read.
    pub async fn count(&self, caller: &Caller, mut filter: DecisionFilter) -> Result<Option<u32>, Error> {
        filter.visible_to = visible_to(caller)?.map(<[String]>::to_vec);
        if filter.text.is_some() {
            return Ok(None);
        }
        Ok(self.store.count(&caller.workspace, &filter, self.now()).await?)
    }

    /// Numbers for the caller's tabs.
    pub async fn counts(&self, caller: &Caller) -> Result<Counts, Error> {
        let mut counts = self.store.counts(&caller.workspace, &caller.actor_ids, self.now()).await?;
        if caller.scope(Operation::Approve) == Scope::No {
            counts.waiting = 0;
        }
        if caller.scope(Operation::SeeDecisions) != Scope::All {
            counts.open = counts.requested;
        }
        Ok(counts)
    }

    /// Names of these actors by actor id: of people, of keys, of people who were two accounts. Nobody else's.
    pub async fn names(
        &self,
        caller: &Caller,
        actor_ids: &[String],
    ) -> Result<BTreeMap<String, String>, Error> {
        let found = self.store.actors(&caller.workspace, actor_ids).await?;
        Ok(found.into_iter().map(|actor| (actor.actor_id, actor.name)).collect())
    }

    /// Adapters that decisions can run through.
    #[expect(clippy::unused_async, reason = "a router across the network has to be asked")]
    pub async fn adapters(&self, caller: &Caller) -> Result<Vec<AdapterInfo>, Error> {
        caller.require(Operation::SeeTemplates)?;
        Ok(self.routers.adapters())
    }

    /// One decision with all that is computed of it and all that the caller may do.
    pub async fn decision(&self, caller: &Caller, id: &DecisionId) -> Result<DecisionView, Error> {
        let decision = self.load_for(caller, Operation::SeeDecisions, id).await?;
        let run = self.store.run_of(&caller.workspace, id).await?;
        let actors: BTreeSet<&str> = decision.events.iter().map(|event| event.actor.id()).collect();
        let actors: Vec<String> = actors.into_iter().map(str::to_owned).collect();
        let names = self.names(caller, &actors).await?;
        let context = self.context_of(caller, &decision).await?;
        let adapters = self.fitting_adapters(&decision);
        let live = match run.as_ref().filter(|_| decision.phase == governance::Phase::Executing) {
            Some(run) => self.store.live_run(&caller.workspace, &run.run_id).await?,
            None => None,
        };
        Ok(DecisionView {
            lifecycle: lifecycle::compute(&decision, context.now, &context.standing, usize::MAX),
            not_counted: decision.not_counted(context.now, &context.standing),
            step_up: step_up(&decision, &context),
            draft: self.draft(caller, id).await?,
            actions: actions(caller, &decision, &context, &adapters),
            adapters,
            run,
            live,
            request_digest: request_digest(&decision),
            names,
            decision,
        })
    }

    /// Adapters that have what the policy requires and fit the mode, with the command that this plan would start.
    fn fitting_adapters(&self, decision: &Decision) -> Vec<AdapterInfo> {
        let mode = decision.mode.unwrap_or(governance::Mode::DryRun);
        let needed = decision.policy.as_ref().map_or(&[][..], Policy::require_adapter_capabilities);
        let elsewhere = mode == governance::Mode::Apply && crate::execute::is_of_the_gate(decision);
        let mut adapters = self.routers.adapters();
        adapters.retain(|adapter| {
            let able = needed.iter().all(|capability| adapter.capabilities.contains(capability));
            // What runs at the caller cannot be started from here.
            able && !elsewhere
                && !adapter.at_the_caller
                && (mode == governance::Mode::DryRun || !adapter.dry_run_only)
        });
        for adapter in &mut adapters {
            adapter.command = self.routers.command(&adapter.id, decision.plan.as_deref());
        }
        adapters
    }
}

/// Whose decisions the caller sees; `None`: everybody's.
fn visible_to(caller: &Caller) -> Result<Option<&[String]>, Error> {
    caller.require(Operation::SeeDecisions)?;
    Ok(match caller.scope(Operation::SeeDecisions) {
        Scope::All => None,
        Scope::Own | Scope::No => Some(caller.actor_ids.as_slice()),
    })
}

/// What the caller may do to it now, with the rule's own reason where they may not.
fn actions(
    caller: &Caller,
    decision: &Decision,
    context: &Context,
    adapters: &[AdapterInfo],
) -> Vec<Permitted> {
    let permitted = |operation: Operation, action: Action, rule: Result<(), Refusal>| {
        let role = caller.require_on(operation, decision).err();
        // Whoever only has to sign in again is led there, and not turned away.
        let refusal = rule.err().filter(|refusal| !matches!(refusal, Refusal::SignInTooOld { .. }));
        let error = role.or_else(|| refusal.map(Error::from));
        Permitted {
            action,
            reason: error.as_ref().map(ToString::to_string),
            code: error.map(|error| error.code()),
        }
    };
    let done = |result: Result<Vec<governance::NewEvent>, Refusal>| result.map(|_| ());
    let execute = match adapters.first() {
        Some(adapter) => done(decide::execute(decision, context, &adapter.id, &adapter.capabilities, None)),
        None => {
            let blocked = done(decide::execute(decision, context, "none", &[], None));
            let elsewhere =
                crate::execute::is_of_the_gate(decision) && decision.mode == Some(governance::Mode::Apply);
            let missing = decision.policy.as_ref().map(|p| p.require_adapter_capabilities().to_vec());
            blocked.and(Err(if elsewhere {
                Refusal::RunsAtTheCaller
            } else {
                Refusal::MissingCapabilities { missing: missing.unwrap_or_default() }
            }))
        }
    };
    let cancel = match decision.phase {
        governance::Phase::Executing => Ok(()),
        _ => Err(Refusal::NotExecuting),
    };
    vec![
        permitted(Operation::Approve, Action::Approve, done(decide::approve(decision, context, None, None))),
        permitted(Operation::Reject, Action::Reject, done(decide::reject(decision, context, "."))),
        permitted(Operation::Revoke, Action::Revoke, done(decide::revoke(decision, context, None))),
        permitted(Operation::Execute, Action::Execute, execute),
        permitted(Operation::Cancel, Action::Cancel, cancel),
        permitted(Operation::Withdraw, Action::Withdraw, done(decide::withdraw(decision, context, None))),
        permitted(Operation::Export, Action::Export, Ok(())),
    ]
}

/// Within how many minutes somebody must have signed in to approve, when they have not: all that is missing.
fn step_up(decision: &Decision, context: &Context) -> Option<u32> {
    match decide::approve(decision, context, None, None) {
        Err(Refusal::SignInTooOld { minutes }) => Some(minutes),
        _ => None,
    }
}

/// What an approval binds to: the decision, its request and its policy, which never change after it was made.
pub fn request_digest(decision: &Decision) -> String {
    governance::decision::request_digest(&decision.id, &decision.events)
}
