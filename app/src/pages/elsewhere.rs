//! An address that none of the pages that are alive has: it may be a plain page's, so that the server is asked for it as
//! the browser itself asks. A forgotten `rel="external"` costs a moment and nothing else.

use crate::arriving;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Nothing to see: the browser is on its way.
#[component]
pub fn Elsewhere() -> impl IntoView {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    let search = if search.is_empty() { search } else { format!("?{search}") };
    // Without the fragment: the browser would look for it in the page that is there.
    arriving::load_whole(format!("{path}{search}"));
}
