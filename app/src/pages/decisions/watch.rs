//! Keeps a page up with a run: asks every second how far it is, less often after failures, not at all while nobody
//! looks, and for the whole page once the run has ended. What it learns goes into signals, so that nothing on the page
//! is made anew while it runs.

use super::places::{CONFIRM, RUN, TAIL, WISH};
use crate::api::decision_parts::{DecisionParts, Live};
use crate::api::load::{Ask, Told, load};
use crate::browser;
use crate::error::AppError;
use crate::words;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Longest pause between questions, in seconds.
const LONGEST_PAUSE: i64 = 30;
/// Whoever listens hears of progress at most this often, in seconds.
const SAY_EVERY: i64 = 15;

/// What the page knows of the run that it shows.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    /// The decision in this place.
    id: Signal<String>,
    /// Whether the reader is being asked if they really want to cancel.
    pub(super) cancelling: Signal<bool>,
    /// How far it is; `None` while nothing runs.
    live: RwSignal<Option<Live>>,
    /// The output as it is shown.
    tail: RwSignal<String>,
    /// Whether the output stands still because the reader reads it.
    still: RwSignal<bool>,
    /// Seconds that it has run.
    seconds: RwSignal<i64>,
    /// Why the page is not up with it.
    trouble: RwSignal<Option<String>>,
    /// What is said to those who do not see the page.
    said: RwSignal<String>,
    /// Grows when the whole page has to be asked for again.
    turn: RwSignal<u32>,
    pace: StoredValue<Pace>,
}

/// When to ask next, and what was last known; times in microseconds.
#[derive(Clone, Default)]
struct Pace {
    /// The decision that was shown last.
    shown: String,
    /// When the run began, by the reader's clock.
    began: i64,
    /// Not to ask before.
    next: i64,
    /// Whether an answer is being waited for.
    asking: bool,
    /// Failures since the last answer.
    failures: u32,
    /// When something was last said.
    said_at: i64,
    /// Whether the focus was in the part that the end of the run replaces.
    inside: bool,
}

impl Watch {
    pub(super) fn new(id: Signal<String>, cancelling: Signal<bool>) -> Self {
        let watch = Self {
            id,
            cancelling,
            live: RwSignal::new(None),
            tail: RwSignal::default(),
            still: RwSignal::new(false),
            seconds: RwSignal::new(0),
            trouble: RwSignal::new(None),
            said: RwSignal::default(),
            turn: RwSignal::new(0),
            pace: StoredValue::new(Pace::default()),
        };
        Effect::new(move |_| browser::every_second(move || watch.tick()));
        // Asked whether they mean it, or back from there: the link that had the focus is gone.
        Effect::new(move |before: Option<bool>| {
            let now = cancelling.try_get().unwrap_or_default();
            if before.is_some_and(|before| before != now) {
                browser::focus(if now { CONFIRM } else { RUN });
            }
            now
        });
        watch
    }

    /// Grows when the whole page has to be asked for again.
    pub(super) fn turn(self) -> u32 {
        self.turn.try_get().unwrap_or_default()
    }

    /// The output as it is shown.
    pub(super) fn tail(self) -> String {
        self.tail.try_get().unwrap_or_default()
    }

    /// Whether the output stands still because the reader reads it.
    pub(super) fn stands_still(self) -> bool {
        self.still.try_get().unwrap_or_default()
    }

    /// What is said to those who do not see the page.
    pub(super) fn heard_of(self) -> String {
        self.said.try_get().unwrap_or_default()
    }

    /// Seconds that it has run.
    pub(super) fn seconds(self) -> i64 {
        self.seconds.try_get().unwrap_or_default()
    }

    /// Why the page is not up with it.
    pub(super) fn trouble(self) -> Option<String> {
        self.trouble.try_get().flatten()
    }

    /// What is known of the run, as one thing of it.
    pub(super) fn known<T: Default>(self, read: impl Fn(&Live) -> T) -> T {
        self.live.try_with(|live| live.as_ref().map(read)).flatten().unwrap_or_default()
    }

