//! What happened since: the log after a position, of what the caller may see. A reader that lost its connection goes on
//! from the last position that it has. And how things are now, for pages: those need no history.

use crate::{Caller, Control, Error, Operation, Scope};
use governance::digest::sha256_hex;
use governance::{DecisionId, Event, State};
use std::fmt::Write as _;
use store::query::{Counts, DecisionRow};
pub use store::stream::News;
use store::{DecisionFilter, PageRequest};

/// Most events of one answer.
const LIMIT: u32 = 200;
/// Rows of each list that the mark of an inbox covers.
const MARKED: u32 = 50;
/// Characters of the mark.
const MARK_CHARS: usize = 16;

/// An inbox at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxNow {
    /// The numbers.
    pub counts: Counts,
    /// Another one whenever the numbers, or one of the first rows of what waits, of what was asked for, or of what is
    /// open, are others.
    pub mark: String,
}

impl Control {
    /// Events after a position, oldest first, and how far was looked: go on from there.
    pub async fn news(&self, caller: &Caller, after: i64) -> Result<News, Error> {
        let (caller, _) = self.refreshed(caller).await?;
        caller.require(Operation::SeeDecisions)?;
        let visible_to = match caller.scope(Operation::SeeDecisions) {
            Scope::All => None,
            Scope::Own | Scope::No => Some(caller.actor_ids.as_slice()),
        };
        Ok(self.store.visible_after(&caller.workspace, after, visible_to, LIMIT).await?)
    }

    /// The position of the newest event: where a reader that wants no history begins.
    pub async fn newest(&self, caller: &Caller) -> Result<i64, Error> {
        caller.require(Operation::SeeDecisions)?;
        Ok(self.store.head().await?)
    }

    /// One decision's events from a sequence number on.
    pub async fn events(&self, caller: &Caller, id: &DecisionId, from: u32) -> Result<Vec<Event>, Error> {
        let decision = self.load_for(caller, Operation::SeeDecisions, id).await?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(decision.events.into_iter().skip(from).collect())
    }

    /// The same caller with the roles of this moment. Fails as unauthenticated when they may not come in any more.
    pub async fn still(&self, caller: &Caller) -> Result<Caller, Error> {
        Ok(self.refreshed(caller).await?.0)
    }

    /// The caller's inbox as it is now.
    pub async fn inbox_now(&self, caller: &Caller) -> Result<InboxNow, Error> {
        let counts = self.counts(caller).await?;
        let page = PageRequest { limit: MARKED, ..PageRequest::default() };
        let open = DecisionFilter { open_only: true, ..DecisionFilter::default() };
        let requester = Some(caller.actor.id().to_owned());
        let mine = DecisionFilter { requester, ..open.clone() };
        let mut seen = format!("{counts:?}");
        for page in [
            self.inbox(caller, &page).await?,
            self.list(caller, mine, &page).await?,
            self.list(caller, open, &page).await?,
        ] {
            mark(&mut seen, &page.rows);
        }
        let mark = sha256_hex(seen.as_bytes()).chars().take(MARK_CHARS).collect();
        Ok(InboxNow { counts, mark })
    }

    /// A decision's version and state as they are now.
    pub async fn decision_now(&self, caller: &Caller, id: &DecisionId) -> Result<(u32, State), Error> {
        let decision = self.load_for(caller, Operation::SeeDecisions, id).await?;
        let context = self.context_of(caller, &decision).await?;
        Ok((decision.version(), decision.state(context.now, &context.standing)))
    }
}

/// What of these rows can change, in a line each.
fn mark(seen: &mut String, rows: &[DecisionRow]) {
    seen.push('\n');
    for row in rows {
        // INVARIANT: writing into a String cannot fail.
        let _ = writeln!(seen, "{} {} {} {}", row.id, row.version, row.state.as_str(), row.active_approvals);
    }
}
