//! Hostile text through the kit, and the gallery that shows all of it.

use crate::components::checklist::{Item, checklist};
use crate::components::copy::copy;
use crate::components::crumbs::crumbs;
use crate::components::diff::{DiffKind, DiffLine, diff};
use crate::components::empty::empty;
use crate::components::error_summary::error_summary;
use crate::components::exact::Said;
use crate::components::face::face;
use crate::components::header::brand;
use crate::components::hostile_text::{HOSTILE, harmless, html};
use crate::components::notice::{Tone, notice_box};
use crate::components::panel::panel;
use leptos::prelude::*;

#[test]
fn the_kit_keeps_text_as_text() {
    let text = || HOSTILE.to_owned();
    let line = |kind| DiffLine { kind, text: text() };
    let lines = vec![line(DiffKind::Same), line(DiffKind::Added), line(DiffKind::Removed)];
    let item = |done| Item { done, what: text(), detail: Some(view! { <Said text=text() /> }.into_any()) };
    let made = [
        html(|| diff("x", lines)),
        html(|| checklist(vec![item(true), item(false)])),
        html(|| crumbs(&[(HOSTILE, HOSTILE)], HOSTILE)),
        html(|| empty(HOSTILE, HOSTILE, Some(("/x", HOSTILE)))),
        html(|| notice_box(Tone::Bad, HOSTILE, ())),
        html(|| panel("x", HOSTILE, ())),
        html(|| error_summary(vec![("x", text())])),
        html(|| brand(Some(HOSTILE))),
        html(|| view! { {face(HOSTILE)} {copy(text(), "x")} }),
    ];
    for made in made {
        harmless(&made);
        // An address is encoded or quoted, never read.
        let shown: String =
            made.split("href=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect();
        assert!(!shown.contains('\u{202e}') && !shown.contains('\u{200b}'), "{made}");
    }
}

#[test]
fn the_gallery_is_made_and_marks_what_nobody_could_see() {
    let made = html(|| {
        leptos_meta::provide_meta_context();
        crate::pages::styleguide::gallery()
    });
    assert!(!made.contains('\u{202e}') && made.contains("⟨U+202E⟩"));
    for part in ["notice bad", "class=\"dots\"", "checklist", "exact diff", "skeleton", "error-summary"] {
        assert!(made.contains(part), "{part}");
    }
}
