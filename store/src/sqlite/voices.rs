//! Whose approval counts at this moment, as a part of a query over `decisions AS d`. Every list, filter and count asks
//! through it, so that they cannot disagree.
//!
//! The read model knows the log alone. Roles, suspensions and merged accounts are of the directory, and change
//! without an event of any decision; so they are looked up when somebody asks, and nothing has to be written again
//! when somebody loses a role. It refuses to touch what is over: only decisions that are open and were decided here
//! are asked about, an imported or ended one stays as its log says.

use governance::Timestamp;
use sqlx::{QueryBuilder, Sqlite};

/// The approvals of `d` that count; the moment follows. An actor id leads to a person through their account, the
/// account that it was merged into, or the owner of a key. Where that person is a member here they have to be an
/// approver who is not suspended, and not the requester in another guise where self-approval is forbidden. An actor
/// who is nobody here is a machine or evidence from elsewhere, and counts as the log says.
const VOICES: &str = " FROM decision_approvals AS a
    LEFT JOIN people AS p ON d.phase = 'open' AND d.origin = 'native' AND p.actor_id = a.actor_id
    LEFT JOIN api_keys AS k ON d.phase = 'open' AND d.origin = 'native'
        AND k.key_id = a.actor_id AND k.workspace_id = a.workspace_id
    LEFT JOIN memberships AS m ON m.workspace_id = a.workspace_id
        AND m.person_id = COALESCE(p.merged_into, p.person_id, k.owner)
    WHERE a.workspace_id = d.workspace_id AND a.decision_id = d.decision_id AND a.fills_seat = 1 AND a.revoked = 0
        AND ((m.person_id IS NULL AND k.key_id IS NULL) OR (m.suspended = 0 AND instr(m.roles, '\"approver\"') > 0
            AND (d.forbid_self_approval = 0 OR m.person_id <> COALESCE(
                (SELECT COALESCE(r.merged_into, r.person_id) FROM people AS r WHERE r.actor_id = d.requester),
                (SELECT r.owner FROM api_keys AS r
                 WHERE r.key_id = d.requester AND r.workspace_id = d.workspace_id),
                ''))))
        AND a.expires_us > ";

/// How many people approve at this moment. A person counts once, whatever ids they used.
pub fn count(query: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    query.push("(SELECT count(DISTINCT COALESCE('p' || m.person_id, 'a' || a.actor_id))").push(VOICES);
    query.push_bind(now.micros()).push(")");
}

/// The next moment at which an approval that counts now lapses.
pub fn next_expiry(query: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    query.push("(SELECT min(a.expires_us)").push(VOICES);
    query.push_bind(now.micros()).push(")");
}

/// ` AND` what may lose an approval by waiting. It rules most rows out without asking anybody.
pub fn may_lapse(query: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    query.push(
        " AND EXISTS (SELECT 1 FROM decision_approvals AS x
          WHERE x.workspace_id = d.workspace_id AND x.decision_id = d.decision_id AND x.fills_seat = 1 AND x.revoked = 0
              AND x.expires_us < 9223372036854775807 AND x.expires_us > ",
    );
    query.push_bind(now.micros()).push(")");
}

/// ` AND` what loses no approval by waiting.
pub fn nothing_lapses(query: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    query.push(" AND NOT EXISTS (SELECT 1").push(VOICES);
    query.push_bind(now.micros()).push(" AND a.expires_us < 9223372036854775807)");
}

/// ` AND` what makes an open decision approved at this moment. The stored instant goes first: it rules most rows out
/// without asking anybody.
pub fn approved(query: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    query.push(" AND d.approved_until_us > ").push_bind(now.micros()).push(" AND ");
    count(query, now);
    query.push(" >= d.min_approvals");
}

/// ` AND` the opposite.
pub fn not_approved(query: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    query.push(" AND (d.approved_until_us <= ").push_bind(now.micros()).push(" OR ");
    count(query, now);
    query.push(" < d.min_approvals)");
}
