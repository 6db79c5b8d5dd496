//! Crumbs: the way from the list to the page.

use crate::alive;
use crate::text::{shortened, visible};
use leptos::prelude::*;

/// Links above the page, and the page itself. Names may be anybody's.
pub fn crumbs(above: &[(&str, &str)], here: &str) -> AnyView {
    let links: Vec<_> = above
        .iter()
        .map(|(href, name)| {
            let href = (*href).to_owned();
            let rel = alive::rel(&href);
            view! { <li><a href=href rel=rel><bdi>{visible(&shortened(name, 60))}</bdi></a></li> }
        })
        .collect();
    view! {
        <nav class="crumbs" aria-label="Way to this page">
            <ol>
                {links}
                <li aria-current="page"><bdi>{visible(&shortened(here, 60))}</bdi></li>
            </ol>
        </nav>
    }
    .into_any()
}
