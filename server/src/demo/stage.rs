//! Where the stories are played: the use cases over the real store, with a clock and ids that are set. Steps of all
//! stories are played in the order of their times, so that the log reads as if it had happened.

use super::people::{self, PEOPLE};
use super::story::{Act, Start, Step, Story};
use super::{WORKSPACE, adapters};
use control::access::SetupInput;
use control::requests::RequestInput;
use control::{Caller, Clock, Control, Entrance, Entropy, Error, Routers, SystemClock};
use governance::{DecisionId, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::Store;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;
/// How far back the templates and the people go.
const FOUNDED_DAYS: i64 = 46;
/// What a look at the clock costs: then runs take some seconds, as runs do.
const TICK: i64 = SECOND * 7 / 10;

/// A clock that is set, and that ticks when it is read.
#[derive(Debug, Default)]
pub struct StageClock(AtomicI64);

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(TICK, Ordering::Relaxed))
    }
}

/// The same "random" bytes each time: two demos have the same ids.
#[derive(Debug, Default)]
struct Scripted(AtomicU64);

impl Entropy for Scripted {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Sha256::digest(format!("northwind {count}")).into())
    }
}

/// The stage.
pub struct Stage {
    pub control: Control,
    clock: Arc<StageClock>,
    now: Timestamp,
    callers: BTreeMap<&'static str, Caller>,
}

impl Stage {
    /// The use cases, with nobody there.
    pub fn empty(store: Arc<dyn Store>) -> Result<Self, Error> {
        let now = SystemClock.now();
        let clock = Arc::new(StageClock(AtomicI64::new(now.micros() - FOUNDED_DAYS * DAY)));
        let port: Arc<dyn Clock> = clock.clone();
        let routers = Routers::new(adapters(), &port).map_err(Error::Fault)?;
        let control = Control::new(store, routers, port, Arc::new(Scripted::default()));
        Ok(Self { control, clock, now, callers: BTreeMap::new() })
    }

    /// With everybody who works there.
    pub async fn set(store: Arc<dyn Store>) -> Result<Self, Error> {
        let mut stage = Self::empty(store)?;
        let token = stage.control.issue_setup_token().await?.ok_or(Error::Exists("a person"))?;
        // Of the system's randomness, and told to nobody.
        let password = crate::random::hex(24);
        let mut workspace = None;
        for (short, name, roles) in PEOPLE {
            let person = if let Some(workspace) = &workspace {
                people::join(&stage, workspace, short, name, roles).await?
            } else {
                let first = SetupInput {
                    workspace: WORKSPACE.to_owned(),
                    name: name.to_owned(),
                    email: people::actor_id(short),
                    password: password.clone(),
                };
                let made = stage.control.redeem_setup(&token, first, "").await?;
                let entrance = Entrance::web("", stage.control.now());
                let caller = stage.control.caller(&made.workspace, &made.person_id, entrance).await?;
                stage.control.set_roles(&caller, &made.person_id, roles).await?;
                workspace = Some(made.workspace);
                made.person_id
            };
            if let Some(workspace) = &workspace {
                let caller =
                    stage.control.caller(workspace, &person, Entrance::web("", stage.control.now())).await?;
                stage.callers.insert(short, caller);
            }
        }
        Ok(stage)
    }

    /// Somebody who works there.
    pub fn caller(&self, short: &str) -> Result<&Caller, Error> {
        self.callers.get(short).ok_or_else(|| Error::Fault(format!("nobody at Northwind is called {short}")))
    }

    /// So many days ago, at this hour.
    pub fn moment(&self, start: Start) -> Timestamp {
        let now = self.now.micros();
        Timestamp::from_micros(match start {
            Start::Day(days, hour, minute) => {
                now - now.rem_euclid(DAY) - days * DAY + (hour * 60 + minute) * MINUTE
            }
            Start::Ago(minutes) => now - minutes * MINUTE,
        })
    }

    /// Sets the clock.
    pub fn at(&self, moment: Timestamp) {
        self.clock.0.store(moment.micros(), Ordering::Relaxed);
    }

    /// Plays all steps of all stories, in the order of their times.
    pub async fn play(&self, stories: Vec<Story>) -> Result<(), Error> {
        let mut order: Vec<(Timestamp, usize, usize)> = Vec::new();
        for (story, told) in stories.iter().enumerate() {
            let start = self.moment(told.start);
            order.push((start, story, 0));
            for (index, step) in told.steps.iter().enumerate() {
                // Nothing happens in the future; what a story would have there happened just now, in its order.
                let latest = self.now.plus_seconds(-60);
                order.push((start.plus_seconds(step.after * 60).min(latest), story, index + 1));
            }
        }
        order.sort();
        let mut ids: BTreeMap<usize, DecisionId> = BTreeMap::new();
        for (at, story, step) in order {
            let Some(told) = stories.get(story) else { continue };
            self.at(at);
            let played = match (step.checked_sub(1).and_then(|index| told.steps.get(index)), ids.get(&story))
            {
                (Some(step), Some(id)) => self.step(id, step, at).await,
                _ => self.request(told).await.map(|id| drop(ids.insert(story, id))),
            };
            played.map_err(|error| Error::Fault(format!("`{}`, step {step}: {error}", told.goal)))?;
        }
        Ok(())
    }

    async fn request(&self, story: &Story) -> Result<DecisionId, Error> {
        let input = RequestInput {
            goal: story.goal.clone(),
            plan: story.plan.clone(),
            mode: story.mode,
            template: story.template.map(str::to_owned),
            policy: story.policy.clone(),
        };
        Ok(self.control.request(self.caller(story.who)?, input).await?.id.clone())
    }

    async fn step(&self, id: &DecisionId, step: &Step, at: Timestamp) -> Result<(), Error> {
        let who = self.caller(step.who)?;
        match &step.act {
            Act::Approve(comment, minutes) => {
                let expires_at = minutes.map(|minutes| at.plus_seconds(minutes * 60));
                self.control.approve(who, id, None, comment.clone(), expires_at).await?;
            }
            Act::Revoke(reason) => drop(self.control.revoke(who, id, None, Some(reason.clone())).await?),
            Act::Reject(reason) => drop(self.control.reject(who, id, None, reason).await?),
            Act::Withdraw(reason) => drop(self.control.withdraw(who, id, None, Some(reason.clone())).await?),
            Act::Execute(adapter) => drop(self.control.execute(who, id, None, adapter, None).await?),
        }
        Ok(())
    }
}
