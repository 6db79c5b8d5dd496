//! States, modes, policies and reasons in words: one voice for all pages. Plain functions, so that tests read them.

use governance::lifecycle::{BlockingCode, BlockingReason};
use governance::standing::NotCounted;
use governance::{Mode, Policy, Value};
use std::collections::BTreeMap;

/// How a state is shown: its word, a sign that does without colour, and the tone of its badge.
pub fn state(state: &str) -> (&'static str, &'static str, &'static str) {
    match state {
        "draft" => ("Draft", "○", "quiet"),
        "pending_approval" => ("Waiting for approval", "◔", "waiting"),
        "approved" => ("Approved", "✓", "good"),
        "executing" => ("Running", "▶", "busy"),
        "completed" => ("Completed", "●", "good"),
        "failed" => ("Failed", "✕", "bad"),
        "rejected" => ("Rejected", "⊘", "bad"),
        "withdrawn" => ("Withdrawn", "↩", "quiet"),
        _ => ("Unknown", "?", "quiet"),
    }
}

/// `Dry run` or `Real run`.
pub fn mode(mode: &str) -> &'static str {
    match mode {
        "dry_run" => "Dry run",
        "apply" => "Real run",
        _ => "Unknown mode",
    }
}

/// What a role may do, for forms.
pub fn role(role: &str) -> (&'static str, &'static str) {
    match role {
        "requester" => ("Requester", "asks, and sees their own requests"),
        "approver" => ("Approver", "approves and rejects"),
        "author" => ("Author", "writes templates"),
        "auditor" => ("Auditor", "reads and exports everything, changes nothing"),
        "admin" => ("Admin", "looks after people, settings and imports"),
        _ => ("Unknown role", ""),
    }
}

/// A policy as short statements.
pub fn policy(policy: &Policy) -> Vec<String> {
    let count = policy.min_approvals();
    let who = if policy.allow_machine_approvals() {
        ("approver, person or machine", "approvers, people or machines")
    } else {
        ("approver", "approvers")
    };
    let mut said = vec![match (count, policy.forbid_self_approval()) {
        (1, true) => format!("Any 1 {} other than the requester", who.0),
        (1, false) => format!("Any 1 {}, the requester included", who.0),
        (_, true) => format!("Any {count} {} other than the requester", who.1),
        (_, false) => format!("Any {count} {}, the requester included", who.1),
    }];
    said.push(match (policy.allows_mode(Mode::DryRun), policy.allows_mode(Mode::Apply)) {
        (true, true) => "Dry runs and real runs".to_owned(),
        (true, false) => "Dry runs only".to_owned(),
        (false, _) => "Real runs only".to_owned(),
    });
    said.push(match policy.max_steps() {
        Some(1) => "At most 1 step".to_owned(),
        Some(steps) => format!("At most {steps} steps"),
        None => "No limit on steps".to_owned(),
    });
    match policy.max_sign_in_age_minutes() {
        Some(1) => said.push("Approving needs a sign-in within the last minute".to_owned()),
        Some(minutes) => said.push(format!("Approving needs a sign-in within the last {minutes} minutes")),
        None => {}
    }
    let needs = policy.require_adapter_capabilities();
    if !needs.is_empty() {
        said.push(format!("Adapter must have: {}", needs.join(", ")));
    }
    if !policy.labels().is_empty() {
        said.push(format!("Labels: {}", policy.labels().join(", ")));
    }
    said
}

/// Whose approvals do not count and why, by name: `Ben Okafor is suspended; …`.
fn not_entitled(reason: &BlockingReason, names: &BTreeMap<String, String>) -> (usize, String) {
    let found = reason.details.get("not_entitled").and_then(Value::as_array).unwrap_or_default();
    let said: Vec<String> = found
        .iter()
        .filter_map(NotCounted::from_value)
        .map(|one| format!("{} {}", names.get(&one.actor).unwrap_or(&one.actor), one.reason))
        .collect();
    (said.len(), said.join("; "))
}

