//! The one writer of a process: takes what waits, commits it as one transaction, then answers each caller. A flush
//! costs far more than a row, so that a busy store flushes once for many appends. It stops for good after a
//! failure that leaves the state on disk unknown.

use crate::change::Change;
use crate::error::StoreError;
use crate::stream::Appended;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{mpsc, oneshot};

/// Most appends in one commit.
const MAX_GROUP: usize = 256;
/// How many may wait before callers have to.
const QUEUE: usize = 1024;

type Answer = Result<Appended, StoreError>;

/// What an engine does with a group.
pub trait Commit: Send + 'static {
    /// A change as the engine wants it.
    type Prepared: AsRef<Change> + Send + Sync + 'static;

    /// Writes what may be written of a group in one transaction; one outcome for each. After a failure nothing
    /// of the group is written, or nobody can know.
    fn commit(
        &mut self,
        group: &[&Self::Prepared],
    ) -> impl Future<Output = Result<Vec<Outcome>, Failure>> + Send;
}

/// What became of one append of a group.
#[derive(Debug)]
pub enum Outcome {
    /// It is on disk.
    Written(Appended),
    /// The stream is at this version instead.
    Conflict(u32),
    /// The directory of its workspace is not the one that it was decided on.
    Outdated,
    /// It builds on another of the same group, and goes into the next.
    Later,
}

/// A group that failed.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub error: sqlx::Error,
    /// What to do about it.
    pub then: Then,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing was written: each may be tried alone.
    Retry,
    /// Whether it was written is not known: the callers have to look.
    Tell,
    /// Nothing may be written any more.
    Stop,
}

/// An append and who waits for it.
struct Job<P> {
    prepared: P,
    answer: oneshot::Sender<Answer>,
}

enum Message<P> {
    Append(Box<Job<P>>),
    Close(oneshot::Sender<()>),
}

#[derive(Default)]
struct Counters {
    commits: AtomicU64,
    appends: AtomicU64,
}

/// The callers' end.
pub struct Writer<P> {
    queue: mpsc::Sender<Message<P>>,
    counters: Arc<Counters>,
}

impl<P: AsRef<Change> + Send + Sync + 'static> Writer<P> {
    /// Starts the writing task.
    pub fn start(engine: impl Commit<Prepared = P>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let counters = Arc::new(Counters::default());
        let task = Task { engine, counters: Arc::clone(&counters), later: Vec::new(), stopped: false };
        tokio::spawn(task.run(waiting));
        Self { queue, counters }
    }

    /// Waits for the append to be on disk.
    pub async fn append(&self, prepared: P) -> Answer {
        let (answer, answered) = oneshot::channel();
        let job = Message::Append(Box::new(Job { prepared, answer }));
        self.queue.send(job).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }

    /// Commits so far, and the appends that they carried.
    pub fn counts(&self) -> (u64, u64) {
        (self.counters.commits.load(Ordering::Relaxed), self.counters.appends.load(Ordering::Relaxed))
    }

    /// Finishes what waits; nothing is taken afterwards.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            // The task may have ended by itself; then it is closed as well.
            let _ = closed.await;
        }
    }
}

struct Task<E: Commit> {
    engine: E,
    counters: Arc<Counters>,
    later: Vec<Box<Job<E::Prepared>>>,
    stopped: bool,
}

impl<E: Commit> Task<E> {
    async fn run(mut self, mut waiting: mpsc::Receiver<Message<E::Prepared>>) {
        let mut closing: Vec<oneshot::Sender<()>> = Vec::new();
        loop {
            let mut group = std::mem::take(&mut self.later);
            if group.is_empty() {
                match waiting.recv().await {
                    Some(Message::Append(job)) => group.push(job),
                    Some(Message::Close(done)) => {
                        waiting.close();
                        closing.push(done);
                        continue;
                    }
                    None => break,
                }
                // Those who were just answered get the chance to ask again before the group is closed.
                tokio::task::yield_now().await;
            }
            while group.len() < MAX_GROUP {
                match waiting.try_recv() {
                    Ok(Message::Append(job)) => group.push(job),
                    Ok(Message::Close(done)) => {
                        waiting.close();
                        closing.push(done);
                    }
                    Err(_) => break,
                }
            }
            self.settle(group).await;
        }
        for done in closing {
            let _ = done.send(());
        }
    }

    async fn settle(&mut self, group: Vec<Box<Job<E::Prepared>>>) {
        let failure = match self.commit(&group).await {
            Ok(outcomes) => return self.answer(group, outcomes),
            Err(failure) => failure,
        };
        if failure.then != Then::Retry || group.len() == 1 {
            return fail(group, failure.error);
        }
        // One of them cannot be written; the others must not suffer for it.
        for job in group {
            let alone = vec![job];
            match self.commit(&alone).await {
                Ok(outcomes) => self.answer(alone, outcomes),
                Err(failure) => fail(alone, failure.error),
            }
        }
    }

