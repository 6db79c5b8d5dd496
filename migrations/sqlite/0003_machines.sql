-- What machines need: runs that can be watched and stopped, calls that may be repeated, personal tokens. SQLite.

-- Whether a key speaks as its owner (a personal token), and not as a machine of its own name. Those of before do not.
ALTER TABLE api_keys ADD COLUMN personal INTEGER NOT NULL DEFAULT 0;

-- Runs while they run. No evidence: rows are overwritten as a run goes on, and deleted when it has its result.
CREATE TABLE live_runs (
    workspace_id TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    heard_us     INTEGER NOT NULL,                       -- when the run, or a wish to stop it, was heard of
    steps        INTEGER NOT NULL,                       -- how many are done
    doing        TEXT    NOT NULL,                       -- what it is at, in its own words; may be empty
    tail         TEXT    NOT NULL,                       -- the end of its output
    cancel_by    TEXT,                                   -- actor id of who wants it to stop; the first stays
    cancel_us    INTEGER,                                -- when they said so
    PRIMARY KEY (workspace_id, run_id)
) STRICT, WITHOUT ROWID;

-- Calls that a program may repeat, by the keys that it chose: the first answer is kept and given again.
CREATE TABLE idempotency_keys (
    workspace_id   TEXT    NOT NULL,
    actor_id       TEXT    NOT NULL,                     -- the caller: two callers' keys never meet
    key            TEXT    NOT NULL,
    request_digest TEXT    NOT NULL,                     -- SHA-256 over method, address and body
    claimed_us     INTEGER NOT NULL,                     -- when the call came
    status         INTEGER,                              -- HTTP status of the answer; NULL: there is none yet
    content_type   TEXT,                                 -- of the answer
    location       TEXT,                                 -- where what the answer tells of is; NULL: it made nothing
    body           TEXT,                                 -- of the answer
    PRIMARY KEY (workspace_id, actor_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_claim ON idempotency_keys (claimed_us);
