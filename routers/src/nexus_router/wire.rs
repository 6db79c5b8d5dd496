//! What goes over the wire, whatever carries it. Every message passes here once, so that an answer that nobody asked
//! for, a second answer and an answer without an end are seen. It keeps each answer's own text: digests are over what
//! was written, not over what a library made of it.

use super::trouble::{Trouble, quoted};
use control::router::{ROUTER_ANSWER_INVALID, ROUTER_ANSWERED_OTHER, ROUTER_ANSWERED_TWICE};
use control::routers::SecretValues;
use governance::json::{self, Value};
use rmcp::RoleClient;
use rmcp::model::{JsonRpcMessage, NumberOrString, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Longest message that is read.
pub(super) const MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// Most that is read in one session, answers and everything that is said in between.
const SESSION_BYTES: usize = 32 * 1024 * 1024;

/// A message from the router.
pub(super) type Heard = RxJsonRpcMessage<RoleClient>;
/// A message to the router.
pub(super) type Said = TxJsonRpcMessage<RoleClient>;

/// One session's traffic. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<Inner>);

#[derive(Default)]
struct Inner {
    traffic: Mutex<Traffic>,
    secrets: SecretValues,
    broken: CancellationToken,
}

#[derive(Default)]
struct Traffic {
    /// Every request by its number, with its answer's text once there is one.
    asked: BTreeMap<i64, Option<String>>,
    bytes: usize,
    trouble: Option<Trouble>,
}

impl Wire {
    /// One over which nothing was said yet. The secrets are what no words about it may hold.
    pub(super) fn new(secrets: SecretValues) -> Self {
        Self(Arc::new(Inner { secrets, ..Inner::default() }))
    }

    /// What no words about it may hold.
    pub(super) fn secrets(&self) -> &SecretValues {
        &self.0.secrets
    }

    /// The router's own words as part of a sentence.
    pub(super) fn quoted(&self, words: &str) -> String {
        quoted(words, &self.0.secrets)
    }

    /// Notes what is sent.
    pub(super) fn say(&self, message: &Said) {
        if let JsonRpcMessage::Request(request) = message
            && let NumberOrString::Number(id) = request.id
        {
            self.traffic().asked.insert(id, None);
        }
    }

    /// Looks at what came. `None` when it is to be passed on to nobody; what is wrong with it breaks the wire.
    pub(super) fn hear(&self, text: &str) -> Option<Heard> {
        let known = self.look(text);
        match known {
            Ok(true) => match serde_json::from_str::<Heard>(text) {
                Ok(message) => Some(message),
                Err(_) => {
                    self.fail(self.not_mcp(text));
                    None
                }
            },
            Ok(false) => None,
            Err(trouble) => {
                self.fail(trouble);
                None
            }
        }
    }

    /// Breaks the wire: nothing more is heard. What went wrong first is what is told.
    pub(super) fn fail(&self, trouble: Trouble) {
        self.traffic().trouble.get_or_insert(trouble);
        self.0.broken.cancel();
    }

    /// Ends it without anything wrong: nothing more is heard.
    pub(super) fn end(&self) {
        self.0.broken.cancel();
    }

    /// Whether a request whose connection ended has its answer. Other messages need none.
    pub(super) fn answered(&self, message: &Said) -> Result<(), Trouble> {
        match message {
            JsonRpcMessage::Request(request) if self.answer(&request.id).is_none() => Err(Trouble::lost(
                "the router ended the connection without an answer; nobody knows what it did",
            )),
            _ => Ok(()),
        }
    }

    /// What went wrong, if something did.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.traffic().trouble.clone()
    }

    /// Ends when the wire is broken.
    pub(super) async fn broken(&self) {
        self.0.broken.cancelled().await;
    }

    /// Whether it is broken.
    pub(super) fn is_broken(&self) -> bool {
        self.0.broken.is_cancelled()
    }

    /// The answer to a request, exactly as it was written.
    pub(super) fn answer(&self, id: &RequestId) -> Option<Value> {
        let NumberOrString::Number(id) = id else { return None };
        let text = self.traffic().asked.get(id).cloned().flatten()?;
        json::parse(&text).ok()
    }

    /// Whether a message is to be passed on.
    fn look(&self, text: &str) -> Result<bool, Trouble> {
        let mut traffic = self.traffic();
        traffic.bytes = traffic.bytes.saturating_add(text.len());
        if traffic.bytes > SESSION_BYTES {
            return Err(too_long());
        }
        let message = json::parse(text).map_err(|_| self.not_mcp(text))?;
        if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Err(self.not_mcp(text));
        }
        if message.get("method").is_some() {
            return Ok(true);
        }
        let id = match message.get("id") {
            Some(id) if !id.is_null() => id.as_i64(),
            // An error that could not read what was asked names nothing; rmcp knows what to do with it.
            _ => return Ok(true),
        };
        match id.and_then(|id| traffic.asked.get_mut(&id)) {
            None => {
                Err(Trouble::new(ROUTER_ANSWERED_OTHER, "the router answered something that nobody asked"))
            }
            Some(Some(first)) if first == text => Ok(false),
            Some(Some(_)) => {
                let message = "the router answered the same request twice, and not the same; neither counts";
                Err(Trouble::new(ROUTER_ANSWERED_TWICE, message))
            }
            Some(none) => {
                *none = Some(text.to_owned());
                Ok(true)
            }
        }
    }

    fn not_mcp(&self, text: &str) -> Trouble {
        let begin: String = self.0.secrets.clean(text).chars().take(80).collect();
        let message = format!("the router wrote something that is no MCP message: `{}`", self.quoted(&begin));
        Trouble::new(ROUTER_ANSWER_INVALID, message)
    }

    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        // Whoever held it only moved texts about.
        self.0.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// It writes without an end.
