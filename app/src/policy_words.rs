//! Policies beside each other, and beside what happened: field by field in plain words. Only the server says these
//! words, so that the browser's half need not hold them. They judge nothing: the rules are `governance`'s.

use crate::words;
use control::quorum::Quorum;
use governance::{Decision, Mode, Policy};

/// A policy in one sentence: `Any 2 approvers other than the requester; dry runs and real runs; at most 50 steps`.
pub fn sentence(policy: &Policy) -> String {
    let mut lines = words::policy(policy).into_iter();
    let mut said = lines.next().unwrap_or_default();
    for line in lines {
        let mut chars = line.chars();
        said.push_str("; ");
        said.extend(chars.next().into_iter().flat_map(char::to_lowercase));
        said.push_str(chars.as_str());
    }
    said
}

/// The fields of a policy, as the form calls them, in its order.
pub fn fields(policy: &Policy) -> Vec<(&'static str, String)> {
    let machines = if policy.allow_machine_approvals() { ", from people or machines" } else { "" };
    let listed = |entries: &[String], none: &str| {
        if entries.is_empty() { none.to_owned() } else { entries.join(", ") }
    };
    let own = if policy.forbid_self_approval() {
        "No: somebody else must approve"
    } else {
        "Yes: their approval counts"
    };
    vec![
        ("Approvals needed", format!("{}{machines}", policy.min_approvals())),
        ("May the requester approve?", own.to_owned()),
        ("What may run", modes(policy).to_owned()),
        ("Most steps", policy.max_steps().map_or("No limit".to_owned(), |steps| steps.to_string())),
        ("Sign-in not older than", policy.max_sign_in_age_minutes().map_or("Any age".to_owned(), minutes)),
        ("Adapter must have", listed(policy.require_adapter_capabilities(), "Nothing in particular")),
        ("Labels", listed(policy.labels(), "None")),
    ]
}

/// One field in which two policies differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is called.
    pub field: String,
    /// What the first one says.
    pub before: String,
    /// What the second one says.
    pub after: String,
}

/// Field by field what differs between two policies.
pub fn differences(before: &Policy, after: &Policy) -> Vec<Difference> {
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| Difference { field: field.to_owned(), before, after })
        .collect()
}

/// What today's members mean for a template, where not everybody's request could be approved.
pub fn quorum(quorum: Quorum) -> Option<String> {
    let needs = needs(quorum.needed, quorum.others_only, "the requester");
    let have = people(quorum.approvers);
    if !quorum.can_be_met() {
        return Some(format!(
            "{needs}; {have} the role today. Until more have it, no request can be approved."
        ));
    }
    quorum.fails_for_approvers().then(|| {
        format!(
            "{needs}; {have} the role today. What one of them asks for cannot be approved until more have it."
        )
    })
}

/// The same for one request: how many could approve it, whoever asks left out where the policy says so.
pub fn quorum_of_request(policy: &Policy, possible: u32) -> Option<String> {
    (possible < policy.min_approvals()).then(|| {
        let others_only = policy.forbid_self_approval();
        let needs = needs(policy.min_approvals(), others_only, "you");
        let have = match (possible, others_only) {
            (1, true) => "1 other person has".to_owned(),
            (_, true) => format!("{possible} other people have"),
            (_, false) => people(possible),
        };
        format!("{needs}; {have} the role today. Until more have it, it can never run.")
    })
}

