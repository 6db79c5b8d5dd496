//! What an endpoint answered, read strictly: an answer that is not what was agreed is no answer. Members that nobody
//! asked for change nothing and are kept in the record, up to a limit. What must stay secret is compared as it came and
//! never handed on.

use super::message::mode;
use control::RunRequest;
use control::router::{ROUTER_ANSWER_INVALID, ROUTER_ANSWERED_OTHER};
use control::routers::SecretValues;
use governance::{Value, canonical, json};
use std::collections::BTreeMap;

/// Most bytes of members that nobody asked for.
const OTHERS_BYTES: usize = 64 * 1024;
/// Most characters of the endpoint's own words.
const WORDS: usize = 500;

/// An answer that is about this run.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    /// Steps taken.
    pub(super) steps_executed: u32,
    /// What was done, step by step.
    pub(super) results: Vec<Step>,
    /// Why it failed, in the endpoint's words; `None` when it did not.
    pub(super) failed: Option<String>,
    /// Members that nobody asked for; `None` when they are too long to be kept.
    pub(super) others: Option<Value>,
}

/// One step.
#[derive(Debug, PartialEq)]
pub(super) struct Step {
    /// `STEP_COMPLETED`, `STEP_FAILED` or `STEP_SKIPPED`.
    pub(super) kind: &'static str,
    /// Everything that was said about it.
    pub(super) payload: Value,
}

/// Why it is no answer: the code of the run, and words.
pub(super) type Unusable = (&'static str, String);

/// Reads the answer to a request.
pub(super) fn read(bytes: &[u8], request: &RunRequest, secrets: &SecretValues) -> Result<Answer, Unusable> {
    let text = std::str::from_utf8(bytes).map_err(|_| invalid("its answer is not UTF-8"))?;
    let value = json::parse(text).map_err(|error| invalid(format!("its answer is not JSON: {error}")))?;
    let Value::Object(mut members) = value else { return Err(invalid("its answer is not a JSON object")) };
    about_this_run(&members, request, secrets)?;
    let status = text_of(&members, "status")?;
    let steps_executed = count(members.get("steps_executed"))
        .ok_or_else(|| invalid("its answer has no `steps_executed`, a whole number"))?;
    let results = steps(members.get("results"), secrets)?;
    let done = results.iter().filter(|step| step.kind != "STEP_SKIPPED").count();
    if done > usize::try_from(steps_executed).unwrap_or(usize::MAX) {
        let message =
            format!("its answer has results of {done} steps and says that it took {steps_executed}");
        return Err(invalid(message));
    }
    let error = members.get("error").filter(|error| !error.is_null());
    let failed = match (status.as_str(), error) {
        ("completed", None) => None,
        ("completed", Some(_)) => return Err(invalid("its answer is `completed` and has an `error`")),
        ("failed", None) => Some("it did not say why".to_owned()),
        ("failed", Some(error)) => Some(words_of(error, secrets)?),
        _ => return Err(invalid("the `status` in its answer is neither `completed` nor `failed`")),
    };
    for known in ["run_id", "adapter_id", "goal", "mode", "status", "steps_executed", "results", "error"] {
        members.remove(known);
    }
    let others = secrets.clean_value(&Value::Object(members));
    let others = Some(others).filter(|others| canonical::to_string(others).len() <= OTHERS_BYTES);
    Ok(Answer { steps_executed, results, failed, others })
}

/// A text from elsewhere as part of a sentence: without secrets, in one line, and not endless.
pub(super) fn plain(text: &str, secrets: &SecretValues) -> String {
    let line: String =
        secrets.clean(text).chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect();
    line.trim().to_owned()
}

fn invalid(message: impl Into<String>) -> Unusable {
    (ROUTER_ANSWER_INVALID, message.into())
}

/// The run has to be named. What else it says about itself has to be what was asked.
fn about_this_run(
    members: &BTreeMap<String, Value>,
    request: &RunRequest,
    secrets: &SecretValues,
) -> Result<(), Unusable> {
    text_of(members, "run_id")?;
    for (name, asked) in [
        ("run_id", request.run_id.as_str()),
        ("adapter_id", &request.adapter_id),
        ("goal", &request.goal),
        ("mode", mode(request)),
    ] {
        let other = members.get(name).filter(|told| told.as_str() != Some(asked));
        if let Some(other) = other {
            let other = plain(&canonical::to_string(&secrets.clean_value(other)), secrets);
            return Err((ROUTER_ANSWERED_OTHER, format!("its answer is about another {name}: {other}")));
        }
    }
    Ok(())
}

fn text_of(members: &BTreeMap<String, Value>, name: &str) -> Result<String, Unusable> {
    let text = members.get(name).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| invalid(format!("its answer has no `{name}`, a text")))
}

