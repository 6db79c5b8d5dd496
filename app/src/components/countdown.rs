//! What is left until a moment. It ticks for the eye; who listens hears until when, once.

use crate::components::time::written;
use crate::ticking;
use crate::words;
use leptos::prelude::*;

/// The countdown to a moment, in microseconds since 1970.
pub fn countdown(at: i64) -> AnyView {
    let (plain, machine) = written(at);
    let until = format!("until {plain}");
    let Some(now) = ticking::now() else {
        return view! { <span class="countdown"><time datetime=machine>{until}</time></span> }.into_any();
    };
    let (left, near) = words::countdown(now, at);
    view! {
        <span class="countdown">
            <time datetime=machine title=plain data-until=at.to_string() data-near=near aria-hidden="true">{left}</time>
            <span class="unheard">{until}</span>
        </span>
    }
    .into_any()
}
