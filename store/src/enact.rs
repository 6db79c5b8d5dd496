//! Changes of the directory: people, roles, keys, identities, settings. Each comes with its entries for the logs of
//! the workspaces that it concerns, and both commit together or not at all: what cannot be logged does not happen.

use crate::directory::WorkspaceRecord;
use crate::error::StoreError;
use crate::identity::{InvitationRecord, KeyRecord};
use async_trait::async_trait;
use governance::workspace_log::{Entry, NewEntry};
use governance::{PersonId, Timestamp, WorkspaceId};

/// A person to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Their id.
    pub id: PersonId,
    /// The id that events will carry, for good.
    pub actor_id: String,
    /// What they are called.
    pub name: String,
    /// argon2id hash in PHC form; `None`: no password sign-in.
    pub password_hash: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// One change. Where the row that it is about is not there, or is not as the change needs it, everything fails with
/// [`StoreError::Gone`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Change {
    /// Adds a workspace. Fails with `Exists`.
    CreateWorkspace(WorkspaceRecord),
    /// Calls a workspace something else.
    NameWorkspace { workspace: WorkspaceId, name: String },
    /// Changes the default for self-approval.
    ForbidSelfApproval { workspace: WorkspaceId, forbid: bool },
    /// Uses a set-up token up, while nobody exists. `Gone("set-up link")` when it is unknown, used or expired.
    RedeemSetup { token_hash: String, now: Timestamp },
    /// Adds a person. Fails with `Exists("person")` when the actor id is taken.
    CreatePerson(NewPerson),
    /// Changes what a person is called.
    NamePerson { person: PersonId, name: String },
    /// Replaces or removes a password, and ends the person's sessions but the one with this hash.
    SetPassword { person: PersonId, hash: Option<String>, keep_session: Option<String> },
    /// Makes a person a member with these roles by hand; a member already gets them in addition.
    Join { workspace: WorkspaceId, person: PersonId, given_roles: Vec<String> },
    /// Replaces the roles that were given by hand.
    SetRoles { workspace: WorkspaceId, person: PersonId, given_roles: Vec<String> },
    /// Replaces all roles that a provider's groups give to a person, in every workspace. Makes memberships where
    /// there are none; where no role is left the membership stays without one.
    SetGroupRoles { person: PersonId, issuer: String, roles: Vec<(WorkspaceId, Vec<String>)> },
    /// Keeps a member out, which ends their sessions in this workspace, or lets them back in.
    SetSuspended { workspace: WorkspaceId, person: PersonId, suspended: bool },
    /// Links an identity to a person, or links it again. Fails with `Exists("identity")` when it is linked already,
    /// and when it was unlinked from somebody else: it stays theirs.
    LinkIdentity {
        issuer: String,
        subject: String,
        provider: String,
        email: Option<String>,
        person: PersonId,
        at: Timestamp,
    },
    /// Unlinks an identity of this person, and ends the sessions that it began. That it is theirs is kept.
    UnlinkIdentity { issuer: String, subject: String, person: PersonId, at: Timestamp },
    /// `from` and `into` are one human: identities, keys and roles go to `into`; `from` keeps only its actor id, as
    /// an alias, and its sessions, password and second factor end. Where `from` was suspended, `into` is from now on.
    Merge { from: PersonId, into: PersonId },
    /// Keeps a secret that is not yet proven, replacing one that was not proven either. `Gone` when one is in force.
    PutSecondFactor { person: PersonId, secret: String },
    /// The secret works: it is in force from this step on, with these recovery codes instead of older ones.
    /// One that is in force gets new codes so, with a newer step. `Gone` when the step is not newer than the last.
    ConfirmSecondFactor { person: PersonId, at: Timestamp, step: i64, recovery_hashes: Vec<String> },
    /// Removes secret and recovery codes.
    RemoveSecondFactor { person: PersonId },
    /// Adds an invitation.
    Invite(InvitationRecord),
    /// Takes an invitation back that nobody has accepted.
    RevokeInvitation { workspace: WorkspaceId, id: String, at: Timestamp },
    /// Uses an invitation up: open, not expired at `at`, not revoked.
    AcceptInvitation { token_hash: String, person: PersonId, at: Timestamp },
    /// Adds an API key. Fails with `Exists("key")`.
    CreateKey(KeyRecord),
    /// Revokes a key that is not revoked.
    RevokeKey { workspace: WorkspaceId, key_id: String, at: Timestamp },
    /// Ends a person's sessions, in one workspace or everywhere, but the one with this hash.
    EndSessions { person: PersonId, workspace: Option<WorkspaceId>, keep: Option<String> },
    /// Ends one session of a person, in one workspace or anywhere.
    EndSession { person: PersonId, workspace: Option<WorkspaceId>, id_hash: String },
}

/// Changes with their entries.
#[derive(Debug, Clone, Default)]
pub struct Enactment {
    /// What changes, in this order.
    pub changes: Vec<Change>,
    /// What the logs say about it. At least one, but for what concerns no workspace.
    pub entries: Vec<(WorkspaceId, NewEntry)>,
    /// The length of a workspace's log that the change was decided on: any other is `Outdated`.
    pub expected: Option<(WorkspaceId, u32)>,
}

/// A page of a workspace's log, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct LogPage {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Sequence number to ask for what is older; `None` at the end.
    pub before: Option<u32>,
}

/// Administrative acts.
#[async_trait]
pub trait Acts: Send + Sync {
    /// Makes the changes and writes the entries, in one transaction.
    async fn enact(&self, enactment: Enactment) -> Result<(), StoreError>;

    /// Entries of a workspace's log, newest first, those before `before` (by sequence number), at most `limit`.
    async fn workspace_log(
        &self,
        workspace: &WorkspaceId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<LogPage, StoreError>;

    /// The whole log of a workspace, oldest first.
    async fn whole_workspace_log(&self, workspace: &WorkspaceId) -> Result<Vec<Entry>, StoreError>;

    /// The newest entry of a kind.
    async fn latest_entry(&self, workspace: &WorkspaceId, kind: &str) -> Result<Option<Entry>, StoreError>;
}
