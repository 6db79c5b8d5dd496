//! Failures: beside a form that was not accepted, and as a whole page when there is nothing else to show.

use crate::answer;
use crate::components::act::Act;
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::query::address;
use crate::text::visible;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_location;

/// The failure beside its form; nothing while all is well.
#[component]
pub fn FormFailure(
    /// What failed, or did not.
    act: Act,
) -> impl IntoView {
    (move || act.failure().map(|error| notice(&error))).into_any()
}

/// A failure as a notice.
pub(crate) fn notice(error: &AppError) -> AnyView {
    let since = match error {
        AppError::Changed { since } => since.iter().map(|line| visible(line)).collect(),
        _ => Vec::new(),
    };
    let list = (!since.is_empty()).then(|| {
        let lines: Vec<_> = since.into_iter().map(|line| view! { <li>{line}</li> }).collect();
        view! { <ul>{lines}</ul> }
    });
    view! {
        <div class="notice bad" role="alert">
            <p>
                <span class="sign" aria-hidden="true">"✕"</span>
                {visible(&error.words())}
            </p>
            {list}
        </div>
    }
    .into_any()
}

/// A page that shows nothing but a failure, with its status and a way out. Sends strangers to sign-in.
#[component]
pub fn Failure(
    /// The failure.
    error: AppError,
) -> impl IntoView {
    if error == AppError::Unauthenticated {
        let location = use_location();
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        let here = if search.is_empty() { path } else { format!("{path}?{search}") };
        let next = if here == "/" { String::new() } else { here };
        return view! { <Redirect path=address("/sign-in", &[("next", &next)]) /> }.into_any();
    }
    answer::set_status(error.status());
    let (title, way_out) = match &error {
        AppError::NotFound { .. } => {
            ("Not found", "It may have been mistyped, or your roles do not show it to you.")
        }
        AppError::Forbidden { .. } => ("Not allowed", "Your roles in this workspace do not include this."),
        AppError::Offline => ("The server was not reached", "Check your connection and load the page again."),
        _ => (
            "This did not work",
            "Load the page again. If it stays like this, tell whoever runs this server.",
        ),
    };
    view! {
        <PageTitle text=title />
        <section class="page narrow">
            <h1>{title}</h1>
            <p>{visible(&error.words_of_page())}</p>
            <p>{way_out}</p>
            <p class="actions">
                <a class="button" href="/">"Go to the inbox"</a>
                <a class="button quiet" href="/decisions">"All decisions"</a>
            </p>
        </section>
    }
    .into_any()
}
