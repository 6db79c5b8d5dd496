//! A form that is checked while it is filled in. The server says what it would refuse; the words stand beside a field
//! once the reader has left it, and beside every field and above the form once it was sent. It holds no rule itself,
//! and nothing typed is ever taken away.

use crate::api::load::{Ask, Told, load};
use crate::api::requests::Preview;
use crate::browser;
use crate::components::act::Act;
use crate::components::error_summary::error_summary;
use crate::components::failure::notice;
use crate::components::icons::{Icon, icon};
use crate::components::made::{Made, made};
use crate::components::notice::{Tone, notice_box};
use crate::error::AppError;
use crate::text::visible;
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long a form rests before it is checked again.
const REST: Duration = Duration::from_millis(300);
/// How long after a field was left it may say what is wrong with it: a click that left it has ended by then, and what it
/// was aimed at has not moved away.
const LEAVING: Duration = Duration::from_millis(250);

/// Ids of the fields that can be wrong.
const FIELDS: [&str; 10] = [
    "name",
    "description",
    "goal",
    "plan",
    "template",
    "min_approvals",
    "max_steps",
    "max_sign_in_age",
    "capabilities",
    "labels",
];

/// What is known of a form.
#[derive(Clone, Copy)]
pub struct Checked {
    latest: RwSignal<Preview>,
    /// Fields that the reader has left, and that say what is wrong with them.
    left: RwSignal<Vec<String>>,
    /// Fields that the reader has just left.
    leaving: StoredValue<Vec<String>>,
    /// Whether the form changed since what is known of it.
    stale: StoredValue<bool>,
    /// What stands above the form: what was wrong when it was sent.
    summary: RwSignal<Vec<(&'static str, String)>>,
    /// Why the check itself failed.
    failed: RwSignal<Option<AppError>>,
    turn: StoredValue<u32>,
}

impl Checked {
    /// Starts with what the server said as it made the page. `sent`: the form was sent before, and came back.
    pub fn new(first: Preview, sent: bool) -> Self {
        let summary = if sent { summary_of(&first) } else { Vec::new() };
        Self {
            latest: RwSignal::new(first),
            left: RwSignal::new(Vec::new()),
            leaving: StoredValue::new(Vec::new()),
            stale: StoredValue::new(false),
            summary: RwSignal::new(summary),
            failed: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// What is known now.
    pub fn latest(self) -> RwSignal<Preview> {
        self.latest
    }

    /// Checks again what `ask` asks: a moment after it changed, at once when the form was refused.
    pub fn follow(self, ask: Signal<Ask>, act: Act) {
        let known = StoredValue::new((ask.get_untracked(), 0));
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            let now = (ask.get(), act.turn());
            let before = known.get_value();
            if now == before {
                return;
            }
            if let Some(handle) = waiting.get_value() {
                handle.clear();
            }
            let refused = now.1 != before.1 && act.failed();
            known.set_value(now.clone());
            self.stale.set_value(true);
            let check = move || self.check(now.0.clone(), refused);
            if refused {
                check();
            } else {
                waiting.set_value(set_timeout_with_handle(check, REST).ok());
            }
        });
    }

    /// Checks at once, for the button that says so.
    pub fn check(self, ask: Ask, refused: bool) {
        let next = |turn: &mut u32| {
            *turn = turn.wrapping_add(1);
            *turn
        };
        // The reader may have gone to another page while the form rested.
        let Some(turn) = self.turn.try_update_value(next) else { return };
        spawn_local(async move {
            let answer = load(ask).await;
            // Somebody typed on meanwhile: a later answer counts.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(Told::Preview(told)) => {
                    if refused {
                        self.summary.set(summary_of(&told));
                    }
                    self.failed.set(None);
                    self.latest.set(told);
                }
                Ok(_) => {}
                Err(error) => self.failed.set(Some(error)),
            }
            self.stale.set_value(false);
            self.left_by_now();
        });
    }

    /// The reader leaves a field: in a moment it says what is wrong with it.
    pub fn leave(self, event: &FocusEvent) {
        let Some(id) = browser::id_of_target(event) else { return };
        self.leaving.update_value(|leaving| leaving.push(id));
        set_timeout(move || self.left_by_now(), LEAVING);
    }

    /// Lets the fields speak that were left; not while what is known of them is older than what stands in them.
    fn left_by_now(self) {
        if self.stale.try_get_value() == Some(false)
            && let Some(left) = self.leaving.try_update_value(std::mem::take)
            && !left.is_empty()
        {
            self.left.update(|all| all.extend(left));
        }
    }

    /// What is wrong with a field, where it may be said.
    pub fn problem(self, field: &'static str) -> Option<String> {
        let said = self.left.with(|left| left.iter().any(|id| id == field))
            || self.summary.with(|summary| !summary.is_empty());
        let found = || {
            self.latest
                .with(|told| told.wrong.iter().find(|one| one.field == field).map(|one| one.message.clone()))
        };
        said.then(found).flatten()
    }
}

fn summary_of(told: &Preview) -> Vec<(&'static str, String)> {
    let known = |id: &str| FIELDS.into_iter().find(|field| *field == id);
    told.wrong.iter().filter_map(|one| Some((known(&one.field)?, one.message.clone()))).collect()
}

/// Id of the words beside a field.
pub fn problem_id(field: &str) -> String {
    format!("{field}-problem")
}

/// The words beside a field; nothing while all is well with it.
pub fn problem(checked: Checked, field: &'static str) -> AnyView {
    let said = Memo::new(move |_| checked.problem(field));
    view! {
        <p class="problem" id=problem_id(field) hidden=move || said.with(Option::is_none)>
            {icon(Icon::Cross)}
            <span>{move || said.get().map(|words| visible(&words))}</span>
        </p>
    }
    .into_any()
}

/// What stands above the form once it was refused: links to the fields, or the refusal where no field is to blame.
pub fn refusal(checked: Checked, act: Act) -> AnyView {
    (move || {
        let summary = checked.summary.get();
        if summary.is_empty() { act.failure().map(|error| notice(&error)) } else { error_summary(summary) }
    })
    .into_any()
}

/// What the form would make, in words, as it is now.
pub fn takes(checked: Checked) -> AnyView {
    let failed = move || {
        let words = |error: &AppError| view! { <p>{visible(&error.words_of_page())}</p> };
        checked.failed.get().map(|error| notice_box(Tone::Bad, "This was not checked.", words(&error)))
    };
    view! { <div aria-live="polite">{part(checked, |told| &told.takes)} {failed}</div> }.into_any()
}

/// A part of what is known, as it is now. One that stays the same is left alone.
pub fn part(checked: Checked, which: fn(&Preview) -> &Made) -> AnyView {
    let now = Memo::new(move |_| checked.latest.with(|told| which(told).clone()));
    (move || now.with(made)).into_any()
}
