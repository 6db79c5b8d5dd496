//! JSON of the evidence inside of an answer: passed on as it was written, integers of any size exact.

use governance::{Value, canonical};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;
use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, schema::Schema as OpenSchema};
use utoipa::{PartialSchema, ToSchema};

/// A JSON object as the evidence holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub Value);

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(canonical::to_string(&self.0)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl PartialSchema for Json {
    fn schema() -> RefOr<OpenSchema> {
        let described = "A JSON object as the evidence holds it; its integers may be of any size.";
        ObjectBuilder::new().schema_type(Type::Object).description(Some(described)).into()
    }
}

impl ToSchema for Json {}

impl JsonSchema for Json {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_integers_stay_exact() {
        let text = r#"{"n":123456789012345678901234567890,"x":[1.5,"ä"]}"#;
        let json = Json(governance::json::parse(text).unwrap());
        let read = governance::json::parse(&serde_json::to_string(&json).unwrap()).unwrap();
        assert_eq!(read, json.0);
    }
}
