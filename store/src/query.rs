//! The read model: lists, filters and counts without replaying. Pages are keyset pages over
//! `(created_at, decision_id)`; what depends on the clock is answered from stored instants, and whose approval still
//! counts from the directory of the moment: a list is right the second somebody loses a role.

use crate::error::StoreError;
use async_trait::async_trait;
use governance::{DecisionId, Origin, State, Timestamp, WorkspaceId};

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRow {
    /// The decision.
    pub id: DecisionId,
    /// Decided here or imported.
    pub origin: Origin,
    /// State at the moment of the question.
    pub state: State,
    /// Version of the stream.
    pub version: u32,
    /// Goal.
    pub goal: String,
    /// `dry_run` or `apply`.
    pub mode: String,
    /// Actor id of the requester.
    pub requester: String,
    /// Template's name.
    pub template: Option<String>,
    /// Labels, as given.
    pub labels: Vec<String>,
    /// Approvals needed.
    pub min_approvals: u32,
    /// Approvals that count at the moment of the question.
    pub active_approvals: u32,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When something last happened.
    pub updated_at: Timestamp,
    /// The next moment at which an approval that counts now lapses.
    pub next_expiry: Option<Timestamp>,
}

/// What a list is narrowed to. All given parts must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// In this state at the moment of the question.
    pub state: Option<State>,
    /// Only those still open: draft, pending, approved or executing.
    pub open_only: bool,
    /// Requested, approved, rejected or withdrawn by this actor id.
    pub person: Option<String>,
    /// Requested by this actor id.
    pub requester: Option<String>,
    /// With this label, exactly.
    pub label: Option<String>,
    /// From this template.
    pub template: Option<String>,
    /// With one of these actor ids among those who requested, approved, rejected or withdrew.
    pub people: Option<Vec<String>>,
    /// With this digest, whole and in small letters.
    pub digest: Option<String>,
    /// With this id.
    pub id: Option<String>,
    /// Whose goal holds all of these words (case-folded), or whose id is exactly this text.
    pub text: Option<String>,
    /// Asked for at or after.
    pub from: Option<Timestamp>,
    /// Asked for before.
    pub until: Option<Timestamp>,
    /// Only what was requested by one of these actor ids, which all stand for the asker. `None` sees the workspace.
    pub visible_to: Option<Vec<String>>,
}

impl DecisionFilter {
    /// The part that the index of a list answers by itself, or a little less: rows that match the whole filter are
    /// among those of this one.
    pub(crate) fn walked(&self) -> Self {
        let span = Self { from: self.from, until: self.until, ..Self::default() };
        let whose =
            Self { requester: self.requester.clone(), visible_to: self.visible_to.clone(), ..span.clone() };
        let of_somebody = self.requester.is_some() || self.visible_to.is_some();
        match self {
            Self { id: Some(_), .. } => Self { id: self.id.clone(), ..span },
            Self { digest: Some(_), .. } => Self { digest: self.digest.clone(), ..span },
            Self { open_only: true, .. } => Self { open_only: true, ..whose },
            Self { state: Some(State::Draft | State::Executing), .. } => Self { state: self.state, ..span },
            // Who counts is asked of each row.
            Self { state: Some(State::PendingApproval | State::Approved), .. } => {
                Self { open_only: true, ..whose }
            }
            _ if of_somebody => whose,
            Self { person: Some(_), .. } => Self { person: self.person.clone(), ..span },
            Self { label: Some(_), .. } => Self { label: self.label.clone(), ..span },
            Self { people: Some(_), .. } => Self { people: self.people.clone(), ..span },
            Self { template: Some(_), .. } => Self { template: self.template.clone(), ..span },
            _ => Self { state: self.state, ..span },
        }
    }
}

/// How many rows are read to count those that match. Where an index answers the whole filter, every row matches.
pub(crate) fn rows_counted(filter: &DecisionFilter) -> i64 {
    i64::from(if filter.walked() == *filter { COUNT_CAP } else { COUNT_READ })
}

