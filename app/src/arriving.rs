//! Going from page to page in the browser: where the focus goes, what is said to those who listen, and how an address
//! that none of the alive pages has is loaded. On the server there is nothing to do.

/// Moves the focus to the heading of the page that the reader went to, and says its title once to those who listen. A
/// page that only narrows or turns over what was there keeps the focus, unless the focus went with what it replaced.
pub fn arrived(path: &str, search: &str, title: &str) {
    #[cfg(feature = "hydrate")]
    {
        let page = leptos::prelude::document();
        let lost = page.active_element().is_none_or(|focused| focused.tag_name() == "BODY");
        let Some(root) = page.document_element() else { return };
        let (before, now) = (root.get_attribute("data-address"), format!("{path}?{search}"));
        let _ = root.set_attribute("data-address", &now);
        // The first page keeps the browser's own focus, and one that was only made anew keeps the reader's.
        let Some(before) = before.filter(|before| *before != now) else { return };
        let new = before.split('?').next() != Some(path);
        if new {
            announce(title);
        }
        if new || lost {
            to_heading(now, 100);
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (path, search, title);
}

/// The focus goes to the heading as soon as there is one: what the page loads may come a while after its title. It stays
/// where it is once the reader has gone on.
#[cfg(feature = "hydrate")]
fn to_heading(address: String, tries: u32) {
    use wasm_bindgen::JsCast as _;
    let page = leptos::prelude::document();
    let here = page.document_element().and_then(|root| root.get_attribute("data-address"));
    if here.as_ref() != Some(&address) {
        return;
    }
    let heading = page.query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let still = web_sys::FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = heading.set_attribute("tabindex", "-1");
        let _ = heading.focus_with_options(&still);
    } else if tries > 0 {
        let later = std::time::Duration::from_millis(50);
        leptos::prelude::set_timeout(move || to_heading(address, tries - 1), later);
    }
}

/// Says something once to those who listen, when they have heard out what they are listening to.
pub fn announce(words: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(line) = leptos::prelude::document().get_element_by_id(ANNOUNCER) {
        line.set_text_content(Some(words));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = words;
}

/// Id of the line that is read out when it changes.
pub const ANNOUNCER: &str = "announcer";

/// Leaves links to pages that are not alive to the browser, also where they do not say so: it looks at every click before
/// the router does. Once, when the page comes alive.
#[cfg(feature = "hydrate")]
pub fn leave_plain_links() {
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::closure::Closure;
    let look = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        let pressed = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = pressed.and_then(|pressed| pressed.closest("a[href]").ok().flatten());
        if let Some(link) = link
            && let Some(href) = link.get_attribute("href")
            && href.starts_with('/')
            && !crate::alive::is_alive(&href)
        {
            let _ = link.set_attribute("rel", "external");
        }
    });
    let call = look.as_ref().unchecked_ref();
    let _ = leptos::prelude::document().add_event_listener_with_callback_and_bool("click", call, true);
    // As long as the page is there.
    look.forget();
}

/// Goes to an address as the browser itself does.
pub fn load_whole(address: String) {
    #[cfg(feature = "hydrate")]
    // Not at once: the router is about to write the address down, and then it is there already.
    leptos::prelude::set_timeout(
        move || {
            let location = leptos::prelude::window().location();
            let here = location.href().is_ok_and(|here| here.ends_with(&address));
            // The entry that the router wrote is given back to the page before: the way back would lead to another
            // address of the document that comes, and not to a page.
            let root = leptos::prelude::document().document_element();
            if here
                && let Some(before) = root.and_then(|root| root.get_attribute("data-address"))
                && let Ok(history) = leptos::prelude::window().history()
            {
                let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&before));
            }
            let _ = location.set_href(&address);
        },
        std::time::Duration::ZERO,
    );
    #[cfg(not(feature = "hydrate"))]
    drop(address);
}
