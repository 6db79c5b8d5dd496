//! A policy may ask that an approval follows a recent sign-in: how it is written, read and enforced.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use governance::decide::{self, Context, PolicyInput, Request};
use governance::policy::PolicyError;
use governance::{
    Actor, ActorKind, Body, Decision, DecisionId, Event, Mode, NewEvent, Origin, Policy, Refusal, Template,
    Timestamp, canonical, inspect, json,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000).plus_seconds(second)
}

fn by(id: &str, second: i64) -> Context {
    Context::new(at(second), Actor::new(ActorKind::Human, id).unwrap())
}

fn input(minutes: Option<i64>) -> PolicyInput {
    PolicyInput { max_sign_in_age_minutes: minutes, ..PolicyInput::default() }
}

fn asked(template: Option<&Template>, policy: PolicyInput) -> Result<Decision, Refusal> {
    let mut decision = Decision::empty(DecisionId::new("d").unwrap(), Origin::Native);
    let goal = "g".to_owned();
    let request =
        Request { goal, plan: None, mode: Mode::DryRun, template, policy, forbid_self_approval: true };
    add(&mut decision, decide::request(&by("ana", 0), request)?);
    Ok(decision)
}

fn add(decision: &mut Decision, events: Vec<NewEvent>) {
    for new in events {
        decision.evolve(Event::record(new, decision.version(), at(0)));
    }
}

#[test]
fn how_old_the_sign_in_may_be() {
    let (now, minute) = (1_000_000, 60);
    // What the policy asks, when the person signed in, and the minutes of the refusal.
    let cases = [
        (None, None, None),
        (None, Some(0), None),
        (Some(15), None, Some(15)),
        (Some(15), Some(now), None),
        (Some(15), Some(now - 15 * minute), None),
        (Some(15), Some(now - 15 * minute - 1), Some(15)),
        (Some(1), Some(now - 60), None),
        (Some(1), Some(now - 61), Some(1)),
        (Some(10_080), Some(now - 10_080 * minute), None),
        (Some(10_080), Some(now - 10_080 * minute - 1), Some(10_080)),
        // A clock that was set back does not lock anybody out.
        (Some(1), Some(now + 5), None),
    ];
    for (minutes, signed_in, refused) in cases {
        let decision = asked(None, input(minutes)).unwrap();
        let context = by("bo", now).with_sign_in(signed_in.map(at));
        let answer = decide::approve(&decision, &context, None, None);
        let expected = refused.map(|minutes| Refusal::SignInTooOld { minutes });
        assert_eq!(answer.err(), expected, "{minutes:?} {signed_in:?}");
    }
}

#[test]
fn nobody_signs_in_again_for_nothing() {
    let mut decision = asked(None, input(Some(5))).unwrap();
    let approved = Body::ApprovalGranted { comment: None, expires_at: None };
    add(&mut decision, vec![NewEvent { actor: Actor::new(ActorKind::Human, "bo").unwrap(), body: approved }]);
    let long = Some("x".repeat(decide::MAX_COMMENT_CHARS + 1));
    let machine = Context::new(at(9), Actor::new(ActorKind::System, "key").unwrap());
    let cases = [
        (by("ana", 9), None, None, "SELF_APPROVAL_FORBIDDEN"),
        (by("bo", 9), None, None, "ALREADY_APPROVED"),
        (by("cy", 9), long, None, "INVALID_INPUT"),
        (by("cy", 9), None, Some(at(1)), "EXPIRY_IN_PAST"),
        (machine, None, None, "MACHINE_APPROVAL_FORBIDDEN"),
        (by("cy", 9), None, None, "STEP_UP_REQUIRED"),
    ];
    for (context, comment, expires_at, code) in cases {
        let refusal = decide::approve(&decision, &context, comment, expires_at).unwrap_err();
        assert_eq!(refusal.code(), code);
    }
    // What makes nothing run asks for nothing.
    assert!(decide::revoke(&decision, &by("bo", 9), None).is_ok());
    assert!(decide::reject(&decision, &by("cy", 9), "no").is_ok());
    let events = decide::withdraw(&decision, &by("ana", 9), None).unwrap();
    add(&mut decision, events);
    let late = decide::approve(&decision, &by("cy", 9), None, None).unwrap_err();
    assert_eq!(late.code(), "NOT_OPEN");
}

