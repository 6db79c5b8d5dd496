//! The page's one clock. Every moment in the page is an element that says which (`data-at`, `data-until`); once a second
//! the clock looks whether one of them reads differently by now, and writes its words anew. So there is one timer however
//! many moments there are, and none of them is a signal.
//!
//! It writes into elements that a view made, and only into their text: views here never change it by themselves.

/// Now, in microseconds since 1970, where what is shown goes on counting: in the browser, and in a page made for it.
/// `None` where a page stays as it is.
pub fn now() -> Option<i64> {
    #[cfg(feature = "ssr")]
    {
        crate::ssr::now_micros()
    }
    #[cfg(not(feature = "ssr"))]
    {
        crate::browser::now_micros()
    }
}

/// Begins to tick; once, when the page comes alive. Nothing is counted while nobody can see the page; as soon as it is
/// seen again, after a sleep too, it is right.
#[cfg(feature = "hydrate")]
pub fn begin() {
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::closure::Closure;
    let tick = || {
        if !crate::browser::hidden() {
            browser::tick();
        }
    };
    let clock = Closure::<dyn Fn()>::new(tick);
    let (document, call) = (leptos::prelude::document(), clock.as_ref().unchecked_ref());
    let window = leptos::prelude::window();
    let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(call, 1_000);
    let _ = document.add_event_listener_with_callback("visibilitychange", call);
    let _ = window.add_event_listener_with_callback("pageshow", call);
    tick();
    // It ticks as long as the page is there.
    clock.forget();
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::words;
    use wasm_bindgen::{JsCast as _, JsValue};
    use web_sys::Element;

    /// Looks at every moment in the page.
    pub(super) fn tick() {
        let Some(now) = crate::browser::now_micros() else { return };
        let Ok(found) = leptos::prelude::document().query_selector_all("time[data-at],time[data-until]")
        else {
            return;
        };
        for at in 0..found.length() {
            if let Some(element) = found.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
                tell(&element, now);
            }
        }
    }

    fn tell(element: &Element, now: i64) {
        let moment = |name| element.get_attribute(name).and_then(|text| text.parse::<i64>().ok());
        let (at, words) = match (moment("data-at"), moment("data-until")) {
            (Some(at), _) => (at, words::relative(now, at)),
            (_, Some(until)) => {
                let (left, near) = words::countdown(now, until);
                if element.get_attribute("data-near").as_deref() != Some(near) {
                    let _ = element.set_attribute("data-near", near);
                }
                (until, left)
            }
            _ => return,
        };
        // The text's own node stays: the view that made it knows it.
        if let Some(text) = element.first_child()
            && text.node_value().as_deref() != Some(words.as_str())
        {
            text.set_node_value(Some(&words));
        }
        own_time(element, at);
    }

    /// The reader's own time, beside UTC; once for each moment.
    fn own_time(element: &Element, at: i64) {
        let title = element.get_attribute("title").unwrap_or_default();
        if title.contains('\n') {
            return;
        }
        let Ok(millis) = (at / 1_000).to_string().parse::<f64>() else { return };
        let options = js_sys::Object::new();
        for (name, value) in [("dateStyle", "medium"), ("timeStyle", "long")] {
            let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
        }
        let own = js_sys::Date::new(&JsValue::from_f64(millis)).to_locale_string("default", &options);
        let _ = element.set_attribute("title", &format!("{title}\n{} where you are", String::from(own)));
    }
}
