//! A form that narrows a list: its fields go into the address, so that the view can be sent on, and the way back works.

use crate::alive;
use crate::components::icons::{Icon, icon};
use leptos::prelude::*;

/// The form. `clear` is where the list is without any filter, when there is one.
pub fn filter_form(
    action: &'static str,
    label: &'static str,
    fields: impl IntoAny,
    clear: Option<String>,
) -> AnyView {
    let fields = fields.into_any();
    let clear = clear.map(|href| {
        let rel = alive::rel(&href);
        view! { <a class="button quiet" href=href rel=rel>"Clear all"</a> }
    });
    view! {
        <form class="filters" method="get" action=action role="search" aria-label=label>
            {fields}
            <p class="actions"><button type="submit">{icon(Icon::Filter)} "Filter"</button> {clear}</p>
        </form>
    }
    .into_any()
}
