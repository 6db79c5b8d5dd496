//! What blocks a run when voices are lost, and what the log says of those that were not counted.

use crate::scene::{actor, add, asked, at, directory, known, log, policy};
use governance::json::{self, Value};
use governance::standing::Uncounted;
use governance::{
    Body, Decision, Lost, NewEvent, Refusal, Standing, State, canonical, decide, lifecycle, timeline,
};

fn codes(decision: &Decision, standing: &Standing) -> Vec<&'static str> {
    let reasons = lifecycle::blocking_reasons(decision, at(99), standing);
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[test]
fn what_blocks_when_voices_are_lost() {
    let changes = [("bo", Some(Lost::Role)), ("cy", Some(Lost::Suspended))];
    let decision = asked("ana", policy(3), &["bo", "cy", "dee"]);
    let standing = directory(&changes);
    let reasons = lifecycle::blocking_reasons(&decision, at(99), &standing);
    let [first, second] = reasons.as_slice() else { panic!("two reasons, not {reasons:?}") };
    assert_eq!(
        first.message,
        "2 approvals no longer count: bo no longer has the approver role; cy is suspended"
    );
    assert_eq!(
        canonical::to_string(&first.to_value()),
        r#"{"code":"APPROVER_NOT_ENTITLED","details":{"current":1,"not_entitled":[{"actor":"bo","reason":"role_lost"},{"actor":"cy","reason":"suspended"}],"required":3},"message":"2 approvals no longer count: bo no longer has the approver role; cy is suspended"}"#
    );
    assert_eq!(second.message, "Missing 2 approvals");
    assert_eq!(canonical::to_string(&second.details), r#"{"current":1,"missing":2,"required":3}"#);
    assert!(first.code < second.code, "the triage order");
    assert_eq!(codes(&decision, &Standing::of_the_log()), Vec::<&str>::new());

    let computed = lifecycle::compute(&decision, at(99), &standing, 20);
    assert_eq!(computed.state, State::PendingApproval);
    assert_eq!((computed.progress.approvals_current, computed.progress.ready_to_execute), (1, false));

    // Enough are left: nothing blocks.
    assert!(codes(&asked("ana", policy(1), &["bo", "cy", "dee"]), &standing).is_empty());
    // Nobody is lost: as ever.
    assert_eq!(codes(&asked("ana", policy(3), &["dee"]), &standing), ["MISSING_APPROVALS"]);
    let one = lifecycle::blocking_reasons(&asked("ana", policy(1), &["bo"]), at(99), &standing);
    assert_eq!(one[0].message, "An approval no longer counts: bo no longer has the approver role");
}

#[test]
fn expired_approvals_are_told_by_people() {
    let brief = |id: &str, from: i64, decision: &mut Decision| {
        let granted = Body::ApprovalGranted { comment: None, expires_at: Some(at(50)) };
        add(decision, from, vec![NewEvent { actor: actor(id), body: granted }]);
    };
    let mut lapsed = asked("ana", policy(2), &["cy"]);
    brief("bo", 5, &mut lapsed);
    assert_eq!(codes(&lapsed, &directory(&[])), ["APPROVAL_EXPIRED"]);
    // A lost voice is said first, and then how many are missing.
    let lost = directory(&[("cy", Some(Lost::Role))]);
    assert_eq!(codes(&lapsed, &lost), ["APPROVER_NOT_ENTITLED", "MISSING_APPROVALS"]);
    // Two actors of one person never were enough, so that nothing enough has lapsed.
    let mut twice = asked("ana", policy(2), &["bo2"]);
    brief("bo", 5, &mut twice);
    assert_eq!(codes(&twice, &directory(&[])), ["MISSING_APPROVALS"]);
    assert_eq!(codes(&twice, &Standing::of_the_log()), ["APPROVAL_EXPIRED"]);
}

#[test]
fn a_run_is_refused_without_entitled_voices_and_says_whom_it_did_not_count() {
    let lost = directory(&[("cy", Some(Lost::Role))]);
    let short = asked("ana", policy(2), &["bo", "cy"]);
    let refused = decide::execute(&short, &log(9, "dee").with_standing(lost.clone()), "x", &[], None);
    assert_eq!(refused.as_ref().map_err(Refusal::code), Err("BLOCKED"));
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("cy no longer has the approver role; Missing 1 approval"), "{text}");

    let mut decision = asked("ana", policy(2), &["bo", "bo2", "cy", "ana2", "dee", "stranger"]);
    let events = decide::execute(&decision, &log(9, "dee").with_standing(lost), "x", &[], None).unwrap();
    add(&mut decision, 9, events);
    let requested = &decision.events[decision.events.len() - 2];
    assert_eq!(
        canonical::to_string(&requested.payload),
        r#"{"adapter_id":"x","approvals_not_counted":[{"actor":"bo2","reason":"same_person"},{"actor":"cy","reason":"role_lost"},{"actor":"ana2","reason":"requester"},{"actor":"stranger","reason":"unknown"}],"dry_run":false}"#
    );
    let line = timeline::compute(&decision).into_iter().find(|line| line.seq == requested.seq).unwrap();
    assert_eq!(
        line.summary,
        "Execution requested (apply) via x (approvals not counted: bo2 is the same person as another approver; \
         cy no longer has the approver role; ana2 is the same person as the requester; stranger is not known \
         here)"
    );
    // What was written is read again, by whoever gets the log.
    let read = Body::parse("EXECUTION_REQUESTED", &requested.payload).unwrap();
    assert_eq!(read, requested.body);

    // With nobody to leave out, the bytes are those of the reference.
    let plain = asked("ana", policy(2), &["bo", "cy"]);
    let events = decide::execute(&plain, &known(9, "dee"), "x", &[], None).unwrap();
    assert_eq!(canonical::to_string(&events[0].body.payload()), r#"{"adapter_id":"x","dry_run":false}"#);
}

#[test]
fn what_is_no_list_of_uncounted_approvals_is_refused() {
    let cases = [
        (r#"{"adapter_id":"x","dry_run":true}"#, Some(0)),
        (r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":null}"#, Some(0)),
        (r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":[]}"#, Some(0)),
        (
            r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":[{"actor":"a","reason":"unknown","more":1}]}"#,
            Some(1),
        ),
        (r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":"a"}"#, None),
        (r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":["a"]}"#, None),
        (r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":[{"actor":"a"}]}"#, None),
        (
            r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":[{"actor":1,"reason":"unknown"}]}"#,
            None,
        ),
        (
            r#"{"adapter_id":"x","dry_run":true,"approvals_not_counted":[{"actor":"a","reason":"bored"}]}"#,
            None,
        ),
    ];
    for (text, expected) in cases {
        let payload: Value = json::parse(text).unwrap();
        let found = match Body::parse("EXECUTION_REQUESTED", &payload) {
            Ok(Body::ExecutionRequested { approvals_not_counted, .. }) => Some(approvals_not_counted.len()),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        };
        assert_eq!(found, expected, "{text}");
    }
    for word in ["role_lost", "suspended", "unknown", "same_person", "requester"] {
        assert_eq!(Uncounted::parse(word).map(Uncounted::as_str), Some(word));
    }
}
