//! A decision that changes while it is open: the buttons go still, and a banner says what changed. Nothing else moves
//! until the reader wants it, and what they typed stays.

use super::words;
use crate::api::decision::DecisionPage;
use crate::api::load::{Ask, Told, load};
use crate::browser;
use crate::components::link_state::link_state;
use crate::live::{self, Live, Topic};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is shown, and what has come since.
#[derive(Clone, Copy)]
pub(super) struct Fresh {
    id: Signal<String>,
    live: Live,
    /// Version and state that are shown; version 0 before anything is.
    shown: RwSignal<(String, u32)>,
    /// Whether an act of the reader's own is on its way, up to the page that shows it.
    own: RwSignal<bool>,
    /// What came since, once it is known.
    news: RwSignal<Vec<String>>,
    /// Grows when the page has to be asked for again.
    turn: RwSignal<u32>,
    /// Whether a run is shown, which keeps itself up to date.
    running: RwSignal<bool>,
}

impl Fresh {
    pub(super) fn new(id: Signal<String>) -> Self {
        let fresh = Self {
            id,
            live: live::follow(Signal::derive(move || Topic::Decision(id.try_get().unwrap_or_default()))),
            shown: RwSignal::default(),
            own: RwSignal::new(false),
            news: RwSignal::default(),
            turn: RwSignal::new(0),
            running: RwSignal::new(false),
        };
        Effect::new(move |_| {
            if fresh.behind() {
                fresh.look();
            } else {
                fresh.news.set(Vec::new());
            }
        });
        fresh
    }

    /// Whether the decision has changed since what is shown, by somebody else's hand.
    pub(super) fn behind(self) -> bool {
        let (id, version) = self.shown.get();
        let newer = self.live.decision.with(|news| {
            news.as_ref().is_some_and(|news| news.id == id && news.version > version && version > 0)
        });
        newer && !self.own.get() && !self.running.get()
    }

    /// Takes over what a whole page shows.
    pub(super) fn take(self, page: &DecisionPage) {
        self.running.set(page.state == "executing");
        self.shown.set((page.id.clone(), page.version));
        self.own.set(false);
    }

    /// The version that is shown.
    pub(super) fn version(self) -> u32 {
        self.shown.with_untracked(|shown| shown.1)
    }

    /// An act of the reader's own is on its way, or came back without effect.
    pub(super) fn own(self, on_its_way: bool) {
        self.own.set(on_its_way);
    }

    pub(super) fn turn(self) -> u32 {
        self.turn.get()
    }

    /// Asks for the page as it is now, only to say what is new in it.
    fn look(self) {
        let (id, seen) = self.shown.get_untracked();
        spawn_local(async move {
            let told = load(Ask::Decision(id.clone())).await;
            // The reader may have gone on meanwhile.
            if self.shown.try_get_untracked() != Some((id, seen)) {
                return;
            }
            if let Ok(Told::Decision(page)) = told {
                self.news.set(words::since(&page, seen, browser::now_micros()));
            }
        });
    }

    /// The banner; nothing while what is shown is as it is. It lies over the page, so that nothing is pushed away.
    pub(super) fn banner(self) -> AnyView {
        let show = move |_| {
            self.turn.update(|turn| *turn += 1);
            browser::focus("main");
        };
        (move || {
            self.behind().then(|| {
                let lines: Vec<_> =
                    self.news.get().into_iter().map(|line| view! { <li><bdi>{line}</bdi></li> }).collect();
                view! {
                    <div class="changed">
                        <div>
                            <p><strong>"This decision changed."</strong></p>
                            <ul>{lines}</ul>
                        </div>
                        <button type="button" class="main" on:click=show>{words::SHOW}</button>
                    </div>
                }
            })
        })
        .into_any()
    }

    /// What is said to those who do not see the banner.
    pub(super) fn heard(self) -> Option<String> {
        self.behind().then(|| format!("This decision changed. {}", self.news.get().join(". ")))
    }

    /// Who else looks at it, and how the connection is. Its room is there beforehand.
    pub(super) fn company(self) -> AnyView {
        let words = move || {
            let id = self.id.get();
            self.live.decision.with(|news| {
                let here = news.as_ref().filter(|news| news.id == id);
                here.map(|news| words::here(&news.here)).unwrap_or_default()
            })
        };
        view! {
            <div class="company">
                <p aria-live="polite"><bdi>{words}</bdi></p>
                {link_state(self.live)}
            </div>
        }
        .into_any()
    }
}