/// What would have been different for a decision under this policy.
pub fn would_differ(decision: &Decision, policy: &Policy) -> String {
    let Some(old) = &decision.policy else { return "it had no policy".to_owned() };
    let mut said = Vec::new();
    let (had, needs) = (old.min_approvals(), policy.min_approvals());
    if needs > had {
        said.push(format!("would have needed {}", counted(needs - had, "more approval", "more approvals")));
    } else if needs < had {
        said.push(format!("would have needed {}", counted(had - needs, "approval fewer", "approvals fewer")));
    }
    if let Some(mode) = decision.mode.filter(|mode| !policy.allows_mode(*mode)) {
        said.push(format!(
            "could not have been asked for as a {}",
            words::mode(mode.as_str()).to_lowercase()
        ));
    }
    match (old.forbid_self_approval(), policy.forbid_self_approval()) {
        (false, true) if approved_by_requester(decision) => {
            said.push("its requester's own approval would not have counted".to_owned());
        }
        (true, false) => said.push("its requester could have approved it too".to_owned()),
        _ => {}
    }
    if let Some(words) = steps(decision, old, policy) {
        said.push(words);
    }
    let missing: Vec<&str> = policy
        .require_adapter_capabilities()
        .iter()
        .filter(|needed| !old.require_adapter_capabilities().contains(needed))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        said.push(format!("its adapter would have had to have {}", missing.join(", ")));
    }
    if let Some(age) = policy.max_sign_in_age_minutes()
        && old.max_sign_in_age_minutes().is_none_or(|had| had > age)
    {
        said.push(format!("its approvers would have had to sign in within the last {}", minutes(age)));
    }
    if said.is_empty() { "nothing would have been different".to_owned() } else { said.join("; ") }
}

fn steps(decision: &Decision, old: &Policy, policy: &Policy) -> Option<String> {
    if old.max_steps() == policy.max_steps() {
        return None;
    }
    let Some(most) = policy.max_steps() else { return Some("would have had no limit on steps".to_owned()) };
    let took = decision.executions.iter().filter_map(|run| run.steps_executed).max().unwrap_or_default();
    Some(if took > i64::from(most) {
        format!("took {took} steps and would have been held to {most}")
    } else {
        format!("would have been held to {}", counted(most, "step", "steps"))
    })
}

fn approved_by_requester(decision: &Decision) -> bool {
    let own = decision.requester.as_ref().and_then(|by| decision.approvals.get(by.id()));
    own.is_some_and(|approval| approval.revoked.is_none())
}

fn modes(policy: &Policy) -> &'static str {
    match (policy.allows_mode(Mode::DryRun), policy.allows_mode(Mode::Apply)) {
        (true, true) => "Dry runs and real runs",
        (true, false) => "Dry runs only",
        (false, _) => "Real runs only",
    }
}

fn needs(needed: u32, others_only: bool, who: &str) -> String {
    let approvers = counted(needed, "approver", "approvers");
    if others_only {
        format!("It needs {approvers} other than {who}")
    } else {
        format!("It needs {approvers}")
    }
}

fn people(count: u32) -> String {
    match count {
        0 => "nobody has".to_owned(),
        1 => "1 person has".to_owned(),
        _ => format!("{count} people have"),
    }
}

fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn minutes(minutes: u32) -> String {
    counted(minutes, "minute", "minutes")
}

#[cfg(test)]
mod tests {
    use super::{differences, quorum, quorum_of_request, sentence, would_differ};
    use control::quorum::Quorum;
    use governance::actor::ActorKind;
    use governance::decide::{Context, PolicyInput, Request, approve, request};
    use governance::{Actor, Decision, DecisionId, Event, Mode, Origin, Policy, Timestamp};

    fn policy(approvals: i64, forbid: bool) -> Policy {
        let modes = ["dry_run".to_owned(), "apply".to_owned()];
        Policy::new(approvals, &modes, Vec::new(), Some(50), Vec::new())
            .unwrap()
            .forbidding_self_approval(forbid)
    }

    #[test]
    fn a_policy_is_one_sentence() {
        let said = sentence(&policy(2, true));
        assert_eq!(
            said,
            "Any 2 approvers other than the requester; dry runs and real runs; at most 50 steps"
        );
    }

