//! What the last form did, said on the page that it leads to. The address brings a word that the page knows, never a
//! text.

use leptos::prelude::*;

/// The notice; nothing where there is nothing to say. The element stands there either way, so that it is heard.
pub fn done(words: Option<&'static str>) -> AnyView {
    let notice = words.map(|words| {
        view! {
            <div class="notice good"><p><span class="sign" aria-hidden="true">"✓"</span>{words}</p></div>
        }
    });
    view! { <div role="status">{notice}</div> }.into_any()
}
