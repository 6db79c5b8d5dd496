//! What an approver wants to know beside a decision: who could give what is missing, what ran last for the same goal,
//! and through which doors its facts came. Only pages ask for it; it decides nothing.
//!
//! It names nobody to those who may not see people: they learn how many there are.

use crate::view::{Around, EarlierRun, Givers};
use crate::{Caller, Control, DecisionView, Error, Operation, Scope};
use governance::{Actor, ActorKind, Decision, Origin, Phase, State, Timestamp};
use std::collections::BTreeSet;
use store::directory::PersonRecord;
use store::query::Like;

/// Most names of people who could give an approval.
pub const MOST_NAMES: usize = 8;

impl Control {
    /// Everything beside a decision that the caller has just been shown.
    pub async fn around(&self, caller: &Caller, view: &DecisionView) -> Result<Around, Error> {
        let decision = &view.decision;
        caller.require_on(Operation::SeeDecisions, decision)?;
        let doors = self.store.doors(&caller.workspace, &decision.id).await?;
        let givers = match view.lifecycle.state {
            State::PendingApproval if decision.origin == Origin::Native => {
                Some(self.givers(caller, decision).await?)
            }
            _ => None,
        };
        let earlier = match decision.goal.as_deref() {
            Some(goal) if decision.origin == Origin::Native => self.earlier(caller, decision, goal).await?,
            _ => None,
        };
        Ok(Around { doors: doors.into_iter().collect(), givers, earlier })
    }

    /// Who could give one of the approvals that are missing, as the members are today.
    async fn givers(&self, caller: &Caller, decision: &Decision) -> Result<Givers, Error> {
        let able = self.approvers(caller).await?;
        let context = self.context_of(caller, decision).await?;
        let gave: Vec<&Actor> = decision
            .approvals
            .values()
            .filter(|approval| approval.revoked.is_none() && !approval.has_expired(context.now))
            .map(|approval| &approval.actor)
            .collect();
        let forbidden = decision.policy.as_ref().is_some_and(governance::Policy::forbid_self_approval);
        let mut done: Vec<String> = gave.iter().map(|actor| actor.id().to_owned()).collect();
        done.extend(decision.requester.iter().filter(|_| forbidden).map(|by| by.id().to_owned()));
        // A key stands for its owner, and a merged account for who it was merged into.
        let behind = self.store.actors(&caller.workspace, &done).await?;
        let behind: BTreeSet<_> = behind.into_iter().map(|actor| actor.person).collect();
        let mut able: Vec<PersonRecord> =
            able.into_iter().filter(|person| !behind.contains(&person.id)).collect();
        able.sort_by(|one, other| one.name.cmp(&other.name));
        let count = u32::try_from(able.len()).unwrap_or(u32::MAX);
        let you = able.iter().any(|person| person.id == caller.person);
        able.retain(|person| person.id != caller.person);
        if caller.scope(Operation::SeePeople) == Scope::No {
            able.clear();
        }
        let names = able.into_iter().take(MOST_NAMES).map(|person| person.name).collect();
        Ok(Givers { names, count, you })
    }

    /// The last completed run of the very same goal, or else of the same template, as far as the caller may see it.
    async fn earlier(
        &self,
        caller: &Caller,
        decision: &Decision,
        goal: &str,
    ) -> Result<Option<EarlierRun>, Error> {
        let before = (decision.created_at().unwrap_or(Timestamp::from_micros(0)), &decision.id);
        let template = decision.template.as_ref().map(|template| Like::Template(&template.name));
        for (same_goal, like) in [Some(Like::Goal(goal)), template]
            .into_iter()
            .enumerate()
            .filter_map(|(at, like)| Some((at == 0, like?)))
        {
            let Some(id) = self.store.last_completed(&caller.workspace, like, before).await? else {
                continue;
            };
            let Some(stream) = self.store.load(&caller.workspace, &id).await? else { continue };
            let found = Decision::replay(id, stream.origin, stream.events);
            // What the caller may not see is not there for them; nor is what changed since the row was read.
            if caller.require_on(Operation::SeeDecisions, &found).is_ok() && found.phase == Phase::Completed {
                return Ok(Some(EarlierRun { decision: found, same_goal }));
            }
        }
        Ok(None)
    }
}

/// Whether a machine asked: a key, and not a person with a token of their own.
pub fn asked_by_a_machine(decision: &Decision) -> bool {
    decision.requester.as_ref().is_some_and(|by| by.kind() == ActorKind::System)
}
