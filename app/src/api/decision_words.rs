//! What the page of a decision says that only the server can word: what is missing and who could give it, how it
//! compares with its template and with the last run, and what came through which door.

use super::decision::{Check, DecisionPage, Earlier, Term};
use super::line_diff::{Compared, compare};
use crate::run_words;
use crate::text::visible;
use crate::words;
use control::view::{Around, EarlierRun, Givers};
use governance::lifecycle::BlockingCode;
use governance::{Body, Decision, Event, Mode, Value, canonical};

/// How an event came, where that was noted; empty where it was not.
pub(crate) fn door(word: &str) -> &'static str {
    match word {
        "web" => "through the pages",
        "api" => "through the API",
        "mcp" => "through MCP",
        "cli" => "through the command line",
        _ => "",
    }
}

/// What somebody did, after their name.
pub(crate) fn did(body: &Body) -> &'static str {
    match body {
        Body::DecisionCreated { .. } => "asked for it",
        Body::PolicyAttached { .. } => "attached the policy",
        Body::ApprovalGranted { .. } => "approved",
        Body::ApprovalRevoked { .. } => "took their approval back",
        Body::DecisionRejected { .. } => "rejected it",
        Body::DecisionWithdrawn { .. } => "withdrew the request",
        Body::ExecutionRequested { dry_run: true, .. } => "started the dry run",
        Body::ExecutionRequested { dry_run: false, .. } => "started the real run",
        Body::ExecutionStarted { .. } => "recorded that the run began",
        Body::ExecutionCompleted { .. } => "recorded that the run completed",
        Body::ExecutionFailed { .. } => "recorded that the run failed",
    }
}

/// What they said with it.
pub(crate) fn said(event: &Event) -> Option<String> {
    let text = match &event.body {
        Body::ApprovalGranted { comment, .. } => comment.clone(),
        Body::ApprovalRevoked { reason } | Body::DecisionWithdrawn { reason } => reason.clone(),
        Body::DecisionRejected { reason } => Some(reason.clone()),
        Body::ExecutionFailed { error_code, .. } => Some(run_words::trouble(error_code).to_owned()),
        _ => None,
    };
    text.filter(|text| !text.is_empty())
}

/// The policy in one line: how many, and whose template.
pub(crate) fn rule(page: &DecisionPage) -> String {
    let first = page.policy.first().cloned().unwrap_or_else(|| "No policy is attached".to_owned());
    match &page.template {
        Some(template) if page.changed_terms() => {
            format!("{first}; from template {}, with changes", template.name)
        }
        Some(template) => format!("{first}; from template {}", template.name),
        None => first,
    }
}

/// Who could give one of the missing approvals.
pub(crate) fn givers(givers: &Givers, missing: u32) -> String {
    const ROLES: &str = "An admin can change roles.";
    if givers.count == 0 {
        return format!("Nobody in this workspace can give it: nobody else who may approve is left. {ROLES}");
    }
    let others = givers.count.saturating_sub(u32::from(givers.you));
    let named = u32::try_from(givers.names.len()).unwrap_or(u32::MAX);
    let more = others.saturating_sub(named);
    let mut who: Vec<String> = givers.names.iter().map(|name| visible(name)).collect();
    if givers.you {
        who.insert(0, "you".to_owned());
    }
    let said = match (who.as_slice(), more) {
        ([], 1) => "1 person could give it. Your roles do not show who.".to_owned(),
        ([], more) => format!("{more} people could give it. Your roles do not show who."),
        (_, 0) => format!("Who could give it: {}.", who.join(", ")),
        (_, more) => format!("Who could give it: {} and {more} more.", who.join(", ")),
    };
    match (givers.count < missing, givers.count) {
        (true, 1) => format!("{said} That is one of the {missing} that are missing. {ROLES}"),
        (true, count) => format!("{said} That is {count} of the {missing} that are missing. {ROLES}"),
        _ => said,
    }
}

