//! From a run's events, record and last words to what the page shows of it.

use super::decision_parts::Live;
use super::lists::server::who;
use super::run::{Printed, Run, Trouble};
use crate::components::made::Made;
use crate::error::AppError;
use crate::pages::decisions::wish;
use crate::run_words;
use control::lists::LiveRun;
use control::routers::gate::ADAPTER_ID as GATE;
use control::{Caller, Control, DecisionView};
use governance::{DecisionId, Timestamp, Value, canonical, json};
use std::collections::BTreeMap;

/// Most characters of one output on the page; the download has all that was kept.
const OUTPUT_TAIL: usize = 8_000;

/// Most outputs on the page; the latest.
const OUTPUTS: usize = 20;

/// The latest run of a decision.
pub(crate) fn run(view: &DecisionView, now: Timestamp) -> Option<Run> {
    let execution = view.decision.latest_execution()?;
    let record = view.run.as_ref();
    let bundle = record.and_then(|run| run.bundle.as_deref()).and_then(|text| json::parse(text).ok());
    let events =
        bundle.as_ref().and_then(|bundle| bundle.get("events")).and_then(Value::as_array).unwrap_or_default();
    let status = match (&execution.error, execution.completed_at) {
        (Some((code, _)), _) if code == governance::decide::OUTCOME_UNKNOWN => "unknown",
        (Some(_), _) => "failed",
        (None, Some(_)) => "completed",
        (None, None) => "running",
    };
    let ended = execution.completed_at.or_else(|| record.and_then(|run| run.finished_at));
    let until = if status == "running" { Some(now) } else { ended };
    let micros = match (execution.started_at, until) {
        (Some(from), Some(to)) => to.micros().saturating_sub(from.micros()),
        _ => 0,
    };
    Some(Run {
        status: status.to_owned(),
        run_id: execution
            .run_id
            .clone()
            .or_else(|| record.map(|run| run.run_id.as_str().to_owned()))
            .unwrap_or_default(),
        adapter: execution.adapter_id.clone(),
        at_the_gate: execution.adapter_id == GATE,
        started_by: who(execution.requested_by.id().to_owned(), &view.names),
        started_at: execution.started_at.map(Timestamp::micros),
        finished_at: ended.map(Timestamp::micros),
        seconds: micros.max(0) / 1_000_000,
        steps: execution.steps_executed,
        exit: exit(events).map(run_words::exit),
        trouble: execution.error.as_ref().map(|(code, message)| Trouble {
            code: code.clone(),
            meaning: run_words::trouble(code).to_owned(),
            message: message.clone(),
        }),
        printed: printed(events),
        request_digest: execution.request_digest.clone(),
        response_digest: execution.response_digest.clone(),
        live: view.live.as_ref().map(|live| heard(live, now, &view.names)),
    })
}

/// How far the decision's run is; `None` when nothing runs, or nothing was heard of it so far.
pub(crate) async fn live(
    control: &Control,
    caller: &Caller,
    id: &DecisionId,
) -> Result<Option<Live>, AppError> {
    let Some(live) = control.live(caller, id).await? else { return Ok(None) };
    let wished: Vec<String> = live.cancel.iter().map(|wish| wish.by.clone()).collect();
    let names = if wished.is_empty() { BTreeMap::new() } else { control.names(caller, &wished).await? };
    Ok(Some(heard(&live, control.now(), &names)))
}

fn heard(live: &LiveRun, now: Timestamp, names: &BTreeMap<String, String>) -> Live {
    let wished = |one: &control::lists::CancelWish| {
        let who = who(one.by.clone(), names);
        let made = Made::of(wish(&who.name, one.at.micros()));
        (who.name, made)
    };
    Live {
        silent: now.micros().saturating_sub(live.heard_at.micros()).max(0) / 1_000_000,
        steps: live.steps,
        doing: live.doing.clone(),
        tail: live.tail.clone(),
        wish: live.cancel.as_ref().map(wished),
    }
}

/// The last exit code that a step ended with.
fn exit(events: &[Value]) -> Option<i64> {
    events.iter().rev().find_map(|event| {
        let payload = event.get("payload")?;
        ["exit_status", "exit_code"].iter().find_map(|name| payload.get(name).and_then(Value::as_i64))
    })
}

