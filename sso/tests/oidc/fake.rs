//! A real small provider over HTTP. It does everything right, and holds its client to it, until told otherwise.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::url::Url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sso::oidc::{Secret, Settings};

use super::keys::Key;
use super::{LEEWAY, NOW};

/// What the provider calls its client.
pub const CLIENT_ID: &str = "nexus";
/// What the two share; it holds characters that need care in a header.
pub const CLIENT_SECRET: &str = "s3cret: +/%";
/// Where browsers go back to.
pub const REDIRECT: &str = "https://nexus.example.com/sign-in/fake/callback";

/// How the client has to say who it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// In a header.
    Basic,
    /// In the form.
    Post,
    /// By its name alone.
    Public,
}

/// What goes wrong with one address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Answers elsewhere, where the right answer is.
    Redirect,
    /// Answers without end.
    Oversized,
    /// Fails.
    Fault,
    /// Never answers.
    Silence,
}

/// How the provider behaves, and what it was asked. Tests change it as they like.
pub struct Behaviour {
    pub discovery: Value,
    pub keys: Vec<Value>,
    pub signing: Key,
    /// Instead of the usual header of ID tokens.
    pub header: Option<Value>,
    /// What the ID token says; `nonce` is put in unless it is there.
    pub claims: Value,
    pub userinfo: Value,
    pub authentication: Authentication,
    /// By path.
    pub troubles: HashMap<&'static str, Trouble>,
    /// Instead of the usual answer of the token endpoint.
    pub answer: Option<(u16, Value)>,
    /// How often each path was asked for.
    pub asked: HashMap<&'static str, usize>,
    codes: HashMap<String, (String, String)>,
}

type Shared = Arc<Mutex<Behaviour>>;

/// A running provider; it ends with the test.
pub struct Fake {
    pub issuer: String,
    shared: Shared,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Behaviour::good(&issuer)));
        let routes = Router::new()
            .route(DISCOVERY, get(discovery))
            .route(KEYS, get(keys))
            .route(TOKEN, post(token))
            .route(USERINFO, get(userinfo))
            .route("/elsewhere", get(discovery).post(token))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { issuer, shared }
    }

    pub fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.shared.lock().unwrap()
    }

    pub fn asked(&self, path: &'static str) -> usize {
        self.behaviour().asked.get(path).copied().unwrap_or_default()
    }

    pub fn settings(&self) -> Settings {
        Settings {
            name: "fake".into(),
            issuer: self.issuer.clone(),
            client_id: CLIENT_ID.into(),
            client_secret: Some(Secret::new(CLIENT_SECRET.into())),
            scopes: vec!["openid".into(), "email".into()],
            redirect_uri: REDIRECT.into(),
            group_claim: Some("groups".into()),
            leeway_seconds: LEEWAY,
        }
    }

    /// The person signs in at the address and agrees; gives the code.
    pub fn agree(&self, url: &str) -> String {
        let asked: HashMap<String, String> = Url::parse(url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["client_id"], CLIENT_ID);
        assert_eq!(asked["redirect_uri"], REDIRECT);
        let code = format!("code-{}", asked["state"]);
        let kept = (asked["code_challenge"].clone(), asked["nonce"].clone());
        self.behaviour().codes.insert(code.clone(), kept);
        code
    }
}

pub const DISCOVERY: &str = "/.well-known/openid-configuration";
pub const KEYS: &str = "/keys";
pub const TOKEN: &str = "/token";
pub const USERINFO: &str = "/userinfo";

