//! Rows of decisions: a table on a desk, cards on a phone. Each says who asks for what, whether it is real, how far it
//! is and since when, without a word that the reader would have to open it for. Only the server makes them.

use crate::api::lists::Row;
use crate::components::countdown::countdown;
use crate::components::face::face;
use crate::components::seats::seats;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::time::Time;
use crate::text::{encoded, visible};
use leptos::prelude::*;

/// Most labels in a row; how many more there are is said.
const LABELS: usize = 4;

/// What a table shows beside goal, requester and approvals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// A box to tick, and no state: all of them wait.
    Ticked,
    /// State, and when it was asked for.
    Plain,
    /// State, and when it ended.
    Ended,
}

/// The table with these columns.
pub fn decisions(list: &[Row], caption: &'static str, columns: Columns) -> AnyView {
    let ticked = columns == Columns::Ticked;
    let when = if columns == Columns::Ended { "Ended" } else { "Asked" };
    let class = if ticked { "cards decisions ticked" } else { "cards decisions" };
    let lines: Vec<AnyView> = list.iter().map(|one| row(one, columns)).collect();
    view! {
        <table class=class>
            <caption class="unheard">{caption}</caption>
            <thead>
                <tr>
                    {ticked.then(|| view! { <td class="tick"></td> })}
                    <th scope="col">"What is asked"</th>
                    <th scope="col">"Asked by"</th>
                    <th scope="col">"Approvals"</th>
                    {(!ticked).then(|| view! { <th scope="col">"State"</th> })}
                    <th scope="col">{when}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn row(row: &Row, columns: Columns) -> AnyView {
    let href = format!("/decisions/{}", encoded(&row.id));
    let goal = visible(&row.goal);
    let tick = (columns == Columns::Ticked).then(|| {
        let label = format!("Tick: {goal}");
        view! { <td class="tick"><label><input type="checkbox" name="id" value=row.id.clone() aria-label=label /></label></td> }
    });
    let state = (columns != Columns::Ticked)
        .then(|| view! { <td data-label="State"><StateBadge state=row.state.clone() /></td> });
    let lapses =
        row.next_expiry.map(|at| view! { <span class="small lapses">"one lapses: "{countdown(at)}</span> });
    let (when, at) =
        if columns == Columns::Ended { ("Ended", row.updated_at) } else { ("Asked", row.created_at) };
    let name = visible(&row.requester.name);
    view! {
        <tr data-row=encoded(&row.id)>
            {tick}
            <th scope="row">
                <a href=href><bdi>{goal}</bdi></a>
                {marks(row)}
            </th>
            <td data-label="Asked by"><span class="who">{face(&name)} <bdi title=name.clone()>{name.clone()}</bdi></span></td>
            <td data-label="Approvals">{progress(row)} {lapses}</td>
            {state}
            <td data-label=when><Time at=at /></td>
        </tr>
    }
    .into_any()
}

/// How far it is. What is over needs nothing more, even where an approval lapsed since.
fn progress(row: &Row) -> AnyView {
    let open = matches!(row.state.as_str(), "draft" | "pending_approval" | "approved");
    if open || row.given >= row.needed {
        return seats(row.given, row.needed);
    }
    view! { {format!("{} of {} count now", row.given, row.needed)} }.into_any()
}

fn marks(row: &Row) -> AnyView {
    let labels: Vec<_> = row
        .labels
        .iter()
        .take(LABELS)
        .map(|label| view! { <span class="label"><bdi>{visible(label)}</bdi></span> })
        .collect();
    let more = row.labels.len().saturating_sub(LABELS);
    let more = (more > 0).then(|| view! { <span class="small">{format!("and {more} more labels")}</span> });
    let template = row.template.as_ref().map(|name| {
        view! { <span class="label">"from "<bdi>{visible(name)}</bdi></span> }
    });
    let imported = row.imported.then(|| view! { <span class="label">"imported"</span> });
    view! { <span class="marks"><ModeBadge mode=row.mode.clone() /> {template} {labels} {more} {imported}</span> }
        .into_any()
}

/// Links to the next page and back to the first, where this is not it.
pub fn pager(next: Option<String>, first: Option<String>) -> AnyView {
    if next.is_none() && first.is_none() {
        return ().into_any();
    }
    let rel = |href: &str| crate::alive::rel(href);
    view! {
        <nav class="pager" aria-label="Pages">
            {first.map(|href| view! { <a class="button quiet" rel=rel(&href) href=href>"First page"</a> })}
            {next.map(|href| view! { <a class="button quiet" rel=rel(&href).map_or("next", |_| "next external") href=href>"Next page"</a> })}
        </nav>
    }
    .into_any()
}
