//! Moments: absolute UTC from the server, `3 hours ago` once the page is alive, both always in reach.

use crate::browser;
use crate::words::relative;
use governance::Timestamp;
use leptos::prelude::*;

/// A moment.
#[component]
pub fn Time(
    /// Microseconds since 1970.
    at: i64,
    /// Keep the absolute form, as evidence wants it.
    #[prop(optional)]
    absolute: bool,
) -> impl IntoView {
    let moment = Timestamp::from_micros(at.div_euclid(1_000_000).saturating_mul(1_000_000));
    let (plain, machine) = (moment.to_plain(), moment.to_string());
    let told = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if !absolute {
            told.set(browser::now_micros().map(|now| relative(now, at)));
        }
    });
    let title = plain.clone();
    view! {
        <time datetime=machine title=title>
            {move || told.get().unwrap_or_else(|| plain.clone())}
        </time>
    }
    .into_any()
}
