//! A small OpenID Connect provider in the test process: real HTTP and real RSA signatures. It holds its client to the
//! protocol: a code is good once, with the verifier and the secret that it was given for.

use crate::app::TestApp;
use crate::browser::Browser;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::url::Url;
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Made for tests, and used nowhere else.
const RSA: &str = include_str!("../../../sso/tests/oidc/test-only-rsa.pem");
const CLIENT: &str = "nexus";
const SECRET: &str = "s3cret";

/// What the provider knows.
struct Known {
    issuer: String,
    /// By code: challenge, nonce and what is said about the person.
    codes: HashMap<String, (String, String, Value)>,
}

/// A running provider; it ends with the test.
pub struct Provider {
    pub issuer: String,
    known: Arc<Mutex<Known>>,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let known = Arc::new(Mutex::new(Known { issuer: issuer.clone(), codes: HashMap::new() }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(async || Json(json!({"keys": [public_key()]}))))
            .route("/token", post(token))
            .with_state(known.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { issuer, known }
    }

    /// The section of the configuration that names it; `more` stands in it as well.
    pub fn section(&self, secret_file: &std::path::Path, more: &str) -> String {
        std::fs::write(secret_file, format!("{SECRET}\n")).unwrap();
        let file = secret_file.display();
        format!(
            "[[oidc]]\nname = 'fake'\nlabel = 'Sign in with Fake'\nissuer = '{}'\nclient_id = '{CLIENT}'\n\
             client_secret_file = '{file}'\ngroup_claim = 'groups'\n{more}\n",
            self.issuer
        )
    }

    /// The person signs in at the address that the browser was sent to; gives the address that it is sent back to.
    pub fn agree(&self, app: &TestApp, sent_to: &str, person: &Value) -> String {
        let asked: HashMap<String, String> =
            Url::parse(sent_to).unwrap().query_pairs().into_owned().collect();
        assert_eq!(
            (asked["response_type"].as_str(), asked["code_challenge_method"].as_str()),
            ("code", "S256")
        );
        assert_eq!(asked["redirect_uri"], "http://127.0.0.1:3000/sign-in/oidc/fake/callback");
        let now = app.seconds();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now, "sid": "session-1",
        });
        merge(&mut claims, person);
        let mut known = self.known.lock().unwrap();
        let code = format!("code-{}", known.codes.len());
        known.codes.insert(code.clone(), (asked["code_challenge"].clone(), asked["nonce"].clone(), claims));
        format!("/sign-in/oidc/fake/callback?code={code}&state={}", asked["state"])
    }

    /// A whole way there and back; where it leads to.
    pub async fn sign_in(
        &self,
        app: &TestApp,
        browser: &mut Browser<'_>,
        query: &str,
        person: &Value,
    ) -> String {
        let back = self.begin(app, browser, query, person).await;
        browser.get(&back).await.location().to_owned()
    }

    /// To the provider, where the person agrees: the address that leads back.
    pub async fn begin(
        &self,
        app: &TestApp,
        browser: &mut Browser<'_>,
        query: &str,
        person: &Value,
    ) -> String {
        let there = browser.get(&format!("/sign-in/oidc/fake{query}")).await;
        assert!(there.location().starts_with(&self.issuer), "{there:?}");
        self.agree(app, there.location(), person)
    }

    /// An access token for the MCP door that is good, but for what is changed in it.
    pub fn access_token(&self, app: &TestApp, changed: &Value) -> String {
        let now = app.seconds();
        let mut claims = json!({
            "iss": self.issuer, "aud": "http://127.0.0.1:3000/api/mcp", "sub": "ana-1", "client_id": "editor",
            "iat": now, "exp": now + 300, "scope": "openid nexus:read nexus:decide",
        });
        merge(&mut claims, changed);
        signed("at+jwt", &claims)
    }

    /// A logout token that is good, but for what is changed in it.
    pub fn logout_token(&self, app: &TestApp, changed: &Value) -> String {
        let now = app.seconds();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "logout-1", "sub": "ana-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        merge(&mut claims, changed);
        signed("logout+jwt", &claims)
    }
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().unwrap() {
        into[name] = value.clone();
    }
}

fn key() -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(RSA, Some(JsonWebKeyId::new("one".to_owned()))).unwrap()
}

fn public_key() -> Value {
    let mut key = serde_json::to_value(key().as_verification_key()).unwrap();
    key["use"] = "sig".into();
    key
}

fn signed(kind: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({"alg": "RS256", "kid": "one", "typ": kind})), part(claims));
    let signature = key().sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, text.as_bytes()).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn discovery(State(known): State<Arc<Mutex<Known>>>) -> Json<Value> {
    let issuer = known.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

async fn token(
    State(known): State<Arc<Mutex<Known>>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    let us = headers.get(AUTHORIZATION).is_some_and(|value| value == basic.as_str());
    let code = known.lock().unwrap().codes.remove(&form["code"]).filter(|_| us);
    let Some((challenge, nonce, mut claims)) = code else { return refused() };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])) != challenge {
        return refused();
    }
    if claims.get("nonce").is_none() {
        claims["nonce"] = nonce.into();
    }
    let id_token = signed("JWT", &claims);
    Json(json!({"access_token": "access", "token_type": "Bearer", "id_token": id_token})).into_response()
}

fn refused() -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response()
}
