//! A directory of five people with eight actors, and decisions to hold against it.

use governance::decide::Context;
use governance::standing::NotCounted;
use governance::{
    Actor, ActorKind, Body, Decision, DecisionId, Event, Lost, Mode, NewEvent, Origin, PersonId, Policy,
    Standing, Timestamp, Voice,
};

/// Actor, person, what is lost. Ana and Bo have two actors each, and Ana owns a key.
pub const DIRECTORY: [(&str, &str, Option<Lost>); 8] = [
    ("ana", "p-ana", None),
    ("ana2", "p-ana", None),
    ("key-ana", "p-ana", None),
    ("bo", "p-bo", None),
    ("bo2", "p-bo", None),
    ("cy", "p-cy", None),
    ("dee", "p-dee", None),
    ("eve", "p-eve", None),
];

pub fn directory(changes: &[(&str, Option<Lost>)]) -> Standing {
    let lost = |id: &str, usual| changes.iter().find(|(one, _)| *one == id).map_or(usual, |(_, lost)| *lost);
    let voice = |(id, person, usual): (&str, &str, Option<Lost>)| {
        (id.to_owned(), Voice { person: PersonId::new(person).unwrap(), lost: lost(id, usual) })
    };
    Standing::new(DIRECTORY.into_iter().map(voice).collect())
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000).plus_seconds(second)
}

/// People have names, keys begin with `key-`.
pub fn actor(id: &str) -> Actor {
    let kind = if id.starts_with("key-") { ActorKind::System } else { ActorKind::Human };
    Actor::new(kind, id).unwrap()
}

pub fn log(second: i64, id: &str) -> Context {
    Context::new(at(second), actor(id))
}

pub fn known(second: i64, id: &str) -> Context {
    log(second, id).with_standing(directory(&[]))
}

pub fn add(decision: &mut Decision, second: i64, events: Vec<NewEvent>) {
    for new in events {
        decision.evolve(Event::record(new, decision.version(), at(second)));
    }
}

/// Requested by `requester`, approved by each actor one second after the other, the directory not asked.
pub fn asked(requester: &str, policy: Policy, approvers: &[&str]) -> Decision {
    let mut decision = Decision::empty(DecisionId::new("d").unwrap(), Origin::Native);
    let goal = "g".to_owned();
    let created = Body::DecisionCreated { goal, plan: None, mode: Mode::Apply, labels: Vec::new() };
    let attached = Body::PolicyAttached { policy, template: None };
    let facts = [created, attached].map(|body| NewEvent { actor: actor(requester), body });
    add(&mut decision, 0, facts.to_vec());
    for (second, id) in (1..).zip(approvers) {
        let granted = Body::ApprovalGranted { comment: None, expires_at: None };
        add(&mut decision, second, vec![NewEvent { actor: actor(id), body: granted }]);
    }
    decision
}

pub fn policy(approvals: i64) -> Policy {
    let modes = ["dry_run".to_owned(), "apply".to_owned()];
    Policy::new(approvals, &modes, Vec::new(), None, Vec::new()).unwrap().forbidding_self_approval(true)
}

pub fn words(not_counted: &[NotCounted]) -> Vec<(&str, &str)> {
    not_counted.iter().map(|one| (one.actor.as_str(), one.reason.as_str())).collect()
}
