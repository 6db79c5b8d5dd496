//! The plain pages: those that look after people, keys, settings and one's own account. They are made on the server
//! and need nothing of the browser but forms and links, so that what every reader has to load stays small.
//!
//! Forms here are the same as elsewhere. What a form answers comes with the next page: by its address when it was
//! refused, and as a page of its own when something is shown once.

use crate::components::frame::Frame;
use crate::pages::account::AccountPage;
use crate::pages::audit::AuditPage;
use crate::pages::decide::DecidePage;
use crate::pages::entry::{NotFound, SetUpPage, SignInPage};
use crate::pages::join::JoinPage;
use crate::pages::keys::KeysPage;
use crate::pages::log::LogPage;
use crate::pages::overview::OverviewPage;
use crate::pages::people::{PeoplePage, PersonPage};
use crate::pages::settings::SettingsPage;
use crate::pages::sign_in::{AgainPage, CodePage, SignedOutPage};
use crate::pages::styleguide::StyleguidePage;
use crate::pages::templates::{ComparePage, TemplatePage, TemplatesPage};
use crate::pages::verify::VerifyPage;
use crate::shell::{head, styles};
use crate::ssr::Still;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures::StreamExt as _;
use futures::stream::once;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The plain pages' routes, and the page for addresses that lead nowhere. A link to one of them from a page of
/// [`App`](crate::App) says `rel="external"`: that page's own router would look for it in vain first.
#[component]
pub fn PlainApp() -> impl IntoView {
    provide_meta_context();
    // No clock runs here: times are told as they are.
    provide_context(Still);
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFound /> }>
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/templates") view=TemplatesPage ssr=SsrMode::Async />
                    <Route path=path!("/templates/compare") view=ComparePage ssr=SsrMode::Async />
                    <Route path=path!("/templates/:name") view=TemplatePage ssr=SsrMode::Async />
                    <Route path=path!("/decide") view=DecidePage ssr=SsrMode::Async />
                    <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                    <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async />
                    <Route path=path!("/people/:id") view=PersonPage ssr=SsrMode::Async />
                    <Route path=path!("/keys") view=KeysPage ssr=SsrMode::Async />
                    <Route path=path!("/log") view=LogPage ssr=SsrMode::Async />
                    <Route path=path!("/overview") view=OverviewPage ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                    <Route path=path!("/join") view=JoinPage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in/code") view=CodePage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in/again") view=AgainPage ssr=SsrMode::Async />
                    <Route path=path!("/verify") view=VerifyPage ssr=SsrMode::Async />
                    <Route path=path!("/signed-out") view=SignedOutPage ssr=SsrMode::Async />
                    <Route path=path!("/styleguide") view=StyleguidePage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                    <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Makes the page that a request names. The answer holds no script, but for a page that asks for one
/// of its own by [`module`](crate::shell::module).
pub async fn render(
    context: impl Fn() + Clone + Send + 'static,
    options: LeptosOptions,
    request: Request,
) -> Response<Body> {
    let shell = move || shell(options);
    // What the page was made of would be sent along for the browser's half; here there is none.
    leptos_axum::handle_response_inner(context, shell, request, |page, _scripts, _| {
        Box::pin(async move {
            let html = page.to_html_stream_in_order().collect::<String>().await;
            Box::pin(once(async move { html })) as _
        })
    })
    .await
}

fn shell(options: LeptosOptions) -> impl IntoView {
    let styles = styles(&options);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                {head(styles)}
                <MetaTags />
            </head>
            <body>
                <PlainApp />
            </body>
        </html>
    }
}
