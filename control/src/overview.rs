//! The overview of a workspace, for those who may read its log: what is open, how long deciding takes, who approves, what
//! was rejected and why, how runs ended. Days and months are those of UTC.
//!
//! It refuses to judge: no score, no ranking beyond a count, and nothing about anybody that a timeline does not say.

mod sums;

use crate::access::administer;
use crate::{Caller, Control, Error, Operation};
use governance::{DecisionId, Phase, State, Timestamp};
use std::collections::BTreeSet;
use store::figures::day_of;
use store::overview::OpenWork;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Rejections that are quoted.
const QUOTED: u32 = 10;

/// How far back the overview looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Span {
    /// 30 days, today among them.
    Month,
    /// 90 days.
    Quarter,
    /// 180 days.
    #[default]
    HalfYear,
    /// 365 days.
    Year,
}

impl Span {
    /// All spans, shortest first.
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::HalfYear, Self::Year];

    /// How many days, today among them.
    pub fn days(self) -> u16 {
        match self {
            Self::Month => 30,
            Self::Quarter => 90,
            Self::HalfYear => 180,
            Self::Year => 365,
        }
    }

    /// The span of that many days. Anything else is the usual one.
    pub fn of(days: &str) -> Self {
        Self::ALL.into_iter().find(|span| span.days().to_string() == days).unwrap_or_default()
    }

    /// Where it begins: midnight UTC, so that every day is there whole.
    fn begin(self, now: Timestamp) -> Timestamp {
        let today = now.micros().div_euclid(DAY * 1_000_000) * DAY;
        Timestamp::from_micros((today - i64::from(self.days() - 1) * DAY).saturating_mul(1_000_000))
    }
}

/// What there is to see.
#[derive(Debug, Clone)]
pub struct Overview {
    /// First day, `2026-11-21`, in UTC.
    pub from: String,
    /// Last day: today.
    pub until: String,
    /// The moment of the question.
    pub now: Timestamp,
    /// Open decisions by state.
    pub open: Vec<(State, usize)>,
    /// Whether more are open than were counted: then the newest are left out.
    pub more_open: bool,
    /// Whether the sums disagree with the log, so that the months cannot be trusted until they are made again.
    pub disagree: bool,
    /// What has waited longest for approvals.
    pub oldest: Option<Waiting>,
    /// Every month that the span touches, oldest first.
    pub months: Vec<Month>,
    /// Who approved, most approvals first.
    pub approvers: Vec<Approver>,
    /// The newest rejections of the span.
    pub rejections: Vec<Rejection>,
}

/// A decision that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The decision.
    pub id: DecisionId,
    /// Its goal.
    pub goal: String,
    /// When it was asked for.
    pub since: Timestamp,
}

/// One month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Month {
    /// `2026-11`, in UTC.
    pub month: String,
    /// Decisions that were asked for.
    pub asked: u64,
    /// Decisions that had enough approvals for the first time, or were rejected before.
    pub decided: u64,
    /// Half of them were decided within so many seconds, and nine of ten; `None` where none was.
    pub within: Option<(u64, u64)>,
    /// Rejections.
    pub rejected: u64,
    /// Real runs that ended well, and that failed.
    pub applied: (u64, u64),
    /// Rehearsals that ended well, and that failed.
    pub rehearsed: (u64, u64),
    /// Approvals that were given.
    pub approvals: u64,
}

/// Somebody who approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// Actor id.
    pub id: String,
    /// Name; the id where no name is known.
    pub name: String,
    /// Approvals by month, in the order of the months.
    pub by_month: Vec<u64>,
    /// All of them.
    pub total: u64,
}

/// A rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The decision.
    pub id: DecisionId,
    /// Its goal.
    pub goal: String,
    /// Name of who rejected it; the actor id where no name is known.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, in their words.
    pub reason: String,
}

