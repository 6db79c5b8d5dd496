//! Keeps a page up with a run: asks every second how far it is, less often after failures, not at all while nobody
//! looks, and for the whole page once the run has ended. What it learns goes into signals, so that nothing on the page
//! is made anew while it runs.

use crate::api::decision::DecisionPage;
use crate::api::load::{Ask, Told, load};
use crate::api::run::Live;
use crate::browser;
use crate::error::AppError;
use crate::words;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Longest pause between questions, in seconds.
const LONGEST_PAUSE: i64 = 30;
/// Whoever listens hears of progress at most this often, in seconds.
const SAY_EVERY: i64 = 15;
/// Id of the part of the page that shows the run.
pub(super) const PLACE: &str = "the-run";
/// Id of the part that asks again before a run is cancelled.
pub(super) const CONFIRM: &str = "cancel-run";
/// Id of what leads there, until somebody wishes it.
pub(super) const WISH: &str = "wish";
/// Id of the output.
pub(super) const TAIL: &str = "tail";

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
    pub(super) tail: RwSignal<String>,
    /// Whether the output stands still because the reader reads it.
    pub(super) still: RwSignal<bool>,
    /// Seconds that it has run.
    pub(super) seconds: RwSignal<i64>,
    /// Why the page is not up with it.
    pub(super) trouble: RwSignal<Option<String>>,
    /// What is said to those who do not see the page.
    pub(super) said: RwSignal<String>,
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
            let now = cancelling.get();
            if before.is_some_and(|before| before != now) {
                browser::focus(if now { CONFIRM } else { PLACE });
            }
            now
        });
        watch
    }

    /// Grows when the whole page has to be asked for again.
    pub(super) fn turn(self) -> u32 {
        self.turn.get()
    }

    /// What is known of the run, as one thing of it.
    pub(super) fn known<T: Default>(self, read: impl Fn(&Live) -> T) -> T {
        self.live.with(|live| live.as_ref().map(read)).unwrap_or_default()
    }

    /// Takes over what a whole page says of its run.
    pub(super) fn take(self, page: &DecisionPage) {
        let ran = self.live.with_untracked(Option::is_some);
        let run = page.run.as_ref().filter(|_| page.state == "executing");
        let known = self.pace.get_value();
        let same = known.shown == page.id;
        if let Some(run) = run {
            let live = run.live.clone().unwrap_or_default();
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
                    browser::focus_next(PLACE);
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
        if self.live.with_untracked(Option::is_none) {
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
                    browser::focus(PLACE);
                }
                self.live.set(Some(live));
                self.say(now);
            }
            // Over, it seems: the whole page knows.
            Ok(_) => {
                self.pace.update_value(|pace| pace.inside = browser::focused_in(PLACE));
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
    let wish = live.wish.as_ref().map(|(who, _)| format!(" {} asked that it stops.", who.name));
    let doing = if live.doing.is_empty() { String::new() } else { format!(" Now: {}.", live.doing) };
    crate::text::visible(&format!("Running, steps done: {}.{doing}{}", live.steps, wish.unwrap_or_default()))
}
