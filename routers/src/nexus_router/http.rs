//! A router behind an address: streamable HTTP, each message a POST, answers as JSON or as a stream of events. Nothing
//! is ever sent twice and no redirect is followed: a call that was lost stays lost, for people to look at.

use super::config::NexusRouterConfig;
use super::events::Events;
use super::trouble::{NOTHING, Trouble};
use super::wire::{Heard, MESSAGE_BYTES, Said, Wire, too_long};
use control::router::{ROUTER_ANSWER_INVALID, ROUTER_REFUSED, ROUTER_UNREACHABLE};
use governance::json;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use rmcp::RoleClient;
use rmcp::transport::Transport;
use serde_json::Value;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// How long a stream may stay open after what it was opened for has come.
const GRACE: Duration = Duration::from_secs(1);
const SESSION: &str = "mcp-session-id";
const VERSION: &str = "mcp-protocol-version";
/// Messages that wait to be heard.
const WAITING: usize = 64;

/// The address.
pub(super) struct Remote {
    post: Arc<Post>,
    heard: mpsc::Receiver<Heard>,
    open: TaskTracker,
}

struct Post {
    client: Client,
    url: String,
    token: Option<String>,
    /// What every later request says about the session, once it is known.
    session: Mutex<HeaderMap>,
    wire: Wire,
    heard: mpsc::Sender<Heard>,
}

impl Remote {
    /// Makes ready to ask; nobody is asked yet.
    pub(super) fn new(client: Client, config: &NexusRouterConfig, wire: Wire) -> Self {
        let (sender, heard) = mpsc::channel(WAITING);
        let post = Post {
            client,
            url: config.url.as_ref().map(|url| url.0.to_string()).unwrap_or_default(),
            token: config.token.clone(),
            session: Mutex::default(),
            wire,
            heard: sender,
        };
        Self { post: Arc::new(post), heard, open: TaskTracker::new() }
    }
}

impl Transport<RoleClient> for Remote {
    type Error = Infallible;

    fn send(&mut self, item: Said) -> impl Future<Output = Result<(), Infallible>> + Send + 'static {
        self.post.wire.say(&item);
        let post = self.post.clone();
        // Whoever waits for the answer is told by the wire, whatever becomes of it.
        drop(self.open.spawn(async move {
            tokio::select! {
                sent = post.send(&item) => if let Err(trouble) = sent.and_then(|()| post.wire.answered(&item)) {
                    post.wire.fail(trouble);
                },
                () = post.wire.broken() => {}
            }
        }));
        std::future::ready(Ok(()))
    }

    async fn receive(&mut self) -> Option<Heard> {
        tokio::select! {
            biased;
            message = self.heard.recv() => message,
            () = self.post.wire.broken() => None,
        }
    }

    async fn close(&mut self) -> Result<(), Infallible> {
        self.open.close();
        let rest = async { while self.heard.recv().await.is_some() {} };
        tokio::select! {
            () = self.open.wait() => {}
            () = rest => {}
            () = tokio::time::sleep(GRACE) => {}
        }
        self.post.wire.end();
        self.post.end().await;
        Ok(())
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // Whatever is still open is closed: that is how a router hears that nobody waits any more.
        self.post.wire.end();
    }
}

