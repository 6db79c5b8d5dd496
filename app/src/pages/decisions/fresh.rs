//! A decision that changes while it is open: the buttons go still, and a banner says what changed. Nothing else moves
//! until the reader wants it, and what they typed stays.

use super::words;
use crate::api::decision_parts::DecisionParts;
use crate::api::load::{Ask, Told, load};
use crate::browser;
use crate::components::link_state::link_state;
use crate::live::{self, DecisionNews, Live, Topic};
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
        let Some((id, version)) = self.shown.try_get() else { return false };
        let newer = |news: &Option<DecisionNews>| {
            news.as_ref().is_some_and(|news| news.id == id && news.version > version && version > 0)
        };
        self.live.decision.try_with(newer) == Some(true)
            && self.own.try_get() == Some(false)
            && self.running.try_get() == Some(false)
    }

    /// Takes over what a whole page shows.
    pub(super) fn take(self, page: &DecisionParts) {
        self.running.set(page.state == "executing");
        self.shown.set((page.id.clone(), page.version));
        self.own.set(false);
    }

    /// The version that is shown.
    pub(super) fn version(self) -> u32 {
        self.shown.try_with_untracked(|shown| shown.1).unwrap_or_default()
    }

    /// An act of the reader's own is on its way, or came back without effect.
    pub(super) fn own(self, on_its_way: bool) {
        self.own.set(on_its_way);
    }

    pub(super) fn turn(self) -> u32 {
        self.turn.try_get().unwrap_or_default()
    }

    /// Asks what came since.
    fn look(self) {
        let Some((id, seen)) = self.shown.try_get_untracked() else { return };
        spawn_local(async move {
            let told = load(Ask::Since(id.clone(), seen)).await;
            // The reader may have gone on meanwhile.
            if self.shown.try_get_untracked() != Some((id, seen)) {
                return;
            }
            if let Ok(Told::Since(lines)) = told {
                self.news.set(lines);
            }
        });
    }

    fn news(self) -> Vec<String> {
        self.news.try_get().unwrap_or_default()
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
                    self.news().into_iter().map(|line| view! { <li><bdi>{line}</bdi></li> }).collect();
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
        self.behind().then(|| format!("This decision changed. {}", self.news().join(". ")))
    }

    /// Who else looks at it, and how the connection is. Its room is there beforehand.
    pub(super) fn company(self) -> AnyView {
        let words = move || {
            let id = self.id.try_get().unwrap_or_default();
            let here = |news: &Option<DecisionNews>| {
                news.as_ref().filter(|news| news.id == id).map(|news| words::here(&news.here))
            };
            self.live.decision.try_with(here).flatten().unwrap_or_default()
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