impl Behaviour {
    fn good(issuer: &str) -> Self {
        let key = Key::ed25519("one", 1);
        Self {
            discovery: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}{TOKEN}"),
                "userinfo_endpoint": format!("{issuer}{USERINFO}"),
                "jwks_uri": format!("{issuer}{KEYS}"),
                "end_session_endpoint": format!("{issuer}/end?from=discovery"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["EdDSA", "RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }),
            keys: vec![key.public()],
            signing: key,
            header: None,
            claims: json!({
                "iss": issuer, "sub": "alice-1", "aud": CLIENT_ID, "iat": NOW, "exp": NOW + 300,
                "auth_time": NOW - 5, "acr": "urn:two-factors", "sid": "session-1",
                "email": "alice@example.com", "email_verified": true, "name": "Alice",
                "groups": ["approvers", "staff"],
            }),
            userinfo: json!({"sub": "alice-1"}),
            authentication: Authentication::Basic,
            troubles: HashMap::new(),
            answer: None,
            asked: HashMap::new(),
            codes: HashMap::new(),
        }
    }

    /// The token answer to a form, or the protocol's error.
    fn redeem(&mut self, form: &HashMap<String, String>, headers: &HeaderMap) -> Result<Value, &'static str> {
        if !self.authenticated(form, headers) {
            return Err("invalid_client");
        }
        // A code is good once.
        let code = form.get("code").and_then(|code| self.codes.remove(code));
        let (challenge, nonce) = code.ok_or("invalid_grant")?;
        let verifier = form.get("code_verifier").ok_or("invalid_request")?;
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != challenge {
            return Err("invalid_grant");
        }
        if form.get("grant_type").map(String::as_str) != Some("authorization_code")
            || form.get("redirect_uri").map(String::as_str) != Some(REDIRECT)
        {
            return Err("invalid_request");
        }
        let mut claims = self.claims.clone();
        if claims.get("nonce").is_none() {
            claims["nonce"] = nonce.into();
        }
        let token = match &self.header {
            Some(header) => self.signing.token_with(header, &claims),
            None => self.signing.token(&claims),
        };
        Ok(json!({"access_token": "access-1", "token_type": "Bearer", "id_token": token}))
    }

    fn authenticated(&self, form: &HashMap<String, String>, headers: &HeaderMap) -> bool {
        let secret = form.get("client_secret").map(String::as_str);
        let id = form.get("client_id").map(String::as_str);
        let header = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap());
        match self.authentication {
            Authentication::Basic => {
                // RFC 6749, section 2.3.1: encoded as in a form, then joined.
                let pair = STANDARD.encode(format!("{CLIENT_ID}:s3cret%3A+%2B%2F%25"));
                header == Some(&format!("Basic {pair}")) && secret.is_none()
            }
            Authentication::Post => {
                header.is_none() && id == Some(CLIENT_ID) && secret == Some(CLIENT_SECRET)
            }
            Authentication::Public => header.is_none() && id == Some(CLIENT_ID) && secret.is_none(),
        }
    }
}

/// Counts a request, and gets into trouble if that is wanted.
async fn met(shared: &Shared, path: &'static str) -> Option<Response> {
    let trouble = {
        let mut behaviour = shared.lock().unwrap();
        *behaviour.asked.entry(path).or_default() += 1;
        behaviour.troubles.get(path).copied()
    };
    match trouble? {
        Trouble::Redirect => {
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/elsewhere")]).into_response())
        }
        Trouble::Oversized => Some(Json(json!({"pad": "x".repeat(2 * 1024 * 1024)})).into_response()),
        Trouble::Fault => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        Trouble::Silence => std::future::pending().await,
    }
}

async fn discovery(State(shared): State<Shared>, uri: axum::http::Uri) -> Response {
    let path = if uri.path() == DISCOVERY { DISCOVERY } else { "/elsewhere" };
    match met(&shared, path).await {
        Some(trouble) => trouble,
        None => Json(shared.lock().unwrap().discovery.clone()).into_response(),
    }
}

async fn keys(State(shared): State<Shared>) -> Response {
    match met(&shared, KEYS).await {
        Some(trouble) => trouble,
        None => Json(json!({"keys": shared.lock().unwrap().keys})).into_response(),
    }
}

async fn token(
    State(shared): State<Shared>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let path = if uri.path() == TOKEN { TOKEN } else { "/elsewhere" };
    if let Some(trouble) = met(&shared, path).await {
        return trouble;
    }
    let mut behaviour = shared.lock().unwrap();
    if let Some((status, answer)) = behaviour.answer.clone() {
        return (StatusCode::from_u16(status).unwrap(), Json(answer)).into_response();
    }
    match behaviour.redeem(&form, &headers) {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response(),
    }
}

async fn userinfo(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if let Some(trouble) = met(&shared, USERINFO).await {
        return trouble;
    }
    if headers.get(AUTHORIZATION).is_none_or(|value| value != "Bearer access-1") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(shared.lock().unwrap().userinfo.clone()).into_response()
}
