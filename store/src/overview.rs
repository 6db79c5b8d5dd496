//! What the overview of a workspace asks: what is open, sums by month, the newest rejections. None of it walks through
//! decisions: sums are kept by day with every append, and what is open is counted up to a limit.

use crate::error::StoreError;
use crate::figures::{APPROVED, ASKED, DECIDED, FAILED, RAN, REJECTED};
use crate::projection::{corrupt, origin_of, state_of};
use crate::query::COUNT_CAP;
use crate::rows::decision_id;
use async_trait::async_trait;
use governance::{DecisionId, Origin, State, Timestamp, WorkspaceId};
use sqlx::FromRow;

/// What is open: the oldest of it, up to [`COUNT_CAP`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// Oldest first.
    pub decisions: Vec<OpenDecision>,
    /// Whether there is more.
    pub more: bool,
}

/// One open decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDecision {
    /// The decision.
    pub id: DecisionId,
    /// Decided here or imported.
    pub origin: Origin,
    /// State at the moment of the question.
    pub state: State,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// What a sum is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Decisions that were asked for.
    Asked,
    /// Decisions that had enough approvals for the first time, or were rejected before.
    Decided {
        /// How long that took; a sixteenth too long at most, never too short.
        seconds: u64,
    },
    /// Approvals that this actor gave.
    Approved {
        /// Actor id.
        by: String,
    },
    /// Rejections.
    Rejected,
    /// Runs that ended well.
    Ran {
        /// `dry_run` or `apply`.
        mode: String,
    },
    /// Runs that failed, or of which nobody knows.
    Failed {
        /// `dry_run` or `apply`.
        mode: String,
    },
}

/// One sum of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Month in UTC, `2026-11`.
    pub month: String,
    /// Of what.
    pub what: What,
    /// How many; never 0.
    pub number: u64,
}

/// Sums of months.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// In the order of the months; those that make no sense are left out.
    pub figures: Vec<Figure>,
    /// Whether one was below zero, so that the others cannot be trusted either: something wrote to the log that does not
    /// know of sums. They are made again from the log at the next start.
    pub disagree: bool,
}

/// What the overview asks.
#[async_trait]
pub trait Overview: Send + Sync {
    /// What is open at this moment, oldest first, up to [`COUNT_CAP`].
    async fn open_work(&self, workspace: &WorkspaceId, now: Timestamp) -> Result<OpenWork, StoreError>;

    /// Sums by month, from this day on (`2026-11-21`, UTC).
    async fn figures(&self, workspace: &WorkspaceId, from_day: &str) -> Result<Sums, StoreError>;

    /// Rejected decisions, the newest rejection first, none from before `from`.
    async fn newest_rejected(
        &self,
        workspace: &WorkspaceId,
        from: Timestamp,
        limit: u32,
    ) -> Result<Vec<DecisionId>, StoreError>;
}

/// An open decision as both engines give it.
#[derive(Debug, FromRow)]
pub(crate) struct OpenRow {
    decision_id: String,
    origin: String,
    phase: String,
    min_approvals: i64,
    approved_until_us: i64,
    created_us: i64,
    active_approvals: i64,
}

/// What is open, from one row more than is counted.
pub(crate) fn open_work(mut rows: Vec<OpenRow>, now: Timestamp) -> Result<OpenWork, StoreError> {
    let most = usize::try_from(COUNT_CAP).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let one = |row: OpenRow| {
        let approved = row.approved_until_us > now.micros() && row.active_approvals >= row.min_approvals;
        Ok(OpenDecision {
            id: decision_id(&row.decision_id, "decisions")?,
            origin: origin_of(&row.origin, "decisions", &row.decision_id)?,
            state: state_of(&row.phase, approved, &row.decision_id)?,
            created_at: Timestamp::from_micros(row.created_us),
        })
    };
    Ok(OpenWork { decisions: rows.into_iter().map(one).collect::<Result<_, StoreError>>()?, more })
}

/// A sum as both engines give it.
#[derive(Debug, FromRow)]
pub(crate) struct FigureRow {
    month: String,
    what: String,
    who: String,
    number: i64,
}

/// Reads sums.
pub(crate) fn sums_of(rows: Vec<FigureRow>) -> Result<Sums, StoreError> {
    let (sound, wrong): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.number > 0);
    let disagree = wrong.iter().any(|row| row.number < 0);
    if let Some(row) = wrong.iter().find(|row| row.number < 0) {
        tracing::warn!(
            month = row.month,
            what = row.what,
            "sums of the overview disagree with the log; they are made again at the next start, or by `rebuild`"
        );
    }
    Ok(Sums { figures: sound.into_iter().map(figure).collect::<Result<_, StoreError>>()?, disagree })
}

fn figure(row: FigureRow) -> Result<Figure, StoreError> {
    let key = format!("{}/{}/{}", row.month, row.what, row.who);
    let fault = |problem: &str| corrupt("daily_figures", key.as_str(), problem);
    let what = match row.what.as_str() {
        ASKED => What::Asked,
        DECIDED => What::Decided { seconds: row.who.parse().map_err(|_| fault("no length of time"))? },
        APPROVED => What::Approved { by: row.who },
        REJECTED => What::Rejected,
        RAN => What::Ran { mode: row.who },
        FAILED => What::Failed { mode: row.who },
        _ => return Err(fault("unknown kind of sum")),
    };
    let number = u64::try_from(row.number).map_err(|_| fault("less than nothing"))?;
    Ok(Figure { month: row.month, what, number })
}