    /// Takes over what a whole page says of its run.
    pub(super) fn take(self, page: &DecisionParts) {
        let ran = self.live.with_untracked(Option::is_some);
        let known = self.pace.get_value();
        let same = known.shown == page.id;
        if let Some(run) = &page.running {
            let live = run.live.clone();
            self.tail.set(live.tail.clone());
            self.seconds.set(run.seconds);
            if same && !ran {
                self.said.set("The run has begun.".to_owned());
            }
            self.live.set(Some(live));
        } else if ran {
            self.live.set(None);
            if same {
                self.said.set(format!("The run has ended: {}.", words::state(&page.state).0));
                if known.inside {
                    // What had the focus is gone; the outcome stands in its place.
                    browser::focus_next(RUN);
                }
            }
        }
        let now = browser::now_micros().unwrap_or_default();
        let began = now - self.seconds.get_untracked() * 1_000_000;
        self.trouble.set(None);
        self.pace.set_value(Pace { shown: page.id.clone(), began, said_at: now, ..Pace::default() });
    }

    /// Once a second.
    fn tick(self) {
        let Some(now) = browser::now_micros() else { return };
        let Some(pace) = self.pace.try_get_value() else { return };
        if self.live.try_with_untracked(Option::is_none) != Some(false) {
            return;
        }
        self.seconds.set((now - pace.began) / 1_000_000);
        if pace.asking || now < pace.next || browser::hidden() {
            return;
        }
        self.pace.update_value(|pace| pace.asking = true);
        spawn_local(async move {
            let answer = load(Ask::Live(pace.shown.clone())).await;
            // The reader may have left the page, or gone on to another decision, meanwhile.
            if self.id.try_get_untracked().is_some_and(|id| id == pace.shown) {
                self.heard(answer);
            }
        });
    }

    fn heard(self, answer: Result<Told, AppError>) {
        let now = browser::now_micros().unwrap_or_default();
        match answer {
            Ok(Told::Live(Some(live))) => {
                self.pace.update_value(|pace| (pace.asking, pace.failures) = (false, 0));
                self.trouble.set(None);
                let still = browser::reading(TAIL);
                self.still.set(still);
                if !still {
                    self.tail.set(live.tail.clone());
                }
                if live.wish.is_some() && browser::focused_in(WISH) {
                    // What has the focus goes now.
                    browser::focus(RUN);
                }
                self.live.set(Some(live));
                self.say(now);
            }
            // Over, it seems: the whole page knows.
            Ok(_) => {
                self.pace.update_value(|pace| pace.inside = browser::focused_in(RUN));
                self.turn.update(|turn| *turn += 1);
            }
            Err(error) => {
                self.pace.update_value(|pace| {
                    pace.asking = false;
                    pace.failures = pace.failures.saturating_add(1);
                    let pause =
                        1_i64.checked_shl(pace.failures).unwrap_or(LONGEST_PAUSE).clamp(1, LONGEST_PAUSE);
                    pace.next = now + pause * 1_000_000;
                });
                self.trouble.set(Some(error.words_of_page()));
            }
        }
    }

    /// Says how far it is to those who do not see it, now and then, when there is something new.
    fn say(self, now: i64) {
        let words = self.live.with_untracked(|live| live.as_ref().map(progress)).unwrap_or_default();
        let early = self.pace.with_value(|pace| now - pace.said_at < SAY_EVERY * 1_000_000);
        if !early && words != self.said.get_untracked() {
            self.said.set(words);
            self.pace.update_value(|pace| pace.said_at = now);
        }
    }
}

fn progress(live: &Live) -> String {
    let wish = live.wish.as_ref().map(|(who, _)| format!(" {who} asked that it stops."));
    let doing = if live.doing.is_empty() { String::new() } else { format!(" Now: {}.", live.doing) };
    crate::text::visible(&format!("Running, steps done: {}.{doing}{}", live.steps, wish.unwrap_or_default()))
}