#[test]
fn the_refusal_says_what_to_do() {
    let words = |minutes| Refusal::SignInTooOld { minutes }.to_string();
    assert_eq!(
        words(15),
        "this policy asks that you have signed in within the last 15 minutes; sign in again and you return here"
    );
    assert!(words(1).contains("within the last minute;"));
}

#[test]
fn what_a_policy_may_ask_for() {
    for minutes in [1, 2, 60, 10_080] {
        let decision = asked(None, input(Some(minutes))).unwrap();
        let policy = decision.policy.unwrap();
        assert_eq!(policy.max_sign_in_age_minutes().map(i64::from), Some(minutes));
        let written = policy.to_value();
        assert_eq!(written.get("max_sign_in_age_minutes"), Some(&minutes.into()));
        assert_eq!(Policy::from_value(&written), Ok(policy));
    }
    for minutes in [i64::MIN, -1, 0, 10_081, i64::from(u32::MAX) + 2, i64::MAX] {
        let refused = asked(None, input(Some(minutes))).unwrap_err();
        assert_eq!(refused, Refusal::Policy(PolicyError::MaxSignInAge), "{minutes}");
    }
    let cases = [
        (r#"{"max_sign_in_age_minutes":null}"#, Ok(None)),
        ("{}", Ok(None)),
        (r#"{"max_sign_in_age_minutes":15}"#, Ok(Some(15))),
        (r#"{"max_sign_in_age_minutes":0}"#, Err(PolicyError::MaxSignInAge)),
        (r#"{"max_sign_in_age_minutes":10081}"#, Err(PolicyError::MaxSignInAge)),
        (r#"{"max_sign_in_age_minutes":"15"}"#, Err(PolicyError::Field("max_sign_in_age_minutes"))),
        (r#"{"max_sign_in_age_minutes":true}"#, Err(PolicyError::Field("max_sign_in_age_minutes"))),
    ];
    for (text, expected) in cases {
        let read = Policy::from_value(&json::parse(text).unwrap());
        assert_eq!(read.map(|policy| policy.max_sign_in_age_minutes()), expected, "{text}");
    }
    assert_eq!(
        PolicyError::MaxSignInAge.to_string(),
        "max_sign_in_age_minutes must be 1 to 10080 if specified"
    );
}

#[test]
fn it_is_written_only_where_it_is_asked_for() {
    let (without, with) = (asked(None, input(None)).unwrap(), asked(None, input(Some(15))).unwrap());
    let name = "max_sign_in_age_minutes";
    assert!(!canonical::to_string(&without.events[1].payload).contains(name));
    assert!(!canonical::to_string(&inspect::sections(&without, at(1))).contains(name));
    assert!(!inspect::render(&without, at(1)).contains("Sign-in"));
    assert!(canonical::to_string(&with.events[1].payload).contains("\"max_sign_in_age_minutes\":15"));
    assert!(
        canonical::to_string(&inspect::sections(&with, at(1))).contains("\"max_sign_in_age_minutes\":15")
    );
    assert!(inspect::render(&with, at(1)).contains("at most 15 min before an approval"));
    // A router has nothing to do with it.
    assert_eq!(without.router_request("x", true), with.router_request("x", true));
}

#[test]
fn a_template_carries_it_and_a_request_may_replace_it() {
    let (policy, _) = decide::resolve(None, input(Some(15)), Mode::DryRun, true).unwrap();
    let author = Actor::new(ActorKind::Human, "ann").unwrap();
    let template = Template::new("prod", "", policy, at(0), author).unwrap();
    let minutes = Some(&15_i64.into());
    assert_eq!(template.created_payload().get("max_sign_in_age_minutes"), minutes);
    assert_eq!(template.snapshot().get("max_sign_in_age_minutes"), minutes);
    assert_eq!(Template::from_value(&template.to_value()).as_ref(), Ok(&template));

    for (given, expected, overrides) in
        [(None, Some(15), "{}"), (Some(5), Some(5), r#"{"max_sign_in_age_minutes":5}"#)]
    {
        let decision = asked(Some(&template), input(given)).unwrap();
        assert_eq!(decision.policy.unwrap().max_sign_in_age_minutes(), expected);
        assert_eq!(canonical::to_string(&decision.template.unwrap().overrides), overrides);
    }
}
