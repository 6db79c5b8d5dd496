-- The log, what is read from it, and who may sign in. SQLite.
--
-- Moments are microseconds since 1970 in UTC (`_us`); 9223372036854775807 stands for "never".
-- Texts compare byte by byte. Every table that belongs to a workspace has its id first in every key.

-- Workspaces: the walls between tenants.
CREATE TABLE workspaces (
    workspace_id         TEXT    NOT NULL PRIMARY KEY,
    name                 TEXT    NOT NULL,               -- what people call it
    forbid_self_approval INTEGER NOT NULL,               -- 1: policies that do not say otherwise forbid it
    created_us           INTEGER NOT NULL
) STRICT;

-- Human beings who may sign in. A person may belong to several workspaces, so this table has no workspace.
CREATE TABLE people (
    person_id     TEXT    NOT NULL PRIMARY KEY,
    actor_id      TEXT    NOT NULL UNIQUE,               -- the id that events carry; never changes
    name          TEXT    NOT NULL,                      -- what they are called
    password_hash TEXT,                                  -- argon2id in PHC form; NULL: no password sign-in
    suspended     INTEGER NOT NULL,                      -- 1: may not sign in
    created_us    INTEGER NOT NULL
) STRICT;

-- Who belongs to which workspace, and as what.
CREATE TABLE memberships (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id),
    person_id    TEXT NOT NULL REFERENCES people (person_id),
    roles        TEXT NOT NULL,                          -- JSON array of words
    PRIMARY KEY (workspace_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_person ON memberships (person_id, workspace_id);

-- The one-time token of the first start. At most one row.
CREATE TABLE setup_tokens (
    token_hash TEXT    NOT NULL PRIMARY KEY,             -- hash, never the token
    expires_us INTEGER NOT NULL
) STRICT;

-- Browser sessions.
CREATE TABLE sessions (
    id_hash    TEXT    NOT NULL PRIMARY KEY,             -- SHA-256 of the session's id
    data       TEXT    NOT NULL,                         -- what the web layer keeps, JSON
    person_id  TEXT,                                     -- who is signed in
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_us);

-- One stream per decision: its head.
CREATE TABLE streams (
    workspace_id TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    generation   INTEGER NOT NULL,                       -- how often an import replaced the log, from 0
    version      INTEGER NOT NULL,                       -- events in this generation
    origin       TEXT    NOT NULL CHECK (origin IN ('native', 'imported')),
    imported_by  TEXT,                                   -- actor id, for imported ones
    imported_us  INTEGER,
    PRIMARY KEY (workspace_id, decision_id)
) STRICT, WITHOUT ROWID;

-- Heads of generations that an import replaced. Their events stay in the log.
CREATE TABLE replaced_streams (
    workspace_id TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    generation   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    origin       TEXT    NOT NULL,
    imported_by  TEXT,
    imported_us  INTEGER,
    PRIMARY KEY (workspace_id, decision_id, generation)
) STRICT, WITHOUT ROWID;

-- The log. Rows are added and never changed.
CREATE TABLE events (
    position     INTEGER NOT NULL PRIMARY KEY,           -- global order, without gaps
    workspace_id TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    generation   INTEGER NOT NULL,                       -- of the stream that it was written to
    seq          INTEGER NOT NULL,                       -- place in the stream, from 0
    type         TEXT    NOT NULL,                       -- DECISION_CREATED, …
    ts           TEXT    NOT NULL,                       -- when, as it was written
    ts_us        INTEGER NOT NULL,                       -- the same as a number
    actor_kind   TEXT    NOT NULL,                       -- human or system
    actor_id     TEXT    NOT NULL,
    payload      TEXT    NOT NULL,                       -- canonical JSON
    digest       TEXT    NOT NULL,                       -- SHA-256 over type and payload
    UNIQUE (workspace_id, decision_id, generation, seq)
) STRICT;
CREATE INDEX events_by_workspace ON events (workspace_id, position);

-- What follows from the log, for lists: one row a decision. Rebuilt at will.
CREATE TABLE decisions (
    workspace_id         TEXT    NOT NULL,
    decision_id          TEXT    NOT NULL,
    origin               TEXT    NOT NULL,               -- native or imported
    phase                TEXT    NOT NULL,               -- what is true whatever the clock says
    version              INTEGER NOT NULL,               -- events that this row follows from
    goal                 TEXT    NOT NULL,
    mode                 TEXT    NOT NULL,               -- dry_run, apply, or empty when never asked for
    requester            TEXT    NOT NULL,               -- actor id, or empty
    template             TEXT,                           -- the template's name
    labels               TEXT    NOT NULL,               -- JSON array, as given
    min_approvals        INTEGER NOT NULL,
    forbid_self_approval INTEGER NOT NULL,
    approved_until_us    INTEGER NOT NULL,               -- 0: too few approvals; the moment the last needed one lapses
    created_us           INTEGER NOT NULL,               -- first event
    updated_us           INTEGER NOT NULL,               -- last event
    UNIQUE (workspace_id, decision_id)
) STRICT;
CREATE INDEX decisions_by_created ON decisions (workspace_id, created_us, decision_id);
CREATE INDEX decisions_by_phase ON decisions (workspace_id, phase, created_us, decision_id);
CREATE INDEX decisions_by_requester ON decisions (workspace_id, requester, created_us, decision_id);
CREATE INDEX decisions_by_template ON decisions (workspace_id, template, created_us, decision_id)
    WHERE template IS NOT NULL;
CREATE INDEX decisions_open ON decisions (workspace_id, created_us, decision_id)
    WHERE phase IN ('draft', 'open', 'executing');
CREATE INDEX decisions_open_by_requester ON decisions (workspace_id, requester, created_us, decision_id)
    WHERE phase IN ('draft', 'open', 'executing');
CREATE INDEX decisions_waiting ON decisions (workspace_id, created_us, decision_id)
    WHERE phase = 'open' AND origin = 'native';
CREATE INDEX decisions_executing ON decisions (workspace_id, decision_id)
    WHERE phase = 'executing' AND origin = 'native';

-- Approvals, the latest of each person.
CREATE TABLE decision_approvals (
    workspace_id TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    actor_id     TEXT    NOT NULL,
    granted_us   INTEGER NOT NULL,
    expires_us   INTEGER NOT NULL,                       -- 9223372036854775807: never
    revoked      INTEGER NOT NULL,                       -- 1: taken back
    fills_seat   INTEGER NOT NULL,                       -- 1: the policy lets this actor count
    PRIMARY KEY (workspace_id, decision_id, actor_id)
) STRICT, WITHOUT ROWID;

-- Labels, in the order of lists.
CREATE TABLE decision_labels (
    workspace_id TEXT    NOT NULL,
    label        TEXT    NOT NULL,
    created_us   INTEGER NOT NULL,                       -- the decision's
    decision_id  TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, label, created_us, decision_id)
) STRICT, WITHOUT ROWID;

