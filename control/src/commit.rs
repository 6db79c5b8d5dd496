//! Load, decide, append: the three steps that every change of a decision takes, with the checks around them.

use crate::{Caller, Control, Error, Operation};
use governance::decide::Context;
use governance::{Decision, DecisionId, Event, NewEvent, Refusal, Timestamp};
use std::sync::Arc;
use store::{Append, RunWrite, StoreError};

/// How often a change is tried again when somebody else was faster. Each time it is decided anew.
pub(crate) const ATTEMPTS: usize = 8;

impl Control {
    /// The decision, when the caller may do this to it.
    pub(crate) async fn load_for(
        &self,
        caller: &Caller,
        operation: Operation,
        id: &DecisionId,
    ) -> Result<Decision, Error> {
        let stream = self.store.load(&caller.workspace, id).await?.ok_or(Error::NotFound("decision"))?;
        let decision = Decision::replay(id.clone(), stream.origin, stream.events);
        caller.require_on(operation, &decision)?;
        Ok(decision)
    }

    /// Changes a decision: checks the version that the caller saw, decides and appends. Without an expected version
    /// a lost race is decided again on what is there then; so is one where roles or people changed meanwhile.
    pub(crate) async fn change(
        &self,
        caller: &Caller,
        operation: Operation,
        id: &DecisionId,
        expected: Option<u32>,
        decide: impl Fn(&Decision, &Context) -> Result<Vec<NewEvent>, Refusal> + Send + Sync,
    ) -> Result<Arc<Decision>, Error> {
        for _ in 0..ATTEMPTS {
            let (caller, directory) = self.refreshed(caller).await?;
            let decision = self.load_for(&caller, operation, id).await?;
            unchanged(&decision, expected)?;
            let context = self.context_of(&caller, &decision).await?;
            let events = decide(&decision, &context)?;
            match self.append(&caller, decision, events, context.now, None, Some(directory)).await {
                Err(Error::Store(StoreError::Conflict { .. } | StoreError::Outdated(_))) => {}
                other => return other,
            }
        }
        Err(Error::Fault(format!("decision {id} kept changing during {ATTEMPTS} attempts")))
    }

    /// The moment and the actor, for what rests on nobody else.
    pub(crate) fn context(&self, caller: &Caller) -> Context {
        Context::new(self.now(), caller.actor.clone()).with_sign_in(caller.proven_at())
    }

    /// The moment, the actor, and who stands behind everyone in the decision.
    pub(crate) async fn context_of(&self, caller: &Caller, decision: &Decision) -> Result<Context, Error> {
        let standing = self.standing(caller, decision).await?;
        Ok(self.context(caller).with_standing(standing))
    }

    /// Appends new facts to a decision and answers with it as it stands then. `directory` is the length of the
    /// workspace's log that roles were read at, where the facts rest on them.
    pub(crate) async fn append(
        &self,
        caller: &Caller,
        mut decision: Decision,
        events: Vec<NewEvent>,
        now: Timestamp,
        run: Option<RunWrite>,
        directory: Option<u32>,
    ) -> Result<Arc<Decision>, Error> {
        let new_events = u32::try_from(events.len()).unwrap_or(u32::MAX);
        let ts = no_earlier(&decision, now);
        for new in events {
            let seq = decision.version();
            decision.evolve(Event::record(new, seq, ts));
        }
        let decision = Arc::new(decision);
        let workspace = caller.workspace.clone();
        let door = Some(caller.door.as_str());
        let append = Append { workspace, decision: decision.clone(), new_events, run, directory, door };
        self.store.append(append).await?;
        self.changes.ring(&caller.workspace, &decision.id);
        Ok(decision)
    }
}

/// This moment, or that of the decision's last event where the clock went back.
/// INVARIANT: times within a stream never run backwards.
pub(crate) fn no_earlier(decision: &Decision, now: Timestamp) -> Timestamp {
    decision.events.last().map_or(now, |last| last.ts.max(now))
}

/// Refuses when the stream is not at the version that the caller saw, and says what came since.
pub(crate) fn unchanged(decision: &Decision, expected: Option<u32>) -> Result<(), Error> {
    match expected {
        Some(seen) if seen != decision.version() => {
            let mut since = governance::timeline::compute(decision);
            since.retain(|entry| entry.seq >= seen);
            Err(Error::Changed { version: decision.version(), since })
        }
        _ => Ok(()),
    }
}
