//! Loading what was weighed. Between the two somebody may decide, which only makes a stream longer, or import another
//! stream in its place, which makes it another one. Only the first is cut to what was weighed.

use crate::{Caller, Control, Error, Operation};
use governance::{Decision, DecisionId, Origin};
use std::sync::Arc;
use store::Stream;
use store::query::Weight;

/// How often a stream is looked at that is replaced under one's eyes.
const TRIES: usize = 5;

/// A decision as it is packed.
pub struct Taken {
    /// It.
    pub decision: Decision,
    /// The record of its run.
    pub run: Option<Arc<str>>,
    /// Position of its last event.
    pub position: i64,
}

impl Control {
    /// The decision as it stood when it was weighed, with the record of its run; as it stands now where another was put
    /// in its place. `None` where it is not there, or where the caller may not export what stands there.
    pub(super) async fn as_of(&self, caller: &Caller, mut weight: Weight) -> Result<Option<Taken>, Error> {
        for _ in 0..TRIES {
            let id: &DecisionId = &weight.id;
            let Some(stream) = self.store.load(&caller.workspace, id).await? else { return Ok(None) };
            let again = self.store.weights(&caller.workspace, &[id.as_str().to_owned()]).await?;
            let Some(now) = again.into_iter().next() else { return Ok(None) };
            let Some(decision) = cut(stream, &weight, &now) else {
                weight = now;
                continue;
            };
            // What was found is not always what is there now.
            if caller.require_on(Operation::Export, &decision).is_err() {
                return Ok(None);
            }
            let run = match decision.latest_execution() {
                Some(_) => self.store.run_of(&caller.workspace, id).await?.and_then(|run| run.bundle),
                None => None,
            };
            return Ok(Some(Taken { position: weight.position, decision, run: run.map(Arc::from) }));
        }
        let message = "a decision is being replaced by imports again and again; download the archive later";
        Err(Error::Invalid { field: "archive", message: message.to_owned() })
    }
}

/// The stream up to what was weighed; `None` where it is another stream than the one that was weighed. A stream that was
/// decided here never replaces one, and an imported one never grows.
fn cut(stream: Stream, weighed: &Weight, now: &Weight) -> Option<Decision> {
    if stream.origin == Origin::Imported && (weighed.version, weighed.position) != (now.version, now.position)
    {
        return None;
    }
    let version = usize::try_from(weighed.version).unwrap_or(usize::MAX);
    Some(Decision::replay(weighed.id.clone(), stream.origin, stream.events.into_iter().take(version)))
}

#[cfg(test)]
mod tests {
    use crate::{Caller, Control, Credential, Door, Role, Routers, SystemClock, SystemEntropy};
    use governance::{
        Actor, ActorKind, Body, Decision, DecisionId, Event, Mode, NewEvent, Origin, PersonId, Timestamp,
        WorkspaceId,
    };
    use std::sync::Arc;
    use store::query::Weight;
    use store::{ImportWrite, Store};

    /// A stream as it may be imported: as many events as goals.
    fn write(workspace: &WorkspaceId, requester: &str, goals: &[&str]) -> ImportWrite {
        let actor = Actor::new(ActorKind::Human, requester).unwrap();
        let event = |(seq, goal): (usize, &&str)| {
            let body = Body::DecisionCreated {
                goal: (*goal).to_owned(),
                plan: None,
                mode: Mode::DryRun,
                labels: Vec::new(),
            };
            Event::record(
                NewEvent { actor: actor.clone(), body },
                u32::try_from(seq).unwrap(),
                Timestamp::from_micros(1_763_700_000_000_000),
            )
        };
        let id = DecisionId::new("dec_0123456789").unwrap();
        let decision = Decision::replay(id, Origin::Imported, goals.iter().enumerate().map(event));
        ImportWrite {
            workspace: workspace.clone(),
            decision: Arc::new(decision),
            overwrite: true,
            imported_by: "ada".to_owned(),
            imported_at: Timestamp::from_micros(1_763_700_000_000_000),
        }
    }

    fn caller(workspace: &WorkspaceId, roles: &[Role]) -> Caller {
        Caller {
            workspace: workspace.clone(),
            actor: Actor::new(ActorKind::Human, "rita").unwrap(),
            person: PersonId::new("rita").unwrap(),
            actor_ids: vec!["rita".to_owned()],
            name: "Rita".to_owned(),
            roles: roles.to_vec(),
            credential: Credential::Session { signed_in_at: Timestamp::from_micros(0), proven_at: None },
            door: Door::Web,
            address: String::new(),
        }
    }

    async fn weighed(store: &Arc<dyn Store>, workspace: &WorkspaceId) -> Weight {
        store.weights(workspace, &["dec_0123456789".to_owned()]).await.unwrap().pop().unwrap()
    }

    #[tokio::test]
    async fn what_was_replaced_after_it_was_weighed_is_not_cut_to_the_old_measure() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("sqlite://{}", folder.path().join("a.db").display())).await.unwrap();
        let clock: Arc<dyn crate::Clock> = Arc::new(SystemClock);
        let routers = Routers::new(Vec::new(), &clock).unwrap();
        let control = Control::new(store.clone(), routers, clock, Arc::new(SystemEntropy));
        let workspace = WorkspaceId::new("ws").unwrap();
        let auditor = caller(&workspace, &[Role::Auditor]);
        let rita = caller(&workspace, &[Role::Requester]);

        store.import(write(&workspace, "rita", &["first"])).await.unwrap();
        let before = weighed(&store, &workspace).await;
        let taken = control.as_of(&rita, before.clone()).await.unwrap().unwrap();
        assert_eq!((taken.decision.version(), taken.position), (1, before.position));

        // Another one of the same id, longer and of somebody else.
        store.import(write(&workspace, "bo", &["second", "third"])).await.unwrap();
        let after = weighed(&store, &workspace).await;
        let taken = control.as_of(&auditor, before.clone()).await.unwrap().unwrap();
        assert_eq!((taken.decision.version(), taken.position), (2, after.position));
        assert!(control.as_of(&rita, before).await.unwrap().is_none(), "it is no longer hers");
    }
}
