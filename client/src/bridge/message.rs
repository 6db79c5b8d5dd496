//! One JSON-RPC message, as far as a bridge has to look into it: what it is, and what its headers have to say.

use governance::json::parse;
use serde_json::{Value, json};

/// The first revision in which requests stand alone and headers repeat what the body says.
pub const STANDS_ALONE: &str = "2026-07-28";

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    text: String,
    value: Value,
}

/// What it is, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// The greeting of the older protocol.
    Initialize,
    /// A request; its id, as JSON.
    Request(String),
    /// The client has lost interest in this request.
    Cancels(String),
    /// A notification, or an answer to the server.
    Other,
}

impl Message {
    /// Reads a line; the error is what to answer.
    pub fn read(line: &str) -> Result<Self, Value> {
        let refused = |words: String| json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": words } });
        // Headers repeat what stands in it: what two readers would read differently is not relayed.
        if let Err(error) = parse(line) {
            return Err(refused(format!("this line is no JSON that everybody reads alike: {error}")));
        }
        match serde_json::from_str(line) {
            Ok(value @ Value::Object(_)) => Ok(Self { text: line.to_owned(), value }),
            Ok(_) => Err(refused("a message is one JSON object on one line".to_owned())),
            Err(error) => Err(refused(format!("this line is no JSON: {error}"))),
        }
    }

    /// A message of the bridge's own.
    pub fn of(value: Value) -> Self {
        Self { text: value.to_string(), value }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match (self.method(), self.id()) {
            (Some("initialize"), Some(_)) => Kind::Initialize,
            (Some(_), Some(id)) => Kind::Request(id.to_string()),
            (Some("notifications/cancelled"), None) => {
                let request = self.value.pointer("/params/requestId");
                request.map_or(Kind::Other, |id| Kind::Cancels(id.to_string()))
            }
            _ => Kind::Other,
        }
    }

    /// The whole, to the letter.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The id of a request.
    pub fn id(&self) -> Option<&Value> {
        self.value.get("id").filter(|_| self.method().is_some())
    }

    fn method(&self) -> Option<&str> {
        self.value.get("method").and_then(Value::as_str)
    }

    /// The revision that it names itself.
    pub fn version(&self) -> Option<&str> {
        let meta = self.value.get("params")?.get("_meta")?;
        meta.get("io.modelcontextprotocol/protocolVersion")?.as_str()
    }

    /// What the headers of a message that stands alone repeat: its method, and the name that it is about.
    pub fn standard_headers(&self) -> Vec<(&'static str, &str)> {
        let Some(method) =
            self.method().filter(|_| self.version().is_some_and(|version| version >= STANDS_ALONE))
        else {
            return Vec::new();
        };
        let about = match method {
            "tools/call" | "prompts/get" => "name",
            "resources/read" => "uri",
            _ => return vec![("mcp-method", method)],
        };
        let name = self.value.get("params").and_then(|params| params.get(about)).and_then(Value::as_str);
        std::iter::once(("mcp-method", method)).chain(name.map(|name| ("mcp-name", name))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Message {
        Message::read(text).unwrap()
    }

    #[test]
    fn a_message_is_told_by_its_method_and_id() {
        for (text, kind) in [
            (r#"{"id":1,"method":"initialize"}"#, Kind::Initialize),
            (r#"{"id":"a","method":"tools/list"}"#, Kind::Request("\"a\"".to_owned())),
            (r#"{"method":"notifications/initialized"}"#, Kind::Other),
            (
                r#"{"method":"notifications/cancelled","params":{"requestId":7}}"#,
                Kind::Cancels("7".to_owned()),
            ),
            (r#"{"id":3,"result":{}}"#, Kind::Other),
        ] {
            assert_eq!(read(text).kind(), kind, "{text}");
        }
        for text in ["", "[]", "nonsense", "1"] {
            assert_eq!(Message::read(text).unwrap_err()["error"]["code"], -32700);
        }
    }

    #[test]
    fn a_line_is_relayed_to_the_letter_and_one_with_two_readings_is_not() {
        let line = r#"{ "id":1, "method":"x", "params":{"n":123456789012345678901234567890,"f":1.0e2} }"#;
        assert_eq!(read(line).text(), line);
        for twice in [
            r#"{"id":1,"method":"tools/list","method":"tools/call"}"#,
            r#"{"id":1,"method":"tools/call","params":{"name":"a","name":"b"}}"#,
        ] {
            assert_eq!(Message::read(twice).unwrap_err()["error"]["code"], -32700, "{twice}");
        }
    }

    #[test]
    fn only_messages_that_stand_alone_have_headers_that_repeat_them() {
        let call = |version: &str| {
            read(&format!(
                r#"{{"id":1,"method":"tools/call","params":{{"name":"t","_meta":
                {{"io.modelcontextprotocol/protocolVersion":"{version}"}}}}}}"#
            ))
        };
        assert_eq!(call("2026-07-28").standard_headers(), [("mcp-method", "tools/call"), ("mcp-name", "t")]);
        assert!(call("2025-11-25").standard_headers().is_empty());
        assert!(read(r#"{"id":1,"method":"tools/list"}"#).standard_headers().is_empty());
    }
}
