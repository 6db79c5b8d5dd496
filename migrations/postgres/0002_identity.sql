-- Who people are, what they may do, and what was done about it. Postgres; the same tables as for SQLite.

-- The length of a workspace's log of administrative acts: every such act raises it, so that a change which was
-- decided on an older directory can be refused.
ALTER TABLE workspaces ADD COLUMN log_length bigint NOT NULL DEFAULT 0;

-- Two accounts of one human: this one stands for the other, and signs in no more.
ALTER TABLE people ADD COLUMN merged_into text COLLATE "C" REFERENCES people (person_id);
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;

-- Suspension belongs to a membership: an admin of one workspace has no say in another.
ALTER TABLE memberships ADD COLUMN suspended boolean NOT NULL DEFAULT false;
-- Roles given by hand. `roles` is what counts: these and those that groups give.
ALTER TABLE memberships ADD COLUMN given_roles text COLLATE "C" NOT NULL DEFAULT '[]';
UPDATE memberships SET given_roles = roles,
    suspended = (SELECT p.suspended FROM people AS p WHERE p.person_id = memberships.person_id);
ALTER TABLE people DROP COLUMN suspended;

-- Roles that a provider's groups give, as of the last sign-in there.
CREATE TABLE group_roles (
    workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (workspace_id),
    person_id    text COLLATE "C" NOT NULL REFERENCES people (person_id),
    issuer       text COLLATE "C" NOT NULL,
    roles        text COLLATE "C" NOT NULL,                      -- JSON array of words
    PRIMARY KEY (workspace_id, person_id, issuer)
);
CREATE INDEX group_roles_by_person ON group_roles (person_id, issuer);

-- Identities at sign-in providers: issuer and subject, never an e-mail address.
-- One that was unlinked keeps its row: it goes on saying whose it is, so that nobody becomes a second person with it.
CREATE TABLE identities (
    issuer      text COLLATE "C" NOT NULL,
    subject     text COLLATE "C" NOT NULL,
    person_id   text COLLATE "C" NOT NULL REFERENCES people (person_id),
    provider    text COLLATE "C" NOT NULL,                       -- its name in the configuration when it was linked
    email       text COLLATE "C",                                -- what the provider last said; for people to read
    linked_us   bigint           NOT NULL,
    used_us     bigint           NOT NULL,
    unlinked_us bigint,                                          -- NULL: linked; otherwise nobody signs in with it
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_person ON identities (person_id);

-- Codes from an authenticator app.
CREATE TABLE second_factors (
    person_id    text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES people (person_id),
    secret       text COLLATE "C" NOT NULL,                      -- base32
    confirmed_us bigint,                                         -- NULL: set up, and not yet proven to work
    last_step    bigint           NOT NULL                       -- the newest time step that was used; older ones are refused
);
CREATE TABLE recovery_codes (
    person_id text COLLATE "C" NOT NULL REFERENCES people (person_id),
    code_hash text COLLATE "C" NOT NULL,                         -- deleted when it is used
    PRIMARY KEY (person_id, code_hash)
);

-- Sign-ins that have begun and wait for a provider or a second factor. Each is taken once.
CREATE TABLE sign_in_attempts (
    state_hash   text COLLATE "C" NOT NULL PRIMARY KEY,          -- SHA-256 of what travels through the browser's address
    browser_hash text COLLATE "C" NOT NULL,                      -- SHA-256 of the cookie of the browser that began it
    data         text COLLATE "C" NOT NULL,                      -- JSON
    expires_us   bigint           NOT NULL
);
CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_us);

-- Tokens that work once: logout tokens and SAML assertions.
CREATE TABLE used_tokens (
    issuer     text COLLATE "C" NOT NULL,
    token_id   text COLLATE "C" NOT NULL,
    expires_us bigint           NOT NULL,                        -- after this moment the token itself is refused
    PRIMARY KEY (issuer, token_id)
);
CREATE INDEX used_tokens_by_expiry ON used_tokens (expires_us);

