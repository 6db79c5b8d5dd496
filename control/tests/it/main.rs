//! The use cases on a real SQLite file, with a clock that the tests set; who counts as an approver, on Postgres too.
//! No mocks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod acts;
mod approvals;
mod archive;
mod around;
mod attempts;
mod cancel;
mod entitlement;
mod evidence;
mod execute;
mod first_key;
mod gate;
mod held_open;
mod inbox;
mod invitations;
mod key_reach;
mod keys;
mod linking;
mod now;
mod one_approver;
mod overview;
mod permissions;
mod proofs;
mod provider_tokens;
mod scene;
mod second_factor;
mod sessions;
mod sign_in_attempts;
mod sso;
mod sso_groups;
mod step_up;
mod subprocess;
mod templates;
mod token_reach;
mod tokens;
mod wait;
mod walls;
mod workspace_log;
mod workspaces;
