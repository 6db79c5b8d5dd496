//! No person is counted twice, or without their role, whatever happened.

use crate::scene::{DIRECTORY, add, asked, at, directory, known, log, policy};
use governance::decide::{self, Outcome, PolicyInput, Request};
use governance::{Decision, DecisionId, Lost, Mode, Origin, Refusal, Standing, State, lifecycle};
use proptest::prelude::*;
use std::collections::BTreeSet;

const ACTORS: [&str; 9] = ["ana", "ana2", "key-ana", "bo", "bo2", "cy", "dee", "eve", "stranger"];

fn person_of(id: &str) -> &str {
    DIRECTORY.iter().find(|(one, ..)| *one == id).map_or(id, |(_, person, _)| *person)
}

fn lost() -> impl Strategy<Value = Option<Lost>> {
    prop_oneof![4 => Just(None), 1 => Just(Some(Lost::Role)), 1 => Just(Some(Lost::Suspended))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn people_are_never_counted_twice_nor_without_their_role(
        approvers in prop::collection::vec(0..ACTORS.len(), 0..12), requester in 0..ACTORS.len(),
        losses in prop::collection::vec(lost(), ACTORS.len()), needed in 1..4_i64, forbid: bool, machines: bool,
    ) {
        let ids: Vec<&str> = approvers.iter().map(|index| ACTORS[*index]).collect();
        let requester = ACTORS[requester];
        let policy = policy(needed).forbidding_self_approval(forbid).allowing_machine_approvals(machines);
        let decision = asked(requester, policy, &ids);
        let changes: Vec<(&str, Option<Lost>)> = ACTORS.into_iter().zip(losses).collect();
        let standing = directory(&changes);
        let entitled: BTreeSet<&str> = ids.iter().copied()
            .filter(|id| *id != "stranger" && changes.iter().all(|(one, lost)| one != id || lost.is_none()))
            .filter(|id| !(forbid && person_of(id) == person_of(requester)))
            .filter(|id| !(forbid && !machines && id.starts_with("key-")))
            .map(person_of)
            .collect();
        let active = decision.active_approvals(at(99), &standing);
        prop_assert_eq!(usize::try_from(active).unwrap(), entitled.len());
        prop_assert!(active <= decision.active_approvals(at(99), &Standing::of_the_log()));
        let counted = decision.approvals.values().filter(|one| decision.counts(one, at(99), &standing)).count();
        prop_assert_eq!(counted, entitled.len());
        // Of the log, whoever is not counted is named; and the two add up.
        let silent = u32::try_from(decision.not_counted(at(99), &standing).len()).unwrap();
        prop_assert_eq!(active + silent, decision.active_approvals(at(99), &Standing::of_the_log()));
        let reasons = lifecycle::blocking_reasons(&decision, at(99), &standing);
        prop_assert_eq!(reasons.is_empty(), decision.state(at(99), &standing) == State::Approved);
        let context = log(100, "eve").with_standing(standing.clone());
        let run = decide::execute(&decision, &context, "x", &[], None);
        prop_assert_eq!(run.is_ok(), i64::try_from(entitled.len()).unwrap() >= needed);
    }

    #[test]
    fn with_a_directory_no_person_ever_approves_twice(
        steps in prop::collection::vec((0..ACTORS.len(), any::<bool>()), 1..30),
    ) {
        let mut decision = Decision::empty(DecisionId::new("d").unwrap(), Origin::Native);
        let policy = PolicyInput { min_approvals: Some(9), ..PolicyInput::default() };
        let request = Request {
            goal: "g".to_owned(), plan: None, mode: Mode::Apply, template: None, policy, forbid_self_approval: true,
        };
        add(&mut decision, 0, decide::request(&known(0, "ana"), request).unwrap());
        for (second, (who, revoke)) in (1..).zip(steps) {
            let context = known(second, ACTORS[who]);
            let events = if revoke {
                decide::revoke(&decision, &context, None)
            } else {
                decide::approve(&decision, &context, None, None)
            };
            add(&mut decision, second, events.unwrap_or_default());
            let active: Vec<&str> = decision.approvals.values()
                .filter(|one| one.is_active(at(second))).map(|one| person_of(one.actor.id())).collect();
            let people: BTreeSet<&str> = active.iter().copied().collect();
            prop_assert_eq!(active.len(), people.len(), "{:?}", active);
            prop_assert!(!people.contains("p-ana"), "self-approval");
        }
        prop_assert_eq!(decide::finish(&decision, "r", Outcome::Failed { code: "C".to_owned(), message: String::new() }), Err(Refusal::NotExecuting));
    }
}
