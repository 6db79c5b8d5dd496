-- Through which door a fact came, and what ran last for the same goal. Postgres; the comments are those for SQLite.

-- Noted beside the event by this server; no digest covers it. NULL: not known, or recorded by the server itself.
ALTER TABLE events ADD COLUMN door text COLLATE "C";     -- web, api, mcp or cli

-- What completed, by goal and by template: what a new request is compared with. A goal may be too long for an index
-- row; its beginning finds it, and the whole is compared.
CREATE INDEX decisions_completed_by_goal ON decisions (workspace_id, substr(goal, 1, 64), created_us, decision_id)
    WHERE phase = 'completed' AND origin = 'native';
CREATE INDEX decisions_completed_by_template ON decisions (workspace_id, template, created_us, decision_id)
    WHERE phase = 'completed' AND origin = 'native' AND template IS NOT NULL;
