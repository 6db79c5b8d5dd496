//! How many approvals there are of how many: dots for the eye, and a sentence that says it all.

use crate::words;
use leptos::prelude::*;

/// Most dots in a row; where more are needed the sentence is enough.
const MOST: u32 = 8;

/// Approvals given, of those needed.
pub fn seats(given: u32, needed: u32) -> AnyView {
    let dots = (needed > 1 && needed <= MOST).then(|| {
        let dots: Vec<_> = (0..needed)
            .map(|at| view! { <span class=if at < given { "seat taken" } else { "seat" }></span> })
            .collect();
        view! { <span class="dots" aria-hidden="true">{dots}</span> }
    });
    view! { <span class="seats">{dots} <span>{words::seats(given, needed)}</span></span> }.into_any()
}
