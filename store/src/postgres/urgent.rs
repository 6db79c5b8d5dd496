//! The inbox on Postgres: what waits, most urgent first, and what ended lately. What loses an
//! approval is sorted out of what is open; everything else is read in its order from an index of its own.

use super::inbox::waits;
use super::list::{self, Question, one_of, select};
use super::{PostgresStore, voices};
use crate::cursor;
use crate::error::StoreError;
use crate::inbox::{self, Inbox, Place};
use crate::query::{COUNT_CAP, DecisionFilter, DecisionRow, Page, PageRequest, counted};
use crate::rows::{self, ListRow};
use async_trait::async_trait;
use governance::{DecisionId, Timestamp, WorkspaceId};
use sqlx::{Postgres, QueryBuilder};

const LAPSING: &str = " FROM decisions AS d
    WHERE d.phase = 'open' AND d.origin = 'native' AND d.workspace_id = ";

const REST: &str = " FROM decisions AS d
    WHERE d.phase = 'open' AND d.origin = 'native' AND d.workspace_id = ";

const ENDED: &str = " AND d.phase IN ('completed', 'failed', 'rejected', 'withdrawn')";

/// What loses an approval by waiting, the soonest first. `place` says behind which moment and id. All that is open is
/// asked once, and what lapses of it is put in order: when one lapses depends on whose approval counts at this moment.
pub fn lapsing(
    head: &str,
    workspace: &str,
    actor_ids: &[String],
    place: Option<&cursor::Place>,
    limit: usize,
    now: Timestamp,
) -> QueryBuilder<Postgres> {
    let mut query = select(&format!("{head}WITH lapsing AS MATERIALIZED ("), now);
    query.push(LAPSING).push_bind(workspace.to_owned());
    voices::may_lapse(&mut query, now);
    waits(&mut query, actor_ids, now);
    query.push(") SELECT * FROM lapsing WHERE next_expiry_us < 9223372036854775807");
    if let Some(place) = place {
        query.push(" AND (next_expiry_us, decision_id) > (").push_bind(place.created_us).push(", ");
        query.push_bind(place.id.clone()).push(")");
    }
    query.push(" ORDER BY next_expiry_us, decision_id LIMIT ");
    query.push_bind(i64::try_from(limit).unwrap_or(1));
    query
}

/// What loses nothing by waiting: real runs before dry runs, the oldest first.
pub fn rest(
    head: &str,
    workspace: &str,
    actor_ids: &[String],
    place: Option<(&str, &cursor::Place)>,
    limit: usize,
    now: Timestamp,
) -> QueryBuilder<Postgres> {
    let mut query = select(head, now);
    query.push(REST).push_bind(workspace.to_owned());
    if let Some((mode, place)) = place {
        query.push(" AND (d.mode, d.created_us, d.decision_id) > (").push_bind(mode.to_owned()).push(", ");
        query.push_bind(place.created_us).push(", ").push_bind(place.id.clone()).push(")");
    }
    waits(&mut query, actor_ids, now);
    voices::nothing_lapses(&mut query, now);
    query.push(" ORDER BY d.mode, d.created_us, d.decision_id LIMIT ");
    query.push_bind(i64::try_from(limit).unwrap_or(1));
    query
}

/// What ended since, newest end first.
pub fn ended(
    head: &str,
    workspace: &str,
    visible_to: Option<&[String]>,
    since: Timestamp,
    place: Option<&cursor::Place>,
    limit: usize,
    now: Timestamp,
) -> QueryBuilder<Postgres> {
    let mut query = select(head, now);
    from_ended(&mut query, workspace, visible_to, since);
    if let Some(place) = place {
        query.push(" AND (d.updated_us, d.decision_id) < (").push_bind(place.created_us).push(", ");
        query.push_bind(place.id.clone()).push(")");
    }
    query.push(" ORDER BY d.updated_us DESC, d.decision_id DESC LIMIT ");
    query.push_bind(i64::try_from(limit + 1).unwrap_or(1));
    query
}

