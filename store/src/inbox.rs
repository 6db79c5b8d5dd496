//! What an inbox asks of the read model: what waits, most urgent first, and what ended lately. It refuses to decide
//! who may see what: that is told to it.
//!
//! Most urgent is what would lose an approval first, because it then needs more people than now; after that real runs
//! before dry runs, and among those the oldest. A page goes on behind the place of the last row, so that no row comes
//! twice while others are decided; what becomes more urgent between two pages is on the first page of the next look.

use crate::cursor;
use crate::error::StoreError;
use crate::query::{DecisionFilter, DecisionRow, Page, PageRequest};
use async_trait::async_trait;
use governance::{DecisionId, Timestamp, WorkspaceId};

/// The questions.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// What waits for the person for whom these actor ids stand, most urgent first.
    async fn urgent_for(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError>;

    /// One decision as lists show it.
    async fn row(
        &self,
        workspace: &WorkspaceId,
        id: &DecisionId,
        now: Timestamp,
    ) -> Result<Option<DecisionRow>, StoreError>;

    /// What ended at or after a moment, the newest end first. `visible_to` as in
    /// [`DecisionFilter`](crate::DecisionFilter).
    async fn ended(
        &self,
        workspace: &WorkspaceId,
        visible_to: Option<&[String]>,
        since: Timestamp,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError>;

    /// How many that are; stops at [`COUNT_CAP`](crate::query::COUNT_CAP).
    async fn count_ended(
        &self,
        workspace: &WorkspaceId,
        visible_to: Option<&[String]>,
        since: Timestamp,
    ) -> Result<u32, StoreError>;

    /// How many match a filter without a text; stops at [`COUNT_CAP`](crate::query::COUNT_CAP). `None` when too few of
    /// the first [`COUNT_READ`](crate::query::COUNT_READ) do: then it is not known without reading all.
    async fn count(
        &self,
        workspace: &WorkspaceId,
        filter: &DecisionFilter,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError>;
}

/// A place in the order of urgency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Among those that lose an approval, by when they do.
    Lapsing(cursor::Place),
    /// Among the others: of real runs, by when they were asked for.
    Real(cursor::Place),
    /// The same of dry runs.
    Dry(cursor::Place),
}

impl Place {
    /// Where this row stands.
    pub fn of(row: &DecisionRow) -> Self {
        let id = row.id.as_str().to_owned();
        let created = |id| cursor::Place { created_us: row.created_at.micros(), id };
        match row.next_expiry {
            Some(at) => Self::Lapsing(cursor::Place { created_us: at.micros(), id }),
            None if row.mode == "apply" => Self::Real(created(id)),
            None => Self::Dry(created(id)),
        }
    }

    /// The mode, its place and whether all that lapse are behind it; for the second half of the order.
    pub fn rest(&self) -> Option<(&'static str, &cursor::Place)> {
        match self {
            Self::Lapsing(_) => None,
            Self::Real(place) => Some(("apply", place)),
            Self::Dry(place) => Some(("dry_run", place)),
        }
    }

    fn encode(&self) -> String {
        match self {
            Self::Lapsing(place) => format!("l{}", place.encode()),
            Self::Real(place) => format!("r{}", place.encode()),
            Self::Dry(place) => format!("t{}", place.encode()),
        }
    }

    fn decode(text: &str) -> Result<Self, StoreError> {
        let rest = |kind: char| text.strip_prefix(kind).map(cursor::Place::decode).transpose();
        if let Some(place) = rest('l')? {
            return Ok(Self::Lapsing(place));
        }
        if let Some(place) = rest('r')? {
            return Ok(Self::Real(place));
        }
        rest('t')?.map(Self::Dry).ok_or(StoreError::Cursor)
    }
}

/// The cursor of a page that begins behind this row.
pub fn behind(row: &DecisionRow) -> String {
    Place::of(row).encode()
}

/// The place behind which a page begins.
pub fn after(page: &PageRequest) -> Result<Option<Place>, StoreError> {
    page.after.as_deref().map(Place::decode).transpose()
}

/// Rows in the order of urgency as a page, the one beyond it cut off.
pub fn page_of(mut rows: Vec<DecisionRow>, limit: usize) -> Page<DecisionRow> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(behind);
    Page { rows, next }
}

#[cfg(test)]
mod tests {
    use super::{Place, cursor};
    use crate::error::StoreError;

    #[test]
    fn a_cursor_reads_back_and_no_other_list_made_it() {
        let at = |created_us: i64| cursor::Place { created_us, id: "dec_ü".to_owned() };
        for place in [Place::Lapsing(at(5)), Place::Real(at(-1)), Place::Dry(at(i64::MAX))] {
            assert_eq!(Place::decode(&place.encode()).unwrap(), place);
        }
        for text in ["", "l", "r00", "x000000000000000061", &at(5).encode()] {
            assert!(matches!(Place::decode(text), Err(StoreError::Cursor)), "{text}");
        }
    }
}
