//! The inside of a page that shows something once: a key, or the link of an invitation.

use crate::text::visible;
use leptos::prelude::*;

/// What is shown, in a field to copy it from.
pub struct Secret {
    /// What it is.
    pub title: &'static str,
    /// What it is for; may be anybody's text.
    pub about: String,
    /// The field's label.
    pub label: &'static str,
    /// What nobody is shown again.
    pub value: String,
    /// What to do with it.
    pub hint: String,
    /// Where to go on to, and the link's word.
    pub back: (&'static str, &'static str),
}

/// The page's content.
pub fn secret(shown: Secret) -> AnyView {
    view! {
        <h1>{shown.title}</h1>
        <p><bdi>{visible(&shown.about)}</bdi></p>
        <div class="notice waiting">
            <p><span class="sign" aria-hidden="true">"!"</span>"This is shown now and never again. Copy it before you leave this page."</p>
        </div>
        <div class="field">
            <label for="secret">{shown.label}</label>
            <input id="secret" class="code" readonly=true autocomplete="off" spellcheck="false" aria-describedby="secret-hint" value=shown.value />
            <p class="hint" id="secret-hint">{visible(&shown.hint)}</p>
        </div>
        <p class="actions"><a class="button" href=shown.back.0>{shown.back.1}</a></p>
    }
    .into_any()
}
