//! What begins with a text, and how much there is of a decision. Two steps along an index answer the first question,
//! however many decisions share a digest: each goes to the next one behind the last.

use super::SqliteStore;
use crate::error::StoreError;
use crate::query::{Beginnings, Weight};
use crate::rows::{decision_id, small};

/// The first digest behind `?2`, and at or behind it, below `?3`.
const DIGEST_AT: &str =
    "SELECT min(digest) FROM decision_digests WHERE workspace_id = ?1 AND digest >= ?2 AND digest < ?3";
const DIGEST_BEHIND: &str =
    "SELECT min(digest) FROM decision_digests WHERE workspace_id = ?1 AND digest > ?2 AND digest < ?3";
const IDS: &str =
    "SELECT decision_id FROM decisions WHERE workspace_id = ?1 AND decision_id >= ?2 AND decision_id < ?3
                   ORDER BY decision_id LIMIT 2";
/// The last position by the last place: `max(position)` would look through the log of the workspace for it.
const WEIGHTS: &str = "
    SELECT s.decision_id, s.version,
           (SELECT e.position FROM events AS e WHERE e.workspace_id = s.workspace_id
                AND e.decision_id = s.decision_id AND e.generation = s.generation ORDER BY e.seq DESC LIMIT 1),
           (SELECT coalesce(sum(octet_length(e.payload)), 0) FROM events AS e WHERE e.workspace_id = s.workspace_id
                AND e.decision_id = s.decision_id AND e.generation = s.generation),
           coalesce((SELECT octet_length(r.bundle) FROM runs AS r WHERE r.workspace_id = s.workspace_id
                AND r.decision_id = s.decision_id ORDER BY r.started_us DESC, r.run_id DESC LIMIT 1), 0)
    FROM streams AS s
    WHERE s.workspace_id = ?1 AND s.decision_id IN (SELECT value FROM json_each(?2))";

/// For the test of plans.
pub const STATEMENTS: [(&str, &str); 4] = [
    ("beginning of a digest", DIGEST_AT),
    ("next beginning of a digest", DIGEST_BEHIND),
    ("beginning of an id", IDS),
    ("weights", WEIGHTS),
];

/// What begins with the text, two of each at most.
pub async fn beginning_with(
    store: &SqliteStore,
    workspace: &str,
    text: &str,
) -> Result<Beginnings, StoreError> {
    // Behind everything that begins so: digests and ids that are searched for hold no such character.
    let end = format!("{text}\u{10FFFF}");
    let mut found = Beginnings::default();
    let mut step = (DIGEST_AT, text.to_owned());
    while found.digests.len() < 2 {
        let query = sqlx::query_scalar(step.0).bind(workspace).bind(&step.1).bind(&end);
        let next: Option<String> = query.fetch_one(&store.readers).await?;
        let Some(next) = next else { break };
        step = (DIGEST_BEHIND, next.clone());
        found.digests.push(next);
    }
    let query = sqlx::query_scalar(IDS).bind(workspace).bind(text).bind(&end);
    found.ids = query.fetch_all(&store.readers).await?;
    Ok(found)
}

/// How much there is of each.
pub async fn weights(
    store: &SqliteStore,
    workspace: &str,
    ids: &[String],
) -> Result<Vec<Weight>, StoreError> {
    // INVARIANT: texts always serialize.
    let ids = serde_json::to_string(ids).unwrap_or_else(|_| "[]".to_owned());
    let query = sqlx::query_as(WEIGHTS).bind(workspace).bind(ids);
    let rows: Vec<(String, i64, i64, i64, i64)> = query.fetch_all(&store.readers).await?;
    let weight = |(id, version, position, log, run): (String, i64, i64, i64, i64)| {
        Ok(Weight {
            version: small(version, "streams", &id)?,
            position,
            log_bytes: log.unsigned_abs(),
            run_bytes: run.unsigned_abs(),
            id: decision_id(&id, "streams")?,
        })
    };
    rows.into_iter().map(weight).collect()
}
