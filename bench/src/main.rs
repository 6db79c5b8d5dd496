//! Figures as ratios. Each is taken against a baseline that runs in the same minute on the same disk, because
//! absolute times say little on a machine that nobody else has. It prints; it judges nothing.
//!
//! `NEXUS_TEST_POSTGRES_URL` adds the Postgres figures. `NEXUS_BENCH_DECISIONS` sets the size of the long list.

mod baseline;
mod clock;
mod lists;
mod pages;
mod pure;
mod report;
mod scene;
mod throughput;

use anyhow::Result;

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir_in(".")?;
    report::title("Appends and whole flows, SQLite (WAL, synchronous=FULL)");
    throughput::sqlite(folder.path()).await?;
    match std::env::var("NEXUS_TEST_POSTGRES_URL") {
        Ok(url) => {
            report::title("Appends, Postgres");
            throughput::postgres(&url).await?;
        }
        Err(_) => println!("  (no Postgres figures: NEXUS_TEST_POSTGRES_URL is not set)"),
    }
    report::title("Replay and verification, one core");
    pure::run()?;
    report::title("Pages, SQLite, a thousand decisions");
    let few = lists::small(folder.path()).await?;
    report::title("Long lists, pages and rebuild, SQLite");
    let many = lists::run(folder.path()).await?;
    report::title("Pages, a thousand decisions against many");
    pages::compare(&few, &many);
    Ok(())
}
