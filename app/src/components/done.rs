//! What the last form did, said on the page that it leads to. The address brings a word that the page knows, never a
//! text.

use crate::components::notice::{Tone, notice_box};
use leptos::prelude::*;

/// The notice; nothing where there is nothing to say.
pub fn done(words: Option<&'static str>) -> Option<AnyView> {
    words.map(|words| notice_box(Tone::Good, "", view! { <p>{words}</p> }))
}
