//! A form that changes something: a plain form to a server function, sent by the page itself once it is alive.
//! Written once for all forms instead of Leptos' `ActionForm`, which is compiled again for every server function.

use crate::browser;
use crate::error::AppError;
use crate::query::use_query;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::task::spawn_local;

/// How the last thing done went: its path and its outcome.
pub type Answer = RwSignal<Option<(&'static str, Result<(), AppError>)>>;

/// Something that can be done, and how it went last. What is asked of it when its page was left, by an answer that comes
/// late, is answered as if nothing had been done.
#[derive(Clone, Copy)]
pub struct Act {
    path: &'static str,
    pending: RwSignal<bool>,
    answer: Answer,
    turn: RwSignal<u32>,
}

impl Act {
    /// For the server function at this path (`ServerFn::PATH`). Without JavaScript a failure comes back in the
    /// address, where it is picked up here.
    pub fn new(path: &'static str) -> Self {
        Self::among(path, Answer::new(None))
    }

    /// The same as one of several that share their last answer: what one says ends what another said before.
    pub fn among(path: &'static str, answer: Answer) -> Self {
        let brought = use_context::<ServerActionError>()
            .filter(|error| error.path() == path && use_query().get_untracked().has("__err"))
            .map(|error| ServerFnUrlError::<AppError>::decode_err(error.err()).plain());
        if let Some(error) = brought {
            answer.set(Some((path, Err(error))));
        }
        Self { path, pending: RwSignal::new(false), answer, turn: RwSignal::new(0) }
    }

    /// Whether an answer is being waited for.
    pub fn pending(self) -> bool {
        self.pending.try_get().unwrap_or_default()
    }

    /// Grows with every answer that may have changed the page.
    pub fn turn(self) -> u32 {
        self.turn.try_get().unwrap_or_default()
    }

    /// Whether the last answer was a yes.
    pub fn succeeded(self) -> bool {
        self.answer.try_with(|answer| matches!(answer, Some((path, Ok(()))) if *path == self.path))
            == Some(true)
    }

    /// Why the last attempt failed.
    pub fn failure(self) -> Option<AppError> {
        let failed = |answer: &Option<(&'static str, Result<(), AppError>)>| match answer {
            Some((path, Err(error))) if *path == self.path => Some(error.clone()),
            _ => None,
        };
        self.answer.try_with(failed).flatten()
    }

    /// Whether the last attempt failed because of this field.
    pub fn blames(self, name: &str) -> bool {
        self.answer.with_untracked(|answer| match answer {
            Some((path, Err(AppError::Invalid { field, .. }))) => *path == self.path && field == name,
            _ => false,
        })
    }

    /// Whether the last attempt failed, for a page that is made once.
    pub fn failed(self) -> bool {
        self.answer.with_untracked(|answer| matches!(answer, Some((path, Err(_))) if *path == self.path))
    }

    fn submit(self, event: SubmitEvent) {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        // A double click, or Enter held down, sends once.
        if self.pending.try_get_untracked() != Some(false) {
            return;
        }
        self.pending.set(true);
        spawn_local(async move {
            let answer = browser::post(event, self.path).await;
            // Asking for the page again would fail alike, and take away what was typed.
            let stays = matches!(answer, Err(AppError::Unauthenticated | AppError::Offline));
            self.pending.set(false);
            self.answer.set(Some((self.path, answer)));
            if !stays {
                self.turn.update(|turn| *turn += 1);
            }
        });
    }
}

/// The form.
#[component]
pub fn ActForm(
    /// What it does.
    act: Act,
    /// Its fields.
    children: Children,
) -> impl IntoView {
    let fields = children().into_any();
    view! { <form method="post" action=act.path on:submit=move |event| act.submit(event)>{fields}</form> }
        .into_any()
}

/// The button that sends it: its word changes while an answer is waited for.
#[component]
pub fn Send(
    /// What it does.
    act: Act,
    /// Its word.
    verb: &'static str,
    /// Its word while waiting.
    busy: &'static str,
    /// Its look.
    #[prop(default = "")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button class=class type="submit" aria-disabled=move || act.pending().then_some("true")>
            {move || if act.pending() { busy } else { verb }}
        </button>
    }
    .into_any()
}
