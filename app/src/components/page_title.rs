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

/// Sets the title of the window.
#[component]
pub fn PageTitle(
    /// What the page is about; may be anybody's text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
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
