//! A router's answer, in the shape that nexus-router 0.7 publishes for its responses. It is held against what was
//! asked: an answer about anything else is no answer.

use super::ask::{Ask, MODE};
use super::plan::ids;
use super::trouble::{NOTHING, Trouble};
use control::router::{ROUTER_ANSWER_INVALID, ROUTER_ANSWERED_OTHER, ROUTER_REFUSED, ROUTER_RUN_FAILED};
use governance::json::Value;

/// What an answer says.
#[derive(Debug)]
pub(super) struct Answer {
    /// The run's id over there.
    pub(super) run_id: String,
    /// Steps taken.
    pub(super) steps: u32,
    /// Why the run failed, when it did.
    pub(super) failed: Option<Trouble>,
}

impl Answer {
    /// Reads it.
    pub(super) fn read(answer: &Value, ask: &Ask) -> Result<Self, Trouble> {
        refusal(answer, ask)?;
        let run_id = text(answer, &["run", "run_id"])?;
        if run_id.is_empty() || run_id.len() > 200 {
            return Err(invalid("run.run_id is empty or too long"));
        }
        same(ask, "the mode", text(answer, &["summary", "mode"])?, MODE)?;
        same(ask, "the adapter", text(answer, &["dispatch", "adapter_id"])?, &ask.adapter)?;
        same(ask, "the adapter", text(answer, &["summary", "adapter_id"])?, &ask.adapter)?;
        let results = list(answer, "results")?;
        let plan = list(answer, "plan")?;
        if ask.plan.as_ref().is_some_and(|asked| asked.as_array() != Some(plan)) {
            return Err(other("the plan that it ran is not the plan that it was given"));
        }
        if !ids(plan).starts_with(&ids(results)) {
            return Err(invalid("its results are not those of its plan's steps, in their order"));
        }
        let mut failed = None;
        for result in results {
            let status = text(result, &["status"])?;
            let step = text(result, &["step_id"])?;
            if result.get("simulated").and_then(Value::as_bool) != Some(false) {
                return Err(other(&format!("step `{}` was only simulated", ask.quoted(step))));
            }
            match status {
                "ok" => {}
                "error" | "skipped" => {
                    let words = format!("step `{}` ended as `{status}`", ask.quoted(step));
                    failed.get_or_insert(Trouble::new(ROUTER_RUN_FAILED, words));
                }
                _ => return Err(invalid("a step has a status that is not known")),
            }
        }
        if failed.is_none() && results.len() < plan.len() {
            return Err(invalid("it has no result for some of its steps, and no failure"));
        }
        let said = answer.get("summary").and_then(|summary| summary.get("steps")).and_then(Value::as_i64);
        let said = said
            .and_then(|steps| u32::try_from(steps).ok())
            .ok_or_else(|| invalid("summary.steps is no number"))?;
        // Whichever is more: a limit must hold for what was done, whatever was said.
        let steps = said.max(u32::try_from(results.len()).unwrap_or(u32::MAX));
        Ok(Self { run_id: run_id.to_owned(), steps, failed })
    }
}

/// A run that ended before it began: no adapter was chosen, so that nothing was dispatched.
fn refusal(answer: &Value, ask: &Ask) -> Result<(), Trouble> {
    let Some(error) = answer.get("error").filter(|error| !error.is_null()) else { return Ok(()) };
    let words =
        |name: &str| error.get(name).and_then(Value::as_str).map(|text| ask.quoted(text)).unwrap_or_default();
    let why = format!("{} ({})", words("message"), words("code"));
    let chosen = answer.get("dispatch").and_then(|dispatch| dispatch.get("selection_source"));
    let results = answer.get("results").and_then(Value::as_array).unwrap_or_default();
    if chosen.and_then(Value::as_str) == Some("failed") && results.is_empty() {
        return Err(Trouble::new(ROUTER_REFUSED, format!("the router refused: {why}{NOTHING}")));
    }
    Err(Trouble::new(ROUTER_RUN_FAILED, format!("the router says that the run failed: {why}")))
}

fn text<'a>(value: &'a Value, path: &[&str]) -> Result<&'a str, Trouble> {
    let found = path.iter().try_fold(value, |value, name| value.get(name)).and_then(Value::as_str);
    found.ok_or_else(|| invalid(&format!("{} is missing", path.join("."))))
}

fn list<'a>(answer: &'a Value, name: &str) -> Result<&'a [Value], Trouble> {
    answer.get(name).and_then(Value::as_array).ok_or_else(|| invalid(&format!("{name} is missing")))
}

/// Refuses an answer about something else.
pub(super) fn same(ask: &Ask, what: &str, answered: &str, asked: &str) -> Result<(), Trouble> {
    if answered == asked {
        return Ok(());
    }
    Err(other(&format!("{what} is `{}` and not `{}`", ask.quoted(answered), ask.quoted(asked))))
}

