-- The log, what is read from it, and who may sign in. Postgres; the same tables as for SQLite.
--
-- Moments are microseconds since 1970 in UTC (`_us`); 9223372036854775807 stands for "never".
-- Texts compare byte by byte. Every table that belongs to a workspace has its id first in every key.

-- Workspaces: the walls between tenants.
CREATE TABLE workspaces (
    workspace_id         text COLLATE "C" NOT NULL PRIMARY KEY,
    name                 text COLLATE "C" NOT NULL,              -- what people call it
    forbid_self_approval boolean          NOT NULL,              -- true: policies that do not say otherwise forbid it
    created_us           bigint           NOT NULL
);

-- Human beings who may sign in. A person may belong to several workspaces, so this table has no workspace.
CREATE TABLE people (
    person_id     text COLLATE "C" NOT NULL PRIMARY KEY,
    actor_id      text COLLATE "C" NOT NULL UNIQUE,              -- the id that events carry; never changes
    name          text COLLATE "C" NOT NULL,                     -- what they are called
    password_hash text COLLATE "C",                              -- argon2id in PHC form; NULL: no password sign-in
    suspended     boolean          NOT NULL,                     -- true: may not sign in
    created_us    bigint           NOT NULL
);

-- Who belongs to which workspace, and as what.
CREATE TABLE memberships (
    workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (workspace_id),
    person_id    text COLLATE "C" NOT NULL REFERENCES people (person_id),
    roles        text COLLATE "C" NOT NULL,                      -- JSON array of words
    PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX memberships_by_person ON memberships (person_id, workspace_id);

-- The one-time token of the first start. At most one row.
CREATE TABLE setup_tokens (
    token_hash text COLLATE "C" NOT NULL PRIMARY KEY,            -- hash, never the token
    expires_us bigint           NOT NULL
);

-- Browser sessions.
CREATE TABLE sessions (
    id_hash    text COLLATE "C" NOT NULL PRIMARY KEY,            -- SHA-256 of the session's id
    data       text COLLATE "C" NOT NULL,                        -- what the web layer keeps, JSON
    person_id  text COLLATE "C",                                 -- who is signed in
    created_us bigint           NOT NULL,
    expires_us bigint           NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_us);

-- One stream per decision: its head.
CREATE TABLE streams (
    workspace_id text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    generation   bigint           NOT NULL,                      -- how often an import replaced the log, from 0
    version      bigint           NOT NULL,                      -- events in this generation
    origin       text COLLATE "C" NOT NULL CHECK (origin IN ('native', 'imported')),
    imported_by  text COLLATE "C",                               -- actor id, for imported ones
    imported_us  bigint,
    PRIMARY KEY (workspace_id, decision_id)
);

-- Heads of generations that an import replaced. Their events stay in the log.
CREATE TABLE replaced_streams (
    workspace_id text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    generation   bigint           NOT NULL,
    version      bigint           NOT NULL,
    origin       text COLLATE "C" NOT NULL,
    imported_by  text COLLATE "C",
    imported_us  bigint,
    PRIMARY KEY (workspace_id, decision_id, generation)
);

-- The log. Rows are added and never changed.
CREATE TABLE events (
    position     bigint           NOT NULL PRIMARY KEY,          -- global order, without gaps
    workspace_id text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    generation   bigint           NOT NULL,                      -- of the stream that it was written to
    seq          bigint           NOT NULL,                      -- place in the stream, from 0
    type         text COLLATE "C" NOT NULL,                      -- DECISION_CREATED, …
    ts           text COLLATE "C" NOT NULL,                      -- when, as it was written
    ts_us        bigint           NOT NULL,                      -- the same as a number
    actor_kind   text COLLATE "C" NOT NULL,                      -- human or system
    actor_id     text COLLATE "C" NOT NULL,
    payload      text COLLATE "C" NOT NULL,                      -- canonical JSON
    digest       text COLLATE "C" NOT NULL,                      -- SHA-256 over type and payload
    UNIQUE (workspace_id, decision_id, generation, seq)
);
CREATE INDEX events_by_workspace ON events (workspace_id, position);

-- What follows from the log, for lists: one row a decision. Rebuilt at will.
CREATE TABLE decisions (
    workspace_id         text COLLATE "C" NOT NULL,
    decision_id          text COLLATE "C" NOT NULL,
    origin               text COLLATE "C" NOT NULL,              -- native or imported
    phase                text COLLATE "C" NOT NULL,              -- what is true whatever the clock says
    version              bigint           NOT NULL,              -- events that this row follows from
    goal                 text COLLATE "C" NOT NULL,
    mode                 text COLLATE "C" NOT NULL,              -- dry_run, apply, or empty when never asked for
    requester            text COLLATE "C" NOT NULL,              -- actor id, or empty
    template             text COLLATE "C",                       -- the template's name
    labels               text COLLATE "C" NOT NULL,              -- JSON array, as given
    min_approvals        bigint           NOT NULL,
    forbid_self_approval boolean          NOT NULL,
    approved_until_us    bigint           NOT NULL,              -- 0: too few approvals; the moment the last needed one lapses
    created_us           bigint           NOT NULL,              -- first event
    updated_us           bigint           NOT NULL,              -- last event
    UNIQUE (workspace_id, decision_id)
);
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
    workspace_id text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    actor_id     text COLLATE "C" NOT NULL,
    granted_us   bigint           NOT NULL,
    expires_us   bigint           NOT NULL,                      -- 9223372036854775807: never
    revoked      boolean          NOT NULL,                      -- true: taken back
    fills_seat   boolean          NOT NULL,                      -- true: the policy lets this actor count
    PRIMARY KEY (workspace_id, decision_id, actor_id)
);

