//! Query strings, read and written the same way on the server and in the browser. (The router's own map decodes
//! values a second time, and not alike on both sides; a literal `100%25` would come out differently.)

use crate::text::encoded;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// A query's pairs, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=two+words`.
    pub fn parse(search: &str) -> Self {
        let pairs = search.trim_start_matches('?').split('&').filter(|part| !part.is_empty()).map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        });
        Self(pairs.collect())
    }

    /// The first value of this name; empty when there is none.
    pub fn get(&self, name: &str) -> String {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// All values of this name, in order.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether the name appears.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }
}

/// Makes `path?a=1&b=two%20words`, leaving empty values out.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let made: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    if made.is_empty() { path.to_owned() } else { format!("{path}?{}", made.join("&")) }
}

/// The current address' query.
pub fn use_query() -> Memo<Query> {
    let url = use_url();
    Memo::new(move |_| url.with(|url| Query::parse(url.search())))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(digit), ahead.next().and_then(digit)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high * 16 + low);
                        rest = ahead;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::{Query, address};

    #[test]
    fn what_is_written_can_be_read() {
        let value = "100% of ü + \u{202e} & more = \"x\"";
        let made = address("/x", &[("a", value), ("empty", ""), ("b", "1")]);
        let (_, search) = made.split_once('?').unwrap();
        assert!(made.is_ascii());
        let query = Query::parse(search);
        assert_eq!(query.get("a"), value);
        assert_eq!(query.get("b"), "1");
        assert!(!query.has("empty"));
    }

    #[test]
    fn broken_encoding_does_no_harm() {
        assert_eq!(Query::parse("a=100%&b=%zz&c=%2541").get("a"), "100%");
        assert_eq!(Query::parse("b=%zz").get("b"), "%zz");
        assert_eq!(Query::parse("c=%2541").get("c"), "%41");
    }
}
