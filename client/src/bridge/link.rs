//! The HTTP side: one message there, its answers back. Keeps the session of the older protocol, and begins a new one
//! where the server has forgotten it, so that a restart of the server is none of the client's business.

use super::message::{Kind, Message};
use super::sse::Events;
use crate::problem::Problem;
use crate::server::{Server, chain};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};

const PATH: &str = "/api/mcp";
const SESSION: &str = "mcp-session-id";
/// Larger answers that come in one piece are not read.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The way to a server.
pub struct Link {
    server: Server,
    out: mpsc::Sender<String>,
    greeted: Mutex<Option<Greeted>>,
}

/// What the greeting of the older protocol left.
#[derive(Clone)]
struct Greeted {
    /// The greeting, to be said again.
    with: Message,
    session: Option<String>,
    version: Option<String>,
}

impl Link {
    /// Nobody has greeted yet.
    pub fn new(server: Server, out: mpsc::Sender<String>) -> Self {
        Self { server, out, greeted: Mutex::new(None) }
    }

    /// Says something to the client.
    pub async fn say(&self, message: Value) {
        // Where nobody reads any more there is nothing left to say.
        drop(self.out.send(message.to_string()).await);
    }

    /// Whether the older protocol is spoken, in a session.
    pub async fn has_session(&self) -> bool {
        self.greeted.lock().await.as_ref().is_some_and(|greeted| greeted.session.is_some())
    }

    /// Brings a message there and its answers back. A request always gets an answer, if only that there is none.
    pub async fn relay(&self, message: Message) {
        let Err(words) = self.bring(&message).await else { return };
        eprintln!("nexus-control mcp: {words}");
        if let Some(id) = message.id() {
            self.say(json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32000, "message": words } }))
                .await;
        }
    }

    /// Ends the session, if there is one.
    pub async fn close(&self) {
        let session = self.greeted.lock().await.take().and_then(|greeted| greeted.session);
        if let Some(session) = session {
            // It would end by itself.
            drop(self.server.raw(reqwest::Method::DELETE, PATH).header(SESSION, session).send().await);
        }
    }

    async fn bring(&self, message: &Message) -> Result<(), String> {
        let greeted = self.greeted.lock().await.clone();
        let mut response = self.post(message, greeted.as_ref()).await?;
        let session = greeted.as_ref().and_then(|greeted| greeted.session.clone());
        if response.status() == StatusCode::NOT_FOUND && session.is_some() && message.version().is_none() {
            let again = self.greet_again(session.as_deref()).await?;
            response = self.post(message, Some(&again)).await?;
        }
        let begun = header(&response, SESSION);
        let answer = self.answers(response, message).await?;
        if message.kind() == Kind::Initialize {
            let version =
                answer.as_ref().and_then(|answer| answer.pointer("/result/protocolVersion")?.as_str());
            let (with, version) = (message.clone(), version.map(str::to_owned));
            *self.greeted.lock().await = Some(Greeted { with, session: begun, version });
        }
        if let Some(answer) = answer {
            self.say(answer).await;
        }
        Ok(())
    }

    /// Greets anew where the server has forgotten this session, unless somebody else has done so meanwhile.
    async fn greet_again(&self, forgotten: Option<&str>) -> Result<Greeted, String> {
        let mut greeted = self.greeted.lock().await;
        let Some(known) = greeted.clone() else {
            return Err("the server has forgotten the session".to_owned());
        };
        if known.session.as_deref() != forgotten {
            return Ok(known);
        }
        eprintln!("nexus-control mcp: the server has forgotten the session; beginning a new one");
        let response = self.post(&known.with, None).await?;
        let session = header(&response, SESSION);
        if !response.status().is_success() || session.is_none() {
            return Err("the server has forgotten the session and begins no new one".to_owned());
        }
        drop(response);
        let anew = Greeted { session, ..known };
        let ready = Message::of(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        self.post(&ready, Some(&anew)).await?;
        *greeted = Some(anew.clone());
        Ok(anew)
    }

    async fn post(&self, message: &Message, greeted: Option<&Greeted>) -> Result<Response, String> {
        let mut request = self
            .server
            .raw(reqwest::Method::POST, PATH)
            .header(ACCEPT, "application/json, text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(message.text().to_owned());
        let greeted = greeted.filter(|_| message.version().is_none() && message.kind() != Kind::Initialize);
        if let Some(version) = message.version().or(greeted.and_then(|greeted| greeted.version.as_deref())) {
            request = request.header("mcp-protocol-version", version);
        }
        if let Some(session) = greeted.and_then(|greeted| greeted.session.as_deref()) {
            request = request.header(SESSION, session);
        }
        for (name, value) in message.standard_headers() {
            request = request.header(name, value);
        }
        let sent = request.send().await;
        sent.map_err(|error| format!("{} does not answer: {}", self.server.url(), chain(&error)))
    }

    /// The answer to this request. What comes before it, such as questions and progress, is passed on at once.
    async fn answers(&self, response: Response, message: &Message) -> Result<Option<Value>, String> {
        let status = response.status();
        let streams = header(&response, CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if streams && status.is_success() {
            return self.stream(response, message).await;
        }
        let text = whole(response).await?;
        let Some(id) = message.id() else {
            return if status.is_success() { Ok(None) } else { Err(self.refused(status, &text)) };
        };
        let answer: Option<Value> = serde_json::from_str(&text).ok();
        // Errors of the protocol come with statuses of their own.
        match answer.filter(|answer| answer.get("jsonrpc").is_some()) {
            Some(mut answer) => {
                if answer.get("id").is_none_or(Value::is_null)
                    && let Some(members) = answer.as_object_mut()
                {
                    members.insert("id".to_owned(), id.clone());
                }
                Ok(Some(answer))
            }
            None => Err(self.refused(status, &text)),
        }
    }

    async fn stream(&self, mut response: Response, message: &Message) -> Result<Option<Value>, String> {
        let mut events = Events::default();
        let lost =
            "the connection broke before the answer came; what was begun may go on: look before trying again";
        while let Some(piece) =
            response.chunk().await.map_err(|error| format!("{lost} ({})", chain(&error)))?
        {
            let found = events.feed(&piece).ok_or("the server's answer is too large")?;
            for data in found {
                let Ok(value) = serde_json::from_str::<Value>(&data) else {
                    return Err("the server's answer is no JSON".to_owned());
                };
                if message.id().is_some() && value.get("id") == message.id() && value.get("method").is_none()
                {
                    return Ok(Some(value));
                }
                self.say(value).await;
            }
        }
        if message.id().is_some() { Err(lost.to_owned()) } else { Ok(None) }
    }

    fn refused(&self, status: StatusCode, text: &str) -> String {
        let url = self.server.url();
        match Problem::read(status.as_u16(), text) {
            Some(problem) if status == StatusCode::UNAUTHORIZED => {
                format!("{url} does not take this key: {}", problem.words())
            }
            Some(problem) => format!("{url} refused: {}", problem.words()),
            None => format!("{url} answers {status} and nothing that makes sense here; is this its address?"),
        }
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

async fn whole(mut response: Response) -> Result<String, String> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| chain(&error))? {
        if body.len() + piece.len() > MAX_BYTES {
            return Err("the server's answer is too large".to_owned());
        }
        body.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}
