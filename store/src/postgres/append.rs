//! Writing a group of changes in one statement: one round trip, whatever the size of the group.

use super::columns::Batch;
use crate::projection::DecisionProjection;
use sqlx::postgres::PgConnection;

/// The rows of a group. No two parts touch the same row, so that their order does not matter.
const WRITE: &str = "
WITH streams_written AS (
    INSERT INTO streams (workspace_id, decision_id, generation, version, origin)
    SELECT * FROM UNNEST($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
    ON CONFLICT (workspace_id, decision_id) DO UPDATE SET version = excluded.version
), events_written AS (
    INSERT INTO events (position, workspace_id, decision_id, generation, seq, type, ts, ts_us, actor_kind, actor_id,
                        payload, digest, door)
    SELECT * FROM UNNEST($6::bigint[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::text[],
                         $13::bigint[], $14::text[], $15::text[], $16::text[], $17::text[],
                         $66::text[])
), outbox_written AS (
    INSERT INTO outbox (position, workspace_id, decision_id, version, type, created_us)
    SELECT position, workspace_id, decision_id, seq + 1, type, ts_us
    FROM UNNEST($6::bigint[], $7::text[], $8::text[], $10::bigint[], $11::text[], $13::bigint[])
        AS r (position, workspace_id, decision_id, seq, type, ts_us)
), decisions_written AS (
    INSERT INTO decisions (workspace_id, decision_id, origin, phase, version, goal, mode, requester, template, labels,
                           min_approvals, forbid_self_approval, approved_until_us, created_us, updated_us)
    SELECT * FROM UNNEST($18::text[], $19::text[], $20::text[], $21::text[], $22::bigint[], $23::text[], $24::text[],
                         $25::text[], $26::text[], $27::text[], $28::bigint[], $29::boolean[], $30::bigint[],
                         $31::bigint[], $32::bigint[])
), decisions_changed AS (
    UPDATE decisions AS d SET version = r.version, phase = COALESCE(r.phase, d.phase),
                              approved_until_us = r.approved_until_us, updated_us = r.updated_us
    FROM UNNEST($33::text[], $34::text[], $35::bigint[], $36::text[], $37::bigint[], $38::bigint[])
        AS r (workspace_id, decision_id, version, phase, approved_until_us, updated_us)
    WHERE d.workspace_id = r.workspace_id AND d.decision_id = r.decision_id
), approvals_written AS (
    INSERT INTO decision_approvals (workspace_id, decision_id, actor_id, granted_us, expires_us, revoked, fills_seat)
    SELECT * FROM UNNEST($39::text[], $40::text[], $41::text[], $42::bigint[], $43::bigint[], $44::boolean[],
                         $45::boolean[])
    ON CONFLICT (workspace_id, decision_id, actor_id) DO UPDATE SET
        granted_us = excluded.granted_us, expires_us = excluded.expires_us, revoked = excluded.revoked,
        fills_seat = excluded.fills_seat
), labels_written AS (
    INSERT INTO decision_labels (workspace_id, label, created_us, decision_id)
    SELECT * FROM UNNEST($46::text[], $47::text[], $48::bigint[], $49::text[])
), people_written AS (
    INSERT INTO decision_people (workspace_id, actor_id, created_us, decision_id)
    SELECT * FROM UNNEST($50::text[], $51::text[], $52::bigint[], $53::text[])
    ON CONFLICT DO NOTHING
), words_written AS (
    INSERT INTO decision_words (workspace_id, word, created_us, decision_id)
    SELECT * FROM UNNEST($54::text[], $55::text[], $56::bigint[], $57::text[])
), figures_written AS (
    INSERT INTO daily_figures AS f (workspace_id, day, what, who, number)
    SELECT workspace_id, day, what, who, sum(number)
    FROM UNNEST($71::text[], $72::text[], $73::text[], $74::text[], $75::bigint[])
        AS r (workspace_id, day, what, who, number)
    GROUP BY 1, 2, 3, 4
    ON CONFLICT (workspace_id, day, what, who) DO UPDATE SET number = f.number + excluded.number
), digests_written AS (
    INSERT INTO decision_digests (workspace_id, digest, created_us, decision_id)
    SELECT * FROM UNNEST($67::text[], $68::text[], $69::bigint[], $70::text[])
    ON CONFLICT DO NOTHING
)
INSERT INTO runs (workspace_id, run_id, decision_id, adapter_id, status, started_us, finished_us, bundle)
SELECT * FROM UNNEST($58::text[], $59::text[], $60::text[], $61::text[], $62::text[], $63::bigint[], $64::bigint[],
                     $65::text[])
ON CONFLICT (workspace_id, run_id) DO UPDATE SET
    decision_id = excluded.decision_id, adapter_id = excluded.adapter_id, status = excluded.status,
    started_us = excluded.started_us, finished_us = excluded.finished_us, bundle = excluded.bundle
";

impl Batch<'_> {
    /// Writes all of it inside the transaction that is open.
    pub async fn write(self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let Batch {
            streams,
            events,
            decisions,
            parts,
            approvals,
            labels,
            people,
            words,
            digests,
            runs,
            figures,
        } = self;
        let query = sqlx::query(WRITE)
            .bind(streams.workspace)
            .bind(streams.decision)
            .bind(streams.generation)
            .bind(streams.version)
            .bind(streams.origin)
            .bind(events.position)
            .bind(events.workspace)
            .bind(events.decision)
            .bind(events.generation)
            .bind(events.seq)
            .bind(events.type_name)
            .bind(events.ts)
            .bind(events.ts_us)
            .bind(events.actor_kind)
            .bind(events.actor_id)
            .bind(events.payload)
            .bind(events.digest)
            .bind(decisions.workspace)
            .bind(decisions.decision)
            .bind(decisions.origin)
            .bind(decisions.phase)
            .bind(decisions.version)
            .bind(decisions.goal)
            .bind(decisions.mode)
            .bind(decisions.requester)
            .bind(decisions.template)
            .bind(decisions.labels)
            .bind(decisions.min_approvals)
            .bind(decisions.forbid_self_approval)
            .bind(decisions.approved_until_us)
            .bind(decisions.created_us)
            .bind(decisions.updated_us)
            .bind(parts.workspace)
            .bind(parts.decision)
            .bind(parts.version)
            .bind(parts.phase)
            .bind(parts.approved_until_us)
            .bind(parts.updated_us)
            .bind(approvals.workspace)
            .bind(approvals.decision)
            .bind(approvals.actor_id)
            .bind(approvals.granted_us)
            .bind(approvals.expires_us)
            .bind(approvals.revoked)
            .bind(approvals.fills_seat);
        let mut query = query;
        for keyed in [labels, people, words] {
            query = query.bind(keyed.workspace).bind(keyed.value).bind(keyed.created_us).bind(keyed.decision);
        }
        query
            .bind(runs.workspace)
            .bind(runs.run_id)
            .bind(runs.decision)
            .bind(runs.adapter_id)
            .bind(runs.status)
            .bind(runs.started_us)
            .bind(runs.finished_us)
            .bind(runs.bundle)
            .bind(events.door)
            .bind(digests.workspace)
            .bind(digests.value)
            .bind(digests.created_us)
            .bind(digests.decision)
            .bind(figures.workspace)
            .bind(figures.day)
            .bind(figures.what)
            .bind(figures.who)
            .bind(figures.number)
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// Removes the rows of a decision as it was before. What a projection wrote is known without asking.
pub async fn remove(
    conn: &mut PgConnection,
    workspace: &str,
    id: &str,
    stale: &DecisionProjection,
) -> Result<(), sqlx::Error> {
    for statement in [
        "DELETE FROM decisions WHERE workspace_id = $1 AND decision_id = $2",
        "DELETE FROM decision_approvals WHERE workspace_id = $1 AND decision_id = $2",
    ] {
        sqlx::query(statement).bind(workspace).bind(id).execute(&mut *conn).await?;
    }
    for (statement, values) in [
        (
            "DELETE FROM decision_labels
             WHERE workspace_id = $1 AND label = ANY($2) AND created_us = $3 AND decision_id = $4",
            &stale.labels,
        ),
        (
            "DELETE FROM decision_people
             WHERE workspace_id = $1 AND actor_id = ANY($2) AND created_us = $3 AND decision_id = $4",
            &stale.people,
        ),
        (
            "DELETE FROM decision_words
             WHERE workspace_id = $1 AND word = ANY($2) AND created_us = $3 AND decision_id = $4",
            &stale.words,
        ),
        (
            "DELETE FROM decision_digests
             WHERE workspace_id = $1 AND digest = ANY($2) AND created_us = $3 AND decision_id = $4",
            &stale.digests,
        ),
    ] {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let query = sqlx::query(statement).bind(workspace).bind(values).bind(stale.created_us).bind(id);
        query.execute(&mut *conn).await?;
    }
    for (key, number) in &stale.figures {
        sqlx::query(
            "UPDATE daily_figures SET number = number - $5
             WHERE workspace_id = $1 AND day = $2 AND what = $3 AND who = $4",
        )
        .bind(workspace)
        .bind(&key.day)
        .bind(key.what)
        .bind(&key.who)
        .bind(number)
        .execute(&mut *conn)
        .await?;
        // What became nothing has no row, as after a rebuild.
        sqlx::query(
            "DELETE FROM daily_figures
             WHERE workspace_id = $1 AND day = $2 AND what = $3 AND who = $4 AND number = 0",
        )
        .bind(workspace)
        .bind(&key.day)
        .bind(key.what)
        .bind(&key.who)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