fn other(words: &str) -> Trouble {
    Trouble::new(ROUTER_ANSWERED_OTHER, format!("the router answered about something else: {words}"))
}

pub(super) fn invalid(words: &str) -> Trouble {
    Trouble::new(ROUTER_ANSWER_INVALID, format!("the router's answer makes no sense: {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use governance::json::parse;

    const PLAN: &str = r#"[{"step_id":"1","intent":"","call":{"tool":"t","method":"m","args":{}}}]"#;

    fn answer() -> String {
        let summary = r#"{"mode":"apply","steps":1,"tools_used":["m"],"outputs_total":1,"outputs_applied":1,
            "outputs_skipped":0,"adapter_id":"sub"}"#;
        let dispatch = r#"{"adapter_id":"sub","adapter_kind":"subprocess","selection_source":"request"}"#;
        let results = r#"[{"step_id":"1","status":"ok","simulated":false,"output":{},"evidence":[]}]"#;
        format!(
            r#"{{"summary":{summary},"dispatch":{dispatch},"run":{{"run_id":"r1","events_committed":9}},
            "plan":{PLAN},"results":{results},"provenance":{{"artifacts":[],"records":[]}}}}"#
        )
    }

    fn read(text: &str, plan: Option<&str>) -> Result<Answer, Trouble> {
        let ask = Ask {
            goal: "goal".to_owned(),
            adapter: "sub".to_owned(),
            required: Vec::new(),
            max_steps: None,
            plan: plan.map(|plan| parse(plan).unwrap()),
            secrets: control::routers::SecretValues::default(),
        };
        Answer::read(&parse(text).unwrap(), &ask)
    }

    #[test]
    fn an_answer_about_what_was_asked_is_read() {
        for plan in [Some(PLAN), None] {
            let read = read(&answer(), plan).unwrap();
            assert_eq!((read.run_id.as_str(), read.steps, read.failed), ("r1", 1, None));
        }
    }

    #[test]
    fn the_larger_number_of_steps_counts() {
        assert_eq!(read(&answer().replace(r#""steps":1"#, r#""steps":7"#), None).unwrap().steps, 7);
        assert_eq!(read(&answer().replace(r#""steps":1"#, r#""steps":0"#), None).unwrap().steps, 1);
    }

    #[test]
    fn a_failed_step_is_a_failed_run() {
        let failed = read(&answer().replace(r#""ok""#, r#""error""#), Some(PLAN)).unwrap().failed.unwrap();
        assert_eq!(failed.code, ROUTER_RUN_FAILED);
    }

    #[test]
    fn an_answer_about_something_else_is_no_answer() {
        for (from, to, code) in [
            (r#""mode":"apply""#, r#""mode":"dry_run""#, ROUTER_ANSWERED_OTHER),
            (
                r#""adapter_id":"sub","adapter_kind""#,
                r#""adapter_id":"null","adapter_kind""#,
                ROUTER_ANSWERED_OTHER,
            ),
            (r#""adapter_id":"sub"}"#, r#""adapter_id":"null"}"#, ROUTER_ANSWERED_OTHER),
            (r#""simulated":false"#, r#""simulated":true"#, ROUTER_ANSWERED_OTHER),
            (r#""method":"m""#, r#""method":"delete""#, ROUTER_ANSWERED_OTHER),
            (r#""run_id":"r1","#, "", ROUTER_ANSWER_INVALID),
            (r#""r1""#, r#""""#, ROUTER_ANSWER_INVALID),
            (r#""ok""#, r#""fine""#, ROUTER_ANSWER_INVALID),
            (r#"{"step_id":"1","status""#, r#"{"step_id":"2","status""#, ROUTER_ANSWER_INVALID),
            (r#""steps":1"#, r#""steps":-1"#, ROUTER_ANSWER_INVALID),
            (r#""results""#, r#""outcomes""#, ROUTER_ANSWER_INVALID),
        ] {
            let text = answer();
            assert!(text.contains(from), "{from}");
            assert_eq!(read(&text.replace(from, to), Some(PLAN)).unwrap_err().code, code, "{to}");
        }
    }

    #[test]
    fn a_refusal_started_nothing_and_other_errors_may_have() {
        let error = r#","error":{"code":"UNKNOWN_ADAPTER","message":"no such"}}"#;
        let refused = r#"{"dispatch":{"selection_source":"failed"},"results":[]"#.to_owned() + error;
        let trouble = read(&refused, None).unwrap_err();
        assert_eq!(trouble.code, ROUTER_REFUSED);
        assert!(trouble.message.contains("UNKNOWN_ADAPTER"), "{trouble:?}");
        let failed = answer().trim_end_matches('}').to_owned() + "}" + error;
        assert_eq!(read(&failed, None).unwrap_err().code, ROUTER_RUN_FAILED);
    }
}
