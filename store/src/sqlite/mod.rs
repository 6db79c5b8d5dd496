//! The SQLite engine: one file, one process, one writing connection, a few reading ones.
//! It refuses a file that another process has open, an in-memory database, and an SQLite that can lose data.

mod append;
mod beginning;
mod commit;
mod directory;
mod enact;
mod idempotency;
mod identity;
mod import;
mod inbox;
mod last;
mod list;
mod live;
mod log;
mod news;
mod overview;
mod plans;
mod rebuild;
mod records;
mod sessions;
mod urgent;
mod voices;

use crate::error::StoreError;
use crate::writer::Writer;
use append::Prepared;
use commit::Committer;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

/// Older ones have a bug in WAL mode that can lose a commit.
const OLDEST: [u32; 3] = [3, 51, 3];
/// Reading connections.
const READERS: u32 = 4;

/// What may write, and what keeps other processes away.
struct WriteSide {
    /// `None` once closed, or after a failure that cannot be trusted.
    conn: Option<SqliteConnection>,
    lock: Option<File>,
}

/// A store in one SQLite file.
pub struct SqliteStore {
    write: Arc<Mutex<WriteSide>>,
    readers: SqlitePool,
    writer: Writer<Prepared>,
}

impl SqliteStore {
    /// Opens the file, makes it when it is absent, and migrates it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let address = || StoreError::Address(url.to_owned());
        let options = SqliteConnectOptions::from_str(url).map_err(|_| address())?;
        let path = options.get_filename().to_owned();
        if path.as_os_str().is_empty() || url.contains(":memory:") || url.contains("mode=memory") {
            return Err(address());
        }
        let lock = lock(&path)?;
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let mut conn = options
            .clone()
            .create_if_missing(true)
            .pragma("cache_size", "-65536")
            // Fewer, larger checkpoints: each one stalls the writer for its flushes.
            .pragma("wal_autocheckpoint", "16000")
            .pragma("journal_size_limit", "134217728")
            .connect()
            .await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut conn).await?;
        check_version(&version)?;
        MIGRATIONS.run(&mut conn).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true).pragma("cache_size", "-16384"))
            .await?;
        let write = Arc::new(Mutex::new(WriteSide { conn: Some(conn), lock: Some(lock) }));
        let writer = Writer::start(Committer { write: Arc::clone(&write) });
        let store = Self { write, readers, writer };
        rebuild::catch_up(&store).await?;
        Ok(store)
    }

    /// The writing connection, once it is free. Fails with `Stopped`.
    async fn write(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, StoreError> {
        MutexGuard::try_map(self.write.lock().await, |side| side.conn.as_mut())
            .map_err(|_| StoreError::Stopped)
    }

    async fn shut(&self) {
        self.writer.close().await;
        self.readers.close().await;
        let mut side = self.write.lock().await;
        if let Some(conn) = side.conn.take()
            && let Err(error) = conn.close().await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database did not close cleanly");
        }
        side.lock = None;
    }
}

/// Keeps other processes out for as long as the file is open. WAL would let them in, and two writers' read models
/// would then depend on who asked last.
fn lock(path: &Path) -> Result<File, StoreError> {
    let io = |error| StoreError::Database(sqlx::Error::Io(error));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(name).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.display().to_string())),
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}

fn check_version(version: &str) -> Result<(), StoreError> {
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    if parts.as_slice() >= OLDEST.as_slice() { Ok(()) } else { Err(StoreError::TooOld(version.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_libraries_are_refused() {
        for version in ["3.51.3", "3.51.10", "3.52.0", "4.0.0"] {
            assert!(check_version(version).is_ok(), "{version}");
        }
        for version in ["3.51.2", "3.9.99", "2.99.99", "", "none"] {
            assert!(matches!(check_version(version), Err(StoreError::TooOld(_))), "{version}");
        }
    }
}
