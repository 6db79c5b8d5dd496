//! The server at the other end: one call, tried again while that is safe. Every call that changes something carries an
//! `Idempotency-Key`, so that a lost answer is asked for again and nothing happens twice. Redirects are not followed: the
//! key would travel along.

mod call;

pub use call::{Answer, Call, CallError};

use crate::key::Key;
use crate::problem::Problem;
use crate::screen::Screen;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, redirect};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::error::Error as _;
use std::time::Duration;
use tokio::time::Instant;

/// For a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// No package is larger.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// The first pause before another attempt, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

/// A server, and who we are there. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Server {
    http: reqwest::Client,
    url: String,
    clear: bool,
    key: Key,
    screen: Screen,
}

/// What one attempt came to.
enum Attempt {
    Answered(Answer),
    Failed(CallError),
    /// It may go better later: why, and after how long the server says.
    Again(String, Option<Duration>),
}

impl Server {
    /// A client for it.
    pub fn new(url: &str, key: Key, screen: Screen) -> Result<Self, String> {
        // An error only says that a provider of cryptography is already installed.
        drop(rustls::crypto::ring::default_provider().install_default());
        let url = url.trim().trim_end_matches('/').to_owned();
        let parsed = reqwest::Url::parse(&url).map_err(|error| format!("`{url}` is no address: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
            return Err(format!("`{url}` is no address such as https://nexus.example.com"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("the address must hold no name or password".to_owned());
        }
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .user_agent(concat!("nexus-control/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("no client for HTTPS can be made: {}", chain(&error)))?;
        let here = parsed.host_str().is_some_and(|host| {
            let host = host.trim_matches(['[', ']']);
            host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        });
        Ok(Self { http, url, clear: parsed.scheme() == "http" && !here, key, screen })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is its address, however it is written.
    pub fn is_at(&self, url: &str) -> bool {
        let same = |url: &str| reqwest::Url::parse(url.trim().trim_end_matches('/')).ok();
        same(url).is_some_and(|other| Some(other) == same(&self.url))
    }

    /// A request of another protocol than REST, with the key, and as long as it takes. Nothing is tried again.
    pub fn raw(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(self.key.secret())
    }

    /// Whether others on the way can read the key.
    pub fn is_in_the_clear(&self) -> bool {
        self.clear
    }

    /// What this prints on.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Makes a call; where no answer comes, again and again for so long.
    pub async fn call(&self, call: &Call, patience: Duration) -> Result<Answer, CallError> {
        let started = Instant::now();
        let mut pause = PAUSES.0;
        let mut told = false;
        loop {
            let (why, wait) = match self.attempt(call).await {
                Attempt::Answered(answer) => {
                    if told {
                        self.screen.tell("connection", "The server answers again.", &json!({ "ok": true }));
                    }
                    return Ok(answer);
                }
                Attempt::Failed(error) => return Err(error),
                Attempt::Again(why, wait) => (why, wait.unwrap_or(pause).max(pause)),
            };
            if call.method != Method::GET && call.once.is_none() || started.elapsed() + wait > patience {
                return Err(CallError::Unreachable(format!("{} does not answer: {why}", self.url)));
            }
            if !told {
                let words = format!("{} does not answer ({why}); trying again", self.url);
                self.screen.tell("connection", &words, &json!({ "ok": false, "message": why }));
                told = true;
            }
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Reads something.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, patience: Duration) -> Result<T, CallError> {
        self.call(&Call::get(path), patience).await?.read()
    }

    async fn attempt(&self, call: &Call) -> Attempt {
        let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {}", self.key.secret())) else {
            return Attempt::Failed(CallError::Unreachable("the key is no text".to_owned()));
        };
        bearer.set_sensitive(true);
        let mut request = self
            .http
            .request(call.method.clone(), format!("{}/api/v1{}", self.url, call.path))
            .timeout(call.whole)
            .header(AUTHORIZATION, bearer)
            .header(ACCEPT, "application/json");
        if let Some(once) = &call.once {
            request = request.header("idempotency-key", once);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Attempt::Again(chain(&error), None),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_BYTES => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    let words = format!("the answer has more than {MAX_BYTES} bytes");
                    return Attempt::Failed(CallError::Unreachable(words));
                }
                Ok(None) => break,
                Err(error) => return Attempt::Again(chain(&error), None),
            }
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        if status.is_success() {
            let replayed = headers.get("idempotency-replayed").is_some_and(|value| value == "true");
            return Attempt::Answered(Answer { text, replayed });
        }
        let wait = seconds(&headers).map(|seconds| Duration::from_secs(seconds.min(60)));
        match Problem::read(status.as_u16(), &text) {
            Some(problem) if problem.is_temporary() => {
                Attempt::Again(problem.words(), wait.or(problem.wait()))
            }
            Some(problem) => Attempt::Failed(CallError::Refused(Box::new(problem))),
            // Something in between, or no Nexus Control at all.
            None if status.is_server_error() || status.as_u16() == 429 => {
                Attempt::Again(format!("status {}", status.as_u16()), wait)
            }
            None => Attempt::Failed(CallError::Unreachable(format!(
                "{} answers {} and nothing that Nexus Control would say; is this its address?",
                self.url,
                status.as_u16()
            ))),
        }
    }
}

fn seconds(headers: &HeaderMap) -> Option<u64> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// An error and what lies under it; the first sentence of `reqwest` alone says nothing.
pub fn chain(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut under = error.source();
    while let Some(one) = under {
        words.push(one.to_string());
        under = one.source();
    }
    if error.is_timeout() {
        words.push("no answer in time".to_owned());
    }
    words.dedup();
    words.pop().unwrap_or_else(|| "the connection broke".to_owned())
}

#[cfg(test)]
mod tests;