/// What the steps printed, as the record has it.
fn printed(events: &[Value]) -> Vec<Printed> {
    let mut outputs: Vec<Printed> = events
        .iter()
        .filter_map(|event| event.get("payload"))
        .flat_map(|payload| {
            ["output", "stdout", "stderr"].into_iter().filter_map(|name| output(payload, name))
        })
        .collect();
    let earlier = outputs.len().saturating_sub(OUTPUTS);
    outputs.split_off(earlier)
}

fn output(payload: &Value, name: &str) -> Option<Printed> {
    let value = payload.get(name)?;
    let member = |member: &str| value.get(member).and_then(Value::as_str);
    // The gate tells the end, a digest and the length of the whole; a command here its beginning; a router anything.
    let (text, kept, sha256) = match (value, member("tail")) {
        (Value::Null, _) => return None,
        (_, Some(tail)) => {
            let bytes = value.get("bytes").and_then(Value::as_i64).unwrap_or_default();
            let whole = i64::try_from(tail.len()).is_ok_and(|length| length >= bytes);
            let kept = if whole { String::new() } else { run_words::only_the_end(tail.len(), bytes) };
            (tail.to_owned(), kept, member("sha256").map(str::to_owned))
        }
        (Value::Str(text), None) => {
            let cut = payload.get(&format!("{name}_truncated")).and_then(Value::as_bool) == Some(true);
            let kept = if cut { run_words::NOT_ALL_WAS_KEPT.to_owned() } else { String::new() };
            (text.clone(), kept, None)
        }
        (other, None) => (canonical::to_string(other), String::new(), None),
    };
    if text.is_empty() && kept.is_empty() {
        return None;
    }
    let length = text.chars().count();
    let shown: String = text.chars().skip(length.saturating_sub(OUTPUT_TAIL)).collect();
    let cut =
        if length > OUTPUT_TAIL { run_words::only_the_end_here(OUTPUT_TAIL, length) } else { String::new() };
    Some(Printed {
        step: payload.get("step").and_then(Value::as_i64),
        errors: name == "stderr",
        text: shown,
        missing: [cut, kept].iter().filter(|words| !words.is_empty()).cloned().collect::<Vec<_>>().join(" "),
        sha256,
    })
}

#[cfg(test)]
mod tests {
    use super::printed;
    use governance::{Value, json};

    fn events(payload: &str) -> Vec<Value> {
        let text = format!(r#"[{{"payload":{{}}}},{{"payload":{payload}}}]"#);
        json::parse(&text).unwrap().as_array().unwrap().to_vec()
    }

    #[test]
    fn both_outputs_of_a_command_are_shown_and_what_was_not_kept_is_said() {
        let outputs = printed(&events(
            r#"{"step":1,"stdout":"one\n","stdout_truncated":true,"stderr":"two","stderr_truncated":false}"#,
        ));
        let said: Vec<_> = outputs.iter().map(|one| (one.step, one.errors, one.text.as_str())).collect();
        assert_eq!(said, [(Some(1), false, "one\n"), (Some(1), true, "two")]);
        assert!(outputs[0].missing.contains("rest was not kept"), "{}", outputs[0].missing);
        assert_eq!(outputs[1].missing, "");
    }

    #[test]
    fn the_gate_says_how_much_there_was_and_its_digest() {
        let outputs = printed(&events(
            r#"{"step":1,"stdout":{"tail":"end","bytes":5000,"sha256":"ab"},"stderr":{"tail":"","bytes":0,"sha256":"cd"}}"#,
        ));
        assert_eq!(outputs.len(), 1);
        assert_eq!(outputs[0].sha256.as_deref(), Some("ab"));
        assert_eq!(outputs[0].missing, "These are the last 3 of 5000 bytes.");
    }

    #[test]
    fn a_long_output_is_cut_to_its_end_and_something_else_than_text_is_shown_as_json() {
        let long = "x".repeat(8_000);
        let outputs = printed(&events(&format!(r#"{{"output":"first{long}"}}"#)));
        assert_eq!(outputs[0].text, long);
        assert!(outputs[0].missing.contains("8000 of 8005"), "{}", outputs[0].missing);
        assert_eq!(printed(&events(r#"{"output":{"b":1,"a":null}}"#))[0].text, r#"{"a":null,"b":1}"#);
        assert_eq!(printed(&events(r#"{"output":null,"stdout":""}"#)), []);
    }
}
