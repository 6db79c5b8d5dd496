//! The rows of a list, as keys and redrawn lists find them: by the ids that they carry, never by their place. The row
//! that was chosen is the one whose link has the focus; so it is seen, and heard, without a word of ours.

/// What a reader had ticked, and the row that they were at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The row, by its id.
    pub row: Option<String>,
    /// Values of the boxes.
    pub ticked: Vec<String>,
}

/// What is to be kept while the rows are made anew.
pub fn keep() -> Option<Kept> {
    #[cfg(feature = "hydrate")]
    {
        Some(page::keep())
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Gives it back, as soon as the new rows are there.
pub fn restore(kept: Kept) {
    #[cfg(feature = "hydrate")]
    leptos::prelude::request_animation_frame(move || page::restore(&kept));
    #[cfg(not(feature = "hydrate"))]
    drop(kept);
}

/// Keeps in this browser whether single keys are on.
pub fn remember_keys(on: bool) {
    #[cfg(feature = "hydrate")]
    page::remember_keys(on);
    #[cfg(not(feature = "hydrate"))]
    let _ = on;
}

#[cfg(feature = "hydrate")]
pub(super) mod page {
    use super::Kept;
    use crate::browser::announce;
    use leptos::prelude::{document, window};
    use std::cell::RefCell;
    use wasm_bindgen::JsCast as _;
    use web_sys::{Element, HtmlElement, HtmlInputElement};

    /// Its name in the browser's storage.
    const SETTING: &str = "single-keys";

    thread_local! {
        static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    /// All that match.
    fn all(selector: &str) -> Vec<Element> {
        let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
    }

    fn rows() -> Vec<Element> {
        all("tr[data-row]")
    }

    fn id(row: &Element) -> Option<String> {
        row.get_attribute("data-row")
    }

    /// The row that has the focus.
    pub fn current() -> Option<Element> {
        document().active_element()?.closest("tr[data-row]").ok().flatten()
    }

    /// The focus came into something: a row is the one to come back to.
    pub fn entered() {
        if let Some(here) = current().as_ref().and_then(id) {
            LAST.with(|last| last.replace(Some(here)));
        }
    }

    fn last() -> Option<String> {
        LAST.with(|last| last.borrow().clone())
    }

    fn link(row: &Element) -> Option<HtmlElement> {
        row.query_selector("th a").ok().flatten()?.dyn_into().ok()
    }

    fn focus(row: &Element) {
        if let Some(link) = link(row) {
            let _ = link.focus();
        }
    }

    /// To the row below or above; from outside to where the reader was last, or the first.
    pub fn step(down: bool) {
        let rows = rows();
        let place = |wanted: &Option<String>| {
            wanted.as_ref().and_then(|wanted| rows.iter().position(|row| id(row).as_ref() == Some(wanted)))
        };
        let to = match place(&current().as_ref().and_then(id)) {
            Some(at) if down => (at + 1).min(rows.len().saturating_sub(1)),
            Some(at) => at.saturating_sub(1),
            None => place(&last()).unwrap_or(0),
        };
        if let Some(row) = rows.get(to) {
            focus(row);
        }
    }

    /// Where the row's link leads.
    pub fn address() -> Option<String> {
        link(&current()?)?.get_attribute("href")
    }

    fn tick_of(row: &Element) -> Option<HtmlInputElement> {
        row.query_selector("input[name=id]").ok().flatten()?.dyn_into().ok()
    }

    /// Ticks the row, or takes the tick away.
    pub fn tick() {
        if let Some(tick) = current().as_ref().and_then(tick_of) {
            tick.click();
            announce(if tick.checked() { "Ticked" } else { "Not ticked" });
        }
    }

    pub(super) fn keep() -> Kept {
        let rows = rows();
        let ticked = rows.iter().filter_map(tick_of).filter(HtmlInputElement::checked);
        Kept { row: last(), ticked: ticked.map(|tick| tick.value()).collect() }
    }

    pub(super) fn restore(kept: &Kept) {
        let rows = rows();
        for tick in rows.iter().filter_map(tick_of) {
            tick.set_checked(kept.ticked.contains(&tick.value()));
        }
        let same = rows.iter().find(|row| kept.row.is_some() && id(row) == kept.row);
        if let Some(row) = same.or_else(|| rows.first()) {
            focus(row);
        }
    }

    /// The search field of the page, when it has one.
    pub fn search() -> bool {
        let field = all("main input[type=search]").into_iter().next();
        let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else {
            return false;
        };
        field.select();
        field.focus().is_ok()
    }

    /// Whether single keys are on; they are, unless the reader said otherwise.
    pub fn keys_on() -> bool {
        let kept =
            window().local_storage().ok().flatten().and_then(|kept| kept.get_item(SETTING).ok().flatten());
        kept.as_deref() != Some("off")
    }

    pub(super) fn remember_keys(on: bool) {
        if let Ok(Some(kept)) = window().local_storage() {
            // A browser that keeps nothing asks again next time.
            let _ = if on { kept.remove_item(SETTING) } else { kept.set_item(SETTING, "off") };
        }
    }
}