/// How many ended since.
pub fn count_ended(
    head: &str,
    workspace: &str,
    visible_to: Option<&[String]>,
    since: Timestamp,
) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(head);
    query.push("SELECT count(*) FROM (SELECT 1");
    from_ended(&mut query, workspace, visible_to, since);
    query.push(" LIMIT ").push_bind(i64::from(COUNT_CAP)).push(") AS few");
    query
}

fn from_ended(
    query: &mut QueryBuilder<Postgres>,
    workspace: &str,
    visible_to: Option<&[String]>,
    since: Timestamp,
) {
    query.push(" FROM decisions AS d WHERE d.workspace_id = ").push_bind(workspace.to_owned()).push(ENDED);
    if let Some(actors) = visible_to {
        query.push(" AND d.requester");
        one_of(query, actors);
    }
    query.push(" AND d.updated_us >= ").push_bind(since.micros());
}

#[async_trait]
impl Inbox for PostgresStore {
    async fn urgent_for(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError> {
        let place = inbox::after(page)?;
        let limit = cursor::limit(page);
        let mut found: Vec<ListRow> = Vec::new();
        if actor_ids.is_empty() {
            return Ok(inbox::page_of(Vec::new(), limit));
        }
        let behind = match &place {
            Some(Place::Lapsing(place)) => Some(place),
            _ => None,
        };
        let behind_rest = place.as_ref().and_then(Place::rest);
        if behind_rest.is_none() {
            let mut query = lapsing("", workspace.as_str(), actor_ids, behind, limit + 1, now);
            found = query.build_query_as().fetch_all(&self.pool).await?;
        }
        if found.len() <= limit {
            let left = limit + 1 - found.len();
            let mut query = rest("", workspace.as_str(), actor_ids, behind_rest, left, now);
            let more: Vec<ListRow> = query.build_query_as().fetch_all(&self.pool).await?;
            found.extend(more);
        }
        let rows = found.into_iter().map(|row| row.decision(now)).collect::<Result<Vec<_>, _>>()?;
        Ok(inbox::page_of(rows, limit))
    }

    async fn row(
        &self,
        workspace: &WorkspaceId,
        id: &DecisionId,
        now: Timestamp,
    ) -> Result<Option<DecisionRow>, StoreError> {
        let filter = DecisionFilter::default();
        let workspace = workspace.as_str();
        let question =
            Question { workspace, filter: &filter, place: None, oldest_first: true, limit: 1, now };
        let mut query = question.by_id("", id.as_str());
        let found: Option<ListRow> = query.build_query_as().fetch_optional(&self.pool).await?;
        found.map(|row| row.decision(now)).transpose()
    }

    async fn ended(
        &self,
        workspace: &WorkspaceId,
        visible_to: Option<&[String]>,
        since: Timestamp,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError> {
        let place = cursor::after(page)?;
        let limit = cursor::limit(page);
        // Nobody sees nothing.
        if visible_to.is_some_and(<[String]>::is_empty) {
            return rows::ended_page_of(Vec::new(), limit, now);
        }
        let mut query = ended("", workspace.as_str(), visible_to, since, place.as_ref(), limit, now);
        rows::ended_page_of(query.build_query_as().fetch_all(&self.pool).await?, limit, now)
    }

    async fn count_ended(
        &self,
        workspace: &WorkspaceId,
        visible_to: Option<&[String]>,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        if visible_to.is_some_and(<[String]>::is_empty) {
            return Ok(0);
        }
        let mut query = count_ended("", workspace.as_str(), visible_to, since);
        let count: i64 = query.build_query_scalar().fetch_one(&self.pool).await?;
        Ok(u32::try_from(count).unwrap_or(COUNT_CAP))
    }

    async fn count(
        &self,
        workspace: &WorkspaceId,
        filter: &DecisionFilter,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        if [&filter.visible_to, &filter.people].into_iter().flatten().any(Vec::is_empty) {
            return Ok(Some(0));
        }
        let mut query = list::count("", workspace.as_str(), filter, now);
        let (read, found): (i64, i64) = query.build_query_as().fetch_one(&self.pool).await?;
        Ok(counted(filter, read, found))
    }
}
