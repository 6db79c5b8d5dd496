//! What the last form did, said on the page that it leads to. The address brings a word that the page knows, never a
//! text.

use leptos::prelude::*;

/// The notice; nothing where there is nothing to say.
pub fn done(words: Option<&'static str>) -> Option<AnyView> {
    words.map(|words| {
        view! {
            <div class="notice good" role="status"><p><span class="sign" aria-hidden="true">"✓"</span>{words}</p></div>
        }
        .into_any()
    })
}
