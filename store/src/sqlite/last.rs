//! What completed last for the same goal or from the same template, on SQLite: a few steps along an index each.

use super::SqliteStore;
use crate::error::StoreError;
use crate::projection::{key, plain};
use crate::query::{Like, goal_head};
use crate::rows::decision_id;
use governance::{DecisionId, Timestamp};

/// The goal is compared whole; its beginning finds it. No more than the newest two hundred of those that begin
/// so are read: where a thousand goals differ in their last word alone, an older one is not found.
pub const BY_GOAL: &str = "
    SELECT decision_id FROM (
        SELECT decision_id, goal, created_us FROM decisions INDEXED BY decisions_completed_by_goal
        WHERE workspace_id = ?1 AND substr(goal, 1, 64) = ?5 AND phase = 'completed' AND origin = 'native'
            AND (created_us, decision_id) < (?3, ?4)
        ORDER BY created_us DESC, decision_id DESC LIMIT 200) AS alike
    WHERE goal = ?2 ORDER BY created_us DESC, decision_id DESC LIMIT 1";

/// By the template's name.
pub const BY_TEMPLATE: &str = "
    SELECT decision_id FROM decisions INDEXED BY decisions_completed_by_template
    WHERE workspace_id = ?1 AND template = ?2 AND phase = 'completed' AND origin = 'native'
        AND (created_us, decision_id) < (?3, ?4)
    ORDER BY created_us DESC, decision_id DESC LIMIT 1";

/// The last one before this decision.
pub async fn completed(
    store: &SqliteStore,
    workspace: &str,
    like: Like<'_>,
    before: (Timestamp, &DecisionId),
) -> Result<Option<DecisionId>, StoreError> {
    let query = match like {
        Like::Goal(goal) => sqlx::query_scalar(BY_GOAL).bind(workspace).bind(plain(goal)),
        Like::Template(name) => sqlx::query_scalar(BY_TEMPLATE).bind(workspace).bind(key(name)),
    };
    let mut query = query.bind(before.0.micros()).bind(before.1.as_str());
    if let Like::Goal(goal) = like {
        query = query.bind(goal_head(goal));
    }
    let found: Option<String> = query.fetch_optional(&store.readers).await?;
    found.map(|id| decision_id(&id, "decisions")).transpose()
}