    #[test]
    fn two_policies_differ_field_by_field() {
        assert_eq!(differences(&policy(2, true), &policy(2, true)), []);
        let other =
            Policy::new(3, &["apply".to_owned()], vec!["timeout".into()], None, vec!["prod".into()]).unwrap();
        let other = other.asking_for_a_recent_sign_in(Some(1)).unwrap().allowing_machine_approvals(true);
        let found = differences(&policy(2, true), &other);
        let said: Vec<_> =
            found.iter().map(|one| format!("{}: {} → {}", one.field, one.before, one.after)).collect();
        assert_eq!(
            said,
            [
                "Approvals needed: 2 → 3, from people or machines",
                "May the requester approve?: No: somebody else must approve → Yes: their approval counts",
                "What may run: Dry runs and real runs → Real runs only",
                "Most steps: 50 → No limit",
                "Sign-in not older than: Any age → 1 minute",
                "Adapter must have: Nothing in particular → timeout",
                "Labels: None → prod",
            ]
        );
    }

    #[test]
    fn a_quorum_that_cannot_be_met_names_the_figures() {
        let of = |needed, approvers, others_only| quorum(Quorum { needed, approvers, others_only });
        for (needed, approvers, others_only, said) in [
            (
                3,
                2,
                true,
                Some(
                    "It needs 3 approvers other than the requester; 2 people have the role today. Until more",
                ),
            ),
            (1, 0, false, Some("It needs 1 approver; nobody has the role today. Until more")),
            (2, 1, false, Some("It needs 2 approvers; 1 person has the role today. Until more")),
            (
                2,
                2,
                true,
                Some(
                    "It needs 2 approvers other than the requester; 2 people have the role today. What one of them",
                ),
            ),
            (2, 2, false, None),
            (2, 3, true, None),
        ] {
            let found = of(needed, approvers, others_only);
            assert_eq!(found.is_some(), said.is_some(), "{found:?}");
            assert!(said.is_none_or(|said| found.clone().unwrap().starts_with(said)), "{found:?}");
        }
        let own = quorum_of_request(&policy(3, true), 2).unwrap();
        assert!(
            own.starts_with("It needs 3 approvers other than you; 2 other people have the role today."),
            "{own}"
        );
        assert_eq!(quorum_of_request(&policy(2, true), 2), None);
    }

    /// A rehearsal that took two approvals, one of them its requester's.
    fn decided() -> Decision {
        let mut decision = Decision::empty(DecisionId::new("d".repeat(8)).unwrap(), Origin::Native);
        let ada =
            Context::new(Timestamp::from_micros(0), Actor::new(ActorKind::Human, "ada@x.example").unwrap());
        let asked = Request {
            goal: "Rotate".to_owned(),
            plan: None,
            mode: Mode::DryRun,
            template: None,
            policy: PolicyInput { min_approvals: Some(2), ..PolicyInput::default() },
            forbid_self_approval: false,
        };
        for new in request(&ada, asked).unwrap() {
            let seq = decision.version();
            decision.evolve(Event::record(new, seq, Timestamp::from_micros(0)));
        }
        for new in approve(&decision, &ada, None, None).unwrap() {
            let seq = decision.version();
            decision.evolve(Event::record(new, seq, Timestamp::from_micros(1)));
        }
        decision
    }

    #[test]
    fn what_would_have_been_different_is_said_of_this_decision() {
        let decision = decided();
        let same = decision.policy.clone().unwrap();
        assert_eq!(would_differ(&decision, &same), "nothing would have been different");
        let real_runs =
            Policy::new(3, &["apply".to_owned()], vec!["timeout".into()], Some(1), vec![]).unwrap();
        let strict = real_runs.forbidding_self_approval(true).asking_for_a_recent_sign_in(Some(60)).unwrap();
        assert_eq!(
            would_differ(&decision, &strict),
            "would have needed 1 more approval; could not have been asked for as a dry run; its requester's own \
             approval would not have counted; would have been held to 1 step; its adapter would have had to have \
             timeout; its approvers would have had to sign in within the last 60 minutes"
        );
        let easy = Policy::new(1, &["dry_run".to_owned()], vec![], None, vec![]).unwrap();
        assert_eq!(would_differ(&decision, &easy), "would have needed 1 approval fewer");
    }
}
