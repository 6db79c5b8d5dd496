//! Listening to keys in the browser, and doing what they mean.

use super::meaning::{Meaning, meaning};
use super::rows::page;
use crate::alive;
use crate::browser;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// How long the second of two keys is waited for.
const SECOND_WITHIN: Duration = Duration::from_millis(1_500);
/// How often a page that was gone to is looked at for its search field, and how many times.
const LOOK: (Duration, u32) = (Duration::from_millis(50), 60);

type Go = Rc<dyn Fn(&str)>;

/// Begins to listen, for as long as the application is there.
pub(super) fn begin(on: RwSignal<bool>) {
    let navigate = use_navigate();
    let go: Go = Rc::new(move |address| {
        if alive::is_alive(address) {
            navigate(address, NavigateOptions::default());
        } else {
            let _ = window().location().set_href(address);
        }
    });
    let second = StoredValue::new(false);
    Effect::new(move |_| on.set(page::keys_on()));
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !on.get_untracked() || not_for_us(&event) {
            return;
        }
        let was = second.try_update_value(std::mem::take).unwrap_or_default();
        let Some(meaning) = meaning(was, &event.key()) else { return };
        if event.repeat() && !matches!(meaning, Meaning::Next | Meaning::Previous) {
            return;
        }
        event.prevent_default();
        if meaning == Meaning::First {
            second.set_value(true);
            set_timeout(move || second.set_value(false), SECOND_WITHIN);
        } else {
            act(meaning, &go);
        }
    });
    // One for all tables: what the server makes of them has no listeners.
    let entering = window_event_listener(leptos::ev::focusin, |_| page::entered());
    on_cleanup(move || {
        listener.remove();
        entering.remove();
    });
}

/// Whether somebody types, a modifier is held, or a dialog is open.
fn not_for_us(event: &KeyboardEvent) -> bool {
    // Some keyboards have `/` and `?` where Shift is held; a letter with it is another letter.
    let shifted = event.shift_key() && event.key().chars().all(char::is_alphabetic);
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key() || shifted;
    if modified || event.default_prevented() || event.is_composing() {
        return true;
    }
    let dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    dialog || target.is_some_and(|target| typed_into(&target))
}

fn typed_into(target: &Element) -> bool {
    match target.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(
            target.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "submit" | "button")
        ),
        _ => target.closest("[contenteditable]").ok().flatten().is_some(),
    }
}

fn act(meaning: Meaning, go: &Go) {
    match meaning {
        Meaning::Next => page::step(true),
        Meaning::Previous => page::step(false),
        Meaning::Tick => page::tick(),
        Meaning::Help => browser::show_dialog(super::HELP),
        Meaning::Go(address) => go(address),
        Meaning::Form(form) => {
            if let Some(address) = page::address().or_else(this_decision) {
                go(&format!("{address}?act={form}"));
            }
        }
        Meaning::Search if page::search() => {}
        Meaning::Search => {
            go("/decisions");
            search_soon(LOOK.1);
        }
        Meaning::First => {}
    }
}

/// The address of the decision that the page is about.
fn this_decision() -> Option<String> {
    let path = window().location().pathname().ok()?;
    (path.starts_with("/decisions/") && alive::is_alive(&path)).then_some(path)
}

/// To the search field of a page that is on its way: when the page has come and has taken the focus.
fn search_soon(times: u32) {
    let arrived = document().document_element().and_then(|root| root.get_attribute("data-address"));
    let there = arrived.is_some_and(|address| address.starts_with("/decisions?"));
    if (!there || !page::search()) && times > 0 {
        set_timeout(move || search_soon(times - 1), LOOK.0);
    }
}
