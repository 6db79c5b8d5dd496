-- What machines need: runs that can be watched and stopped, calls that may be repeated, personal tokens. Postgres; the
-- same tables as for SQLite.

-- Whether a key speaks as its owner (a personal token), and not as a machine of its own name. Those of before do not.
ALTER TABLE api_keys ADD COLUMN personal boolean NOT NULL DEFAULT false;

-- Runs while they run. No evidence: rows are overwritten as a run goes on, and deleted when it has its result.
CREATE TABLE live_runs (
    workspace_id text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    heard_us     bigint           NOT NULL,                      -- when the run, or a wish to stop it, was heard of
    steps        bigint           NOT NULL,                      -- how many are done
    doing        text COLLATE "C" NOT NULL,                      -- what it is at, in its own words; may be empty
    tail         text COLLATE "C" NOT NULL,                      -- the end of its output
    cancel_by    text COLLATE "C",                               -- actor id of who wants it to stop; the first stays
    cancel_us    bigint,                                         -- when they said so
    PRIMARY KEY (workspace_id, run_id)
);

-- Calls that a program may repeat, by the keys that it chose: the first answer is kept and given again.
CREATE TABLE idempotency_keys (
    workspace_id   text COLLATE "C" NOT NULL,
    actor_id       text COLLATE "C" NOT NULL,                    -- the caller: two callers' keys never meet
    key            text COLLATE "C" NOT NULL,
    request_digest text COLLATE "C" NOT NULL,                    -- SHA-256 over method, address and body
    claimed_us     bigint           NOT NULL,                    -- when the call came
    status         bigint,                                       -- HTTP status of the answer; NULL: there is none yet
    content_type   text COLLATE "C",                             -- of the answer
    location       text COLLATE "C",                             -- where what the answer tells of is; NULL: it made nothing
    body           text COLLATE "C",                             -- of the answer
    PRIMARY KEY (workspace_id, actor_id, key)
);
CREATE INDEX idempotency_keys_by_claim ON idempotency_keys (claimed_us);
