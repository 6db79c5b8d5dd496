//! Properties: no input makes the rules panic, no path leads to a run without its approvals, replay is the truth,
//! and no single bit of what a package covers can change unseen.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use governance::decide::{self, Context, Outcome, PolicyInput, Request};
use governance::import::ImportBundle;
use governance::json::{self, Value};
use governance::package::{self, RouterPart};
use governance::router_bundle::{self, RunFact, RunHeader};
use governance::{
    Actor, ActorKind, Decision, DecisionId, Event, Mode, NewEvent, Origin, Phase, Refusal, Standing, State,
    Timestamp, bundle, canonical, lifecycle, verify,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PEOPLE: [&str; 4] = ["ana", "bo", "cy", "dee"];

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000).plus_seconds(second)
}

fn context(who: usize, second: i64) -> Context {
    let actor = Actor::new(ActorKind::Human, PEOPLE[who % PEOPLE.len()]).unwrap();
    Context::new(at(second), actor)
}

#[derive(Debug, Clone)]
enum Step {
    Approve { who: usize, lasts: Option<i64> },
    Revoke { who: usize },
    Reject { who: usize },
    Withdraw { who: usize },
    Execute { who: usize },
    Finish { good: bool },
    Wait { seconds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE.len();
    prop_oneof![
        6 => (who.clone(), prop::option::of(1..100_i64)).prop_map(|(who, lasts)| Step::Approve { who, lasts }),
        2 => who.clone().prop_map(|who| Step::Revoke { who }),
        1 => who.clone().prop_map(|who| Step::Reject { who }),
        1 => who.clone().prop_map(|who| Step::Withdraw { who }),
        3 => who.prop_map(|who| Step::Execute { who }),
        2 => any::<bool>().prop_map(|good| Step::Finish { good }),
        3 => (1..120_i64).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

fn apply(decision: &mut Decision, events: Result<Vec<NewEvent>, Refusal>, second: i64) -> bool {
    let Ok(events) = events else { return false };
    for new in events {
        let seq = decision.version();
        decision.evolve(Event::record(new, seq, at(second)));
    }
    true
}

fn start(approvals: i64, forbid: bool) -> Decision {
    let mut decision = Decision::empty(DecisionId::new("d").unwrap(), Origin::Native);
    let policy = PolicyInput { min_approvals: Some(approvals), ..PolicyInput::default() };
    let request = Request {
        goal: "g".to_owned(),
        plan: None,
        mode: Mode::Apply,
        template: None,
        policy,
        forbid_self_approval: forbid,
    };
    let events = decide::request(&context(0, 0), request);
    assert!(apply(&mut decision, events, 0));
    decision
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_path_to_a_run_without_its_approvals(
        steps in prop::collection::vec(step(), 1..40), approvals in 1..4_i64, forbid: bool,
    ) {
        let mut decision = start(approvals, forbid);
        let log = Standing::of_the_log();
        let (mut second, mut runs) = (0, 0);
        for step in steps {
            let before = decision.clone();
            match step {
                Step::Wait { seconds } => second += seconds,
                Step::Approve { who, lasts } => {
                    let expires = lasts.map(|lasts| at(second + lasts));
                    let events = decide::approve(&decision, &context(who, second), None, expires);
                    prop_assert!(!(forbid && who == 0 && events.is_ok()), "self-approval");
                    apply(&mut decision, events, second);
                }
                Step::Revoke { who } => {
                    let events = decide::revoke(&decision, &context(who, second), None);
                    apply(&mut decision, events, second);
                }
                Step::Reject { who } => {
                    let events = decide::reject(&decision, &context(who, second), "no");
                    apply(&mut decision, events, second);
                }
                Step::Withdraw { who } => {
                    let events = decide::withdraw(&decision, &context(who, second), None);
                    prop_assert!(who == 0 || events.is_err());
                    apply(&mut decision, events, second);
                }
                Step::Execute { who } => {
                    let active: BTreeSet<&str> = before.approvals.values()
                        .filter(|approval| approval.is_active(at(second)))
                        .map(|approval| approval.actor.id())
                        .filter(|id| !(forbid && *id == PEOPLE[0]))
                        .collect();
                    let events = decide::execute(&decision, &context(who, second), "x", &[], None);
                    if apply(&mut decision, events, second) {
                        runs += 1;
                        prop_assert!(i64::try_from(active.len()).unwrap() >= approvals);
                        prop_assert_eq!(&before.phase, &Phase::Open);
                    }
                }
                Step::Finish { good } => {
                    let outcome = if good {
                        Outcome::Completed { response_digest: "d".to_owned(), steps_executed: 1 }
                    } else {
                        Outcome::Failed { code: "C".to_owned(), message: String::new() }
                    };
                    let events = decide::finish(&decision, "run", outcome);
                    apply(&mut decision, events, second);
                }
            }
            prop_assert!(runs <= 1, "it ran twice");
            if before.state(at(second), &log).is_final() {
                prop_assert_eq!(&before, &decision, "a finished decision changed");
            }
            // The stored instant says the same as counting now, at this moment and around it.
            for moment in [second, second + 1, second + 50] {
                let stored = match decision.approved_until() {
                    None => false,
                    Some(None) => true,
                    Some(Some(until)) => until > at(moment),
                };
                prop_assert_eq!(stored, decision.is_approved(at(moment), &log));
            }
            let computed = lifecycle::compute(&decision, at(second), &log, 20);
            let ready = computed.blocking_reasons.is_empty();
            prop_assert_eq!(ready, computed.state == State::Approved);
            prop_assert_eq!(computed.progress.ready_to_execute, ready);
        }
        let replayed = Decision::replay(decision.id.clone(), Origin::Native, decision.events.clone());
        prop_assert_eq!(&replayed, &decision);
        let exported = bundle::export(&decision, at(second));
        let text = canonical::to_string(&exported.value);
        prop_assert!(verify::verify_text(&text).unwrap().ok);
        let read = ImportBundle::read(&text, "reject_on_conflict").unwrap();
        prop_assert_eq!(bundle::export(&Decision::replay(decision.id.clone(), Origin::Native, read.events), at(second)), exported);
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "\\PC*", json_like in "[\\[\\]{}\",:0-9eE+\\-.\\\\untrfalse ]{0,80}") {
        for text in [text, json_like] {
            if let Ok(value) = json::parse(&text) {
                let once = canonical::to_string(&value);
                let again = json::parse(&once).unwrap();
                prop_assert_eq!(&canonical::to_string(&again), &once);
                prop_assert!(json::parse(&canonical::to_ascii(&value)).unwrap() == again);
            }
            let _ = verify::verify_text(&text);
            let _ = ImportBundle::read(&text, "overwrite");
            let _ = Timestamp::parse(&text);
        }
    }

    #[test]
    fn floats_read_back(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
        let written = canonical::float(number);
        prop_assert_eq!(json::parse(&written).unwrap(), Value::Float(number));
    }

    #[test]
    fn times_read_back(micros in -62_135_596_800_000_000..253_402_300_799_999_999_i64) {
        let time = Timestamp::from_micros(micros);
        prop_assert_eq!(Timestamp::parse(&time.to_string()).unwrap().micros(), micros);
    }

    #[test]
    fn damaged_packages_never_panic(cut in 0..6000_usize, insert in "\\PC{0,6}") {
        let mut text = packages()[1].clone();
        let at = (0..=cut.min(text.len() - 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &insert);
        let _ = verify::verify_text(&text);
        text.truncate(at);
        prop_assert!(verify::verify_text(&text).is_err());
    }
}

fn packages() -> [String; 2] {
    let mut decision = start(1, true);
    let events = decide::approve(&decision, &context(1, 1), Some("déjà vu".to_owned()), None);
    assert!(apply(&mut decision, events, 1));
    let header = RunHeader {
        run_id: "run-1".to_owned(),
        mode: "apply".to_owned(),
        goal: "g".to_owned(),
        status: "completed".to_owned(),
        created_at: at(2),
    };
    let facts = [RunFact { ts: at(2), kind: "RUN_STARTED".to_owned(), payload: json::object([]) }];
    let run = router_bundle::build(&header, &facts, at(3));
    let events = decide::execute(&decision, &context(0, 2), "x", &[], None);
    assert!(apply(&mut decision, events, 2));
    let outcome = Outcome::Completed { response_digest: run.digest, steps_executed: 1 };
    let events = decide::finish(&decision, "run-1", outcome);
    assert!(apply(&mut decision, events, 3));
    [RouterPart::Reference { digest: None }, RouterPart::Embedded { bundle: &run.value }]
        .map(|part| canonical::to_string(&package::export(&decision, part, at(4)).unwrap().value))
}

/// The parts of a package that its digests cover.
fn covered(package: &Value) -> Vec<Option<Value>> {
    let paths = [
        "package_version",
        "binding",
        "integrity.binding_digest",
        "router.mode",
        "router.ref",
        "router.bundle.run",
        "router.bundle.events",
        "router.bundle.integrity.canonical_digest",
        "control_bundle.bundle_version",
        "control_bundle.decision",
        "control_bundle.events",
        "control_bundle.template_snapshot",
        "control_bundle.router_link",
        "control_bundle.integrity.canonical_digest",
    ];
    // An absent snapshot is the format's way to say that there is none.
    let none = json::object([("present", false.into())]);
    let at = |path: &str| path.split('.').try_fold(package, |value, name| value.get(name)).cloned();
    paths.iter().map(|path| at(path).or_else(|| path.ends_with("snapshot").then(|| none.clone()))).collect()
}

#[test]
fn every_flipped_bit_of_what_is_covered_is_found() {
    for text in packages() {
        let original = covered(&json::parse(&text).unwrap());
        assert!(verify::verify_text(&text).unwrap().ok);
        let mut unseen = 0;
        for index in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[index] ^= 1 << bit;
                let Ok(flipped) = String::from_utf8(bytes) else { continue };
                let Ok(value) = json::parse(&flipped) else { continue };
                if verify::verify(&value).is_ok_and(|report| report.ok) {
                    assert!(
                        covered(&value) == original,
                        "bit {bit} of byte {index} changed unseen: {flipped}"
                    );
                    unseen += 1;
                }
            }
        }
        assert!(unseen > 0, "`meta` is outside of every digest, so some bits may change");
    }
}
