//! From JSON as the evidence reads it to a type. Refuses an array where an object belongs: the usual reading takes the
//! elements for members in their order, which nobody means.

use governance::Value;
use serde::Deserializer;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

/// A value to be read.
#[derive(Clone, Copy)]
pub struct Reader<'de>(pub &'de Value);

impl Reader<'_> {
    fn unexpected(&self) -> Unexpected<'_> {
        match self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(truth) => Unexpected::Bool(*truth),
            Value::Int(_) => Unexpected::Other("integer"),
            Value::Float(number) => Unexpected::Float(*number),
            Value::Str(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }
}

/// `4.0` and `4e0` are integers, as JSON Schema has it, as long as every program reads them alike.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction, and an i64 holds far more")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

impl<'de> IntoDeserializer<'de, Error> for Reader<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Int(text) => match text.parse::<i64>() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(Error::custom("the integer is too large")),
            },
            Value::Float(number) => match whole(*number) {
                Some(number) => visitor.visit_i64(number),
                None => visitor.visit_f64(*number),
            },
            Value::Str(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Reader));
                let read = visitor.visit_seq(&mut items)?;
                items.end().map(|()| read)
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.as_str(), Reader(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(_) => self.deserialize_any(visitor),
            _ => Err(Error::invalid_type(self.unexpected(), &"an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Str(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => Err(Error::invalid_type(self.unexpected(), &"a word")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize as _;

    fn read(text: &str) -> Result<wire::NewDecision, String> {
        let value = governance::json::parse(text).unwrap();
        wire::NewDecision::deserialize(Reader(&value)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_array_is_no_object_at_any_depth() {
        assert!(read(r#"["goal", null, null, null, null]"#).unwrap_err().contains("an object"));
        assert!(read(r#"{"goal": "x", "policy": [2]}"#).unwrap_err().contains("an object"));
        assert!(read(r#"{"goal": "x", "mode": ["apply"]}"#).unwrap_err().contains("a word"));
    }

    #[test]
    fn everything_else_is_read_as_written() {
        let text =
            r#"{"goal":"ä","plan":null,"mode":"apply","policy":{"min_approvals":2,"labels":["a","b"]}}"#;
        let new = read(text).unwrap();
        assert_eq!((new.goal.as_str(), new.plan, new.mode), ("ä", None, Some(wire::Mode::Apply)));
        let policy = new.policy.unwrap();
        assert_eq!(
            (policy.min_approvals, policy.labels),
            (Some(2), Some(vec!["a".to_owned(), "b".to_owned()]))
        );
    }

    #[test]
    fn numbers_are_what_they_are() {
        for text in ["1.5", "1e-2", "1e300", "\"1\"", "true", "99999999999999999999"] {
            let text = format!(r#"{{"goal":"x","policy":{{"min_approvals":{text}}}}}"#);
            assert!(read(&text).is_err(), "{text}");
        }
        // JSON Schema knows one kind of number: this is an integer, too.
        for (text, number) in [("2.0", 2), ("1e2", 100), ("-0.0", 0)] {
            let text = format!(r#"{{"goal":"x","policy":{{"min_approvals":{text}}}}}"#);
            assert_eq!(read(&text).unwrap().policy.unwrap().min_approvals, Some(number), "{text}");
        }
    }
}
