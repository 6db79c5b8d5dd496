//! Parts that stand by themselves, with made-up content.

use crate::components::checklist::{Item, checklist};
use crate::components::countdown::countdown;
use crate::components::crumbs::crumbs;
use crate::components::diff::{DiffKind, DiffLine, diff};
use crate::components::empty::empty;
use crate::components::exact::{Digest, Exact, Said};
use crate::components::face::face;
use crate::components::facts::facts;
use crate::components::notice::{Tone, notice_still};
use crate::components::panel::panel;
use crate::components::seats::seats;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::tabs::{Tab, tabs};
use crate::components::time::Time;
use governance::State;
use leptos::prelude::*;

/// A moment for the gallery: it never changes, so that pictures of it do not either.
const MOMENT: i64 = 1_795_240_800_000_000;

/// Badges, faces, seats, times.
pub(super) fn marks(_: &'static str) -> AnyView {
    let states: Vec<_> =
        State::ALL.iter().map(|state| view! { <StateBadge state=state.as_str().to_owned() /> }).collect();
    let names = ["Alice Moreau", "Ben Okafor", "יעל כהן", "Grace Kim", "李 明", "…"];
    let faces: Vec<_> = names
        .iter()
        .map(|name| view! { <span class="marks">{face(name)} <bdi>{*name}</bdi></span> })
        .collect();
    let rows = [(0, 1), (1, 1), (2, 3), (3, 3), (4, 3), (1, 30)]
        .map(|(given, needed)| view! { <p>{seats(given, needed)}</p> });
    view! {
        <p class="marks">{states}</p>
        <p class="marks">
            <ModeBadge mode="dry_run" />
            <ModeBadge mode="apply" />
            <span class="label">"prod"</span>
            <span class="label fresh">"new"</span>
            <span class="count">"3"</span>
        </p>
        <div class="marks">{faces}</div>
        <div>{rows.into_iter().collect::<Vec<_>>()}</div>
        <p>"Asked " <Time at=MOMENT /> ", lapses " {countdown(MOMENT)}</p>
    }
    .into_any()
}

/// Notices of every tone, and empty places.
pub(super) fn notices(_: &'static str) -> AnyView {
    let all = [
        (Tone::Info, "Good to know", "Nothing has to be done."),
        (Tone::Good, "Recorded", "Your approval is event 4 of this decision."),
        (Tone::Waiting, "Somebody was faster", "The decision changed after you opened it."),
        (Tone::Bad, "This did not work", "Nothing was recorded. Try it again."),
    ];
    let notices: Vec<_> = all
        .into_iter()
        .map(|(tone, title, text)| notice_still(tone, title, view! { <p>{text}</p> }))
        .collect();
    view! {
        {notices}
        {empty(
            "Nothing waits for you.",
            "What you may approve appears here, most urgent first.",
            Some(("/decisions", "All decisions")),
        )}
        {empty("No decision matches these filters.", "", None)}
    }
    .into_any()
}

/// Texts of people and machines.
pub(super) fn texts(_: &'static str) -> AnyView {
    let lines = [
        (DiffKind::Same, "steps:"),
        (DiffKind::Removed, "  - deploy --to staging"),
        (DiffKind::Added, "  - deploy --to production\u{202e}"),
    ];
    let lines = lines.map(|(kind, text)| DiffLine { kind, text: text.to_owned() }).into();
    view! {
        <Exact text="kubectl rollout restart deploy/api\u{200b} --namespace prod" label="Command" />
        {diff("What changed", lines)}
        <p><Said text="A name with a turn: \u{202e}gnp.exe" /></p>
        <p><Digest hex="sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" /></p>
    }
    .into_any()
}

/// Tabs, crumbs, facts, checklists.
pub(super) fn lists(apart: &'static str) -> AnyView {
    let tab = |text, count, current| Tab { href: "/styleguide".to_owned(), text, count, current };
    let (mine, asked) =
        if apart == "light" { ("Views", "Facts") } else { ("Views by night", "Facts by night") };
    let items = vec![
        Item { done: true, what: "A policy is attached".to_owned(), detail: None },
        Item {
            done: false,
            what: "One more approval is needed".to_owned(),
            detail: Some(view! { "Ben Okafor or Grace Kim can give it." }.into_any()),
        },
    ];
    let pairs = vec![
        ("Asked by", view! { "Grace Kim" }.into_any()),
        ("Policy", view! { "Any 2 approvers other than the requester" }.into_any()),
    ];
    view! {
        {crumbs(&[("/", "Inbox"), ("/decisions", "Decisions")], "Rotate the signing keys")}
        {tabs(mine, vec![tab("Mine to decide", Some(3), true), tab("Mine", Some(0), false), tab("All", None, false)])}
        {panel(&format!("facts-{apart}"), asked, facts(pairs))}
        {checklist(items)}
    }
    .into_any()
}
