//! The log and its read models, behind one promise that two engines keep: SQLite and Postgres.
//!
//! The only SQL of the product is in this crate. It holds no rule: what may be appended was decided before, and
//! what a row says follows from the events alone. It refuses to write anything that it cannot write whole:
//! log, read model, run and outbox rows of one append commit together or not at all.

pub mod directory;
pub mod enact;
pub mod error;
pub mod figures;
pub mod idempotency;
pub mod identity;
pub mod inbox;
pub mod live;
pub mod overview;
pub mod projection;
pub mod query;
pub mod records;
pub mod sessions;
pub mod stream;

mod acts;
mod change;
mod cursor;
mod directory_rows;
mod identity_rows;
mod machine_rows;
mod plans;
mod postgres;
mod progress;
mod rows;
mod sqlite;
mod writer;

pub use directory::Directory;
pub use enact::{Acts, Change, Enactment};
pub use error::StoreError;
pub use idempotency::Idempotency;
pub use identity::Identities;
pub use inbox::Inbox;
pub use live::LiveRuns;
pub use overview::Overview;
pub use query::{DecisionFilter, PageRequest, ReadModel};
pub use records::Records;
pub use sessions::Sessions;
pub use stream::{Append, Appended, ImportWrite, Log, News, RunWrite, Stream};

use std::sync::Arc;

/// Everything that an engine does.
pub trait Store:
    Log
    + ReadModel
    + Inbox
    + Overview
    + Records
    + Directory
    + Acts
    + Identities
    + Sessions
    + LiveRuns
    + Idempotency
{
}

impl<T> Store for T where
    T: Log
        + ReadModel
        + Inbox
        + Overview
        + Records
        + Directory
        + Acts
        + Identities
        + Sessions
        + LiveRuns
        + Idempotency
{
}

/// Opens the engine that the address names, migrated: `sqlite://path` (made when absent), `postgres://…`.
/// Refuses an SQLite file that another process has open, an SQLite library older than 3.51.3, and a schema
/// newer than this program.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    if url.starts_with("sqlite:") {
        Ok(Arc::new(sqlite::SqliteStore::open(url).await?))
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        Ok(Arc::new(postgres::PostgresStore::open(url).await?))
    } else {
        Err(StoreError::Address(url.split(':').next().unwrap_or_default().to_owned()))
    }
}