-- Who requested, approved, rejected or withdrew, in the order of lists.
CREATE TABLE decision_people (
    workspace_id TEXT    NOT NULL,
    actor_id     TEXT    NOT NULL,
    created_us   INTEGER NOT NULL,                       -- the decision's
    decision_id  TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, actor_id, created_us, decision_id)
) STRICT, WITHOUT ROWID;

-- Words of goals, in the order of lists.
CREATE TABLE decision_words (
    workspace_id TEXT    NOT NULL,
    word         TEXT    NOT NULL,
    created_us   INTEGER NOT NULL,                       -- the decision's
    decision_id  TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, word, created_us, decision_id)
) STRICT, WITHOUT ROWID;

-- Templates. Written once.
CREATE TABLE templates (
    workspace_id TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    body         TEXT    NOT NULL,                       -- the whole template, canonical JSON
    created_us   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, name)
) STRICT;
CREATE INDEX templates_by_created ON templates (workspace_id, created_us, name);

-- Labels of templates, in the order of lists.
CREATE TABLE template_labels (
    workspace_id TEXT    NOT NULL,
    label        TEXT    NOT NULL,
    created_us   INTEGER NOT NULL,                       -- the template's
    name         TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, label, created_us, name)
) STRICT, WITHOUT ROWID;

-- The facts behind templates: one TEMPLATE_CREATED each.
CREATE TABLE template_events (
    workspace_id TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    type         TEXT    NOT NULL,
    ts           TEXT    NOT NULL,
    ts_us        INTEGER NOT NULL,
    actor_kind   TEXT    NOT NULL,
    actor_id     TEXT    NOT NULL,
    payload      TEXT    NOT NULL,                       -- canonical JSON
    digest       TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, name, seq)
) STRICT;

-- Runs of routers.
CREATE TABLE runs (
    workspace_id TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    adapter_id   TEXT    NOT NULL,
    status       TEXT    NOT NULL,                       -- running, completed, failed or unknown
    started_us   INTEGER NOT NULL,
    finished_us  INTEGER,
    bundle       TEXT,                                   -- the router's bundle, JSON, once it ended
    PRIMARY KEY (workspace_id, run_id)
) STRICT;
CREATE INDEX runs_by_decision ON runs (workspace_id, decision_id, started_us, run_id);

-- Facts that somebody outside may want to hear of, in the order of the log.
CREATE TABLE outbox (
    position     INTEGER NOT NULL PRIMARY KEY,           -- the event's
    workspace_id TEXT    NOT NULL,
    decision_id  TEXT    NOT NULL,
    version      INTEGER NOT NULL,                       -- of the stream after the event
    type         TEXT    NOT NULL,                       -- the event's
    created_us   INTEGER NOT NULL                        -- the event's moment
) STRICT;
