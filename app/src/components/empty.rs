//! Where a list would stand and there is nothing: why, and what comes next.

use crate::alive;
use crate::text::visible;
use leptos::prelude::*;

/// What is empty, in a sentence; what would stand here; and a next step, where there is one.
pub fn empty(title: &str, text: &str, step: Option<(&str, &str)>) -> AnyView {
    let step = step.map(|(href, label)| {
        view! { <p><a class="button quiet" href=href.to_owned() rel=alive::rel(href)>{visible(label)}</a></p> }
    });
    let text = (!text.is_empty()).then(|| view! { <p>{visible(text)}</p> });
    view! { <div class="empty"><p class="title">{visible(title)}</p> {text} {step}</div> }.into_any()
}
