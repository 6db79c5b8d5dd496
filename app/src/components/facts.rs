//! Facts: terms with what they are, as a list that is read in pairs.

use leptos::prelude::*;

/// The pairs.
pub fn facts(pairs: Vec<(&'static str, AnyView)>) -> AnyView {
    let pairs: Vec<_> =
        pairs.into_iter().map(|(term, what)| view! { <div><dt>{term}</dt><dd>{what}</dd></div> }).collect();
    view! { <dl class="pairs">{pairs}</dl> }.into_any()
}
