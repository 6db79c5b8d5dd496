//! A decision's state: sign and word, and a colour that says nothing new.

use crate::words;
use leptos::prelude::*;

/// The badge.
#[component]
pub fn StateBadge(
    /// The state's word in the read model.
    #[prop(into)]
    state: String,
) -> impl IntoView {
    let (word, sign, tone) = words::state(&state);
    view! {
        <span class=format!("badge {tone}")>
            <span class="sign" aria-hidden="true">{sign}</span>
            {word}
        </span>
    }
    .into_any()
}

/// Rehearsed or real: a real run stands out.
#[component]
pub fn ModeBadge(
    /// The mode's word.
    #[prop(into)]
    mode: String,
) -> impl IntoView {
    let real = mode == "apply";
    let class = if real { "mode real" } else { "mode" };
    view! {
        <span class=class>
            <span class="sign" aria-hidden="true">{if real { "◆" } else { "◇" }}</span>
            {words::mode(&mode)}
        </span>
    }
    .into_any()
}
