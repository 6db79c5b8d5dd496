//! A decision's plan as a nexus-router reads it: a JSON array of steps, each of which names the call that it makes.
//! What a router would not understand is refused before anything is recorded; nothing is ever left out on the way.

use governance::json::{self, Value};

/// The members of a step, and of the call in it.
const STEP: [&str; 4] = ["step_id", "intent", "call", "expected_output_pointer"];
const CALL: [&str; 3] = ["tool", "method", "args"];

/// The plan's steps. Words that say what to change when it has none that a router can read.
pub(super) fn steps(plan: &str) -> Result<Value, String> {
    let value = json::parse(plan).map_err(|why| format!("{SHAPE}; this one is no JSON: {why}"))?;
    let items = value.as_array().ok_or_else(|| SHAPE.to_owned())?;
    let mut ids = Vec::with_capacity(items.len());
    for (index, step) in items.iter().enumerate() {
        let id = step_id(step).map_err(|why| format!("{SHAPE}; step {}: {why}", index + 1))?;
        if ids.contains(&id) {
            return Err(format!("{SHAPE}; two steps have the id `{id}`"));
        }
        ids.push(id);
    }
    Ok(value)
}

/// The ids of steps or results, in their order.
pub(super) fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item.get("step_id").and_then(Value::as_str).unwrap_or_default()).collect()
}

const SHAPE: &str = "the plan must be a JSON array of steps for nexus-router, such as \
    [{\"step_id\": \"1\", \"intent\": \"why\", \"call\": {\"tool\": \"…\", \"method\": \"…\", \"args\": {}}}]";

fn step_id(step: &Value) -> Result<&str, String> {
    let id = named(step, "step_id")?;
    text(step, "intent")?;
    only(step, &STEP)?;
    if step.get("expected_output_pointer").is_some() {
        text(step, "expected_output_pointer")?;
    }
    let call = step.get("call").ok_or("`call` is missing")?;
    named(call, "tool")?;
    named(call, "method")?;
    only(call, &CALL)?;
    call.get("args").and_then(Value::as_object).ok_or("`args` must be an object")?;
    Ok(id)
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` must be a text"))
}

fn named<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    let text = text(value, name)?;
    if text.is_empty() { Err(format!("`{name}` is empty")) } else { Ok(text) }
}

fn only(value: &Value, known: &[&str]) -> Result<(), String> {
    let members = value.as_object().ok_or("it must be an object")?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("`{name}` is not known")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_whole_or_not_at_all() {
        let good = r#"[{"step_id":"1","intent":"","call":{"tool":"t","method":"m","args":{"x":1}}}]"#;
        assert_eq!(ids(steps(good).unwrap().as_array().unwrap()), ["1"]);
        assert!(steps("[]").is_ok());
        for (from, to, word) in [
            (r#""step_id":"1""#, r#""step_id":"""#, "step 1: `step_id` is empty"),
            (r#""intent":"","#, "", "`intent` must be a text"),
            (r#""method":"m","#, "", "`method`"),
            (r#"{"x":1}"#, "[1]", "`args`"),
            (r#""tool":"t""#, r#""tool":"t","shell":true"#, "`shell` is not known"),
            ("[{", "{", "JSON"),
        ] {
            let words = steps(&good.replace(from, to)).unwrap_err();
            assert!(words.contains(word), "{words}");
        }
        let twice = good
            .replace("[{", r#"[{"step_id":"1","intent":"","call":{"tool":"t","method":"m","args":{}}},{"#);
        assert!(steps(&twice).unwrap_err().contains("two steps"));
        assert!(steps("restart the service").unwrap_err().contains("JSON array of steps"));
    }
}
