//! Tokens and icons, by name.

use crate::components::icons::{Icon, icon};
use leptos::prelude::*;

/// Colours that stand for something, in pairs of ground and ink.
const COLOURS: [&str; 16] = [
    "ground",
    "surface",
    "sunken",
    "line",
    "line-strong",
    "ink",
    "ink-quiet",
    "accent",
    "accent-ground",
    "good",
    "good-ground",
    "bad",
    "bad-ground",
    "waiting",
    "waiting-ground",
    "busy",
];

/// Sizes of type.
const SIZES: [&str; 6] = ["xs", "s", "m", "l", "xl", "xxl"];

/// The colours.
pub(super) fn colours() -> AnyView {
    super::both("Colours", |_| {
        let colours: Vec<_> = COLOURS
            .iter()
            .map(|name| view! { <li><span class=format!("swatch of-{name}")></span> <code>{format!("--{name}")}</code></li> })
            .collect();
        view! { <ul class="swatches">{colours}</ul> }.into_any()
    })
}

/// Type and distances.
pub(super) fn type_and_space() -> AnyView {
    let sizes: Vec<_> = SIZES
        .iter()
        .map(|size| view! { <p class=format!("type-{size}")>"Who asked, who allowed, what ran " <code>{format!("--size-{size}")}</code></p> })
        .collect();
    let gaps: Vec<_> = (1..=6)
        .map(|gap| view! { <li><span class=format!("gap gap-{gap}")></span> <code>{format!("--gap-{gap}")}</code></li> })
        .collect();
    view! {
        <section class="section">
            <h2>"Type and distances"</h2>
            <div class="stack">{sizes}</div>
            <ul class="swatches">{gaps}</ul>
        </section>
    }
    .into_any()
}

/// The icons.
pub(super) fn icons() -> AnyView {
    let icons: Vec<_> =
        Icon::ALL.iter().map(|(which, name)| view! { <li>{icon(*which)} {*name}</li> }).collect();
    view! {
        <section class="section">
            <h2>"Icons"</h2>
            <ul class="swatches">{icons}</ul>
        </section>
    }
    .into_any()
}
