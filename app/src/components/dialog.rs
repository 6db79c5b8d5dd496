//! A dialog on the browser's own `<dialog>`: it keeps the focus inside, ends with Escape, and gives the focus back to
//! where it was opened from. It says nothing that a page without scripts would miss.

use crate::components::icons::{Icon, icon};
use leptos::prelude::*;

/// The dialog, shut. [`browser::show_dialog`](crate::browser::show_dialog) opens it by its id.
pub fn dialog(id: &'static str, title: &'static str, body: impl IntoAny) -> AnyView {
    let body = body.into_any();
    let heading = format!("{id}-title");
    let named_by = heading.clone();
    view! {
        <dialog id=id aria-labelledby=named_by>
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                <form method="dialog">
                    <button class="bare" type="submit" aria-label="Close">{icon(Icon::Cross)}</button>
                </form>
            </div>
            {body}
        </dialog>
    }
    .into_any()
}
