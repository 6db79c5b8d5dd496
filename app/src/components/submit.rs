//! The buttons of a form that is checked by the server alone: the browser's own bubbles would say one thing at a time,
//! and nothing beside the field. And the words for what did not find its way back without JavaScript.

use crate::browser;
use crate::components::act::Act;
use crate::components::notice::{Tone, notice_box};
use leptos::prelude::*;

/// The button that sends the form.
pub fn send_button(act: Act, verb: &'static str, busy: &'static str) -> AnyView {
    view! {
        <button class="main" type="submit" formnovalidate=true aria-disabled=move || act.pending().then_some("true")>
            {move || if act.pending() { busy } else { verb }}
        </button>
    }
    .into_any()
}

/// The button that only asks what the form would make; `name` is the field by which the server knows.
pub fn check_button(name: &'static str, check: impl Fn() + 'static) -> AnyView {
    view! {
        <button
            class="quiet"
            type="submit"
            name=name
            value="check"
            formnovalidate=true
            on:click=move |event| {
                event.prevent_default();
                check();
            }
        >
            "Check"
        </button>
    }
    .into_any()
}

/// Has the browser ask before what was typed is lost: while it differs from what was there, and is not being sent.
pub fn guard(act: Act, changed: impl Fn() -> bool + 'static) {
    browser::guard(move || untrack(|| changed() && !act.pending() && !act.succeeded()));
}

/// What did not fit into an address is gone, and said to be.
pub fn lost_notice() -> AnyView {
    let words = view! { <p>"The longest text did not fit into the way back and is gone from the form. Please paste it again."</p> };
    notice_box(Tone::Waiting, "", words)
}
