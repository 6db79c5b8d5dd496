-- What the inbox is read from, in its order: what waits with the soonest lapse first, real runs before dry runs, and
-- what ended lately. Indexes alone: nothing that is stored changes. Postgres.

-- Approvals that lapse at some time, the soonest first.
CREATE INDEX approvals_lapsing ON decision_approvals (workspace_id, expires_us, decision_id, actor_id)
    WHERE NOT revoked AND fills_seat AND expires_us < 9223372036854775807;
-- `apply` comes before `dry_run`.
CREATE INDEX decisions_urgent ON decisions (workspace_id, mode, created_us, decision_id)
    WHERE phase = 'open' AND origin = 'native';
CREATE INDEX decisions_ended ON decisions (workspace_id, updated_us, decision_id)
    WHERE phase IN ('completed', 'failed', 'rejected', 'withdrawn');
CREATE INDEX decisions_ended_by_requester ON decisions (workspace_id, requester, updated_us, decision_id)
    WHERE phase IN ('completed', 'failed', 'rejected', 'withdrawn');
