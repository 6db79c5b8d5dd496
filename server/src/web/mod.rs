//! Everything that answers over HTTP, put together. Holds no rule: each door parses, calls `control` and maps.

mod again;
pub(crate) mod archive;
mod back_channel;
mod browser_cookie;
mod demo_sign_in;
mod downloads;
mod health;
mod join;
mod live;
mod mcp_door;
mod oidc;
mod pages;
mod path;
#[cfg(feature = "saml")]
mod saml;
mod second_factor;
mod set_up;
mod sign_in;
mod sign_out;
mod state;
mod throttled;
mod workspace;

pub use state::Web;

use crate::{assets, defence, sessions};
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::limit::RequestBodyLimitLayer;

pub use api::BODY_LIMIT;

/// A door: where it is and who opens.
struct Door {
    path: &'static str,
    method: Method,
    handler: MethodRouter<Web>,
}

impl Door {
    fn get<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { path, method: Method::GET, handler: get(handler) }
    }

    fn post<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { path, method: Method::POST, handler: post(handler) }
    }
}

/// The doors that browsers and providers come through. With the machines' they stand in one list, so that a test can
/// knock at every one.
fn own_doors() -> Vec<Door> {
    let doors = vec![
        Door::post("/sign-in", sign_in::sign_in),
        Door::post("/sign-in/code", second_factor::code),
        Door::post("/sign-in/again", again::again),
        Door::get("/sign-in/oidc/{name}", oidc::begin),
        Door::get("/sign-in/oidc/{name}/callback", oidc::callback),
        Door::post("/sign-in/oidc/{name}/back-channel-logout", back_channel::back_channel_logout),
        Door::post("/sign-out", sign_out::sign_out),
        Door::post("/set-up", set_up::set_up),
        Door::post("/join", join::join),
        Door::post("/join/signed-in", join::join_signed_in),
        Door::post("/demo-sign-in", demo_sign_in::demo_sign_in),
        Door::post("/workspace", workspace::go),
        Door::post("/log/export", workspace::export_log),
        Door::get("/live", live::live),
        Door::get("/account/second-factor.svg", second_factor::picture),
        Door::get(archive::PATH, archive::decisions),
        Door::get("/decisions/{id}/bundle.json", downloads::bundle),
        Door::get("/decisions/{id}/package.json", downloads::package),
        Door::get("/decisions/{id}/package.txt", downloads::package_text),
    ];
    #[cfg(feature = "saml")]
    let doors: Vec<Door> = doors
        .into_iter()
        .chain([
            Door::get("/sign-in/saml/{name}", saml::begin),
            Door::get("/sign-in/saml/{name}/metadata", saml::metadata),
            Door::post("/sign-in/saml/{name}/acs", saml::acs),
            Door::post("/sign-in/saml/{name}/finish", saml::finish),
        ])
        .collect();
    doors
}

/// Every door beside the pages and their functions, the machines' among them: how one knocks, and where.
pub fn doors() -> Vec<(Method, &'static str)> {
    let ours = own_doors().into_iter().map(|door| (door.method, door.path));
    let machines = api::doors().into_iter().map(|door| (door.method, door.path));
    ours.chain(machines).collect()
}

/// The whole site.
pub fn router(web: &Web) -> Router {
    // Inside of what compresses, and around what never comes there.
    let complete = from_fn_with_state(web.app.public_url.clone(), api::problem::complete);
    let signed_in = ServiceBuilder::new()
        // An archive is packed already, and its length is told.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new(archive::KIND))),
        )
        .layer(complete.clone())
        .layer(sessions::layer(web.sessions.clone(), web.session_limits, &web.public_url))
        .layer(from_fn_with_state(web.clone(), sessions::identify))
        .layer(from_fn_with_state(web.clone(), defence::rate_limit));
    let doors =
        own_doors().into_iter().fold(Router::new(), |router, door| router.route(door.path, door.handler));
    let doors = doors.merge(api::router(&web.api()).with_state(()));
    let site = pages::with_pages(doors.merge(mcp_door::routes(web)), web).layer(signed_in);
    let outside = ServiceBuilder::new()
        .layer(from_fn(defence::access_log))
        .layer(from_fn_with_state(web.clone(), defence::headers))
        .layer(complete)
        .layer(CatchPanicLayer::custom(defence::caught))
        .layer(from_fn_with_state(web.app.public_url.clone(), mcp::challenge))
        .layer(from_fn_with_state(web.clone(), defence::time_limit))
        .layer(from_fn_with_state(web.clone(), defence::cross_site))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT));
    site.route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(assets::routes())
        .layer(outside)
        .with_state(web.clone())
}
