//! What stands where a page will be, while the browser waits for it. It is seen only when that takes longer than a
//! glance, and never by those who listen.

use leptos::prelude::*;

/// A heading and as many rows.
pub fn skeleton(rows: usize) -> AnyView {
    let rows: Vec<_> = (0..rows).map(|_| view! { <div class="row"></div> }).collect();
    view! { <div class="skeleton" aria-hidden="true"><div class="title"></div> {rows}</div> }.into_any()
}
