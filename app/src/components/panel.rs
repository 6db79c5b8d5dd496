//! Panels: a part of a page with a heading of its own, and a name by which it is found.

use crate::text::visible;
use leptos::prelude::*;

/// A panel; its id is unique on the page and names its heading.
pub fn panel(id: &str, title: &str, body: impl IntoAny) -> AnyView {
    made("panel", id, title, body.into_any())
}

/// The same without ground and border, where the body has them.
pub fn section(id: &str, title: &str, body: impl IntoAny) -> AnyView {
    made("section", id, title, body.into_any())
}

fn made(class: &'static str, id: &str, title: &str, body: AnyView) -> AnyView {
    view! {
        <section class=class aria-labelledby=id.to_owned()>
            <h2 id=id.to_owned()>{visible(title)}</h2>
            {body}
        </section>
    }
    .into_any()
}
