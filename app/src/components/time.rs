//! Moments: `3 hours ago` where the page stays alive and goes on counting, absolute UTC where nothing would. The absolute
//! time, in UTC and in the reader's own, is in the title; on paper and without scripts it stands beside the words.

use crate::ticking;
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
    let (plain, machine) = written(at);
    match ticking::now().filter(|_| !absolute) {
        Some(now) => {
            view! { <time datetime=machine title=plain data-at=at.to_string()>{relative(now, at)}</time> }
                .into_any()
        }
        None => view! { <time datetime=machine>{plain}</time> }.into_any(),
    }
}

/// A moment for people and for machines, to the second.
pub(crate) fn written(at: i64) -> (String, String) {
    let moment = Timestamp::from_micros(at.div_euclid(1_000_000).saturating_mul(1_000_000));
    (moment.to_plain(), moment.to_string())
}
