//! Schemas of arguments and answers. An answer's schema allows the refusal too: clients check structured content
//! against it whether or not the call succeeded.
//!
//! Arguments are described in the plainest words that JSON Schema has, since model providers read only some of it: each
//! has one type, and what is optional is left out rather than null.

use crate::refusal::Told;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use std::sync::Arc;

/// What a tool takes.
pub fn input<T: JsonSchema>() -> Arc<JsonObject> {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    object(schema)
}

/// What a tool answers: `T`, or why not.
pub fn output<T: JsonSchema>() -> Arc<JsonObject> {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let answer = generator.subschema_for::<T>().to_value();
    let refusal = generator.subschema_for::<Told>().to_value();
    let definitions = Value::Object(generator.take_definitions(true));
    object(json!({ "type": "object", "anyOf": [answer, refusal], "$defs": definitions }))
}

fn object(mut schema: Value) -> Arc<JsonObject> {
    without_rust(&mut schema);
    let Value::Object(mut object) = schema else { return Arc::default() };
    object.remove("title");
    object.remove("description");
    Arc::new(object)
}

/// Takes out the formats that only Rust knows, such as `uint32`: validators complain about them.
fn without_rust(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let foreign = members.get("format").and_then(Value::as_str).is_some_and(|format| {
                format.starts_with("uint") || format.starts_with("int") || format == "double"
            });
            if foreign {
                members.remove("format");
            }
            members.values_mut().for_each(without_rust);
        }
        Value::Array(items) => items.iter_mut().for_each(without_rust),
        _ => {}
    }
}

/// Says of what may be null only what else it may be.
fn without_null(schema: &mut Value) {
    let Value::Object(members) = schema else {
        if let Value::Array(items) = schema {
            items.iter_mut().for_each(without_null);
        }
        return;
    };
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|one| one != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            members.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|one| one != "null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            members.remove("anyOf");
            // The argument's own words stay, not those of its type.
            for (name, value) in only {
                members.entry(name).or_insert(value);
            }
        }
    }
    members.values_mut().for_each(without_null);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Request;
    use crate::outcome::Decision;

    #[test]
    fn arguments_are_described_in_plain_words() {
        let schema = Value::Object(input::<Request>().as_ref().clone());
        assert_eq!(schema["required"], json!(["goal"]));
        assert_eq!(schema["additionalProperties"], false);
        let text = schema.to_string();
        for odd in ["null", "$ref", "$defs", "uint", "int64"] {
            assert!(!text.contains(odd), "{odd} in {text}");
        }
        assert_eq!(schema["properties"]["min_approvals"]["type"], "integer");
        assert_eq!(schema["properties"]["labels"]["type"], "array");
        assert!(schema["properties"]["mode"]["description"].as_str().unwrap().contains("rehearses"));
    }

    #[test]
    fn an_answer_or_a_refusal_fits() {
        let schema = Value::Object(output::<Decision>().as_ref().clone());
        assert_eq!(schema["anyOf"].as_array().unwrap().len(), 2);
        assert!(schema["$defs"]["Refusal"]["properties"]["what_to_do"].is_object());
    }
}
