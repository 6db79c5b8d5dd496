//! Notices: a few words that stand out, with a sign, so that the colour says nothing new.

use crate::components::icons::{Icon, icon};
use crate::text::visible;
use leptos::prelude::*;

/// What kind of news it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something went well.
    Good,
    /// Something waits, or wants a look.
    Waiting,
    /// Something went wrong.
    Bad,
}

impl Tone {
    /// The class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Waiting => "waiting",
            Self::Bad => "bad",
        }
    }

    /// Its sign.
    pub fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Good => Icon::Check,
            Self::Waiting => Icon::Warning,
            Self::Bad => Icon::Cross,
        }
    }

    /// How it is heard: what went wrong at once, what went well in its turn, the rest where it stands.
    fn role(self) -> Option<&'static str> {
        match self {
            Self::Bad => Some("alert"),
            Self::Good => Some("status"),
            Self::Info | Self::Waiting => None,
        }
    }
}

/// A notice. The title may be empty, and so may the body (`()`).
pub fn notice_box(tone: Tone, title: &str, body: impl IntoAny) -> AnyView {
    told(tone, tone.role(), None, title, body.into_any())
}

/// The same without being announced: for what stood on the page from its beginning.
pub fn notice_still(tone: Tone, title: &str, body: impl IntoAny) -> AnyView {
    told(tone, None, None, title, body.into_any())
}

/// The same with an id, for the field that it is about.
pub fn notice_at(id: &'static str, tone: Tone, title: &str, body: impl IntoAny) -> AnyView {
    told(tone, tone.role(), Some(id), title, body.into_any())
}

fn told(
    tone: Tone,
    role: Option<&'static str>,
    id: Option<&'static str>,
    title: &str,
    body: AnyView,
) -> AnyView {
    let title = (!title.is_empty()).then(|| view! { <p class="title"><bdi>{visible(title)}</bdi></p> });
    view! {
        <div class=format!("notice {}", tone.class()) role=role id=id>
            {icon(tone.icon())}
            <div>{title} {body}</div>
        </div>
    }
    .into_any()
}
