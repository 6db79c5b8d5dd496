//! A browser: it keeps its cookies, sends forms as a page of ours would, and comes from an address of its own.

use crate::app::{Answer, TestApp};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{Method, Request};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

/// A browser.
pub struct Browser<'a> {
    app: &'a TestApp,
    /// By name.
    pub cookies: BTreeMap<String, String>,
    /// Where its requests come from.
    pub address: SocketAddr,
    /// What it sends beside.
    pub headers: Vec<(String, String)>,
}

/// An address that nobody else comes from: what is counted by address counts for one browser.
fn fresh_address() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0x0a00_0001);
    SocketAddr::from((NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes(), 40_000))
}

impl<'a> Browser<'a> {
    /// One that nobody signed in with.
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: BTreeMap::new(), address: fresh_address(), headers: Vec::new() }
    }

    /// The session's cookie, as a request sends it.
    pub fn session(&self) -> Option<String> {
        let mut cookies = self.cookies.iter();
        cookies
            .find(|(name, _)| name.ends_with("nexus-session"))
            .map(|(name, value)| format!("{name}={value}"))
    }

    /// Another browser that got hold of this one's cookies.
    pub fn copy(&self) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::new(self.app) }
    }

    /// A browser with this cookie, as `name=value`.
    pub fn with(app: &'a TestApp, cookie: &str) -> Self {
        let (name, value) = cookie.split_once('=').unwrap();
        let cookies = [(name.to_owned(), value.to_owned())].into();
        Self { cookies, ..Self::new(app) }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.request(Method::GET, path, None).await
    }

    /// Sends a plain form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.request(Method::POST, path, Some(body.join("&"))).await
    }

    /// Signs in.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", &format!("{name}@test.example")), ("password", password)]).await
    }

    /// Whether somebody is signed in.
    pub async fn is_in(&mut self) -> bool {
        match self.get("/api/v1/me").await.status.as_u16() {
            200 => true,
            401 => false,
            other => panic!("{other}"),
        }
    }

    /// A request as this browser makes it; the body is the caller's.
    pub fn prepared(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .extension(ConnectInfo(self.address))
            .header(HOST, "127.0.0.1:3000")
            .header("accept", "text/html,application/xhtml+xml")
            .header("referer", "http://127.0.0.1:3000/")
            .header("user-agent", "Testzilla/1.0")
            .header("sec-fetch-site", "same-origin");
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    async fn request(&mut self, method: Method, path: &str, form: Option<String>) -> Answer {
        let mut request = self.prepared(method, path);
        if form.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let answer = self.app.send(request.body(form.map_or_else(Body::empty, Body::from)).unwrap()).await;
        for cookie in answer.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if value.is_empty() || cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Percent-encoded for a form or an address.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
