//! Everything that answers over HTTP, put together. Holds no rule: each door parses, calls `control` and maps.

mod demo_sign_in;
mod downloads;
mod health;
mod pages;
mod path;
mod set_up;
mod sign_in;
mod sign_out;
mod state;

pub use state::Web;

use crate::{assets, defence, sessions};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// Largest body of a request.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// The whole site.
pub fn router(web: &Web) -> Router {
    let signed_in = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(sessions::layer(web.sessions.clone(), web.session_limits, &web.public_url))
        .layer(from_fn_with_state(web.clone(), sessions::identify));
    let doors = Router::new()
        .route("/sign-in", post(sign_in::sign_in))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/set-up", post(set_up::set_up))
        .route("/demo-sign-in", post(demo_sign_in::demo_sign_in))
        .route("/decisions/{id}/bundle.json", get(downloads::bundle))
        .route("/decisions/{id}/package.json", get(downloads::package))
        .route("/decisions/{id}/package.txt", get(downloads::package_text));
    let site = pages::with_pages(doors, web).layer(signed_in);
    let outside = ServiceBuilder::new()
        .layer(from_fn(defence::access_log))
        .layer(from_fn_with_state(web.clone(), defence::headers))
        .layer(CatchPanicLayer::custom(defence::caught))
        .layer(from_fn_with_state(web.clone(), defence::time_limit))
        .layer(from_fn_with_state(web.clone(), defence::cross_site))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT));
    site.route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(assets::routes())
        .layer(outside)
        .with_state(web.clone())
}
