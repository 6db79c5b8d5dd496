//! What changed between two texts, line by line. Added and removed lines carry a sign and a word, not only a colour;
//! characters that nobody could see are marked as everywhere.

use crate::components::exact::marked;
use leptos::prelude::*;

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    /// It is in both.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What happened to it.
    pub kind: DiffKind,
    /// Its text; may be anybody's.
    pub text: String,
}

/// The lines, in their order; `label` names the block for those who do not see it.
pub fn diff(label: &'static str, lines: Vec<DiffLine>) -> AnyView {
    let lines: Vec<_> = lines.into_iter().map(line).collect();
    view! { <div class="exact diff" tabindex="0" role="group" aria-label=label>{lines}</div> }.into_any()
}

fn line(line: DiffLine) -> AnyView {
    let (class, sign, word) = match line.kind {
        DiffKind::Same => ("same", " ", ""),
        DiffKind::Added => ("added", "+", "Added: "),
        DiffKind::Removed => ("removed", "−", "Removed: "),
    };
    view! {
        <p class=class>
            <span class="sign" aria-hidden="true">{sign}</span>
            <code><span class="unheard">{word}</span>{marked(&line.text)}</code>
        </p>
    }
    .into_any()
}