-- Labels, in the order of lists.
CREATE TABLE decision_labels (
    workspace_id text COLLATE "C" NOT NULL,
    label        text COLLATE "C" NOT NULL,
    created_us   bigint           NOT NULL,                      -- the decision's
    decision_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, label, created_us, decision_id)
);

-- Who requested, approved, rejected or withdrew, in the order of lists.
CREATE TABLE decision_people (
    workspace_id text COLLATE "C" NOT NULL,
    actor_id     text COLLATE "C" NOT NULL,
    created_us   bigint           NOT NULL,                      -- the decision's
    decision_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, actor_id, created_us, decision_id)
);

-- Words of goals, in the order of lists.
CREATE TABLE decision_words (
    workspace_id text COLLATE "C" NOT NULL,
    word         text COLLATE "C" NOT NULL,
    created_us   bigint           NOT NULL,                      -- the decision's
    decision_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, word, created_us, decision_id)
);

-- Templates. Written once.
CREATE TABLE templates (
    workspace_id text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    body         text COLLATE "C" NOT NULL,                      -- the whole template, canonical JSON
    created_us   bigint           NOT NULL,
    PRIMARY KEY (workspace_id, name)
);
CREATE INDEX templates_by_created ON templates (workspace_id, created_us, name);

-- Labels of templates, in the order of lists.
CREATE TABLE template_labels (
    workspace_id text COLLATE "C" NOT NULL,
    label        text COLLATE "C" NOT NULL,
    created_us   bigint           NOT NULL,                      -- the template's
    name         text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, label, created_us, name)
);

-- The facts behind templates: one TEMPLATE_CREATED each.
CREATE TABLE template_events (
    workspace_id text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    seq          bigint           NOT NULL,
    type         text COLLATE "C" NOT NULL,
    ts           text COLLATE "C" NOT NULL,
    ts_us        bigint           NOT NULL,
    actor_kind   text COLLATE "C" NOT NULL,
    actor_id     text COLLATE "C" NOT NULL,
    payload      text COLLATE "C" NOT NULL,                      -- canonical JSON
    digest       text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, name, seq)
);

-- Runs of routers.
CREATE TABLE runs (
    workspace_id text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    adapter_id   text COLLATE "C" NOT NULL,
    status       text COLLATE "C" NOT NULL,                      -- running, completed, failed or unknown
    started_us   bigint           NOT NULL,
    finished_us  bigint,
    bundle       text COLLATE "C",                               -- the router's bundle, JSON, once it ended
    PRIMARY KEY (workspace_id, run_id)
);
CREATE INDEX runs_by_decision ON runs (workspace_id, decision_id, started_us, run_id);

-- Facts that somebody outside may want to hear of, in the order of the log.
CREATE TABLE outbox (
    position     bigint           NOT NULL PRIMARY KEY,          -- the event's
    workspace_id text COLLATE "C" NOT NULL,
    decision_id  text COLLATE "C" NOT NULL,
    version      bigint           NOT NULL,                      -- of the stream after the event
    type         text COLLATE "C" NOT NULL,                      -- the event's
    created_us   bigint           NOT NULL                       -- the event's moment
);
