//! The gallery: every token and every part of the kit in each of its states, made by the parts themselves. Only in the
//! demo; elsewhere there is no such page. Nothing on it does anything.

mod forms;
mod parts;
mod states;
mod tokens;

use crate::components::failure::Failure;
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::ssr::context;
use leptos::prelude::*;

/// The page.
#[component]
pub fn StyleguidePage() -> impl IntoView {
    if context().is_ok_and(|app| app.demo) {
        return gallery();
    }
    view! { <Failure error=AppError::NotFound { what: "page".to_owned() } /> }.into_any()
}

/// The whole of it.
pub(crate) fn gallery() -> AnyView {
    view! {
        <PageTitle text="Style guide" />
        <div class="page gallery">
            <header class="head">
                <h1>"Style guide"</h1>
                <p class="quiet-text">"Every part that pages are made of, by light and by night. Nothing here does anything."</p>
            </header>
            {tokens::colours()}
            {tokens::type_and_space()}
            {tokens::icons()}
            {both("Badges, faces and figures", parts::marks)}
            {both("Notices and empty places", parts::notices)}
            {both("Text that is exact", parts::texts)}
            {both("Lists and ways", parts::lists)}
            {both("Buttons and fields", forms::fields)}
            {states::once()}
        </div>
    }
    .into_any()
}

/// The same twice, light and dark. The parts take a word that keeps their ids apart.
fn both(title: &'static str, parts: fn(&'static str) -> AnyView) -> AnyView {
    view! {
        <section class="section">
            <h2>{title}</h2>
            <div class="schemes">
                <div class="scheme light">{parts("light")}</div>
                <div class="scheme dark">{parts("dark")}</div>
            </div>
        </section>
    }
    .into_any()
}
