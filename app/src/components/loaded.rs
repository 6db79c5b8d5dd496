//! A part of a page that the server is asked for: whole in the first answer, asked for again when the question or its
//! turn changes. Written once for all pages, so that the browser's half holds it once.

use crate::api::load::{Ask, Told, load};
use crate::components::failure::Failure;
use crate::error::AppError;
use leptos::prelude::*;
use std::sync::Arc;

type Show = Arc<dyn Fn(Result<Told, AppError>) -> AnyView + Send + Sync>;

/// The part, or the failure as a page of its own.
pub fn loaded(
    ask: impl Fn() -> Ask + Send + Sync + 'static,
    show: impl Fn(Told) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    loaded_again(ask, || 0, show)
}

/// The same, asked for again whenever the turn changes.
pub fn loaded_again(
    ask: impl Fn() -> Ask + Send + Sync + 'static,
    turn: impl Fn() -> u32 + Send + Sync + 'static,
    show: impl Fn(Told) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    loaded_or(ask, turn, move |answer| match answer {
        Ok(told) => show(told),
        Err(error) => view! { <Failure error=error /> }.into_any(),
    })
}

/// The same, where the page words the failure itself.
pub fn loaded_or(
    ask: impl Fn() -> Ask + Send + Sync + 'static,
    turn: impl Fn() -> u32 + Send + Sync + 'static,
    show: impl Fn(Result<Told, AppError>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    part(Signal::derive(ask), Signal::derive(turn), Arc::new(show))
}

fn part(ask: Signal<Ask>, turn: Signal<u32>, show: Show) -> AnyView {
    let data = Resource::new(move || (ask.get(), turn.get()), |(ask, _)| load(ask));
    view! {
        <Transition>
            {move || {
                let show = show.clone();
                Suspend::new(async move { show(data.await) })
            }}
        </Transition>
    }
    .into_any()
}
