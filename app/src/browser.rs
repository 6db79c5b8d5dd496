//! The few things that only a browser has, each with an answer for where there is none: clock, focus, files.

use crate::error::AppError;

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

/// Sends a form to its own address as a plain form would, but for data instead of a page; goes on to where the
/// server says.
pub async fn post(event: leptos::ev::SubmitEvent, path: &str) -> Result<(), AppError> {
    #[cfg(feature = "hydrate")]
    {
        use leptos::server_fn::error::FromServerFnError as _;
        let (status, location, body) = sent(event, path).await.ok_or(AppError::Offline)?;
        match location {
            // Signing in again is a page of its own, outside of the application that the router knows.
            Some(location) if location.starts_with("/sign-in/") => {
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

/// A file that somebody chose or dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Reads the file of an input's change event. `None` when there is none or it cannot be read as text.
pub async fn chosen(event: leptos::ev::Event) -> Option<Chosen> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast as _;
        let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
        read(input.files()?.get(0)?).await
    }
    #[cfg(not(feature = "hydrate"))]
    {
        drop(event);
        None
    }
}

/// Reads the file of a drop event. `None` when there is none or it cannot be read as text.
pub async fn dropped(event: leptos::ev::DragEvent) -> Option<Chosen> {
    #[cfg(feature = "hydrate")]
    {
        read(event.data_transfer()?.files()?.get(0)?).await
    }
    #[cfg(not(feature = "hydrate"))]
    {
        drop(event);
        None
    }
}

#[cfg(feature = "hydrate")]
async fn read(file: web_sys::File) -> Option<Chosen> {
    let name = file.name();
    let text = wasm_bindgen_futures::JsFuture::from(file.text()).await.ok()?.as_string()?;
    Some(Chosen { name, text })
}
