//! What surrounds every page: header, main, footer, and the line that is read out when the reader has gone to another
//! page.

use crate::api::load::{Ask, Told};
use crate::arriving::ANNOUNCER;
use crate::components::loaded::loaded_or;
use crate::components::made::{Made, made};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

/// The surroundings, with the page inside.
#[component]
pub fn Frame() -> impl IntoView {
    let path = use_location().pathname;
    let last = StoredValue::new(Made::default());
    // It is asked for again with every page.
    let header = loaded_or(
        move || Ask::Me(path.get()),
        || 0,
        move |answer| {
            match answer {
                Ok(Told::Me(header)) => last.set_value(header),
                _ => unknown(last, path),
            }
            last.with_value(made)
        },
    );
    view! {
        // `external`: the router would take the click and leave the focus where it was.
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        {header}
        <main id="main" tabindex="-1">
            <Outlet />
        </main>
        {footer()}
        // No `status`: what a page says by itself has that role.
        <p class="unheard" id=ANNOUNCER aria-live="polite"></p>
    }
}

/// Where the server does not know the reader, a stranger's header; where it was not reached, the one that is there.
fn unknown(last: StoredValue<Made>, path: Memo<String>) {
    #[cfg(feature = "ssr")]
    last.set_value(Made::of(crate::components::header::strangers(&path.get_untracked())));
    #[cfg(not(feature = "ssr"))]
    let _ = (last, path);
}

/// The foot of every page.
pub fn footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <p>
                "Nexus Control records who asked, who allowed and what ran. "
                <a href="/verify" rel="external">"Verify a file"</a>
            </p>
        </footer>
    }
}
