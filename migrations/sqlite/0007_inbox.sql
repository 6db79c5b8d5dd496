-- What the inbox is read from, in its order: what waits, real runs before dry runs, and what ended lately. What loses an
-- approval by waiting is looked for among what is open, which is little beside all approvals that ever were given.
-- Indexes alone: nothing that is stored changes. SQLite.

-- `apply` comes before `dry_run`.
CREATE INDEX decisions_urgent ON decisions (workspace_id, mode, created_us, decision_id)
    WHERE phase = 'open' AND origin = 'native';
CREATE INDEX decisions_ended ON decisions (workspace_id, updated_us, decision_id)
    WHERE phase IN ('completed', 'failed', 'rejected', 'withdrawn');
CREATE INDEX decisions_ended_by_requester ON decisions (workspace_id, requester, updated_us, decision_id)
    WHERE phase IN ('completed', 'failed', 'rejected', 'withdrawn');