/// What has to be there before it can run: what is, what is not, and who could help.
pub(crate) fn checks(view: &control::DecisionView, around: &Around, page: &DecisionPage) -> Vec<Check> {
    let open = matches!(page.state.as_str(), "draft" | "pending_approval" | "approved") && !page.imported;
    if !open {
        return Vec::new();
    }
    let done = |what: String| Check { done: true, what, detail: String::new() };
    let mut checks: Vec<Check> = page
        .approvals
        .iter()
        .filter(|one| one.status == "counts")
        .map(|one| done(format!("{} approved", visible(&one.who.name))))
        .collect();
    for (reason, blocked) in view.lifecycle.blocking_reasons.iter().zip(&page.blocked) {
        let missing = page.needed.saturating_sub(page.given);
        let waits = matches!(
            reason.code,
            BlockingCode::MissingApprovals
                | BlockingCode::ApprovalExpired
                | BlockingCode::ApproverNotEntitled
        );
        let detail = match &around.givers {
            Some(found) if waits => givers(found, missing),
            _ => blocked.todo.clone(),
        };
        checks.push(Check { done: false, what: visible(&blocked.what), detail: visible(&detail) });
    }
    let able = page.adapters.first();
    checks.push(match (page.at_the_gate(), able) {
        (Some(_), _) => done("It runs where it was asked for, through the gate".to_owned()),
        (None, Some(adapter)) => done(format!("It can run here, through {}", visible(&adapter.id))),
        (None, None) => Check {
            done: false,
            what: "No adapter here has what the policy requires in this mode".to_owned(),
            detail: "Whoever runs this server can add one. Approving is possible all the same.".to_owned(),
        },
    });
    checks
}

/// The policy's fields beside those of the template that it came from.
pub(crate) fn terms(snapshot: &Value, overrides: &Value) -> Vec<Term> {
    let written = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "not set".to_owned(),
        Some(value) => canonical::to_string(value),
    };
    let Some(replaced) = overrides.as_object() else { return Vec::new() };
    let term = |(name, here): (&String, &Value)| Term {
        name: name.replace('_', " "),
        template: written(snapshot.get(name)),
        here: written(Some(here)),
    };
    replaced.iter().map(term).collect()
}

/// What would run beside what ran last.
pub(crate) fn earlier(decision: &Decision, found: Option<&EarlierRun>) -> Earlier {
    let Some(found) = found else {
        let words = "No earlier run of this goal that you may see.".to_owned();
        return Earlier { words, link: None, lines: Vec::new() };
    };
    let last = &found.decision;
    let when = last
        .latest_execution()
        .and_then(|run| run.completed_at)
        .map(|at| format!(", completed {}", at.to_plain()))
        .unwrap_or_default();
    let which = if found.same_goal {
        format!("Against the last run of this goal{when}.")
    } else {
        format!("No earlier run of this goal. Against the last run from the same template{when}.")
    };
    let (said, lines) = match compare(&what_runs(last), &what_runs(decision)) {
        Compared::Same if same_text(last, decision) => {
            ("Nothing is different: the plan and the mode are the same, to the letter.", Vec::new())
        }
        Compared::Same => (WRITTEN_DIFFERENTLY, Vec::new()),
        Compared::TooLong => ("They differ, and are too long to be compared here line by line.", Vec::new()),
        Compared::Lines(lines) => {
            ("Removed lines (−) are of then, added lines (+) are of this request.", lines)
        }
    };
    let lines = lines.into_iter().map(|(sign, text)| (sign.to_string(), text)).collect();
    Earlier { words: format!("{which} {said}"), link: Some(last.id.as_str().to_owned()), lines }
}

/// Where the same content stands in another text.
const WRITTEN_DIFFERENTLY: &str = "The mode is the same, and the plan has the same content but is written differently: spaces, \
                                   the order of members, or how a value is written. The plan as it was sent shows it.";

/// Whether plan and mode are the very same texts; the goal where there is no plan.
fn same_text(one: &Decision, other: &Decision) -> bool {
    let goal = |decision: &Decision| decision.goal.clone().filter(|_| decision.plan.is_none());
    one.mode == other.mode && one.plan == other.plan && goal(one) == goal(other)
}

