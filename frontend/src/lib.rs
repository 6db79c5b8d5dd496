//! The browser's entry: hydrate, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes the server's page over.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    app::browser::mark_hydrated();
    app::arriving::leave_plain_links();
    app::ticking::begin();
}
