//! What a bundle says happened, step by step, for people who hold only the file: who asked, who allowed it and when,
//! what ran and how it ended. It reads the events as they stand, replays nothing and vouches for nothing.

use crate::json::Value;
use crate::time::Timestamp;
use crate::visible::{visible, visible_line};

/// Most steps that are told; a stranger's file may have any number of events.
pub const MOST_STEPS: usize = 200;

/// Most characters of what somebody said in one step.
const MOST_WORDS: usize = 2_000;

/// One event of a bundle. All texts are visible ones: no character in them hides or turns the direction of reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When, as the file says.
    pub ts: String,
    /// Who, as the file says.
    pub actor: String,
    /// The event's type.
    pub event: String,
    /// What was said with it: a plan, a comment, a reason, an adapter; empty where nothing was.
    pub words: String,
}

/// The steps of a bundle or of the bundle in a package, oldest first, and how many more there are.
pub fn of(document: &Value) -> (Vec<Step>, usize) {
    let bundle = document.get("control_bundle").unwrap_or(document);
    let events = bundle.get("events").and_then(Value::as_array).unwrap_or_default();
    let steps: Vec<Step> = events.iter().take(MOST_STEPS).map(step).collect();
    let more = events.len().saturating_sub(steps.len());
    (steps, more)
}

fn step(event: &Value) -> Step {
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    let ts = text("ts");
    let actor = event.get("actor").and_then(|actor| actor.get("id")).and_then(Value::as_str);
    Step {
        ts: Timestamp::parse(ts).map_or_else(|_| visible_line(ts), Timestamp::to_plain),
        actor: visible_line(actor.unwrap_or_default()),
        event: visible_line(text("type")),
        words: shortened(&visible(&words(text("type"), event.get("payload").unwrap_or(&Value::Null)))),
    }
}

fn words(event: &str, payload: &Value) -> String {
    let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    match event {
        "DECISION_CREATED" => text("plan"),
        "POLICY_ATTACHED" => text("template_name"),
        "APPROVAL_GRANTED" => text("comment"),
        "APPROVAL_REVOKED" | "DECISION_REJECTED" | "DECISION_WITHDRAWN" => text("reason"),
        "EXECUTION_REQUESTED" => {
            let dry = payload.get("dry_run").and_then(Value::as_bool);
            let how = dry.map_or("", |dry| if dry { ", a dry run" } else { ", a real run" });
            format!("{}{how}", text("adapter_id"))
        }
        "EXECUTION_COMPLETED" => text("run_id"),
        "EXECUTION_FAILED" => format!("{}: {}", text("error_code"), text("error_message")),
        _ => String::new(),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MOST_WORDS {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(MOST_WORDS).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn bundle(events: &str) -> Value {
        json::parse(&format!("{{\"events\":[{events}]}}")).unwrap()
    }

    #[test]
    fn every_type_of_event_says_what_was_said() {
        let cases = [
            ("DECISION_CREATED", "{\"plan\":\"do\\nit\"}", "do\nit"),
            ("POLICY_ATTACHED", "{\"template_name\":\"prod\"}", "prod"),
            ("APPROVAL_GRANTED", "{\"comment\":\"fine\"}", "fine"),
            ("APPROVAL_REVOKED", "{\"reason\":\"wait\"}", "wait"),
            ("DECISION_REJECTED", "{\"reason\":\"no\"}", "no"),
            ("DECISION_WITHDRAWN", "{\"reason\":\"late\"}", "late"),
            ("EXECUTION_REQUESTED", "{\"adapter_id\":\"gate\",\"dry_run\":false}", "gate, a real run"),
            ("EXECUTION_STARTED", "{\"router_request_digest\":\"00\"}", ""),
            ("EXECUTION_COMPLETED", "{\"run_id\":\"r1\"}", "r1"),
            ("EXECUTION_FAILED", "{\"error_code\":\"X\",\"error_message\":\"broke\"}", "X: broke"),
            ("SOMETHING_ELSE", "{\"reason\":\"?\"}", ""),
        ];
        for (event, payload, said) in cases {
            let text = format!(
                "{{\"type\":\"{event}\",\"payload\":{payload},\"ts\":\"t\",\"actor\":{{\"id\":\"a\"}}}}"
            );
            let (steps, more) = of(&bundle(&text));
            assert_eq!((steps[0].event.as_str(), steps[0].words.as_str(), more), (event, said, 0));
        }
    }

    #[test]
    fn a_stranger_s_file_is_bounded_and_hides_nothing() {
        let hostile = "{\"type\":\"APPROVAL_GRANTED\",\"ts\":\"\\u202enow\",\"actor\":{\"id\":\"a\\nb\"},\"payload\":{\"comment\":7}}";
        let (steps, more) = of(&bundle(&vec![hostile; MOST_STEPS + 3].join(",")));
        assert_eq!((steps.len(), more), (MOST_STEPS, 3));
        assert_eq!((steps[0].ts.as_str(), steps[0].actor.as_str()), ("⟨U+202E⟩now", "a⏎b"));
        assert_eq!(steps[0].words, "");
        let long = format!(
            "{{\"type\":\"APPROVAL_GRANTED\",\"payload\":{{\"comment\":\"{}\"}}}}",
            "é".repeat(3_000)
        );
        assert_eq!(of(&bundle(&long)).0[0].words.chars().count(), MOST_WORDS + 1);
        assert_eq!(of(&json::parse("[{}]").unwrap()), (Vec::new(), 0));
    }
}