/// A blocking reason: what it is, and what to do about it. `names` is by actor id.
pub fn blocking(
    reason: &BlockingReason,
    policy: Option<&Policy>,
    names: &BTreeMap<String, String>,
) -> (String, String) {
    let figure = |name: &str| reason.details.get(name).and_then(Value::as_i64).unwrap_or_default();
    let text = |name: &str| reason.details.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let who = if policy.is_some_and(Policy::forbid_self_approval) {
        "Anyone with the approver role other than the requester can approve, each person once."
    } else {
        "Anyone with the approver role can approve, each person once."
    };
    match reason.code {
        BlockingCode::NoPolicy => (
            "No policy is attached, so nothing says who may allow it.".to_owned(),
            "Create a new request with a policy or a template.".to_owned(),
        ),
        BlockingCode::AlreadyExecuted => (
            "It has run already, and a decision runs once.".to_owned(),
            "To run it again, create a new request.".to_owned(),
        ),
        BlockingCode::ExecutionFailed => (
            match text("error_code").as_str() {
                governance::decide::OUTCOME_UNKNOWN => {
                    "It was started, and nobody knows how it ended.".to_owned()
                }
                _ => format!("{}.", reason.message.trim_end_matches('.')),
            },
            "Find out what was left behind, then create a new request. This one is never tried again."
                .to_owned(),
        ),
        BlockingCode::Rejected => (
            format!("{} said no.", text("actor")),
            "Read the reason below. A changed plan is a new request.".to_owned(),
        ),
        BlockingCode::Withdrawn => (
            format!("{} took the request back.", text("actor")),
            "If it is needed after all, create a new request.".to_owned(),
        ),
        BlockingCode::ExecutionInProgress => {
            ("It is running now.".to_owned(), "This page shows how far it is, and how it ends.".to_owned())
        }
        BlockingCode::ImportedEvidence => (
            "It was imported as evidence of what another system did.".to_owned(),
            "It can be read, exported and verified. It can never be approved or run here.".to_owned(),
        ),
        BlockingCode::ApproverNotEntitled => {
            let (count, said) = not_entitled(reason, names);
            let head = if count == 1 {
                "1 approval does not count at this moment".to_owned()
            } else {
                format!("{count} approvals do not count at this moment")
            };
            (format!("{head}: {said}."), format!("They count again once an admin has put that right. {who}"))
        }
        BlockingCode::ApprovalExpired => {
            let (expired, valid, required) =
                (figure("expired_count"), figure("current_valid"), figure("required"));
            let lapsed = if expired == 1 {
                "1 approval has expired".to_owned()
            } else {
                format!("{expired} approvals have expired")
            };
            (
                format!("{lapsed}; {valid} of {required} still count."),
                format!("Those whose approval expired can approve again. {who}"),
            )
        }
        BlockingCode::MissingApprovals => {
            let (missing, current, required) = (figure("missing"), figure("current"), figure("required"));
            let more = if missing == 1 {
                "1 more approval is needed".to_owned()
            } else {
                format!("{missing} more approvals are needed")
            };
            (format!("{more}; {current} of {required} given."), who.to_owned())
        }
    }
}

/// A browser by what it says of itself: `Firefox on Windows`. It may say anything, so that nothing is decided by it.
pub fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // The order matters: each of these also claims to be those after it.
    let program = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrom", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        (None, _) => "Unknown browser".to_owned(),
    }
}

