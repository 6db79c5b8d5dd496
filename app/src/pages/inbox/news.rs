//! What the inbox hears while it is open: a bar that says what is new. It never touches the rows: the reader does,
//! with the button.

use super::words;
use crate::api::lists::InboxTab;
use crate::browser;
use crate::keys::rows::{self, Kept};
use crate::live::Live;
use leptos::prelude::*;

/// What was heard, and what the reader has seen of it.
#[derive(Clone, Copy)]
pub struct News {
    /// What is heard.
    pub live: Live,
    /// Grows with every look.
    pub turn: RwSignal<u32>,
    /// What the reader had ticked and where they were, while the rows are made anew.
    pub kept: StoredValue<Option<Kept>>,
    /// The mark of what is shown.
    seen: RwSignal<Option<String>>,
}

impl News {
    /// For what is heard here.
    pub fn new(live: Live) -> Self {
        let seen = RwSignal::new(None);
        // What is heard first is what is shown; where it is not, the numbers say so.
        Effect::new(move |_| {
            let first = live.inbox.with(|news| news.as_ref().map(|news| news.mark.clone()));
            if first.is_some() && seen.with_untracked(Option::is_none) {
                seen.set(first);
            }
        });
        Self { live, turn: RwSignal::new(0), kept: StoredValue::new(None), seen }
    }

    /// What changed since a list with these numbers was made.
    fn since(self, tab: InboxTab, counts: [u32; 4]) -> Option<(String, &'static str)> {
        let news = self.live.inbox.get()?;
        let marked = self.seen.with(|seen| seen.as_ref().is_some_and(|seen| *seen != news.mark));
        let counted = [news.waiting, news.requested, news.open] != [counts[0], counts[1], counts[2]];
        (marked || counted).then(|| words::news(tab, counts[0], news.waiting))
    }

    /// The bar; nothing while the list is as it is on the server.
    pub fn bar(self, tab: InboxTab, counts: [u32; 4]) -> AnyView {
        let since = Memo::new(move |_| self.since(tab, counts));
        // Said once: what comes on top of it is seen, and heard by whoever asks.
        Effect::new(move |said: Option<bool>| {
            let words = since.get();
            if let Some((words, _)) = words.as_ref().filter(|_| said != Some(true)) {
                browser::announce(words);
            }
            words.is_some()
        });
        let show = move |_| {
            self.kept.set_value(rows::keep());
            self.seen.set(self.live.inbox.with_untracked(|news| news.as_ref().map(|news| news.mark.clone())));
            self.turn.update(|turn| *turn += 1);
        };
        let bar = move || {
            since.get().map(|(words, verb)| {
                view! {
                    <div class="news">
                        <p>{words}</p>
                        <button type="button" on:click=show>{verb}</button>
                    </div>
                }
            })
        };
        view! { <div class="news-place">{bar}</div> }.into_any()
    }
}
