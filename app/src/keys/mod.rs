//! Single keys on the pages that are alive, and the list of them. They are off while somebody types, with any modifier
//! held, and for good where the reader switches them off; no key ever decides anything.

#[cfg(feature = "hydrate")]
mod listen;
pub mod meaning;
pub mod rows;

use crate::browser;
use crate::components::dialog::dialog;
use crate::components::icons::{Icon, icon};
use leptos::prelude::*;

/// Id of the list.
const HELP: &str = "keys";
/// Id of the switch.
const SWITCH: &str = "keys-on";

/// The keys, the list of them, and a button that opens it. Once for all pages, inside of the router.
pub fn layer() -> AnyView {
    let on = RwSignal::new(true);
    #[cfg(feature = "hydrate")]
    listen::begin(on);
    let lines: Vec<_> = meaning::LIST
        .into_iter()
        .map(|(keys, what)| {
            let keys: Vec<_> = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect();
            view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
        })
        .collect();
    let turn = move |event: leptos::ev::Event| {
        let wanted = event_target_checked(&event);
        rows::remember_keys(wanted);
        on.set(wanted);
    };
    let body = view! {
        <dl class="keys">{lines}</dl>
        <p class="check">
            <input id=SWITCH type="checkbox" prop:checked=move || on.get() checked=true on:change=turn />
            <label for=SWITCH>"Single keys do this. Kept in this browser."</label>
        </p>
    };
    view! {
        <p class="keys-open">
            <button type="button" class="quiet small" on:click=move |_| browser::show_dialog(HELP)>
                {icon(Icon::Keyboard)} " Keys"
            </button>
        </p>
        {dialog(HELP, "Keys", body)}
    }
    .into_any()
}
