//! What can go wrong in the store. Absence is an `Option`, not an error.

use governance::DecisionId;
use thiserror::Error;

/// A store failure.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Somebody else appended first; load again and decide again.
    #[error("decision {decision} is at version {actual}, not {expected}")]
    Conflict {
        /// The stream.
        decision: DecisionId,
        /// What the caller had seen.
        expected: u32,
        /// What is there.
        actual: u32,
    },
    /// A unique name or id is taken: a template's name, a person's actor id, a decision's id on import.
    #[error("{0} already exists")]
    Exists(&'static str),
    /// What a change of the directory is about is not there, or not as the change needs it.
    #[error("the {0} is not there any more")]
    Gone(&'static str),
    /// The directory changed since this was decided: read it again and decide again.
    #[error("the directory of workspace {0} has changed")]
    Outdated(governance::WorkspaceId),
    /// The address names no engine that exists.
    #[error("unknown database `{0}`; use sqlite://FILE or postgres://…")]
    Address(String),
    /// Another process has the SQLite file open.
    #[error("{0} is in use by another process; stop it first, or use Postgres for several servers")]
    InUse(String),
    /// The SQLite library is one that can lose data.
    #[error("SQLite {0} is too old; 3.51.3 or newer is needed")]
    TooOld(String),
    /// A stored row makes no sense: table, key, and what is wrong.
    #[error("{table} row {key}: {problem}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Key of the row.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A cursor that this store did not make.
    #[error("the page cursor is not valid")]
    Cursor,
    /// The writer has stopped, because an earlier write failed in a way that cannot be trusted.
    #[error("the database writer has stopped")]
    Stopped,
    /// The driver failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("the database could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}