/// How many match, from how many were read and matched. `None` when there may be more than were read.
pub(crate) fn counted(filter: &DecisionFilter, read: i64, found: i64) -> Option<u32> {
    let found = u32::try_from(found).unwrap_or(COUNT_CAP).min(COUNT_CAP);
    (found == COUNT_CAP || read < rows_counted(filter)).then_some(found)
}

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Opaque cursor of the page before; `None` for the first page.
    pub after: Option<String>,
    /// Rows on the page, 1 to 200.
    pub limit: u32,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// Cursor of the next page, when there is one.
    pub next: Option<String>,
}

/// Numbers for tabs; each stops counting at [`COUNT_CAP`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting for this person.
    pub waiting: u32,
    /// Open and requested by this person.
    pub requested: u32,
    /// Open in all.
    pub open: u32,
}

/// What one decision has in common with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Like<'a> {
    /// The very same goal.
    Goal(&'a str),
    /// A policy from the template of this name.
    Template(&'a str),
}

/// The beginning of a goal, as the index of completed decisions has it.
pub(crate) fn goal_head(goal: &str) -> String {
    crate::projection::plain(goal).chars().take(64).collect()
}

/// What begins with a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beginnings {
    /// Digests, whole.
    pub digests: Vec<String>,
    /// Ids of decisions.
    pub ids: Vec<String>,
}

/// How much there is of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// The decision.
    pub id: DecisionId,
    /// Version of its stream.
    pub version: u32,
    /// Position of its last event in the global order.
    pub position: i64,
    /// Bytes of its events' payloads.
    pub log_bytes: u64,
    /// Bytes of its latest run's record.
    pub run_bytes: u64,
}

/// Counts stop here: more is shown as "1000+".
pub const COUNT_CAP: u32 = 1000;
/// Rows that are read to count what matches a filter with several parts.
pub const COUNT_READ: u32 = 5000;

/// Lists and counts.
#[async_trait]
pub trait ReadModel: Send + Sync {
    /// Decisions that match, by `(created_at, id)`.
    async fn list(
        &self,
        workspace: &WorkspaceId,
        filter: &DecisionFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError>;

    /// Native decisions that wait for this person's approval: pending now, no active approval of theirs, and not
    /// their own where self-approval is forbidden. Oldest first. One query. `actor_ids` all stand for the person.
    async fn waiting_for(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError>;

    /// Numbers for the tabs of the person for whom these actor ids stand.
    async fn counts(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
        now: Timestamp,
    ) -> Result<Counts, StoreError>;

    /// How often a template was used, capped at [`COUNT_CAP`].
    async fn template_uses(&self, workspace: &WorkspaceId, name: &str) -> Result<u32, StoreError>;

    /// The last decision of this workspace with the same goal or template that was decided here, has completed, and was
    /// asked for before the given one. Of goals that share their first 64 characters the newest 200 are looked at.
    async fn last_completed(
        &self,
        workspace: &WorkspaceId,
        like: Like<'_>,
        before: (Timestamp, &DecisionId),
    ) -> Result<Option<DecisionId>, StoreError>;

    /// What begins with this text: digests that decisions are found by, and ids of decisions, two of each at most. Two
    /// mean that the text does not single one out.
    async fn beginning_with(&self, workspace: &WorkspaceId, text: &str) -> Result<Beginnings, StoreError>;

    /// What taking these decisions away would weigh, by what the log and the runs hold of them. Ids that are not there
    /// are left out.
    async fn weights(&self, workspace: &WorkspaceId, ids: &[String]) -> Result<Vec<Weight>, StoreError>;

    /// The query plan of every list query, as `(name of the query, plan text)`, for the test that none scans.
    async fn query_plans(&self, workspace: &WorkspaceId) -> Result<Vec<(String, String)>, StoreError>;
}