impl Control {
    /// The overview of the caller's workspace.
    pub async fn overview(&self, caller: &Caller, span: Span) -> Result<Overview, Error> {
        administer(caller, Operation::SeeLog)?;
        let now = self.now();
        let begin = span.begin(now);
        let (from, until) = (day_of(begin), day_of(now));
        let work = self.store.open_work(&caller.workspace, now).await?;
        let sums = self.store.figures(&caller.workspace, &from).await?;
        let mut rejections = self.rejections(caller, begin).await?;
        let (months, approvers) = sums::by_month(&sums.figures, &from, &until);
        let actors: BTreeSet<&String> =
            approvers.iter().map(|one| &one.id).chain(rejections.iter().map(|one| &one.by)).collect();
        let actors: Vec<String> = actors.into_iter().cloned().collect();
        let known = self.store.actors(&caller.workspace, &actors).await?;
        let disagree = sums.disagree;
        let approvers = sums::people(approvers, &known);
        for rejection in &mut rejections {
            if let Some(actor) = known.iter().find(|actor| actor.actor_id == rejection.by) {
                rejection.by.clone_from(&actor.name);
            }
        }
        let oldest = self.oldest(caller, &work).await?;
        let open = by_state(&work);
        let more_open = work.more;
        Ok(Overview { from, until, now, open, more_open, disagree, oldest, months, approvers, rejections })
    }

    /// What has waited longest. Imported evidence waits for nobody here.
    async fn oldest(&self, caller: &Caller, work: &OpenWork) -> Result<Option<Waiting>, Error> {
        let waits = |one: &&store::overview::OpenDecision| {
            one.state == State::PendingApproval && one.origin == governance::Origin::Native
        };
        let Some(found) = work.decisions.iter().find(waits) else { return Ok(None) };
        let decision = self.load_for(caller, Operation::SeeDecisions, &found.id).await?;
        let goal = decision.goal.unwrap_or_default();
        Ok(Some(Waiting { id: found.id.clone(), goal, since: found.created_at }))
    }

    /// The newest rejections, quoted from their own streams.
    async fn rejections(&self, caller: &Caller, begin: Timestamp) -> Result<Vec<Rejection>, Error> {
        let mut rejections = Vec::new();
        for id in self.store.newest_rejected(&caller.workspace, begin, QUOTED).await? {
            let decision = self.load_for(caller, Operation::SeeDecisions, &id).await?;
            if let Phase::Rejected(ending) = decision.phase {
                rejections.push(Rejection {
                    id,
                    goal: decision.goal.unwrap_or_default(),
                    by: ending.actor.id().to_owned(),
                    at: ending.at,
                    reason: ending.reason.unwrap_or_default(),
                });
            }
        }
        Ok(rejections)
    }
}

fn by_state(work: &OpenWork) -> Vec<(State, usize)> {
    let open = State::ALL.into_iter().filter(|state| !state.is_final());
    open.map(|state| (state, work.decisions.iter().filter(|one| one.state == state).count())).collect()
}

#[cfg(test)]
mod tests {
    use super::{DAY, Span};
    use governance::Timestamp;
    use store::figures::day_of;

    #[test]
    fn a_span_has_its_days_whole_and_today_among_them() {
        let now = Timestamp::parse("2026-03-01T23:59:59+00:00").unwrap();
        assert_eq!(day_of(Span::Month.begin(now)), "2026-01-31");
        let begin = Span::Year.begin(now);
        assert_eq!((day_of(begin).as_str(), begin.micros() % (DAY * 1_000_000)), ("2025-03-02", 0));
    }

    #[test]
    fn an_unknown_span_is_the_usual_one() {
        for (days, span) in [("30", Span::Month), ("365", Span::Year), ("180", Span::HalfYear)] {
            assert_eq!(Span::of(days), span);
        }
        for odd in ["", "0", "-30", "31", "1e9", "30 ", "９０"] {
            assert_eq!(Span::of(odd), Span::HalfYear, "{odd}");
        }
    }
}
