//! Which actors are one person, and whose approval counts.

use crate::scene::{actor, asked, at, directory, known, policy, words};
use governance::decide;
use governance::{Lost, Refusal, Standing, State};
use std::collections::BTreeMap;

/// Approvers, what is lost, how many of the log, how many of the directory, and who does not count.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, Option<Lost>)], u32, u32, &'a [(&'a str, &'a str)]);

#[test]
fn who_is_one_person() {
    let (log, directory) = (Standing::of_the_log(), directory(&[]));
    let cases = [
        // One, other, of the log, with the directory.
        ("ana", "ana", true, true),
        ("ana", "ana2", false, true),
        ("ana", "key-ana", false, true),
        ("ana2", "key-ana", false, true),
        ("ana", "bo", false, false),
        ("nobody", "nobody", true, true),
        ("nobody", "stranger", false, false),
        ("nobody", "ana", false, false),
        // A name is not a person id.
        ("p-ana", "ana", false, false),
    ];
    for (one, other, in_log, known) in cases {
        for (a, b) in [(one, other), (other, one)] {
            assert_eq!(log.same_person(&actor(a), &actor(b)), in_log, "{a} {b}");
            assert_eq!(directory.same_person(&actor(a), &actor(b)), known, "{a} {b}");
        }
    }
}

#[test]
fn who_has_lost_what() {
    let directory = directory(&[("bo", Some(Lost::Role)), ("cy", Some(Lost::Suspended))]);
    let cases = [("bo", Some(Lost::Role)), ("cy", Some(Lost::Suspended)), ("dee", None), ("bo2", None)];
    for (id, lost) in cases {
        assert_eq!(directory.lost(&actor(id)), lost, "{id}");
        assert_eq!(Standing::of_the_log().lost(&actor(id)), None, "{id}");
    }
    assert_eq!(directory.lost(&actor("stranger")), Some(Lost::Unknown));
    assert_eq!(Standing::new(BTreeMap::new()).lost(&actor("dee")), Some(Lost::Unknown));
    assert_eq!(Standing::of_the_log().lost(&actor("stranger")), None);
}

#[test]
fn whose_approval_counts() {
    let role = ("bo", Some(Lost::Role));
    let suspended = ("bo", Some(Lost::Suspended));
    let cases: [Case<'_>; 10] = [
        (&[], &[], 0, 0, &[]),
        (&["bo", "cy"], &[], 2, 2, &[]),
        (&["bo", "cy"], &[role], 2, 1, &[("bo", "role_lost")]),
        (&["bo", "cy"], &[suspended], 2, 1, &[("bo", "suspended")]),
        (&["bo", "stranger"], &[], 2, 1, &[("stranger", "unknown")]),
        (&["bo", "bo2"], &[], 2, 1, &[("bo2", "same_person")]),
        (&["bo2", "bo"], &[], 2, 1, &[("bo", "same_person")]),
        // The first voice is lost, so the same person's second one is heard.
        (&["bo", "bo2"], &[role], 2, 1, &[("bo", "role_lost")]),
        (&["ana2", "bo"], &[], 2, 1, &[("ana2", "requester")]),
        // What the log alone explains is not said again: the requester as themselves, a machine.
        (&["ana", "key-ana", "bo"], &[], 1, 1, &[]),
    ];
    for (approvers, changes, in_log, known, silent) in cases {
        let decision = asked("ana", policy(2), approvers);
        let (log, directory) = (Standing::of_the_log(), directory(changes));
        assert_eq!(decision.active_approvals(at(99), &log), in_log, "{approvers:?}");
        assert_eq!(decision.active_approvals(at(99), &directory), known, "{approvers:?} {changes:?}");
        assert_eq!(words(&decision.not_counted(at(99), &directory)), silent, "{approvers:?} {changes:?}");
        assert_eq!(decision.not_counted(at(99), &log), [], "{approvers:?}");
        assert_eq!(decision.is_approved(at(99), &directory), known >= 2);
        let state = if known >= 2 { State::Approved } else { State::PendingApproval };
        assert_eq!(decision.state(at(99), &directory), state);
        for approval in decision.approvals.values() {
            let id = approval.actor.id();
            let out = ["ana", "key-ana"].contains(&id) || silent.iter().any(|(one, _)| *one == id);
            assert_eq!(decision.counts(approval, at(99), &directory), !out, "{id} of {approvers:?}");
        }
    }
}

#[test]
fn a_machine_and_its_owner_are_one_approver_even_where_machines_may_approve() {
    let machines = || policy(2).allowing_machine_approvals(true);
    let decision = asked("bo", machines(), &["key-ana", "ana"]);
    assert_eq!(decision.active_approvals(at(9), &directory(&[])), 1);
    assert_eq!(words(&decision.not_counted(at(9), &directory(&[]))), [("ana", "same_person")]);
    let alone = asked("bo", machines(), &["key-ana", "cy"]);
    assert_eq!(alone.active_approvals(at(9), &directory(&[])), 2);
    let owned = asked("ana", machines(), &["key-ana"]);
    assert_eq!(words(&owned.not_counted(at(9), &directory(&[]))), [("key-ana", "requester")]);
    let again = decide::approve(&alone, &known(9, "ana"), None, None);
    assert!(matches!(again, Err(Refusal::AlreadyApproved { .. })));
    let machine = decide::approve(&asked("bo", policy(1), &[]), &known(9, "key-ana"), None, None);
    assert_eq!(machine, Err(Refusal::MachineApproval));
}
