//! A button that copies a text. It needs a script: until the page is alive it is not seen, and keeps its room.

use crate::browser;
use crate::components::icons::{Icon, icon};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button; `label` says what is copied, such as `Copy the digest`.
pub fn copy(text: String, label: &'static str) -> AnyView {
    let done = RwSignal::new(None::<bool>);
    let press = move |_| {
        let text = text.clone();
        spawn_local(async move { done.set(Some(browser::copy(&text).await)) });
    };
    let word = move || match done.get() {
        None => "",
        Some(true) => "Copied",
        Some(false) => "Not copied: select it by hand",
    };
    view! {
        <span class="copy">
            <button type="button" class="bare" aria-label=label title=label on:click=press>{icon(Icon::Copy)}</button>
            <span role="status" class="small">{word}</span>
        </span>
    }
    .into_any()
}
