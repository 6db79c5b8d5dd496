//! Requests to a provider, with limits: no redirects, no proxy from the environment, a time limit and a size limit.

use std::error::Error as _;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use thiserror::Error;

use super::settings::is_loopback;
use crate::SsoError;

/// For a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// For a request and the whole of its answer.
const WHOLE: Duration = Duration::from_secs(10);
/// Discovery documents and key sets take a few kilobytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The client that every provider is to be given. Redirects are not followed: a provider is where the configuration
/// says, and following one would carry a code or a token elsewhere.
pub fn http_client() -> Result<reqwest::Client, SsoError> {
    // An error only says that a provider of cryptography is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .build()
        .map_err(|e| SsoError::Settings(format!("no client for HTTPS can be made: {}", chain(&e))))
}

/// A client, and whether it may speak without TLS.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    plain: bool,
}

/// Why there is no answer. Holds nothing of the request.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct NoAnswer(String);

impl Http {
    /// Speaks plain HTTP to this machine only, and only to a provider that is itself on it.
    pub(super) fn new(client: reqwest::Client, issuer: &Url) -> Self {
        Self { client, plain: issuer.scheme() == "http" }
    }

    /// Whether an address that the provider names may be used.
    pub(super) fn may_use(&self, url: &Url) -> bool {
        url.scheme() == "https" || (self.plain && url.scheme() == "http" && is_loopback(url))
    }

    /// Sends one request and reads the whole answer, up to the limit.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let request = reqwest::Request::try_from(request).map_err(|e| no_answer(&e))?;
        if !self.may_use(request.url()) {
            return Err(NoAnswer("it names an address that is not https".into()));
        }
        let mut response = self.client.execute(request).await.map_err(|e| no_answer(&e))?;
        let mut answer = HttpResponse::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        while let Some(chunk) = response.chunk().await.map_err(|e| no_answer(&e))? {
            if answer.body().len().saturating_add(chunk.len()) > BODY_LIMIT {
                return Err(NoAnswer("its answer is too long".into()));
            }
            answer.body_mut().extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    NoAnswer(chain(error))
}

/// An error and what lies under it; the first sentence of `reqwest` alone says nothing.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        text = format!("{text}: {source}");
        below = source.source();
    }
    text
}
