//! Approving, taking back and withdrawing, as one of several actors of a person.

use crate::scene::{add, asked, known, log, policy};
use governance::Refusal;
use governance::decide;

#[test]
fn who_may_approve() {
    // Requester, who approved, who approves now, the answer of the log, the answer of the directory.
    type Case<'a> = (&'a str, &'a [&'a str], &'a str, Option<&'a str>, Option<&'a str>);
    let (own, again) = (Some("SELF_APPROVAL_FORBIDDEN"), Some("ALREADY_APPROVED"));
    let cases: [Case<'_>; 8] = [
        ("ana", &[], "bo", None, None),
        ("ana", &[], "ana", own, own),
        ("ana", &[], "ana2", None, own),
        ("key-ana", &[], "ana", None, own),
        ("key-ana", &[], "bo", None, None),
        ("ana", &["bo"], "bo", again, again),
        ("ana", &["bo"], "bo2", None, again),
        ("ana", &["bo"], "cy", None, None),
    ];
    for (requester, approvers, who, in_log, in_directory) in cases {
        let decision = asked(requester, policy(3), approvers);
        for (context, expected) in [(log(9, who), in_log), (known(9, who), in_directory)] {
            let answer = decide::approve(&decision, &context, None, None);
            let code = answer.as_ref().err().map(Refusal::code);
            assert_eq!(code, expected, "{who} after {requester}, {approvers:?}");
        }
    }
    // Where the policy lets the requester approve, one person still has one voice.
    let decision = asked("ana", policy(2).forbidding_self_approval(false), &["ana"]);
    let answer = decide::approve(&decision, &known(9, "ana2"), None, None);
    assert_eq!(answer.unwrap_err().code(), "ALREADY_APPROVED");
}

#[test]
fn who_may_take_what_back() {
    // Who approved, who revokes, and in whose names the approvals are then revoked.
    type Case<'a> = (&'a [&'a str], &'a str, &'a [&'a str]);
    let cases: [Case<'_>; 7] = [
        (&["bo", "cy"], "bo", &["bo"]),
        (&["bo", "cy"], "bo2", &["bo"]),
        (&["bo", "bo2", "cy"], "bo2", &["bo", "bo2"]),
        (&["bo"], "cy", &[]),
        (&["bo"], "stranger", &[]),
        // The owner answers for a key; a key never speaks for its owner.
        (&["key-ana"], "ana", &["key-ana"]),
        (&["ana", "key-ana"], "key-ana", &["key-ana"]),
    ];
    for (approvers, who, expected) in cases {
        let machines = policy(1).allowing_machine_approvals(true);
        let mut decision = asked("dee", machines, approvers);
        let events = match decide::revoke(&decision, &known(9, who), Some("no".to_owned())) {
            Ok(events) => events,
            Err(refusal) => {
                assert_eq!((refusal, expected), (Refusal::NothingToRevoke, &[][..]), "{who}");
                continue;
            }
        };
        let names: Vec<&str> = events.iter().map(|event| event.actor.id()).collect();
        assert_eq!(names, expected, "{who} of {approvers:?}");
        add(&mut decision, 9, events);
        for approval in decision.approvals.values() {
            assert_eq!(approval.revoked.is_some(), expected.contains(&approval.actor.id()));
        }
        let twice = decide::revoke(&decision, &known(10, who), None);
        assert_eq!(twice, Err(Refusal::NothingToRevoke), "{who}");
    }
}

#[test]
fn who_may_withdraw() {
    let cases = [
        ("ana", "ana", true, true),
        ("ana", "ana2", false, true),
        ("key-ana", "ana", false, true),
        ("key-ana", "bo", false, false),
        ("ana", "bo", false, false),
        ("ana", "stranger", false, false),
    ];
    for (requester, who, in_log, in_directory) in cases {
        let decision = asked(requester, policy(1), &[]);
        for (context, expected) in [(log(9, who), in_log), (known(9, who), in_directory)] {
            match decide::withdraw(&decision, &context, None) {
                Ok(events) => {
                    assert!(expected, "{who} of {requester}");
                    assert!(events.iter().all(|event| event.actor.id() == who), "in their own name");
                }
                Err(refusal) => assert_eq!((refusal, expected), (Refusal::NotRequester, false)),
            }
        }
    }
}
