//! What the door says about itself to whoever has no token yet (RFC 9728): which tokens it takes and who issues them.
//! Public, and readable by pages of any origin: it holds nothing but addresses.

use crate::{PATH as DOOR, Settings};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use axum::middleware::Next;
use axum::response::Response;
use control::KeyScope;
use serde::Serialize;
use std::sync::Arc;

/// Where it is for the whole host; the door's own path comes behind it.
pub const PATH: &str = "/.well-known/oauth-protected-resource";

/// The document.
#[derive(Serialize)]
pub struct Metadata {
    resource: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_servers: Vec<String>,
    bearer_methods_supported: [&'static str; 1],
    scopes_supported: Vec<&'static str>,
    resource_name: &'static str,
    resource_documentation: String,
}

/// `GET /.well-known/oauth-protected-resource` and the same with the door's path behind it.
pub async fn metadata(State(settings): State<Arc<Settings>>) -> Json<Metadata> {
    let url = &settings.public_url;
    Json(Metadata {
        resource: format!("{url}{DOOR}"),
        authorization_servers: settings.token_issuers.clone(),
        bearer_methods_supported: ["header"],
        scopes_supported: KeyScope::ALL
            .into_iter()
            .filter(|scope| *scope != KeyScope::Evaluate)
            .map(KeyScope::as_str)
            .collect(),
        resource_name: "Nexus Control",
        resource_documentation: format!("{url}/api/docs"),
    })
}

/// Every page may read it, and keep it for an hour.
pub async fn open_to_every_origin(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