/// The plan, in the mode that it was asked for; a goal alone where there is no plan.
fn what_runs(decision: &Decision) -> String {
    let mode = words::mode(decision.mode.map(Mode::as_str).unwrap_or_default());
    let goal = decision.goal.as_deref().unwrap_or_default();
    match decision.plan.as_deref() {
        // The mode goes into the same layout as the plan, so that a plan of JSON stays one.
        Some(plan) => match governance::json::parse(plan) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => {
                canonical::to_string(&governance::json::object([
                    ("mode", Value::from(mode)),
                    ("plan", value),
                ]))
            }
            _ => format!("{mode}\n{plan}"),
        },
        None => format!("{mode}, without a plan\n{goal}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{door, earlier, givers, terms};
    use control::view::{EarlierRun, Givers};
    use governance::{Decision, DecisionId, Mode, Origin, json};

    fn asked(plan: Option<&str>, goal: &str, mode: Mode) -> Decision {
        let mut decision = Decision::replay(DecisionId::new("dec_1").unwrap(), Origin::Native, []);
        (decision.plan, decision.goal, decision.mode) =
            (plan.map(str::to_owned), Some(goal.to_owned()), Some(mode));
        decision
    }

    #[test]
    fn the_same_to_the_letter_is_said_of_the_very_same_texts_alone() {
        let (one, spaced) = (r#"{"a":1,"b":2}"#, r#"{"b": 2, "a": 1}"#);
        for (before, now, same_mode, expected) in [
            (Some(one), Some(one), true, "to the letter"),
            (Some(one), Some(spaced), true, "written differently"),
            (Some(one), Some(one), false, "Removed lines"),
            (None, None, true, "to the letter"),
            (Some("go"), None, true, "Removed lines"),
            (Some("a\n"), Some("a"), true, "Removed lines"),
            (Some("a\r\nb"), Some("a\nb"), true, "Removed lines"),
        ] {
            let mode = if same_mode { Mode::Apply } else { Mode::DryRun };
            let run = EarlierRun { decision: asked(before, "go", mode), same_goal: true };
            let said = earlier(&asked(now, "go", Mode::Apply), Some(&run)).words;
            assert!(said.contains(expected), "{before:?} {now:?}: {said}");
        }
    }

    #[test]
    fn who_could_give_an_approval_is_said_whoever_there_is() {
        let who = |names: &[&str], count, you| Givers {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            count,
            you,
        };
        for (found, missing, expected) in [
            (who(&["Ben", "Cy"], 2, false), 1, "Who could give it: Ben, Cy."),
            (who(&["Ben"], 2, true), 1, "Who could give it: you, Ben."),
            (who(&[], 1, true), 1, "Who could give it: you."),
            (who(&["Ben"], 13, false), 1, "Who could give it: Ben and 12 more."),
            (who(&["B\u{202e}n"], 1, false), 1, "Who could give it: B⟨U+202E⟩n."),
            (who(&[], 3, false), 1, "3 people could give it. Your roles do not show who."),
            (who(&[], 1, false), 1, "1 person could give it. Your roles do not show who."),
            (
                who(&["Ben"], 1, false),
                2,
                "Who could give it: Ben. That is one of the 2 that are missing. An admin can change roles.",
            ),
            (
                who(&[], 0, false),
                1,
                "Nobody in this workspace can give it: nobody else who may approve is left. An admin can change roles.",
            ),
        ] {
            assert_eq!(givers(&found, missing), expected);
        }
    }

    #[test]
    fn a_replaced_value_stands_beside_the_template_s() {
        let snapshot = json::parse(r#"{"min_approvals":1,"max_steps":null}"#).unwrap();
        let overrides = json::parse(r#"{"max_steps":5,"min_approvals":2,"labels":["x"]}"#).unwrap();
        let said: Vec<_> = terms(&snapshot, &overrides)
            .into_iter()
            .map(|term| format!("{}: {} > {}", term.name, term.template, term.here))
            .collect();
        assert_eq!(said, [r#"labels: not set > ["x"]"#, "max steps: not set > 5", "min approvals: 1 > 2"]);
    }

    #[test]
    fn a_door_that_is_not_known_is_not_named() {
        let said = ["web", "api", "mcp", "cli", "", "<b>"].map(door).join("; ");
        assert_eq!(said, "through the pages; through the API; through MCP; through the command line; ; ");
    }
}
