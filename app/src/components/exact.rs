//! Text shown exactly: nothing in it stays invisible, and nothing in it turns the reading direction.

use crate::text::{Piece, pieces, visible};
use leptos::prelude::*;

/// A block of text, monospaced, as it is.
#[component]
pub fn Exact(
    /// The text; may be anybody's.
    #[prop(into)]
    text: String,
    /// What the block is, for those who do not see it.
    label: &'static str,
) -> impl IntoView {
    view! { <pre class="exact" tabindex="0" role="group" aria-label=label><code>{marked(&text)}</code></pre> }
        .into_any()
}

/// Anybody's text in a line: marks instead of invisible characters, its direction kept to itself.
#[component]
pub fn Said(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <bdi class="said">{visible(&text)}</bdi> }
}

/// A digest, whole and selectable, in small type.
#[component]
pub fn Digest(
    /// Hexadecimal, with or without `sha256:`.
    #[prop(into)]
    hex: String,
) -> impl IntoView {
    view! { <code class="digest">{visible(&hex)}</code> }
}

/// The text with a mark for each character that nobody could see.
pub(crate) fn marked(text: &str) -> AnyView {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(plain) => view! { <span>{plain}</span> }.into_any(),
            Piece::Mark(mark) => {
                view! { <mark class="unseen" title="A character that would not be visible">{mark}</mark> }
                    .into_any()
            }
        })
        .collect::<Vec<AnyView>>()
        .into_any()
}
