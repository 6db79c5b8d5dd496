//! Values that must never be logged, shown or stored, and how a text gets rid of them. A text is cleaned before it is cut:
//! half of a secret is no longer known as one.

use governance::Value;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

/// What stands in a secret's place.
pub(super) const REDACTED: &str = "[redacted]";
/// A line of a secret counts by itself when it has so many bytes; shorter ones, such as a brace, stand everywhere.
const LINE_BYTES: usize = 8;

/// Secret values. Never printed, cheap to clone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretValues(Arc<[String]>);

impl SecretValues {
    /// Without the white space around them: a value that was read from a file often ends with a line's end, and what is
    /// printed of it does not. Of one with several lines every line counts too.
    pub fn new(values: impl IntoIterator<Item = String>) -> Self {
        let mut all = Vec::new();
        for value in values {
            let value = value.trim();
            all.push(value.to_owned());
            all.extend(
                value.lines().map(str::trim).filter(|line| line.len() >= LINE_BYTES).map(str::to_owned),
            );
        }
        all.retain(|value| !value.is_empty());
        // Longest first, so that one which contains another is found whole.
        all.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        all.dedup();
        Self(all.into())
    }

    /// The values of environment variables, as far as they are set. Refuses, in words, one that could not be found in a
    /// text again.
    pub fn of_variables(names: &[String], read: impl Fn(&str) -> Option<OsString>) -> Result<Self, String> {
        let mut values = Vec::new();
        for name in names {
            let value = read(name).map(OsString::into_string).transpose();
            let value = value.map_err(|_| {
                format!(
                    "the value of `{name}` in secret_env is not UTF-8, so that nobody could keep it secret"
                )
            })?;
            values.extend(value);
        }
        Ok(Self::new(values))
    }

    /// These and others.
    #[must_use]
    pub fn and(&self, others: impl IntoIterator<Item = String>) -> Self {
        Self::new(self.iter().map(str::to_owned).chain(others))
    }

    /// Longest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a text holds one.
    pub fn are_in(&self, text: &str) -> bool {
        self.iter().any(|secret| text.contains(secret))
    }

    /// A text with something else in every secret's place.
    pub fn clean(&self, text: &str) -> String {
        if !self.are_in(text) {
            return text.to_owned();
        }
        let mut clean = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            if let Some(after) = self.iter().find_map(|secret| rest.strip_prefix(secret)) {
                clean.push_str(REDACTED);
                rest = after;
                continue;
            }
            let mut characters = rest.chars();
            let Some(first) = characters.next() else { return clean };
            clean.push(first);
            rest = characters.as_str();
        }
    }

    /// The same for every text in a value.
    pub fn clean_value(&self, value: &Value) -> Value {
        match value {
            Value::Str(text) => self.clean(text).into(),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.clean_value(item)).collect()),
            Value::Object(members) => {
                let members = members.iter();
                Value::Object(
                    members.map(|(name, value)| (self.clean(name), self.clean_value(value))).collect(),
                )
            }
            other => other.clone(),
        }
    }
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} secret values", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governance::json::parse;
    use std::os::unix::ffi::OsStringExt;

    fn secrets(values: &[&str]) -> SecretValues {
        SecretValues::new(values.iter().map(|&value| value.to_owned()))
    }

    #[test]
    fn every_secret_is_replaced_wherever_it_stands() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADAN\r\n}\n-----END KEY-----\n";
        for (values, text, expected) in [
            (&["s3cret", "t0ken"][..], "a s3cret=t0ken, s3cret", "a [redacted]=[redacted], [redacted]"),
            (&["s3cret", "s3cret-token"], "s3cret-token, s3cret", "[redacted], [redacted]"),
            (&["  s3cret\n"], "<s3cret>", "<[redacted]>"),
            (&["s3cret-token", "red"], "s3cret-token", "[redacted]"),
            (&[key], key, "[redacted]\n"),
            (&[key], r#"{"key":"MIIEvQIBADAN\n"}"#, r#"{"key":"[redacted]\n"}"#),
            (&["ünï"], "aünïünü", "a[redacted]ünü"),
            (&["", " \n"], "nothing here", "nothing here"),
        ] {
            assert_eq!(secrets(values).clean(text), expected, "{values:?}");
        }
    }

    #[test]
    fn names_and_texts_in_a_value_are_cleaned_and_nothing_else() {
        let value = parse(r#"{"s3cret":["a s3cret",{"n":1.0,"none":null}]}"#).unwrap();
        let expected = parse(r#"{"[redacted]":["a [redacted]",{"n":1.0,"none":null}]}"#).unwrap();
        assert_eq!(secrets(&["s3cret"]).clean_value(&value), expected);
        assert_eq!(secrets(&[]).clean_value(&value), value);
    }

    #[test]
    fn a_value_that_is_no_text_is_refused_by_its_name_alone() {
        let read = |name: &str| match name {
            "TOKEN" => Some(OsString::from("s3cret")),
            "KEY" => Some(OsString::from_vec(b"s3cret\xff".to_vec())),
            _ => None,
        };
        let of = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            SecretValues::of_variables(&names, read)
        };
        assert_eq!(of(&["TOKEN", "NOT_SET"]).unwrap(), secrets(&["s3cret"]));
        let refused = of(&["TOKEN", "KEY"]).unwrap_err();
        assert!(refused.contains("`KEY`") && refused.contains("UTF-8"), "{refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
        assert!(!format!("{:?}", secrets(&["s3cret"])).contains("s3cret"));
    }
}
