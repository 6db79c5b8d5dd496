-- Who people are, what they may do, and what was done about it. SQLite.

-- The length of a workspace's log of administrative acts: every such act raises it, so that a change which was
-- decided on an older directory can be refused.
ALTER TABLE workspaces ADD COLUMN log_length INTEGER NOT NULL DEFAULT 0;

-- Two accounts of one human: this one stands for the other, and signs in no more.
ALTER TABLE people ADD COLUMN merged_into TEXT REFERENCES people (person_id);
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;

-- Suspension belongs to a membership: an admin of one workspace has no say in another.
ALTER TABLE memberships ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;
-- Roles given by hand. `roles` is what counts: these and those that groups give.
ALTER TABLE memberships ADD COLUMN given_roles TEXT NOT NULL DEFAULT '[]';
UPDATE memberships SET given_roles = roles,
    suspended = (SELECT p.suspended FROM people AS p WHERE p.person_id = memberships.person_id);
ALTER TABLE people DROP COLUMN suspended;

-- Roles that a provider's groups give, as of the last sign-in there.
CREATE TABLE group_roles (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id),
    person_id    TEXT NOT NULL REFERENCES people (person_id),
    issuer       TEXT NOT NULL,
    roles        TEXT NOT NULL,                          -- JSON array of words
    PRIMARY KEY (workspace_id, person_id, issuer)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_roles_by_person ON group_roles (person_id, issuer);

-- Identities at sign-in providers: issuer and subject, never an e-mail address.
-- One that was unlinked keeps its row: it goes on saying whose it is, so that nobody becomes a second person with it.
CREATE TABLE identities (
    issuer      TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    person_id   TEXT    NOT NULL REFERENCES people (person_id),
    provider    TEXT    NOT NULL,                        -- its name in the configuration when it was linked
    email       TEXT,                                    -- what the provider last said; for people to read
    linked_us   INTEGER NOT NULL,
    used_us     INTEGER NOT NULL,
    unlinked_us INTEGER,                                 -- NULL: linked; otherwise nobody signs in with it
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_person ON identities (person_id);

-- Codes from an authenticator app.
CREATE TABLE second_factors (
    person_id    TEXT    NOT NULL PRIMARY KEY REFERENCES people (person_id),
    secret       TEXT    NOT NULL,                       -- base32
    confirmed_us INTEGER,                                -- NULL: set up, and not yet proven to work
    last_step    INTEGER NOT NULL                        -- the newest time step that was used; older ones are refused
) STRICT;
CREATE TABLE recovery_codes (
    person_id TEXT NOT NULL REFERENCES people (person_id),
    code_hash TEXT NOT NULL,                             -- deleted when it is used
    PRIMARY KEY (person_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Sign-ins that have begun and wait for a provider or a second factor. Each is taken once.
CREATE TABLE sign_in_attempts (
    state_hash   TEXT    NOT NULL PRIMARY KEY,           -- SHA-256 of what travels through the browser's address
    browser_hash TEXT    NOT NULL,                       -- SHA-256 of the cookie of the browser that began it
    data         TEXT    NOT NULL,                       -- JSON
    expires_us   INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_us);

-- Tokens that work once: logout tokens and SAML assertions.
CREATE TABLE used_tokens (
    issuer     TEXT    NOT NULL,
    token_id   TEXT    NOT NULL,
    expires_us INTEGER NOT NULL,                         -- after this moment the token itself is refused
    PRIMARY KEY (issuer, token_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_tokens_by_expiry ON used_tokens (expires_us);

-- What a session says about how it began, for "my sessions" and for ending it from outside.
-- Sessions of before say nothing of it: people sign in once more.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN workspace_id TEXT;
ALTER TABLE sessions ADD COLUMN issuer TEXT;             -- of the provider, when one vouched
ALTER TABLE sessions ADD COLUMN subject TEXT;
ALTER TABLE sessions ADD COLUMN provider_session TEXT;   -- the provider's name for its session
ALTER TABLE sessions ADD COLUMN address TEXT;            -- where it began
ALTER TABLE sessions ADD COLUMN agent TEXT;              -- the browser, as it calls itself
ALTER TABLE sessions ADD COLUMN seen_us INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_by_provider ON sessions (issuer, subject) WHERE issuer IS NOT NULL;

-- Invitations into a workspace: a link that works once.
CREATE TABLE invitations (
    workspace_id  TEXT    NOT NULL REFERENCES workspaces (workspace_id),
    invitation_id TEXT    NOT NULL,
    token_hash    TEXT    NOT NULL UNIQUE,
    email         TEXT    NOT NULL,                      -- whom it is for
    name          TEXT    NOT NULL,
    roles         TEXT    NOT NULL,                      -- JSON array of words
    invited_by    TEXT    NOT NULL,                      -- actor id
    created_us    INTEGER NOT NULL,
    expires_us    INTEGER NOT NULL,
    accepted_us   INTEGER,
    accepted_by   TEXT,                                  -- person id
    revoked_us    INTEGER,
    PRIMARY KEY (workspace_id, invitation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_created ON invitations (workspace_id, created_us, invitation_id);

-- API keys. The secret is shown once and kept nowhere.
CREATE TABLE api_keys (
    workspace_id TEXT    NOT NULL REFERENCES workspaces (workspace_id),
    key_id       TEXT    NOT NULL UNIQUE,                -- the short id: what people see and events name, `nxc_…`
    secret_hash  TEXT    NOT NULL,                       -- SHA-256 of the whole key
    name         TEXT    NOT NULL,
    owner        TEXT    NOT NULL REFERENCES people (person_id),
    scopes       TEXT    NOT NULL,                       -- JSON array of words
    created_us   INTEGER NOT NULL,
    expires_us   INTEGER NOT NULL,                       -- 9223372036854775807: never
    revoked_us   INTEGER,
    used_us      INTEGER,
    used_from    TEXT,                                   -- address of the last use
    PRIMARY KEY (workspace_id, key_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_by_owner ON api_keys (owner);

-- What was done to people, roles, keys, settings and workspaces. Rows are added and never changed.
CREATE TABLE workspace_events (
    workspace_id TEXT    NOT NULL,
    seq          INTEGER NOT NULL,                       -- from 0, without gaps
    type         TEXT    NOT NULL,
    ts           TEXT    NOT NULL,
    ts_us        INTEGER NOT NULL,
    actor_kind   TEXT    NOT NULL,
    actor_id     TEXT    NOT NULL,
    door         TEXT    NOT NULL,                       -- web, api, sso, server, …
    address      TEXT    NOT NULL,                       -- where it came from
    payload      TEXT    NOT NULL,                       -- canonical JSON
    digest       TEXT    NOT NULL,
    chain        TEXT    NOT NULL,                       -- over the entry and the chain before it
    PRIMARY KEY (workspace_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_events_by_type ON workspace_events (workspace_id, type, seq);

-- What somebody was writing about a decision when they had to sign in again.
CREATE TABLE drafts (
    workspace_id TEXT    NOT NULL,
    person_id    TEXT    NOT NULL REFERENCES people (person_id),
    decision_id  TEXT    NOT NULL,
    body         TEXT    NOT NULL,                       -- JSON
    kept_us      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, person_id, decision_id)
) STRICT, WITHOUT ROWID;
