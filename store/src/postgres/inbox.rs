//! What waits for one person, and the numbers on their tabs, on Postgres. The actor ids that stand for the person are
//! several where accounts were merged or keys act for them. It refuses to count further than anybody reads.

use super::list::{OPEN, bounds, one_of, select};
use super::voices;
use crate::cursor::Place;
use crate::query::{COUNT_CAP, DecisionFilter};
use governance::Timestamp;
use sqlx::{Postgres, QueryBuilder};

const WAITING: &str = " FROM decisions AS d
    WHERE d.phase = 'open' AND d.origin = 'native' AND d.workspace_id = ";

/// The page of what waits for one person.
pub fn page(
    head: &str,
    workspace: &str,
    actor_ids: &[String],
    place: Option<&Place>,
    limit: usize,
    now: Timestamp,
) -> QueryBuilder<Postgres> {
    let mut query = select(head, now);
    waiting(&mut query, workspace, actor_ids, now);
    bounds(&mut query, "d", &DecisionFilter::default(), place, true);
    query.push(" ORDER BY d.created_us, d.decision_id LIMIT ");
    query.push_bind(i64::try_from(limit + 1).unwrap_or(1));
    query
}

/// What waits for this person: too few approvals now, none of theirs among them, and not refused to them.
fn waiting(query: &mut QueryBuilder<Postgres>, workspace: &str, actor_ids: &[String], now: Timestamp) {
    query.push(WAITING).push_bind(workspace.to_owned());
    waits(query, actor_ids, now);
}

/// ` AND` what makes an open decision wait for this person.
pub(super) fn waits(query: &mut QueryBuilder<Postgres>, actor_ids: &[String], now: Timestamp) {
    voices::not_approved(query, now);
    query.push(" AND NOT (d.forbid_self_approval AND d.requester");
    one_of(query, actor_ids);
    query.push(
        ") AND NOT EXISTS (SELECT 1 FROM decision_approvals AS m WHERE m.workspace_id = d.workspace_id
         AND m.decision_id = d.decision_id AND NOT m.revoked AND m.actor_id",
    );
    one_of(query, actor_ids);
    query.push(" AND m.expires_us > ").push_bind(now.micros()).push(")");
}

/// The numbers of one person.
pub fn counts(head: &str, workspace: &str, actor_ids: &[String], now: Timestamp) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(head);
    query.push("SELECT (SELECT count(*) FROM (SELECT 1");
    waiting(&mut query, workspace, actor_ids, now);
    query.push(" LIMIT ").push_bind(i64::from(COUNT_CAP));
    query.push(
        ") AS few), (SELECT count(*) FROM (SELECT 1 FROM decisions AS d
         WHERE d.workspace_id = ",
    );
    query.push_bind(workspace.to_owned()).push(" AND d.requester");
    one_of(&mut query, actor_ids);
    query.push(OPEN).push(" LIMIT ").push_bind(i64::from(COUNT_CAP));
    query.push(
        ") AS few), (SELECT count(*) FROM (SELECT 1 FROM decisions AS d
         WHERE d.workspace_id = ",
    );
    query.push_bind(workspace.to_owned()).push(OPEN);
    query.push(" LIMIT ").push_bind(i64::from(COUNT_CAP)).push(") AS few)");
    query
}
