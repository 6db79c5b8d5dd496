//! The other side of each ratio: the plainest loop that gives the same durability.

use crate::report::rate;
use anyhow::Result;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::time::{Duration, Instant};

const BODY: &str = "{\"goal\":\"Rotate the production signing keys of the billing service\",\"labels\":[\"prod\",\"security\"],\"plan\":\"{\\\"service\\\":\\\"billing\\\",\\\"keys\\\":3}\",\"requested_mode\":\"dry_run\"}";

/// One row, one commit, one connection: rows per second.
pub async fn sqlite_rows(folder: &Path, time: Duration) -> Result<f64> {
    let mut connection: SqliteConnection = SqliteConnectOptions::new()
        .filename(folder.join("baseline.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    sqlx::query("create table if not exists rows (id integer primary key, stream text, body text, unique (stream, id))")
        .execute(&mut connection)
        .await?;
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < time {
        sqlx::query("insert into rows (stream, body) values (?, ?)")
            .bind("0b5c7b0e-3a43-4a7e-9f3c-1d1e5f6a7b8c")
            .bind(BODY)
            .execute(&mut connection)
            .await?;
        count += 1;
    }
    let rate = rate(count, started.elapsed());
    connection.close().await?;
    Ok(rate)
}

/// One row a transaction over this many connections: rows per second, as pgbench would.
pub async fn postgres_rows(url: &str, clients: u32, time: Duration) -> Result<f64> {
    let pool = PgPoolOptions::new().max_connections(clients).connect(url).await?;
    sqlx::query("create table if not exists bench_rows (id bigserial primary key, stream text, body text)")
        .execute(&pool)
        .await?;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let pool = pool.clone();
        tasks.spawn(async move {
            let mut connection = pool.acquire().await?;
            let mut count = 0_u64;
            while started.elapsed() < time {
                sqlx::query("insert into bench_rows (stream, body) values ($1, $2)")
                    .bind("0b5c7b0e-3a43-4a7e-9f3c-1d1e5f6a7b8c")
                    .bind(BODY)
                    .execute(&mut *connection)
                    .await?;
                count += 1;
            }
            Ok::<u64, sqlx::Error>(count)
        });
    }
    let mut count = 0;
    while let Some(done) = tasks.join_next().await {
        count += done??;
    }
    let rate = rate(count, started.elapsed());
    sqlx::query("drop table bench_rows").execute(&pool).await?;
    pool.close().await;
    Ok(rate)
}