-- What a session says about how it began, for "my sessions" and for ending it from outside.
-- Sessions of before say nothing of it: people sign in once more.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN workspace_id text COLLATE "C";
ALTER TABLE sessions ADD COLUMN issuer text COLLATE "C";         -- of the provider, when one vouched
ALTER TABLE sessions ADD COLUMN subject text COLLATE "C";
ALTER TABLE sessions ADD COLUMN provider_session text COLLATE "C"; -- the provider's name for its session
ALTER TABLE sessions ADD COLUMN address text COLLATE "C";        -- where it began
ALTER TABLE sessions ADD COLUMN agent text COLLATE "C";          -- the browser, as it calls itself
ALTER TABLE sessions ADD COLUMN seen_us bigint NOT NULL DEFAULT 0;
CREATE INDEX sessions_by_provider ON sessions (issuer, subject) WHERE issuer IS NOT NULL;

-- Invitations into a workspace: a link that works once.
CREATE TABLE invitations (
    workspace_id  text COLLATE "C" NOT NULL REFERENCES workspaces (workspace_id),
    invitation_id text COLLATE "C" NOT NULL,
    token_hash    text COLLATE "C" NOT NULL UNIQUE,
    email         text COLLATE "C" NOT NULL,                     -- whom it is for
    name          text COLLATE "C" NOT NULL,
    roles         text COLLATE "C" NOT NULL,                     -- JSON array of words
    invited_by    text COLLATE "C" NOT NULL,                     -- actor id
    created_us    bigint           NOT NULL,
    expires_us    bigint           NOT NULL,
    accepted_us   bigint,
    accepted_by   text COLLATE "C",                              -- person id
    revoked_us    bigint,
    PRIMARY KEY (workspace_id, invitation_id)
);
CREATE INDEX invitations_by_created ON invitations (workspace_id, created_us, invitation_id);

-- API keys. The secret is shown once and kept nowhere.
CREATE TABLE api_keys (
    workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (workspace_id),
    key_id       text COLLATE "C" NOT NULL UNIQUE,               -- the short id: what people see and events name, `nxc_…`
    secret_hash  text COLLATE "C" NOT NULL,                      -- SHA-256 of the whole key
    name         text COLLATE "C" NOT NULL,
    owner        text COLLATE "C" NOT NULL REFERENCES people (person_id),
    scopes       text COLLATE "C" NOT NULL,                      -- JSON array of words
    created_us   bigint           NOT NULL,
    expires_us   bigint           NOT NULL,                      -- 9223372036854775807: never
    revoked_us   bigint,
    used_us      bigint,
    used_from    text COLLATE "C",                               -- address of the last use
    PRIMARY KEY (workspace_id, key_id)
);
CREATE INDEX api_keys_by_owner ON api_keys (owner);

-- What was done to people, roles, keys, settings and workspaces. Rows are added and never changed.
CREATE TABLE workspace_events (
    workspace_id text COLLATE "C" NOT NULL,
    seq          bigint           NOT NULL,                      -- from 0, without gaps
    type         text COLLATE "C" NOT NULL,
    ts           text COLLATE "C" NOT NULL,
    ts_us        bigint           NOT NULL,
    actor_kind   text COLLATE "C" NOT NULL,
    actor_id     text COLLATE "C" NOT NULL,
    door         text COLLATE "C" NOT NULL,                      -- web, api, sso, server, …
    address      text COLLATE "C" NOT NULL,                      -- where it came from
    payload      text COLLATE "C" NOT NULL,                      -- canonical JSON
    digest       text COLLATE "C" NOT NULL,
    chain        text COLLATE "C" NOT NULL,                      -- over the entry and the chain before it
    PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX workspace_events_by_type ON workspace_events (workspace_id, type, seq);

-- What somebody was writing about a decision when they had to sign in again.
CREATE TABLE drafts (
    workspace_id text COLLATE "C" NOT NULL,
    person_id    text COLLATE "C" NOT NULL REFERENCES people (person_id),
    decision_id  text COLLATE "C" NOT NULL,
    body         text COLLATE "C" NOT NULL,                      -- JSON
    kept_us      bigint           NOT NULL,
    PRIMARY KEY (workspace_id, person_id, decision_id)
);