pub(super) fn too_long() -> Trouble {
    let message = format!("the router wrote more than the {} MiB that are read", MESSAGE_BYTES / 1024 / 1024);
    Trouble::new(ROUTER_ANSWER_INVALID, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rmcp::model::{ClientRequest, PingRequest};

    fn asked(ids: &[i64]) -> Wire {
        let wire = Wire::default();
        for id in ids {
            let ping = ClientRequest::PingRequest(PingRequest::default());
            wire.say(&Said::request(ping, NumberOrString::Number(*id)));
        }
        wire
    }

    fn code(wire: &Wire) -> Option<&'static str> {
        wire.trouble().map(|trouble| trouble.code)
    }

    #[test]
    fn an_answer_is_heard_once_and_kept_as_it_was_written() {
        let wire = asked(&[1]);
        let text = r#"{"jsonrpc":"2.0","id":1,"result":{"big":123456789012345678901234567890,"f":1.0}}"#;
        assert!(wire.hear(text).is_some());
        assert!(wire.hear(text).is_none(), "the same again is no news");
        assert_eq!(code(&wire), None);
        let kept = wire.answer(&NumberOrString::Number(1)).unwrap();
        assert_eq!(governance::canonical::to_string(&kept), {
            r#"{"id":1,"jsonrpc":"2.0","result":{"big":123456789012345678901234567890,"f":1.0}}"#
        });
    }

    #[test]
    fn what_is_no_message_is_told_without_secrets() {
        let wire = Wire::new(SecretValues::new(["s3cret-token".to_owned()]));
        let line = format!("{}s3cret-token", "x".repeat(74));
        assert!(wire.hear(&line).is_none());
        let words = wire.trouble().unwrap().message;
        assert!(words.contains("x[redac`") && !words.contains("s3c"), "{words}");
    }

    #[test]
    fn a_second_answer_that_differs_breaks_the_wire() {
        let wire = asked(&[1]);
        assert!(wire.hear(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).is_some());
        assert!(wire.hear(r#"{"jsonrpc":"2.0","id":1,"result":{"a":1}}"#).is_none());
        assert_eq!(code(&wire), Some(ROUTER_ANSWERED_TWICE));
        assert!(wire.is_broken());
    }

    #[test]
    fn what_nobody_asked_and_what_is_no_message_break_the_wire() {
        for (text, expected) in [
            (r#"{"jsonrpc":"2.0","id":7,"result":{}}"#, ROUTER_ANSWERED_OTHER),
            (r#"{"jsonrpc":"2.0","id":"one","result":{}}"#, ROUTER_ANSWERED_OTHER),
            ("Starting router…", ROUTER_ANSWER_INVALID),
            (r#"{"id":1,"result":{}}"#, ROUTER_ANSWER_INVALID),
            (r#"{"jsonrpc":"2.0","id":1,"result":{},"result":{}}"#, ROUTER_ANSWER_INVALID),
            ("[]", ROUTER_ANSWER_INVALID),
        ] {
            let wire = asked(&[1]);
            assert!(wire.hear(text).is_none(), "{text}");
            assert_eq!(code(&wire), Some(expected), "{text}");
        }
    }
}
