//! Typed fields of a declared command: the only thing that a decision's plan can put into it.

use super::shell;
use governance::json::{self, Value};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One field.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FieldConfig {
    /// A text without control characters that does not start with `-`, so that it cannot become an option.
    Text {
        /// Most characters.
        #[serde(default = "default_length")]
        max_length: usize,
        /// The only texts that are accepted, when given.
        #[serde(default)]
        choices: Vec<String>,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// `true` or `false`.
    Boolean,
}

fn default_length() -> usize {
    200
}

/// Refuses a declaration whose placeholders and fields do not fit, or that would put a field into a shell's script.
pub(super) fn check_declaration(
    command: &[String],
    fields: &BTreeMap<String, FieldConfig>,
) -> Result<(), String> {
    let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
    let names = || arguments.iter().flat_map(|argument| placeholders(argument));
    if let Some(name) = names().find(|name| !fields.contains_key(*name)) {
        return Err(format!("`{{{name}}}` is used but not declared as a field"));
    }
    if arguments.first().is_some_and(|program| !placeholders(program).is_empty()) {
        return Err("the program itself cannot come from a field".to_owned());
    }
    if let Some(name) = shell::field_in_script(&arguments) {
        return Err(format!(
            "`{{{name}}}` stands in a shell script; pass it as an argument after the script"
        ));
    }
    match fields.keys().find(|name| !names().any(|used| used == name.as_str())) {
        Some(unused) => Err(format!("field `{unused}` is declared but not used in the command")),
        None => Ok(()),
    }
}

/// The command with the plan's fields in it. Without declared fields the plan is for people only.
pub(super) fn arguments(
    command: &[String],
    fields: &BTreeMap<String, FieldConfig>,
    plan: Option<&str>,
) -> Result<Vec<String>, String> {
    if fields.is_empty() {
        return Ok(command.to_vec());
    }
    let expected = || {
        let names: Vec<&str> = fields.keys().map(String::as_str).collect();
        format!("this adapter needs a plan that is a JSON object with {}", names.join(", "))
    };
    let plan = json::parse(plan.ok_or_else(expected)?).map_err(|error| format!("{}: {error}", expected()))?;
    let given = plan.as_object().ok_or_else(expected)?;
    if let Some(unknown) = given.keys().find(|name| !fields.contains_key(*name)) {
        return Err(format!("{}; it does not know `{unknown}`", expected()));
    }
    let mut texts = BTreeMap::new();
    for (name, field) in fields {
        let value = given.get(name).ok_or_else(expected)?;
        texts.insert(name.as_str(), read(field, value).map_err(|why| format!("`{name}` {why}"))?);
    }
    Ok(command.iter().map(|argument| fill(argument, &texts)).collect())
}

fn read(field: &FieldConfig, value: &Value) -> Result<String, String> {
    match field {
        FieldConfig::Text { max_length, choices } => {
            let text = value.as_str().ok_or("must be a text")?;
            if text.chars().count() > *max_length
                || text.chars().any(char::is_control)
                || text.starts_with('-')
            {
                let rule = "and no control characters, and must not start with `-`";
                return Err(format!("must have at most {max_length} characters {rule}"));
            }
            if !choices.is_empty() && !choices.iter().any(|choice| choice == text) {
                return Err(format!("must be one of {}", choices.join(", ")));
            }
            Ok(text.to_owned())
        }
        FieldConfig::Integer { min, max } => match value.as_i64() {
            Some(number) if (*min..=*max).contains(&number) => Ok(number.to_string()),
            _ => Err(format!("must be a whole number from {min} to {max}")),
        },
        FieldConfig::Boolean => {
            value.as_bool().map(|truth| truth.to_string()).ok_or_else(|| "must be true or false".to_owned())
        }
    }
}

/// Names between braces, as far as they could be field names.
pub(super) fn placeholders(argument: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = argument;
    while let Some((_, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((name, tail)) if is_name(name) => {
                names.push(name);
                rest = tail;
            }
            _ => rest = after,
        }
    }
    names
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Puts the texts in, in one pass, so that a value that looks like a placeholder stays a value.
fn fill(argument: &str, texts: &BTreeMap<&str, String>) -> String {
    let mut out = String::new();
    let mut rest = argument;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) if texts.contains_key(name) => {
                out.push_str(texts.get(name).map(String::as_str).unwrap_or_default());
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> BTreeMap<String, FieldConfig> {
        let text = FieldConfig::Text { max_length: 10, choices: Vec::new() };
        BTreeMap::from([
            ("tag".to_owned(), text),
            ("count".to_owned(), FieldConfig::Integer { min: 1, max: 5 }),
        ])
    }

    fn command(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn fields_fill_arguments_and_nothing_else() {
        let command = command(&["deploy", "--tag={tag}", "{count}", "{literally"]);
        let plan = r#"{"tag":"{count}","count":3}"#;
        let filled = arguments(&command, &fields(), Some(plan)).unwrap();
        assert_eq!(filled, ["deploy", "--tag={count}", "3", "{literally"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let command = command(&["deploy", "{tag}", "{count}"]);
        for plan in [
            None,
            Some("deploy v1"),
            Some(r#"{"tag":"v1"}"#),
            Some(r#"{"tag":"v1","count":9}"#),
            Some(r#"{"tag":"--force","count":1}"#),
            Some(r#"{"tag":"a\nb","count":1}"#),
            Some(r#"{"tag":"v1","count":1,"extra":true}"#),
            Some(r#"{"tag":"v1","tag":"v2","count":1}"#),
        ] {
            assert!(arguments(&command, &fields(), plan).is_err(), "{plan:?}");
        }
    }

    #[test]
    fn a_field_is_declared_and_used_and_never_program_or_script() {
        assert!(check_declaration(&command(&["deploy", "{tag}", "{count}"]), &fields()).is_ok());
        for (words, says) in [
            (&["{tag}", "{count}"][..], "the program itself"),
            (&["deploy", "{tag}"], "`count` is declared but not used"),
            (&["deploy", "{tag}", "{count}", "{other}"], "`{other}` is used but not declared"),
            (&["sh", "-c", "echo {tag}", "{count}"], "`{tag}` stands in a shell script"),
        ] {
            let refused = check_declaration(&command(words), &fields()).unwrap_err();
            assert!(refused.contains(says), "{refused}");
        }
    }
}
