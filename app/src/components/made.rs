//! A part of a page that is only read: the server makes it, by the same views as everything else, and sends it as it is;
//! a page that lives puts it in its place. So the browser's half holds only what acts (docs/adr/0023).
//!
//! It is HTML, and stands for nothing but what our own views made on the server, where every text is escaped. Nothing
//! that somebody typed is ever turned into one in the browser.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A part, made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made(String);

impl Made {
    /// Makes it of a view.
    #[cfg(feature = "ssr")]
    pub fn of(view: impl IntoAny) -> Self {
        Self(view.into_any().to_html())
    }

    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The part in its place. The element around it has no box of its own.
pub fn made(part: &Made) -> AnyView {
    view! { <div class="made" inner_html=part.0.clone()></div> }.into_any()
}
