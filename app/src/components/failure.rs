//! Failures: beside a form that was not accepted, and as a whole page when there is nothing else to show.

use crate::answer;
use crate::components::act::Act;
use crate::components::copy::copy;
use crate::components::notice::{Tone, notice_box};
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

/// A failure as a notice: what happened, whether anything was recorded, what to do.
pub(crate) fn notice(error: &AppError) -> AnyView {
    let more = match error {
        AppError::Changed { since } if !since.is_empty() => {
            let lines: Vec<_> =
                since.iter().map(|line| view! { <li><bdi>{visible(line)}</bdi></li> }).collect();
            view! { <ul>{lines}</ul> }.into_any()
        }
        // In a tab of its own: what was typed stays where it is.
        AppError::Unauthenticated => {
            view! { <p><a href="/sign-in" rel="external" target="_blank">"Sign in, in a new tab"</a></p> }
                .into_any()
        }
        AppError::Fault { id } => trace(id),
        _ => ().into_any(),
    };
    notice_box(Tone::Bad, "", view! { <p>{visible(&error.words())}</p> {more} })
}

/// The id under which the server's log has a fault, to be handed on.
fn trace(id: &str) -> AnyView {
    (!id.is_empty())
        .then(|| view! { <p>"Its id is " <code>{visible(id)}</code> " " {copy(id.to_owned(), "Copy the id")}</p> })
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
        AppError::Forbidden { .. } => (
            "Not allowed",
            "Nothing was changed. What your roles let you see is below; an admin can give you more.",
        ),
        AppError::Offline => (
            "The server was not reached",
            "Check your connection and load the page again. Nothing is lost by that.",
        ),
        AppError::Throttled { .. } => ("Too fast", "Wait a moment and load the page again."),
        _ => (
            "This did not work",
            "Load the page again. If it stays like this, tell whoever runs this server.",
        ),
    };
    let trace = if let AppError::Fault { id } = &error { trace(id) } else { ().into_any() };
    view! {
        <PageTitle text=title />
        <section class="page narrow">
            <h1>{title}</h1>
            <p>{visible(&error.words_of_page())}</p>
            <p>{way_out}</p>
            {trace}
            <p class="actions">
                <a class="button" href="/">"Go to the inbox"</a>
                <a class="button quiet" href="/decisions">"All decisions"</a>
            </p>
        </section>
    }
    .into_any()
}
