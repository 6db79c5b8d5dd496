//! The page's title. Leptos writes a title unescaped into the server's HTML; so it is escaped there, and only
//! there (the browser sets `document.title`, which takes text).

use crate::text::{escaped, shortened, visible};
use leptos::prelude::*;
use leptos_meta::Title;

/// What goes into `<title>` on this side.
pub fn title_text(text: &str) -> String {
    let text = format!("{} · Nexus Control", shortened(&visible(text), 80));
    if cfg!(feature = "ssr") { escaped(&text) } else { text }
}

/// Tells the browser's half that the page is there: the focus and those who listen follow.
fn announced(text: String) {
    #[cfg(feature = "hydrate")]
    {
        let location = leptos_router::hooks::use_location();
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        // With the next picture: by then the page stands in the document.
        request_animation_frame(move || crate::arriving::arrived(&path, &search, &visible(&text)));
    }
    #[cfg(not(feature = "hydrate"))]
    drop(text);
}

/// Sets the title of the window, and is the sign that a page has arrived.
#[component]
pub fn PageTitle(
    /// What the page is about; may be anybody's text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    announced(text.clone());
    view! { <Title text=title_text(&text) /> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::title_text;

    #[test]
    fn a_title_cannot_end_its_element() {
        let text = title_text("</title><script>alert(1)</script>");
        assert!(!text.contains('<'), "{text}");
    }
}
