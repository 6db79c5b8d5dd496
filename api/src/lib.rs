//! The machines' door, `/api/v1`: JSON in, JSON out, problems where it does not work. Each door parses, calls `control`
//! and maps the answer; no rule lives here, and nothing in a request says who calls or for which workspace.

mod adapters;
pub mod body;
pub mod caller;
pub mod codes;
mod decisions;
mod docs;
mod evidence;
pub mod idempotency;
mod keys;
mod limits;
mod me;
mod members;
pub mod openapi;
pub mod problem;
mod problems_page;
mod reader;
mod runs;
mod stream;
mod templates;
mod wait;

pub use caller::Who;
pub use problem::{Problem, RequestId};

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use control::Control;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Largest body of a request.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What the doors share. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    /// The use cases.
    pub control: Control,
    /// How people reach this server: scheme and host, without a slash at its end.
    pub public_url: Arc<str>,
    /// Cancelled once the server stops.
    pub stopping: CancellationToken,
    /// The longest time that a call may take: one that began before that is over, however it ended.
    pub call_limit: Duration,
}

impl Api {
    /// Puts the parts together.
    pub fn new(
        control: Control,
        public_url: Arc<str>,
        stopping: CancellationToken,
        call_limit: Duration,
    ) -> Self {
        Self { control, public_url, stopping, call_limit }
    }
}

/// A door: where it is and who opens. All of them stand in one list, so that a test can knock at every one.
pub struct Door {
    /// Its address.
    pub path: &'static str,
    /// How one knocks.
    pub method: Method,
    handler: MethodRouter<Api>,
}

impl Door {
    pub(crate) fn get<H: Handler<T, Api>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { path, method: Method::GET, handler: get(handler) }
    }

    pub(crate) fn post<H: Handler<T, Api>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { path, method: Method::POST, handler: post(handler) }
    }
}

/// Every door.
pub fn doors() -> Vec<Door> {
    [
        me::doors(),
        decisions::doors(),
        wait::doors(),
        runs::doors(),
        templates::doors(),
        evidence::doors(),
        adapters::doors(),
        members::doors(),
        keys::doors(),
        stream::doors(),
        openapi::doors(),
        docs::doors(),
        problems_page::doors(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// All doors with what stands before them. Who calls comes from outside as [`Who`] in the request.
pub fn router(api: &Api) -> Router {
    let doors = doors().into_iter().fold(Router::new(), |router, door| router.route(door.path, door.handler));
    let complete = from_fn_with_state(api.public_url.clone(), problem::complete);
    // Twice: an answer is kept as it is given, and keeping it can be a problem of its own.
    let once = from_fn_with_state(api.clone(), idempotency::once);
    doors.layer(complete.clone()).layer(once).layer(complete).with_state(api.clone())
}
