//! A schema of the OpenAPI document in words: what its type is called, and its members as a table.

use super::page::{escaped, line};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The type of a value, with links to the schemas that have a name.
pub fn type_of(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema.get(word).and_then(Value::as_array) {
            let mut choices: Vec<String> = choices.iter().map(type_of).collect();
            // `null` reads best last.
            choices.sort_by_key(|choice| choice == "null");
            choices.dedup();
            return choices.join(if word == "allOf" { " and " } else { " or " });
        }
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words = words.iter().map(|word| format!("<code>{}</code>", escaped(&plain(word))));
        return words.collect::<Vec<_>>().join(" or ");
    }
    if let Some(word) = schema.get("const") {
        return format!("<code>{}</code>", escaped(&plain(word)));
    }
    let one = |word: &str| match word {
        "array" => match schema.get("items") {
            Some(items) => format!("list of {}", type_of(items)),
            None => "list".to_owned(),
        },
        "string" => match schema.get("format").and_then(Value::as_str) {
            Some(format) => format!("string ({})", escaped(format)),
            None => "string".to_owned(),
        },
        other => escaped(other),
    };
    match schema.get("type") {
        Some(Value::String(word)) => one(word),
        Some(Value::Array(words)) => {
            let words = words.iter().filter_map(Value::as_str).map(one);
            words.collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

/// What a value may be, beyond its type: `1 to 200`, `at most 64 characters`.
pub fn limits_of(schema: &Value) -> String {
    let number = |name: &str| schema.get(name).filter(|value| value.is_number()).map(Value::to_string);
    let mut words = Vec::new();
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => words.push(format!("{least} to {most}")),
        (Some(least), None) => words.push(format!("{least} or more")),
        (None, Some(most)) => words.push(format!("at most {most}")),
        (None, None) => {}
    }
    for (name, unit) in [("maxLength", "characters"), ("maxItems", "entries")] {
        words.extend(number(name).map(|most| format!("at most {most} {unit}")));
    }
    words.extend(schema.get("default").map(|value| format!("default {}", plain(value))));
    escaped(&words.join("; "))
}

/// A schema's members as a table; its type where it has none.
pub fn members(schema: &Value) -> String {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return format!("<p>{}</p>\n", type_of(schema));
    };
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let mut html = String::from(
        "<div class=\"scroll\"><table>\n<thead><tr><th>member</th><th>type</th><th>meaning</th></tr></thead>\n<tbody>\n",
    );
    for (name, member) in properties {
        let need = if is_required(name) { "" } else { " <span class=\"quiet\">may be left out</span>" };
        row(&mut html, name, need, member);
    }
    html.push_str("</tbody></table></div>\n");
    html
}

/// One line of a table of members or parameters.
pub fn row(html: &mut String, name: &str, note: &str, schema: &Value) {
    let words = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let limits = limits_of(schema);
    let limits = if limits.is_empty() { limits } else { format!(" <span class=\"quiet\">{limits}</span>") };
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<tr><th scope=\"row\"><code>{}</code>{note}</th><td>{}{limits}</td><td>{}</td></tr>",
        escaped(name),
        type_of(schema),
        line(words)
    );
}

/// Every schema that has a name.
pub fn all(schemas: &Map<String, Value>) -> String {
    let mut html = String::from("<h2 id=\"schemas\">Schemas</h2>\n");
    for (name, schema) in schemas {
        let words = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let name = escaped(name);
        let _ = writeln!(
            html,
            "<article id=\"schema-{name}\">\n<h3>{name}</h3>\n<p>{}</p>\n{}</article>",
            line(words),
            members(schema)
        );
    }
    html
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_read_like_words() {
        for (schema, expected) in [
            (json!({"type": "string"}), "string"),
            (json!({"type": ["string", "null"], "format": "date-time"}), "string (date-time) or null"),
            (json!({"type": "array", "items": {"type": "integer"}}), "list of integer"),
            (
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Run"}]}),
                "<a href=\"#schema-Run\">Run</a> or null",
            ),
            (json!({"enum": ["met", "<b>"]}), "<code>met</code> or <code>&lt;b&gt;</code>"),
            (json!({}), "anything"),
        ] {
            assert_eq!(type_of(&schema), expected);
        }
        assert_eq!(limits_of(&json!({"minimum": 1, "maximum": 200, "default": 50})), "1 to 200; default 50");
    }

    #[test]
    fn members_say_what_may_be_left_out() {
        let schema = json!({"required": ["goal"], "properties": {
            "goal": {"type": "string", "description": "what `for`"}, "plan": {"type": "string"}}});
        let html = members(&schema);
        assert!(
            html.contains("<code>goal</code></th><td>string</td><td>what <code>for</code></td>"),
            "{html}"
        );
        assert!(html.contains("<code>plan</code> <span class=\"quiet\">may be left out</span>"), "{html}");
    }
}
