//! A list of a million decisions: its first page and its ten-thousandth, every page of the dashboard on it, and the
//! rebuild of its read model. A small one beside it, for the pages.

use crate::pages::{self, Timed};
use crate::report::{plain, rate, ratio};
use crate::scene::Scene;
use anyhow::Result;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{DecisionFilter, PageRequest};

const ROWS: u32 = 50;
const DEEP: u64 = 10_000;
const REPEAT: u64 = 50;

/// Decisions of the small list.
const FEW: u64 = 1_000;
/// The time over which decisions are spread, in microseconds.
const YEAR_US: u64 = 360 * 86_400 * 1_000_000;

/// Prints the time of each page with a thousand decisions.
pub async fn small(folder: &Path) -> Result<Vec<Timed>> {
    let scene = Arc::new(Scene::open(&format!("sqlite://{}", folder.join("few.db").display())).await?);
    fill(&scene, FEW).await?;
    let timed = pages::run(&scene, FEW).await?;
    scene.control.store().close().await;
    Ok(timed)
}

/// Prints the figures.
pub async fn run(folder: &Path) -> Result<Vec<Timed>> {
    let wanted =
        std::env::var("NEXUS_BENCH_DECISIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let url = format!("sqlite://{}", folder.join("lists.db").display());
    let scene = Arc::new(Scene::open(&url).await?);
    fill(&scene, wanted).await?;
    let list = |after: Option<String>| {
        let page = PageRequest { after, limit: ROWS, oldest_first: false };
        let scene = scene.clone();
        async move { scene.control.list(&scene.approvers[0], DecisionFilter::default(), &page).await }
    };
    let mut cursor = None;
    let mut pages = 1;
    while pages < DEEP.min(wanted / u64::from(ROWS)) {
        cursor = list(cursor).await?.next;
        pages += 1;
    }
    let mut first = Duration::ZERO;
    let mut deep = Duration::ZERO;
    for _ in 0..REPEAT {
        let started = Instant::now();
        list(None).await?;
        first += started.elapsed();
        let started = Instant::now();
        list(cursor.clone()).await?;
        deep += started.elapsed();
    }
    let what = format!("page 1 / page {pages} of {wanted} decisions");
    ratio(&what, rate(REPEAT, first), rate(REPEAT, deep), "<= 1.2x");
    let timed = pages::run(&scene, wanted).await?;
    let started = Instant::now();
    let events = scene.control.store().rebuild().await?;
    plain(
        "rebuild",
        &format!("{:.0} events/s over {events} events (goal 50,000)", rate(events, started.elapsed())),
    );
    scene.control.store().close().await;
    Ok(timed)
}

/// Makes that many decisions, spread over the year before now: one in ten is approved, one in fifty rejected.
async fn fill(scene: &Arc<Scene>, wanted: u64) -> Result<()> {
    let started = Instant::now();
    let made = Arc::new(AtomicU64::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..256 {
        let (scene, made) = (scene.clone(), made.clone());
        tasks.spawn(async move {
            loop {
                let number = made.fetch_add(1, Ordering::Relaxed);
                if number >= wanted {
                    return Ok::<(), anyhow::Error>(());
                }
                let late = YEAR_US - YEAR_US.saturating_mul(number) / wanted.max(1);
                scene.clock.set_back(i64::try_from(late)?);
                let decision = scene.control.request(&scene.requester, Scene::input(2)).await?;
                if number % 10 == 0 {
                    for approver in &scene.approvers {
                        scene.control.approve(approver, &decision.id, None, None, None).await?;
                    }
                } else if number % 50 == 1 {
                    let [approver, _] = &scene.approvers;
                    scene.control.reject(approver, &decision.id, None, "Not in this window.").await?;
                }
            }
        });
    }
    let progress = async {
        loop {
            tokio::time::sleep(Duration::from_secs(10)).await;
            eprintln!("  … {} of {wanted} decisions made", made.load(Ordering::Relaxed).min(wanted));
        }
    };
    let work = async {
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok::<(), anyhow::Error>(())
    };
    tokio::select! {
        done = work => done?,
        () = progress => {}
    }
    scene.clock.set_back(0);
    plain("made the list", &format!("{:.0} decisions/s", rate(wanted, started.elapsed())));
    Ok(())
}
