//! Appends through the use cases, by one caller and by sixty-four, and whole flows.

use crate::baseline;
use crate::report::{plain, rate, ratio};
use crate::scene::Scene;
use anyhow::{Context as _, Result};
use sqlx::postgres::PgPoolOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long each side of a ratio runs, and how many pairs there are; the median pair counts.
const TIME: Duration = Duration::from_secs(3);
const PAIRS: usize = 3;

async fn appends(scene: &Arc<Scene>, callers: u32) -> Result<f64> {
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let scene = scene.clone();
        tasks.spawn(async move {
            let mut count = 0_u64;
            while started.elapsed() < TIME {
                scene.control.request(&scene.requester, Scene::input(2)).await?;
                count += 1;
            }
            Ok::<u64, anyhow::Error>(count)
        });
    }
    let mut count = 0;
    while let Some(done) = tasks.join_next().await {
        count += done??;
    }
    Ok(rate(count, started.elapsed()))
}

async fn flows(scene: &Arc<Scene>, callers: u32) -> Result<f64> {
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let scene = scene.clone();
        tasks.spawn(async move {
            let mut count = 0_u64;
            while started.elapsed() < TIME {
                scene.flow().await?;
                count += 1;
            }
            Ok::<u64, anyhow::Error>(count)
        });
    }
    let mut count = 0;
    while let Some(done) = tasks.join_next().await {
        count += done??;
    }
    Ok(rate(count, started.elapsed()))
}

/// The pair whose ratio is the middle one.
fn median(mut pairs: Vec<(f64, f64)>) -> Result<(f64, f64)> {
    pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    pairs.get(pairs.len() / 2).copied().context("no pair was measured")
}

/// Prints the SQLite figures.
pub async fn sqlite(folder: &Path) -> Result<()> {
    let url = format!("sqlite://{}", folder.join("throughput.db").display());
    let scene = Arc::new(Scene::open(&url).await?);
    for (callers, goal) in [(1, "0.6x"), (64, "5x")] {
        let mut pairs = Vec::new();
        let before = scene.control.store().commit_counts();
        for _ in 0..PAIRS {
            let base = baseline::sqlite_rows(folder, TIME).await?;
            pairs.push((appends(&scene, callers).await?, base));
        }
        let after = scene.control.store().commit_counts();
        let (ours, base) = median(pairs)?;
        ratio(&format!("appends, {callers} caller(s) / one-row commits"), ours, base, goal);
        let commits = rate(after.0 - before.0, Duration::from_secs(1));
        let appended = rate(after.1 - before.1, Duration::from_secs(1)).max(1.0);
        plain(&format!("flushes per append, {callers} caller(s)"), &format!("{:.3}", commits / appended));
    }
    let base = baseline::sqlite_rows(folder, TIME).await?;
    ratio("whole flows, 1 caller / one-row commits", flows(&scene, 1).await?, base, "-");
    ratio("whole flows, 64 callers / one-row commits", flows(&scene, 64).await?, base, "-");
    scene.control.finish_running().await;
    scene.control.store().close().await;
    Ok(())
}

/// Prints the Postgres figures, on a database of its own that it drops again.
pub async fn postgres(url: &str) -> Result<()> {
    let admin = PgPoolOptions::new().max_connections(1).connect(url).await?;
    sqlx::query("drop database if exists nexus_bench").execute(&admin).await?;
    sqlx::query("create database nexus_bench").execute(&admin).await?;
    let (server, _) = url.rsplit_once('/').context("the Postgres address has no database")?;
    let own = format!("{server}/nexus_bench");
    let scene = Arc::new(Scene::open(&own).await?);
    let mut pairs = Vec::new();
    for _ in 0..PAIRS {
        let base = baseline::postgres_rows(&own, 16, TIME).await?;
        pairs.push((appends(&scene, 64).await?, base));
    }
    let (ours, base) = median(pairs)?;
    ratio("appends, 64 callers / one-row commits of 16", ours, base, "0.25x");
    scene.control.finish_running().await;
    scene.control.store().close().await;
    drop(scene);
    sqlx::query("drop database if exists nexus_bench with (force)").execute(&admin).await?;
    admin.close().await;
    Ok(())
}
