//! The few things that only a browser has, each with an answer for where there is none: clock, focus.

use crate::error::AppError;

pub use crate::arriving::announce;

/// Now, in microseconds since 1970. `None` outside a browser, where pages show absolute times only.
pub fn now_micros() -> Option<i64> {
    #[cfg(feature = "hydrate")]
    {
        let text = format!("{:.0}", js_sys::Date::now());
        text.parse::<i64>().ok().map(|millis| millis.saturating_mul(1000))
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Moves the focus to an element, so that a reader hears the new page.
pub fn focus(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast as _;
        let element = leptos::prelude::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// The same for what the page is about to show: with the next picture that the browser paints.
pub fn focus_next(id: &'static str) {
    #[cfg(feature = "hydrate")]
    leptos::prelude::request_animation_frame(move || focus(id));
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Says on the page whether it waits for something that will change it.
pub fn busy(waiting: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(main) = leptos::prelude::document().get_element_by_id("main") {
        let _ = if waiting {
            main.set_attribute("aria-busy", "true")
        } else {
            main.remove_attribute("aria-busy")
        };
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = waiting;
}

/// Opens a dialog of the page.
pub fn show_dialog(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast as _;
        let found = leptos::prelude::document().get_element_by_id(id);
        if let Some(dialog) = found.and_then(|found| found.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
            // One that is open already stays open.
            let _ = dialog.show_modal();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Puts a text where it can be pasted from. `false` when the browser does not let us.
pub async fn copy(text: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let window = leptos::prelude::window();
        // Only a page that came encrypted, or from this machine, may; elsewhere there is no clipboard at all.
        if !window.is_secure_context() {
            return false;
        }
        wasm_bindgen_futures::JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = text;
        false
    }
}

/// Calls once a second, until whoever asked is gone.
pub fn every_second(call: impl Fn() + 'static) {
    #[cfg(feature = "hydrate")]
    if let Ok(clock) = leptos::prelude::set_interval_with_handle(call, std::time::Duration::from_secs(1)) {
        leptos::prelude::on_cleanup(move || clock.clear());
    }
    #[cfg(not(feature = "hydrate"))]
    drop(call);
}

/// Whether nobody can see the page: another tab is in front of it.
pub fn hidden() -> bool {
    #[cfg(feature = "hydrate")]
    {
        leptos::prelude::document().hidden()
    }
    #[cfg(not(feature = "hydrate"))]
    true
}

/// Whether the focus is on this element or in it.
pub fn focused_in(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let page = leptos::prelude::document();
        let element = page.get_element_by_id(id);
        element.is_some_and(|found| found.contains(page.active_element().as_deref()))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}

/// Whether somebody reads in a box that follows its end: they went away from the end, or have selected something.
pub fn reading(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let page = leptos::prelude::document();
        let selected = page.get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed());
        // Such a box counts from its end, upwards and below zero.
        selected || page.get_element_by_id(id).is_some_and(|found| found.scroll_top() < -2)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}

/// Says on `<html>` that the page is alive: browser tests wait for it.
pub fn mark_hydrated() {
    #[cfg(feature = "hydrate")]
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "1");
    }
}

/// The status of an answer of ours, without its body. `None` when the server was not reached.
pub async fn status(path: &str) -> Option<u16> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast as _;
        let options = web_sys::RequestInit::new();
        options.set_method("HEAD");
        let asked = web_sys::window()?.fetch_with_str_and_init(path, &options);
        let answer = wasm_bindgen_futures::JsFuture::from(asked).await.ok()?;
        Some(answer.dyn_into::<web_sys::Response>().ok()?.status())
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = path;
        None
    }
}

/// Id of the element that an event happened to.
pub fn id_of_target(event: &leptos::ev::FocusEvent) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast as _;
        let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        Some(element.id()).filter(|id| !id.is_empty())
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

/// What stands in a field of the page.
pub fn standing(id: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let field = leptos::prelude::document().get_element_by_id(id)?;
        js_sys::Reflect::get(&field, &"value".into()).ok()?.as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        None
    }
}

/// Has the browser ask before the reader leaves while something unsaved would be lost, until whoever wants it is gone.
pub fn guard(unsaved: impl Fn() -> bool + 'static) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::prelude::{GetValue as _, StoredValue, on_cleanup, window};
        use std::sync::Arc;
        use std::sync::atomic::{AtomicBool, Ordering};
        use wasm_bindgen::prelude::Closure;
        use wasm_bindgen::{JsCast as _, JsValue};
        let left = Arc::new(AtomicBool::new(false));
        let gone = Arc::clone(&left);
        let listen = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            // What `unsaved` looks at is gone with its page, and may be so before the listener is.
            if gone.load(Ordering::Relaxed) || !unsaved() {
                return;
            }
            if event.type_() == "beforeunload" {
                event.prevent_default();
                return;
            }
            // The router would go to another alive page without asking; so the browser itself goes there, and asks.
            let target = event.target().and_then(|found| found.dyn_into::<web_sys::Element>().ok());
            if target.is_some_and(|found| matches!(found.closest("a[href]"), Ok(Some(_)))) {
                event.stop_propagation();
            }
        });
        let listener: JsValue = listen.into_js_value();
        let kept = StoredValue::new_local(listener);
        let each = move |on: bool| {
            let Some(listener) = kept.try_get_value() else { return };
            let listener = listener.unchecked_ref();
            for event in ["beforeunload", "click"] {
                let _ = if on {
                    window().add_event_listener_with_callback_and_bool(event, listener, true)
                } else {
                    window().remove_event_listener_with_callback_and_bool(event, listener, true)
                };
            }
        };
        each(true);
        on_cleanup(move || {
            left.store(true, Ordering::Relaxed);
            each(false);
        });
    }
    #[cfg(not(feature = "hydrate"))]
    drop(unsaved);
}

/// Sends a form to its own address as a plain form would, but for data instead of a page; goes on to where the
/// server says.
pub async fn post(event: leptos::ev::SubmitEvent, path: &str) -> Result<(), AppError> {
    #[cfg(feature = "hydrate")]
    {
        use leptos::server_fn::error::FromServerFnError as _;
        let (status, location, body) = sent(event, path).await.ok_or(AppError::Offline)?;
        match location {
            // A page that is made on the server alone, such as signing in again.
            Some(location) if !crate::alive::is_alive(&location) => {
                let _ = web_sys::window().map(|window| window.location().set_href(&location));
            }
            Some(location) if status < 400 => {
                leptos::server_fn::redirect::call_redirect_hook(&location);
            }
            _ => {}
        }
        if status >= 400 {
            return Err(AppError::de(body.into_bytes().into()));
        }
        Ok(())
    }
    #[cfg(not(feature = "hydrate"))]
    {
        drop((event, path));
        Err(AppError::Offline)
    }
}

/// Status, where to go on, and body. `None` when the server was not reached.
#[cfg(feature = "hydrate")]
async fn sent(event: leptos::ev::SubmitEvent, path: &str) -> Option<(u16, Option<String>, String)> {
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen_futures::JsFuture;
    let fields = leptos::form::form_data_from_event(&event).ok()?;
    let fields = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let options = web_sys::RequestInit::new();
    let headers = web_sys::Headers::new().ok()?;
    headers.set("Accept", "application/json").ok()?;
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(&fields);
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str_and_init(path, &options)).await.ok()?;
    let answer = answer.dyn_into::<web_sys::Response>().ok()?;
    let body = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer.status(), answer.headers().get("location").ok()?, body))
}
