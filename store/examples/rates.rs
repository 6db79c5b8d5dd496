//! Measures appends and rebuilds: `cargo run --release -p store --example rates -- sqlite:///some/folder/new.db`.
//! On SQLite a loop that commits one row at a time, with the same guarantees, comes first for comparison.

use governance::{
    Actor, ActorKind, Body, Decision, DecisionId, Event, Mode, NewEvent, Origin, Policy, Timestamp,
    WorkspaceId,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::error::Error;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Append, Store};
use tokio::task::JoinSet;

const SPAN: Duration = Duration::from_secs(3);

/// Ids rise with time, as those of the product do.
static NEXT: AtomicU64 = AtomicU64::new(0);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let url = std::env::args().nth(1).ok_or("give the address of a new database")?;
    if url.starts_with("sqlite:") {
        println!("raw loop, one row a commit: {:.0}/s", raw_loop(&format!("{url}.raw")).await?);
    }
    let store = store::open(&url).await?;
    for callers in [1, 8, 64] {
        for kind in [Kind::Request, Kind::Approval] {
            let (commits, appends) = store.commit_counts();
            let begun = Instant::now();
            let mut tasks = JoinSet::new();
            for _ in 0..callers {
                tasks.spawn(call(Arc::clone(&store), kind, begun));
            }
            while let Some(done) = tasks.join_next().await {
                done??;
            }
            let (commits, appends) = (store.commit_counts().0 - commits, store.commit_counts().1 - appends);
            let seconds = begun.elapsed().as_secs_f64();
            println!(
                "{callers} callers, {kind:?}: {:.0}/s, {appends} appends in {commits} commits",
                rate(appends, seconds)
            );
        }
    }
    let begun = Instant::now();
    let events = store.rebuild().await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("rebuild: {events} events, {:.0}/s", rate(events, seconds));
    store.close().await;
    Ok(())
}

/// What is appended: a new request with its policy, or one more approval of the same few decisions.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Request,
    Approval,
}

fn rate(count: u64, seconds: f64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds
}

async fn raw_loop(url: &str) -> Result<f64, Box<dyn Error + Send + Sync>> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let mut conn = options.disable_statement_logging().connect().await?;
    sqlx::query("CREATE TABLE rows (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
        .execute(&mut conn)
        .await?;
    let (begun, body) = (Instant::now(), "x".repeat(300));
    let mut count = 0_u64;
    while begun.elapsed() < SPAN {
        count += 1;
        let query = sqlx::query("INSERT INTO rows (key, body) VALUES (?1, ?2)");
        query.bind(format!("{count:064}")).bind(&body).execute(&mut conn).await?;
    }
    let rate = rate(count, begun.elapsed().as_secs_f64());
    conn.close().await?;
    Ok(rate)
}

async fn call(store: Arc<dyn Store>, kind: Kind, begun: Instant) -> Result<(), Box<dyn Error + Send + Sync>> {
    let workspace = WorkspaceId::new("w")?;
    let modes = ["apply".to_owned()];
    let policy = Policy::new(2, &modes, Vec::new(), None, vec!["prod".to_owned()])?;
    let mut number = 0_i64;
    let mut decision = Decision::empty(DecisionId::new("none")?, Origin::Native);
    while begun.elapsed() < SPAN {
        number += 1;
        let actor = Actor::new(ActorKind::Human, format!("person-{}@example.org", number % 50))?;
        let ts = Timestamp::from_micros(1_763_000_000_000_000 + number * 1_000);
        let mut bodies = Vec::new();
        if matches!(kind, Kind::Request) || number % 6 == 1 {
            decision = Decision::empty(
                DecisionId::new(format!("dec_{:032}", NEXT.fetch_add(1, Ordering::Relaxed)))?,
                Origin::Native,
            );
            let labels = vec!["prod".to_owned()];
            let goal = format!("Rotate the signing key of service {number} in the eu region before Friday");
            bodies.push(Body::DecisionCreated { goal, plan: None, mode: Mode::Apply, labels });
            bodies.push(Body::PolicyAttached { policy: policy.clone(), template: None });
        } else {
            bodies.push(Body::ApprovalGranted {
                comment: Some("looks right to me".to_owned()),
                expires_at: None,
            });
        }
        let new_events = u32::try_from(bodies.len())?;
        for body in bodies {
            let new = NewEvent { actor: actor.clone(), body };
            decision.evolve(Event::record(new, decision.version(), ts));
        }
        let append = Append {
            workspace: workspace.clone(),
            decision: Arc::new(decision.clone()),
            new_events,
            run: None,
            directory: None,
            door: None,
        };
        store.append(append).await?;
    }
    Ok(())
}
