-- What a decision is found by when somebody holds a digest in their hands. Postgres.

-- Digests of the request, the first event, the template and the records of runs, in the order of lists. Part of the read
-- model: decisions of before get their rows when the program starts.
CREATE TABLE decision_digests (
    workspace_id text COLLATE "C" NOT NULL,
    digest       text COLLATE "C" NOT NULL,                      -- SHA-256, bare hexadecimal
    created_us   bigint           NOT NULL,                      -- the decision's
    decision_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, digest, created_us, decision_id)
);

INSERT INTO rebuilds_due (reason) SELECT 'decision_digests' WHERE EXISTS (SELECT 1 FROM events);