    async fn commit(&mut self, group: &[Box<Job<E::Prepared>>]) -> Result<Vec<Outcome>, Failure> {
        if self.stopped {
            return Err(Failure { error: sqlx::Error::PoolClosed, then: Then::Stop });
        }
        let prepared: Vec<&E::Prepared> = group.iter().map(|job| &job.prepared).collect();
        let result = self.engine.commit(&prepared).await;
        match &result {
            Ok(outcomes) => {
                let written =
                    outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Written(_))).count();
                if written > 0 {
                    self.counters.commits.fetch_add(1, Ordering::Relaxed);
                    self.counters
                        .appends
                        .fetch_add(u64::try_from(written).unwrap_or_default(), Ordering::Relaxed);
                }
            }
            Err(failure) if failure.then == Then::Stop => {
                tracing::error!("the database writer stops: what is on disk is not known");
                self.stopped = true;
            }
            Err(_) => {}
        }
        result
    }

    fn answer(&mut self, group: Vec<Box<Job<E::Prepared>>>, outcomes: Vec<Outcome>) {
        for (job, outcome) in group.into_iter().zip(outcomes) {
            let answer = match outcome {
                Outcome::Written(appended) => Ok(appended),
                Outcome::Conflict(actual) => {
                    let change = job.prepared.as_ref();
                    let (decision, expected) = (change.id.clone(), change.expected);
                    Err(StoreError::Conflict { decision, expected, actual })
                }
                Outcome::Outdated => Err(StoreError::Outdated(job.prepared.as_ref().workspace.clone())),
                Outcome::Later => {
                    self.later.push(job);
                    continue;
                }
            };
            // A caller who has gone does not take the answer; what was written stays written.
            let _ = job.answer.send(answer);
        }
    }
}

/// Tells everyone of the same failure.
fn fail<P>(group: Vec<Box<Job<P>>>, error: sqlx::Error) {
    let error = Arc::new(error);
    for job in group {
        let answer = match *error {
            sqlx::Error::PoolClosed => StoreError::Stopped,
            _ => StoreError::Database(sqlx::Error::Io(std::io::Error::other(Arc::clone(&error)))),
        };
        let _ = job.answer.send(Err(answer));
    }
}

/// The distinct streams of a group, and for each change which of them is its own.
pub fn slots<'a>(changes: impl Iterator<Item = &'a Change>) -> (Vec<(&'a str, &'a str)>, Vec<usize>) {
    let mut known: HashMap<(&str, &str), usize> = HashMap::new();
    let (mut keys, mut slots) = (Vec::new(), Vec::new());
    for change in changes {
        let key = (change.workspace.as_str(), change.id.as_str());
        let slot = match known.entry(key) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                keys.push(key);
                *entry.insert(keys.len() - 1)
            }
        };
        slots.push(slot);
    }
    (keys, slots)
}

/// Where a stream stands.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its generation.
    pub generation: i64,
    /// Its version.
    pub version: i64,
    /// Its origin, as a word.
    pub origin: String,
}

/// What may become of one change of a group.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be written, in this generation.
    Write(i64),
    /// The stream is at this version instead.
    Conflict(u32),
    /// The directory of its workspace is not the one that it was decided on.
    Outdated,
    /// Another of the group goes first.
    Later,
}

/// Workspaces whose directory the group rests on, each once.
pub fn directories<'a>(changes: impl Iterator<Item = &'a Change>) -> BTreeSet<&'a str> {
    changes.filter(|change| change.directory.is_some()).map(|change| change.workspace.as_str()).collect()
}

/// Judges a group against where its streams stand, by slot, and how long the logs of its workspaces are, where that
/// matters; each change sees those before it.
pub fn judge<'a>(
    changes: impl Iterator<Item = &'a Change>,
    slots: &[usize],
    heads: &HashMap<usize, Head>,
    lengths: &HashMap<String, i64>,
) -> Vec<Verdict> {
    // What is not known is not the same.
    let outdated = |change: &Change| {
        change.directory.is_some_and(|length| lengths.get(change.workspace.as_str()) != Some(&length.into()))
    };
    let mut written: HashMap<usize, u32> = HashMap::new();
    let mut verdicts = Vec::with_capacity(slots.len());
    for (change, slot) in changes.zip(slots) {
        let verdict = match (written.get(slot), heads.get(slot)) {
            (Some(version), _) if *version == change.expected => Verdict::Later,
            (Some(version), _) => Verdict::Conflict(*version),
            (None, None) if change.expected == 0 => Verdict::Write(0),
            (None, None) => Verdict::Conflict(0),
            // An import that replaced the stream meanwhile may have left it at the very same version.
            (None, Some(head)) => match u32::try_from(head.version).unwrap_or(u32::MAX) {
                actual if actual == change.expected && head.origin == change.origin => {
                    Verdict::Write(head.generation)
                }
                actual => Verdict::Conflict(actual),
            },
        };
        let verdict = match verdict {
            Verdict::Write(_) if outdated(change) => Verdict::Outdated,
            other => other,
        };
        if matches!(verdict, Verdict::Write(_)) {
            written.insert(*slot, change.version);
        }
        verdicts.push(verdict);
    }
    verdicts
}
