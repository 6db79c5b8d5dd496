//! The pages and their server functions. One closure gives both their context: who is signed in, the use cases,
//! and the nonce that the answer's policy names.

use super::Web;
use crate::problem::Problem;
use app::ssr::{AppContext, SessionHash, SignedIn};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::LeptosRoutes as _;

/// Adds the pages, the server functions and the page for what is not there.
pub fn with_pages(router: Router<Web>, web: &Web) -> Router<Web> {
    let options = web.app.leptos_options.clone();
    router
        .leptos_routes_with_context(web, web.pages.to_vec(), context(web.app.clone()), move || {
            app::shell(options.clone())
        })
        .leptos_routes_with_handler(web.plain_pages.to_vec(), plain)
        .fallback(missing)
}

fn context(app: AppContext) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(app.clone());
        let Some(parts) = use_context::<Parts>() else { return };
        let extensions = &parts.extensions;
        provide_context(extensions.get::<SignedIn>().cloned().unwrap_or(SignedIn(None)));
        provide_context(extensions.get::<SessionHash>().cloned().unwrap_or(SessionHash(None)));
        if let Some(nonce) = extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
    }
}

/// A plain page.
async fn plain(State(web): State<Web>, request: Request<Body>) -> Response {
    render(&web, request).await
}

/// The page that this request would get, as a plain one: for a form that is answered with its page.
pub async fn render(web: &Web, request: Request<Body>) -> Response {
    let options = web.app.leptos_options.clone();
    app::plain::render(context(web.app.clone()), options, request).await
}

/// What is not there: a page for people, a problem for programs.
async fn missing(State(web): State<Web>, request: Request<Body>) -> Response {
    let accepts = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accepts.contains("text/html") || request.uri().path().starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    let mut response = render(&web, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
