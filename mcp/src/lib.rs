//! The MCP door, `/api/mcp`: the tools of the product for programs that speak the Model Context Protocol, in its
//! current revision (2026-07-28, without sessions) and in those before it.
//!
//! No rule lives here: each tool reads its arguments, calls `control` and says what came of it, for a machine
//! (structured) and for whoever reads along (text). Who acts is the verified caller of the HTTP request, whatever the
//! arguments say.

mod arguments;
mod call;
mod confirm;
mod door;
mod handler;
mod message;
mod metadata;
mod outcome;
mod owners;
mod refusal;
mod render;
mod schema;
mod tools;

pub use door::{Who, challenge};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use control::{Control, Entropy as _, SystemEntropy};
use handler::Nexus;
use owners::Owners;
use rmcp::model::RequestStateCodec;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where it is.
pub const PATH: &str = "/api/mcp";
/// How long a session of the older protocol may be quiet: people take their time between two calls.
const SESSION_IDLE: Duration = Duration::from_hours(1);
/// Largest message.
const MAX_BODY: usize = 2 * 1024 * 1024;

/// What the door has to know of the server that it is in.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How people reach the server, without a slash at its end.
    pub public_url: Arc<str>,
    /// Further `host` or `host:port` names under which it may be called.
    pub hosts: Vec<String>,
    /// Issuers whose access tokens are taken here.
    pub token_issuers: Vec<String>,
    /// Cancelled once the server stops.
    pub stopping: CancellationToken,
}

/// The door and what it says about itself, to be merged into the site. Needs [`Who`] in each request's extensions.
pub fn routes<S: Clone + Send + Sync + 'static>(control: Control, settings: Settings) -> Router<S> {
    let settings = Arc::new(settings);
    let Some(seal) = seal() else { return Router::new() };
    let nexus = Nexus::new(control, settings.clone(), seal);
    let mut sessions = LocalSessionManager::default();
    sessions.session_config.keep_alive = Some(SESSION_IDLE);
    let sessions = Arc::new(sessions);
    let service =
        StreamableHttpService::new(move || Ok(nexus.clone()), sessions.clone(), transport(&settings));
    let guard = door::Guard { owners: Owners::new(sessions), public_url: settings.public_url.clone() };
    let door = Router::new()
        .route_service(PATH, service)
        .layer(from_fn(message::read_alike))
        .layer(from_fn_with_state(guard, door::callers_only));
    let about = get(metadata::metadata).layer(from_fn(metadata::open_to_every_origin));
    Router::new()
        .route(metadata::PATH, about.clone())
        .route(&format!("{}{PATH}", metadata::PATH), about)
        .with_state(settings)
        .merge(door)
}

/// What seals questions to people, with a key of this process. Without randomness the door stays shut.
fn seal() -> Option<RequestStateCodec> {
    let key = SystemEntropy.bytes().map(RequestStateCodec::try_new);
    if !matches!(key, Ok(Ok(_))) {
        tracing::error!("there is no randomness: the MCP door stays shut");
    }
    key.ok()?.ok()
}

fn transport(settings: &Settings) -> StreamableHttpServerConfig {
    let url = &settings.public_url;
    let own = url.split_once("://").map_or(url.as_ref(), |(_, host)| host);
    let hosts = settings.hosts.iter().map(String::as_str).chain([own]);
    StreamableHttpServerConfig::default()
        .with_allowed_hosts(hosts)
        .with_allowed_origins([with_port(url)])
        .with_json_response(true)
        .with_max_request_body_bytes(MAX_BODY)
        .with_cancellation_token(settings.stopping.child_token())
}

/// An origin with its port, since one without would match every port.
fn with_port(url: &str) -> String {
    let (scheme, host) = url.split_once("://").unwrap_or(("https", url));
    let has_port =
        host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = if scheme == "http" { 80 } else { 443 };
    if has_port { url.to_owned() } else { format!("{url}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_names_its_port() {
        for (url, origin) in [
            ("https://nexus.example", "https://nexus.example:443"),
            ("http://nexus.example", "http://nexus.example:80"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(with_port(url), origin);
        }
    }
}
