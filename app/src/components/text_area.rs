//! The only `<textarea>`. Leptos does not escape its children on the server, so stored text could end it; here the
//! text is escaped and set as inner HTML, which the browser reads back as the very same text.

use crate::components::typed::taken_over;
use crate::text::escaped;
use leptos::prelude::*;

/// A field of several lines. What is typed is kept in `value`, so that a page made anew still has it.
#[component]
pub fn TextArea(
    /// The field's name in the form, and its element id.
    name: &'static str,
    /// Id of the element, where the name is no id.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What stands in it, and what is typed into it.
    value: RwSignal<String>,
    /// Lines shown.
    #[prop(default = 3)]
    rows: u32,
    /// Most characters.
    #[prop(default = 4_000)]
    most: u32,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Id of the element that explains it.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// Whether it holds what a machine reads.
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    taken_over(value, id);
    view! {
        <textarea
            id=id
            name=name
            rows=rows
            maxlength=most
            required=required
            aria-describedby=described_by
            class:code=code
            spellcheck=if code { "false" } else { "true" }
            on:input:target=move |event| value.set(event.target().value())
            inner_html=inner(&value.get_untracked())
        ></textarea>
    }
}

fn inner(text: &str) -> String {
    // HTML drops a line break right after the opening tag; the browser's own `innerHTML` does not.
    let lead = if cfg!(feature = "ssr") { "\n" } else { "" };
    format!("{lead}{}", escaped(text))
}
