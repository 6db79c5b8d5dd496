//! stub
use leptos::prelude::*;
/// stub
#[component]
pub fn App() -> impl IntoView { view! { <h1>"Nexus Control"</h1> } }