/// How long ago or how far ahead: `3 hours ago`, `in 2 days`.
pub fn relative(now_micros: i64, then_micros: i64) -> String {
    let seconds = then_micros.saturating_sub(now_micros) / 1_000_000;
    let (size, future) = (seconds.unsigned_abs(), seconds > 0);
    let (number, unit) = match size {
        0..=9 => return if future { "in a moment".to_owned() } else { "just now".to_owned() },
        10..=59 => (size, "second"),
        60..=3_599 => (size / 60, "minute"),
        3_600..=86_399 => (size / 3_600, "hour"),
        86_400..=5_183_999 => (size / 86_400, "day"),
        _ => (size / 2_592_000, "month"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if future { format!("in {number} {unit}{plural}") } else { format!("{number} {unit}{plural} ago") }
}

/// What is left until a moment, and how near it is: `far`, `near` (less than an hour), or `over`.
pub fn countdown(now_micros: i64, until_micros: i64) -> (String, &'static str) {
    let left = until_micros.saturating_sub(now_micros).max(0).unsigned_abs().div_ceil(1_000_000);
    let (days, hours, minutes, seconds) = (left / 86_400, left / 3_600 % 24, left / 60 % 60, left % 60);
    match (days, hours, minutes) {
        _ if left == 0 => ("over".to_owned(), "over"),
        (0, 0, 0) => (format!("{seconds} s left"), "near"),
        (0, 0, _) => (format!("{minutes} min {seconds:02} s left"), "near"),
        (0, ..) => (format!("{hours} h {minutes:02} min left"), "far"),
        (1, ..) => (format!("1 day {hours} h left"), "far"),
        _ => (format!("{days} days {hours} h left"), "far"),
    }
}

/// How many approvals there are of how many: `2 of 3 approvals, one more needed`.
pub fn seats(given: u32, needed: u32) -> String {
    let approvals = if needed == 1 { "approval" } else { "approvals" };
    let more = match needed.saturating_sub(given) {
        0 if given > needed => return format!("{given} approvals, {needed} needed"),
        0 => return format!("{given} of {needed} {approvals}"),
        1 => "one more needed".to_owned(),
        2 => "two more needed".to_owned(),
        3 => "three more needed".to_owned(),
        more => format!("{more} more needed"),
    };
    if given == 0 {
        format!("No approval yet, {}", more.replace(" more", ""))
    } else {
        format!("{given} of {needed} {approvals}, {more}")
    }
}

#[cfg(test)]
mod tests {
    use super::{blocking, browser, countdown, policy, relative, seats, state};
    use governance::lifecycle::{BlockingCode, BlockingReason};
    use governance::standing::{Lost, NotCounted, Uncounted};
    use governance::{Policy, State, Value, json::object};
    use std::collections::BTreeMap;

    fn two(forbid: bool) -> Policy {
        let modes = ["dry_run".to_owned(), "apply".to_owned()];
        Policy::new(2, &modes, vec!["timeout".into()], Some(50), vec![])
            .unwrap()
            .forbidding_self_approval(forbid)
    }

    #[test]
    fn a_policy_reads_as_a_person_would_say_it() {
        assert_eq!(
            policy(&two(true)).join("; "),
            "Any 2 approvers other than the requester; Dry runs and real runs; At most 50 steps; Adapter must have: timeout"
        );
        let one = Policy::new(1, &["apply".to_owned()], vec![], None, vec!["prod".into()]).unwrap();
        assert_eq!(
            policy(&one).join("; "),
            "Any 1 approver, the requester included; Real runs only; No limit on steps; Labels: prod"
        );
    }

    #[test]
    fn every_state_has_its_own_word_and_sign() {
        let mut words: Vec<_> = State::ALL.iter().map(|one| state(one.as_str()).0).collect();
        let mut signs: Vec<_> = State::ALL.iter().map(|one| state(one.as_str()).1).collect();
        assert!(!words.contains(&"Unknown"));
        words.sort_unstable();
        words.dedup();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!((words.len(), signs.len()), (State::ALL.len(), State::ALL.len()));
    }

    #[test]
    fn a_blocking_reason_says_what_is_missing_and_who_can_help() {
        let details =
            object([("required", 2_u32.into()), ("current", 1_u32.into()), ("missing", 1_u32.into())]);
        let reason = BlockingReason { code: BlockingCode::MissingApprovals, message: String::new(), details };
        let (what, todo) = blocking(&reason, Some(&two(true)), &BTreeMap::new());
        assert_eq!(what, "1 more approval is needed; 1 of 2 given.");
        assert!(todo.contains("other than the requester"));
    }

    #[test]
    fn an_approval_that_does_not_count_says_whose_and_why() {
        let not = |actor: &str, why| NotCounted { actor: actor.to_owned(), reason: why }.to_value();
        let gone =
            vec![not("ben@x.example", Uncounted::Lost(Lost::Suspended)), not("nxc_1", Uncounted::SamePerson)];
        let reason = BlockingReason {
            code: BlockingCode::ApproverNotEntitled,
            message: String::new(),
            details: object([("not_entitled", Value::Array(gone))]),
        };
        let names = BTreeMap::from([("ben@x.example".to_owned(), "Ben Okafor".to_owned())]);
        let (what, todo) = blocking(&reason, Some(&two(true)), &names);
        assert_eq!(
            what,
            "2 approvals do not count at this moment: Ben Okafor is suspended; nxc_1 is the same person as another \
             approver."
        );
        assert!(todo.contains("admin"));
    }

    #[test]
    fn a_browser_is_named_by_the_most_that_it_says() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        let edge = format!("{} Edg/140.0", chrome.replace("X11; Linux x86_64", "Windows NT 10.0"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1";
        for (agent, said) in [
            (chrome, "Chrome on Linux"),
            (edge.as_str(), "Edge on Windows"),
            (phone, "Safari on iPhone"),
            ("curl/8.0", "curl"),
            ("<b>Linux</b>", "Unknown browser"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser(agent), said, "{agent}");
        }
    }

    #[test]
    fn time_is_told_as_people_tell_it() {
        let second = 1_000_000;
        for (then, told) in [
            (1, "just now"),
            (-9 * second, "just now"),
            (9 * second, "in a moment"),
            (-10 * second, "10 seconds ago"),
            (59 * second, "in 59 seconds"),
            (-60 * second, "1 minute ago"),
            (-119 * second, "1 minute ago"),
            (-120 * second, "2 minutes ago"),
            (-3 * 3_600 * second, "3 hours ago"),
            (48 * 3_600 * second, "in 2 days"),
            (-70 * 86_400 * second, "2 months ago"),
            (i64::MIN, "3558399 months ago"),
        ] {
            assert_eq!(relative(0, then), told, "{then}");
        }
    }

    #[test]
    fn a_countdown_gets_more_exact_as_it_gets_near_and_never_goes_below_nothing() {
        let second = 1_000_000;
        for (until, left, near) in [
            (i64::MIN, "over", "over"),
            (0, "over", "over"),
            (1, "1 s left", "near"),
            (59 * second, "59 s left", "near"),
            (60 * second, "1 min 00 s left", "near"),
            (3_599 * second, "59 min 59 s left", "near"),
            (3_600 * second, "1 h 00 min left", "far"),
            (90_000 * second, "1 day 1 h left", "far"),
            (3 * 86_400 * second, "3 days 0 h left", "far"),
        ] {
            assert_eq!(countdown(0, until), (left.to_owned(), near), "{until}");
        }
    }

    #[test]
    fn seats_say_how_many_are_there_and_how_many_are_missing() {
        for (given, needed, said) in [
            (0, 1, "No approval yet, one needed"),
            (0, 3, "No approval yet, three needed"),
            (1, 1, "1 of 1 approval"),
            (2, 3, "2 of 3 approvals, one more needed"),
            (3, 3, "3 of 3 approvals"),
            (4, 3, "4 approvals, 3 needed"),
            (1, 30, "1 of 30 approvals, 29 more needed"),
        ] {
            assert_eq!(seats(given, needed), said);
        }
    }
}
