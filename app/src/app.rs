//! The application: its routes. Each page is made whole on the server before anything is sent. Pages that only look
//! after things stand in `plain`.

use crate::components::frame::Frame;
use crate::keys;
use crate::pages::decisions::{DecisionDetail, DecisionsPage};
use crate::pages::elsewhere::Elsewhere;
use crate::pages::inbox::InboxPage;
use crate::pages::requests::NewRequestPage;
use crate::pages::templates::NewTemplatePage;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=|| view! { <Elsewhere /> }>
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=InboxPage ssr=SsrMode::Async />
                    <Route path=path!("/decisions") view=DecisionsPage ssr=SsrMode::Async />
                    <Route path=path!("/decisions/:id") view=DecisionDetail ssr=SsrMode::Async />
                    <Route path=path!("/requests/new") view=NewRequestPage ssr=SsrMode::Async />
                    <Route path=path!("/templates/new") view=NewTemplatePage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
            {keys::layer()}
        </Router>
    }
}
