//! What is new in the log for one reader, on SQLite.
//!
//! Two questions: how far to look, from the index alone, and what there is up to there. The log only grows at its end,
//! so that the second one misses nothing that the first one counted. Whose a decision is, and which generation is current,
//! is asked in the second one alone: an answer never mixes two moments.

use super::SqliteStore;
use super::list::one_of;
use crate::error::StoreError;
use crate::rows::LogRow;
use crate::stream::{LOOKED_AT, News};
use governance::WorkspaceId;
use sqlx::{QueryBuilder, Sqlite};

/// Events after a position as far as these actor ids may see them.
pub async fn visible_after(
    store: &SqliteStore,
    workspace: &WorkspaceId,
    position: i64,
    visible_to: Option<&[String]>,
    limit: u32,
) -> Result<News, StoreError> {
    let mut query = window("", workspace.as_str(), position);
    let end: Option<i64> = query.build_query_scalar().fetch_one(&store.readers).await?;
    let Some(end) = end else { return Ok(News::none(position)) };
    // Nobody sees nothing.
    if visible_to.is_some_and(<[String]>::is_empty) {
        return Ok(News::none(end));
    }
    let mut query = visible("", workspace.as_str(), (position, end), visible_to, limit);
    let rows: Vec<LogRow> = query.build_query_as().fetch_all(&store.readers).await?;
    let events = rows.into_iter().map(|row| Ok((row.position, row.decision()?, row.event()?)));
    Ok(News::cut(events.collect::<Result<_, StoreError>>()?, position, end, limit))
}

/// The last position to look at.
pub(super) fn window(head: &str, workspace: &str, position: i64) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push("SELECT max(position) FROM (SELECT position FROM events INDEXED BY events_by_workspace");
    query.push(" WHERE workspace_id = ");
    query.push_bind(workspace.to_owned()).push(" AND position > ").push_bind(position);
    query.push(" ORDER BY position LIMIT ").push_bind(i64::from(LOOKED_AT)).push(") AS w");
    query
}

/// What there is to see after the first position and up to the second.
pub(super) fn visible(
    head: &str,
    workspace: &str,
    (after, end): (i64, i64),
    visible_to: Option<&[String]>,
    limit: u32,
) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push(
        "SELECT e.position, e.workspace_id, e.decision_id, e.generation, e.seq, e.type, e.ts, e.actor_kind, e.actor_id,
                e.payload, e.digest
         FROM events AS e INDEXED BY events_by_workspace WHERE e.workspace_id = ",
    );
    query.push_bind(workspace.to_owned());
    query.push(" AND e.position > ").push_bind(after).push(" AND e.position <= ").push_bind(end);
    // Looked up row by row, as values: a join could be turned round, and would then read all that somebody ever
    // requested for the sake of a few new events.
    query.push(
        " AND e.generation = (SELECT s.generation FROM streams AS s
              WHERE s.workspace_id = e.workspace_id AND s.decision_id = e.decision_id)",
    );
    if let Some(actor_ids) = visible_to {
        query.push(
            " AND (SELECT d.requester FROM decisions AS d
                  WHERE d.workspace_id = e.workspace_id AND d.decision_id = e.decision_id)",
        );
        one_of(&mut query, actor_ids);
    }
    query.push(" ORDER BY e.position LIMIT ").push_bind(i64::from(limit));
    query
}
