//! The Postgres engine. Several processes may share a database: each groups its own appends, and one advisory
//! lock lets their groups in one at a time, so that positions become visible in their order.
//! It refuses a schema newer than this program.

mod append;
mod beginning;
mod columns;
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

use crate::change::Change;
use crate::error::StoreError;
use crate::writer::Writer;
use commit::Committer;
use sqlx::ConnectOptions as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::str::FromStr as _;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

/// Connections of one process.
const CONNECTIONS: u32 = 10;

/// Begins a transaction that writes to the log. The lock is taken in a statement of its own: whatever is read
/// afterwards is read from a snapshot that holds all that was committed under the lock before.
const BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(7165892340126811)";

/// A store in one Postgres database.
pub struct PostgresStore {
    pool: PgPool,
    writer: Writer<Change>,
}

impl PostgresStore {
    /// Connects and migrates.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        // The address may hold a password: the error does not repeat it.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Address("postgres://…".to_owned()))?
            .disable_statement_logging();
        // Lists look up who approved row by row, and stop after a page. Postgres reckons with all rows, and would spend
        // more time compiling such a query than running it.
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).after_connect(|conn, _| {
            Box::pin(async move { sqlx::query("SET jit = off").execute(conn).await.map(|_| ()) })
        });
        let pool = pool.connect_with(options).await?;
        MIGRATIONS.run(&pool).await?;
        let writer = Writer::start(Committer { pool: pool.clone() });
        let store = Self { pool, writer };
        rebuild::catch_up(&store).await?;
        Ok(store)
    }

    async fn shut(&self) {
        self.writer.close().await;
        self.pool.close().await;
    }
}
