//! What a form would make, in words: a policy in a sentence, and what would not work about it. Only the server makes it.

use crate::components::notice::{Tone, notice_box};
use crate::text::visible;
use leptos::prelude::*;

/// The policy in a sentence, or that there is none; and warnings.
pub fn takes(sentence: &str, warnings: &[String]) -> AnyView {
    let said = if sentence.is_empty() {
        view! { <p class="hint">"Some fields of the policy cannot be used as they are."</p> }.into_any()
    } else {
        view! { <p class="takes"><bdi>{visible(sentence)}</bdi></p> }.into_any()
    };
    let warned: Vec<_> = warnings.iter().map(|line| warning(line)).collect();
    view! { {said} {warned} }.into_any()
}

/// Something that can be recorded and would not work.
pub fn warning(line: &str) -> AnyView {
    notice_box(Tone::Waiting, "", view! { <p>{visible(line)}</p> })
}
