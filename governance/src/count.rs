//! Which approvals count at one moment: one voice for one person, and only from those who may still approve.
//!
//! The policy and the clock say whose approval could fill a seat; a [`Standing`] says who is behind it. With
//! [`Standing::of_the_log`] everything here follows from the events alone.

use crate::actor::{Actor, ActorKind};
use crate::decision::{Approval, Decision};
use crate::standing::{NotCounted, Standing, Uncounted};
use crate::time::Timestamp;
use std::collections::BTreeSet;

impl Decision {
    /// Distinct people whose approval counts at this moment.
    pub fn active_approvals(&self, now: Timestamp, standing: &Standing) -> u32 {
        let count = self.weighed(now, standing).into_iter().filter(|(_, why)| why.is_none()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Whether this approval counts at this moment. Of several by one person the earliest does.
    pub fn counts(&self, approval: &Approval, now: Timestamp, standing: &Standing) -> bool {
        self.weighed(now, standing).into_iter().any(|(one, why)| why.is_none() && one == approval)
    }

    /// The approvals that the log alone would count at this moment, and that do not count because of who stands
    /// behind them; oldest first.
    pub fn not_counted(&self, now: Timestamp, standing: &Standing) -> Vec<NotCounted> {
        let named = |(approval, why): (&Approval, Option<Uncounted>)| {
            Some(NotCounted { actor: approval.actor.id().to_owned(), reason: why? })
        };
        self.weighed(now, standing).into_iter().filter_map(named).collect()
    }

    /// Whether an approval by this actor could fill a seat under this decision's policy, whoever else approved.
    /// A machine that an imported stream let approve still counts there: it is what that system did.
    pub fn may_fill_a_seat(&self, actor: &Actor, standing: &Standing) -> bool {
        let Some(policy) = &self.policy else { return true };
        let own = policy.forbid_self_approval()
            && self.requester.as_ref().is_some_and(|by| standing.same_person(by, actor));
        // A policy that forbids self-approval is ours, and ours keep machines out unless they say otherwise.
        let machine = actor.kind() == ActorKind::System
            && policy.forbid_self_approval()
            && !policy.allow_machine_approvals();
        !own && !machine
    }

    /// Whether enough approvals count at this moment.
    pub fn is_approved(&self, now: Timestamp, standing: &Standing) -> bool {
        self.policy
            .as_ref()
            .is_some_and(|policy| self.active_approvals(now, standing) >= policy.min_approvals())
    }

    /// The moment until which enough approvals stand, if nothing else happens: `None` when there are too few,
    /// `Some(None)` when they never lapse. Read models keep it, so that lists are right the second one lapses;
    /// it is of the log, since nobody can store who will have which role then.
    pub fn approved_until(&self) -> Option<Option<Timestamp>> {
        let needed = usize::try_from(self.policy.as_ref()?.min_approvals()).ok()?;
        let log = Standing::of_the_log();
        let mut ends: Vec<Option<Timestamp>> = self
            .approvals
            .values()
            .filter(|approval| approval.revoked.is_none() && self.may_fill_a_seat(&approval.actor, &log))
            .map(|approval| approval.expires_at)
            .collect();
        // Longest first; an approval without an expiry outlasts all others.
        ends.sort_by(|a, b| match (a, b) {
            (None, None) => std::cmp::Ordering::Equal,
            (None, Some(_)) => std::cmp::Ordering::Less,
            (Some(_), None) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => b.cmp(a),
        });
        ends.get(needed.checked_sub(1)?).copied()
    }

    /// The active approvals that the log alone would count, oldest first, each with what is against it.
    fn weighed(&self, now: Timestamp, standing: &Standing) -> Vec<(&Approval, Option<Uncounted>)> {
        let log = Standing::of_the_log();
        let mut active: Vec<&Approval> = self
            .approvals
            .values()
            .filter(|approval| approval.is_active(now) && self.may_fill_a_seat(&approval.actor, &log))
            .collect();
        active.sort_by_key(|approval| approval.granted_at);
        let mut heard = BTreeSet::new();
        let mut weighed = Vec::with_capacity(active.len());
        for approval in active {
            let why = if !self.may_fill_a_seat(&approval.actor, standing) {
                Some(Uncounted::Requester)
            } else if let Some(lost) = standing.lost(&approval.actor) {
                // A voice that is lost leaves the place to the same person's next one.
                Some(Uncounted::Lost(lost))
            } else if heard.insert(standing.being(&approval.actor)) {
                None
            } else {
                Some(Uncounted::SamePerson)
            };
            weighed.push((approval, why));
        }
        weighed
    }
}