fn count(value: Option<&Value>) -> Option<u32> {
    value.and_then(Value::as_i64).and_then(|number| u32::try_from(number).ok())
}

fn steps(results: Option<&Value>, secrets: &SecretValues) -> Result<Vec<Step>, Unusable> {
    let results = match results {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(results)) => results,
        Some(_) => return Err(invalid("the `results` in its answer are no array")),
    };
    let step = |result: &Value| {
        let kind = match result.get("status").and_then(Value::as_str)? {
            "completed" => "STEP_COMPLETED",
            "failed" => "STEP_FAILED",
            "skipped" => "STEP_SKIPPED",
            _ => return None,
        };
        count(result.get("step")).map(|_| Step { kind, payload: secrets.clean_value(result) })
    };
    results.iter().map(step).collect::<Option<_>>().ok_or_else(|| {
        invalid("each of the `results` in its answer needs `step`, a number, and `status`: `completed`, `failed` or `skipped`")
    })
}

fn words_of(error: &Value, secrets: &SecretValues) -> Result<String, Unusable> {
    let part = |name: &str| error.get(name).and_then(Value::as_str).map(|text| plain(text, secrets));
    match (part("code"), part("message")) {
        (Some(code), Some(message)) => Ok(format!("{code}: {message}")),
        _ => Err(invalid("the `error` in its answer needs `code` and `message`, two texts")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governance::{RunId, Timestamp, json::object};

    fn request() -> RunRequest {
        RunRequest {
            run_id: RunId::new("run_1").unwrap(),
            adapter_id: "http:keys".to_owned(),
            goal: "Rotate".to_owned(),
            plan: None,
            dry_run: false,
            max_steps: None,
            request: object([]),
            started_at: Timestamp::from_micros(0),
        }
    }

    fn secrets() -> SecretValues {
        SecretValues::new(["s3cret-token".to_owned()])
    }

    fn code(text: &str) -> (&'static str, String) {
        read(text.as_bytes(), &request(), &secrets()).unwrap_err()
    }

    #[test]
    fn an_answer_is_read_and_what_nobody_asked_for_is_kept() {
        let text = r#"{"run_id":"run_1","mode":"apply","status":"completed","steps_executed":1,"cost":1.5,
            "results":[{"step":1,"status":"completed","output":"ok"},{"step":2,"status":"skipped"}]}"#;
        let answer = read(text.as_bytes(), &request(), &secrets()).unwrap();
        assert_eq!((answer.steps_executed, &answer.failed), (1, &None));
        assert_eq!(
            answer.results.iter().map(|step| step.kind).collect::<Vec<_>>(),
            ["STEP_COMPLETED", "STEP_SKIPPED"]
        );
        assert_eq!(answer.others, Some(object([("cost", Value::Float(1.5))])));
        let long = format!(
            r#"{{"run_id":"run_1","status":"completed","steps_executed":0,"x":"{}"}}"#,
            "x".repeat(70_000)
        );
        assert_eq!(read(long.as_bytes(), &request(), &secrets()).unwrap().others, None);
    }

    #[test]
    fn a_failure_says_why_in_the_endpoints_words_on_one_short_line() {
        let text = r#"{"run_id":"run_1","status":"failed","steps_executed":0,"error":{"code":"NO\nKEY","message":"gone"}}"#;
        assert_eq!(read(text.as_bytes(), &request(), &secrets()).unwrap().failed.unwrap(), "NO KEY: gone");
        let text = text.replace("gone", &"x".repeat(9000));
        assert!(read(text.as_bytes(), &request(), &secrets()).unwrap().failed.unwrap().len() < 600);
        let silent = r#"{"run_id":"run_1","status":"failed","steps_executed":0}"#;
        assert!(read(silent.as_bytes(), &request(), &secrets()).unwrap().failed.is_some());
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let valid = r#"{"run_id":"run_1","status":"completed","steps_executed":2}"#;
        assert!(read(valid.as_bytes(), &request(), &secrets()).is_ok());
        assert_eq!(read(&[0xff], &request(), &secrets()).unwrap_err().0, ROUTER_ANSWER_INVALID);
        let with = |more: &str| valid.replace('}', &format!(",{more}}}"));
        for text in [
            String::new(),
            "ok".to_owned(),
            "[]".to_owned(),
            format!("{valid}{valid}"),
            format!("{valid} and more"),
            valid.replace("\"run_id\":\"run_1\",", ""),
            valid.replace("\"run_1\"", "7"),
            valid.replace("completed", "running"),
            valid.replace("completed", "COMPLETED"),
            valid.replace("\"completed\"", "true"),
            valid.replace('2', "-1"),
            valid.replace('2', "2.0"),
            valid.replace('2', "\"2\""),
            valid.replace('2', "4294967296"),
            valid.replace(",\"steps_executed\":2", ""),
            with(r#""status":"failed""#),
            with(r#""error":{"code":"A","message":"b"}"#),
            with(r#""results":{}"#),
            with(r#""results":[1]"#),
            with(r#""results":[{"step":1}]"#),
            with(r#""results":[{"step":1,"status":"maybe"}]"#),
            with(r#""results":[{"step":"1","status":"completed"}]"#),
            with(&format!(r#""results":[{}]"#, [r#"{"step":1,"status":"failed"}"#; 3].join(","))),
            valid.replace("completed", "failed").replace('}', r#","error":"no"}"#),
            valid.replace("completed", "failed").replace('}', r#","error":{"code":"A"}}"#),
        ] {
            assert_eq!(code(&text).0, ROUTER_ANSWER_INVALID, "{text}");
        }
        for text in [
            valid.replace("run_1", "run_2"),
            with(r#""mode":"dry_run""#),
            with(r#""adapter_id":"http:other""#),
            with(r#""goal":"Rotate more""#),
            with(r#""mode":null"#),
        ] {
            assert_eq!(code(&text).0, ROUTER_ANSWERED_OTHER, "{text}");
        }
    }

    #[test]
    fn a_secret_is_compared_as_it_came_and_never_handed_on() {
        let asked = RunRequest { goal: "Use s3cret-token".to_owned(), ..request() };
        let text = r#"{"run_id":"run_1","goal":"Use s3cret-token","status":"failed","steps_executed":1,"x":"s3cret-token",
            "results":[{"step":1,"status":"failed","output":["s3cret-token"]}],"error":{"code":"A","message":"LONGs3cret-token"}}"#;
        let long = text.replace("LONG", &"x".repeat(WORDS - 6));
        let answer = format!("{:?}", read(long.as_bytes(), &asked, &secrets()).unwrap());
        assert!(!answer.contains("s3cret") && answer.contains("[redac"), "{answer}");
        assert_eq!(answer.matches("[redacted]").count(), 2, "{answer}");
        let other = read(text.as_bytes(), &request(), &secrets()).unwrap_err();
        assert_eq!(other.0, ROUTER_ANSWERED_OTHER);
        assert!(other.1.contains("[redacted]") && !other.1.contains("s3cret"), "{}", other.1);
    }
}