impl Post {
    /// Sends one message and hears what comes back.
    async fn send(&self, message: &Said) -> Result<(), Trouble> {
        let body = serde_json::to_vec(message).map_err(|why| Trouble::lost(why.to_string()))?;
        let mut request = self
            .client
            .post(&self.url)
            .headers(self.headers(&body))
            .header(ACCEPT, "application/json, text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.map_err(|why| gone(&why))?;
        let status = response.status();
        if status == StatusCode::ACCEPTED || status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        if !status.is_success() {
            return self.refusal(response).await;
        }
        if let Some(id) = response.headers().get(SESSION) {
            self.remember(SESSION, id.clone());
        }
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        match kind.split(';').next().unwrap_or_default().trim() {
            "application/json" => self.whole(response).await,
            "text/event-stream" => self.stream(response).await,
            _ if response.content_length() == Some(0) => Ok(()),
            other => {
                let other = self.wire.quoted(other);
                let words = format!("the router answered with `{other}`, which is neither JSON nor events");
                Err(Trouble::new(ROUTER_ANSWER_INVALID, words))
            }
        }
    }

    async fn whole(&self, response: Response) -> Result<(), Trouble> {
        let text = whole_body(response).await?;
        self.hear(&text).await;
        Ok(())
    }

    /// A status that says no may come with an error in the words of MCP, which say more.
    async fn refusal(&self, response: Response) -> Result<(), Trouble> {
        let status = response.status();
        if status == StatusCode::REQUEST_TIMEOUT {
            return Err(refused(status));
        }
        let text = whole_body(response).await.unwrap_or_default();
        let error = json::parse(&text).ok().filter(|value| value.get("jsonrpc").is_some());
        if error.is_some_and(|value| value.get("error").is_some() && value.get("id").is_some()) {
            self.hear(&text).await;
            return Ok(());
        }
        Err(refused(status))
    }

    async fn stream(&self, mut response: Response) -> Result<(), Trouble> {
        let mut events = Events::default();
        while let Some(chunk) = response.chunk().await.map_err(|why| gone(&why))? {
            for data in events.more(&chunk) {
                self.hear(&data).await;
            }
            if events.waiting() > MESSAGE_BYTES {
                return Err(too_long());
            }
        }
        Ok(())
    }

    async fn hear(&self, text: &str) {
        let text = text.trim();
        let Some(message) = Some(text).filter(|text| !text.is_empty()).and_then(|text| self.wire.hear(text))
        else {
            return;
        };
        // The handshake's answer names the version that every later request must name.
        if let Ok(value) = json::parse(text)
            && let Some(version) = value.get("result").and_then(|result| result.get("protocolVersion"))
            && let Some(version) = version.as_str().and_then(|text| HeaderValue::from_str(text).ok())
        {
            self.remember(VERSION, version);
        }
        // Nobody hears any more once the session ended.
        let _ = self.heard.send(message).await;
    }

    /// Tells the router that the session ended, where there was one.
    async fn end(&self) {
        let session = self.session();
        if !session.contains_key(SESSION) {
            return;
        }
        let mut request = self.client.delete(&self.url).headers(session).timeout(GRACE);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        // A courtesy; a router that does not care forgets it by itself.
        let _ = request.send().await;
    }

    /// The session's headers, and those that say in short what the body says; servers of 2026-07-28 want to see them.
    fn headers(&self, body: &[u8]) -> HeaderMap {
        let message: Value = serde_json::from_slice(body).unwrap_or_default();
        let version = message.pointer("/params/_meta/io.modelcontextprotocol~1protocolVersion");
        if let Some(version) = version.and_then(header) {
            self.remember(VERSION, version);
        }
        let mut headers = self.session();
        for (name, place) in [("mcp-method", "/method"), ("mcp-name", "/params/name")] {
            if let Some(value) = message.pointer(place).and_then(header) {
                headers.insert(name, value);
            }
        }
        headers
    }

    fn session(&self) -> HeaderMap {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, name: &'static str, value: HeaderValue) {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }
}

fn header(value: &Value) -> Option<HeaderValue> {
    value.as_str().and_then(|text| HeaderValue::from_str(text).ok())
}

async fn whole_body(mut response: Response) -> Result<String, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|why| gone(&why))? {
        if body.len() + chunk.len() > MESSAGE_BYTES {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

fn refused(status: StatusCode) -> Trouble {
    // 408 is said by whoever got tired of waiting, which says nothing about the run.
    let known = status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT;
    if known || status.is_redirection() {
        Trouble::new(ROUTER_REFUSED, format!("the router refused: it answered {status}{NOTHING}"))
    } else {
        Trouble::lost(format!("the router answered {status}; nobody knows what it did"))
    }
}

/// Nobody there, or gone in the middle. The words never hold the address: it may be nobody's business.
fn gone(why: &reqwest::Error) -> Trouble {
    if why.is_connect() {
        Trouble::new(ROUTER_UNREACHABLE, format!("nobody answers at the router's address{NOTHING}"))
    } else {
        Trouble::lost("the connection to the router was lost; nobody knows what it did")
    }
}
