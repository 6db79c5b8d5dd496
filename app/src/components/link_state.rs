//! How the connection of a page is: a dot and a word while it is live, a sentence when it is not. Says aloud only that it
//! became worse, and that it is well again. On wide screens the sentence lies over the page's edge, so that nothing moves.

use crate::live::{Link, Live, words};
use leptos::prelude::*;

/// The connection's state. Empty on pages that are not alive.
pub fn link_state(live: Live) -> AnyView {
    let said = RwSignal::new(String::new());
    // The last state that was well or ill; connecting is neither.
    Effect::new(move |before: Option<bool>| {
        let (link, words) = (live.link(), live.words());
        let bad = before.unwrap_or_default();
        if link.is_bad() {
            said.set(words);
        } else if bad && link == Link::Live {
            said.set(words::AGAIN.to_owned());
        }
        link.is_bad() || (bad && link != Link::Live)
    });
    view! {
        <p class="link-state" data-link=move || name(live.link())>
            <span class="dot" aria-hidden="true"></span>
            <span class="words">{move || live.words()}</span>
        </p>
        // As a status is, without the role: a page's own status stands beside it.
        <p class="unheard" aria-live="polite" aria-atomic="true">{move || said.try_get()}</p>
    }
    .into_any()
}

fn name(link: Link) -> &'static str {
    match link {
        Link::Off => "off",
        Link::Connecting => "connecting",
        Link::Live => "live",
        Link::Lost | Link::Offline => "bad",
    }
}
