//! The top of the page: who asks for what, in earnest or rehearsed, and what it takes. All of it stands above the fold.

use super::words;
use crate::api::decision::{ActionKind, DecisionPage};
use crate::components::countdown::countdown;
use crate::components::exact::Said;
use crate::components::face::face;
use crate::components::seats::seats;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::time::Time;
use crate::text::{shortened, visible};
use leptos::prelude::*;

pub(super) fn head(page: &DecisionPage) -> AnyView {
    let labels: Vec<_> =
        page.labels.iter().map(|label| view! { <span class="label">{visible(label)}</span> }).collect();
    let open = matches!(page.state.as_str(), "pending_approval" | "approved");
    let lapses = page.lapses_at.filter(|_| open).map(|at| {
        view! { <span class="lapses">"An approval lapses: " {countdown(at)}</span> }
    });
    view! {
        <h1 dir="auto"><bdi>{visible(&shortened(&page.goal, 200))}</bdi></h1>
        <div class="asks">
            {face(&page.requester.name)}
            <p class="byline">
                "Asked by "
                <strong><Said text=page.requester.name.clone() /></strong>
                " ("
                <Said text=page.requester.id.clone() />
                ")"
                {page.machine.then(|| view! { " " <span class="label machine">"API key"</span> })}
                ", "
                <Time at=page.created_at />
            </p>
        </div>
        <p class="marks">
            <StateBadge state=page.state.clone() />
            <ModeBadge mode=page.mode.clone() />
            {seats(page.given, page.needed)}
            {lapses}
            {page.imported.then(|| view! { <span class="label">"imported evidence"</span> })}
            {labels}
        </p>
        <p class="rule"><Said text=page.rule.clone() /> {replaced(page)}</p>
    }
    .into_any()
}

/// That the request put something else in the place of what its template says: nobody should find that out by accident.
fn replaced(page: &DecisionPage) -> Option<AnyView> {
    let names: Vec<String> =
        page.template.iter().flat_map(|one| &one.terms).map(|term| visible(&term.name)).collect();
    (!names.is_empty()).then(|| {
        view! {
            <span class="label replaced">
                <span class="sign" aria-hidden="true">"!"</span>
                {format!("{}: {}", words::REPLACED, names.join(", "))}
            </span>
        }
        .into_any()
    })
}

/// On a narrow screen, what there is to decide stays in reach: links to the forms.
pub(super) fn bar(page: &DecisionPage) -> Option<AnyView> {
    let link = |kind: ActionKind, act: &'static str, verb: &'static str, class: &'static str| {
        page.open(kind).then(|| view! { <a class=class href=format!("?act={act}#{act}")>{verb}</a> })
    };
    let approve = link(ActionKind::Approve, "approve", words::APPROVE, "button main");
    let reject = link(ActionKind::Reject, "reject", words::REJECT, "button danger");
    (approve.is_some() || reject.is_some()).then(|| {
        view! {
            <nav class="decide-bar" aria-label="Decide">
                <StateBadge state=page.state.clone() />
                {approve}
                {reject}
            </nav>
        }
        .into_any()
    })
}
