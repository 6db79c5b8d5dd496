//! A part of a page that the server is asked for: whole in the first answer, asked for again when the question or its
//! turn changes. Written once for all pages, so that the browser's half holds it once.

use crate::api::load::{Ask, Told, load};
use crate::browser;
use crate::components::failure::Failure;
use crate::components::skeleton::skeleton;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::serde_json;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

type Show = Arc<dyn Fn(Result<Told, AppError>) -> AnyView + Send + Sync>;

/// How the first answer travels inside the page: JSON, read from bytes as later answers are. Leptos' own way reads it
/// from a text, and the browser's half would hold every decoder twice.
struct InPage;

impl<T: Serialize> Encoder<T> for InPage {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for InPage {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

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
    let show = move |answer| match answer {
        Ok(told) => show(told),
        Err(error) => view! { <Failure error=error /> }.into_any(),
    };
    part(Signal::derive(ask), Signal::derive(turn), Arc::new(show), true)
}

/// The same, where the page words the failure itself.
pub fn loaded_or(
    ask: impl Fn() -> Ask + Send + Sync + 'static,
    turn: impl Fn() -> u32 + Send + Sync + 'static,
    show: impl Fn(Result<Told, AppError>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    part(Signal::derive(ask), Signal::derive(turn), Arc::new(show), false)
}

/// `page`: it is the page's own part. Then its outline is seen while the browser waits for it the first time, and the
/// page says that it is busy while it is asked for again.
fn part(ask: Signal<Ask>, turn: Signal<u32>, show: Show, page: bool) -> AnyView {
    let source = move || (ask.get(), turn.get());
    let data = Resource::<_, InPage>::new_with_options(source, |(ask, _)| load(ask), false);
    view! {
        <Transition
            fallback=move || page.then(|| skeleton(5)).into_any()
            set_pending=SignalSetter::map(move |waiting| if page { browser::busy(waiting) })
        >
            {move || {
                let show = show.clone();
                Suspend::new(async move { show(data.await) })
            }}
        </Transition>
    }
    .into_any()
}
