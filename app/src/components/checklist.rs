//! A checklist: what is in order and what is not yet. Each line says so in a word for those who do not see its sign.

use crate::components::icons::{Icon, icon};
use crate::text::visible;
use leptos::prelude::*;

/// One line.
pub struct Item {
    /// Whether it is in order.
    pub done: bool,
    /// What it is about; may hold words of others.
    pub what: String,
    /// More about it: who can help, say.
    pub detail: Option<AnyView>,
}

/// The list.
pub fn checklist(items: Vec<Item>) -> AnyView {
    let lines: Vec<_> = items
        .into_iter()
        .map(|item| {
            let (class, sign, word) =
                if item.done { ("done", Icon::Check, "Done: ") } else { ("open", Icon::Cross, "Missing: ") };
            let detail = item.detail.map(|detail| view! { <div class="detail">{detail}</div> });
            view! {
                <li class=class>
                    {icon(sign)}
                    <div><p><span class="unheard">{word}</span>{visible(&item.what)}</p> {detail}</div>
                </li>
            }
        })
        .collect();
    view! { <ul class="checklist">{lines}</ul> }.into_any()
}
