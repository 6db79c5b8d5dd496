//! Rows of decisions: a table on a desk, cards on a phone.

use crate::api::lists::Row;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::time::Time;
use crate::text::{encoded, shortened, visible};
use leptos::prelude::*;

/// The table.
#[component]
pub fn DecisionTable(
    /// Its rows.
    rows: Vec<Row>,
    /// What it lists, for those who do not see it.
    caption: &'static str,
) -> impl IntoView {
    let rows: Vec<AnyView> = rows.into_iter().map(row).collect();
    view! {
        <table class="cards">
            <caption class="unheard">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"What is asked"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Approvals"</th>
                    <th scope="col">"Asked by"</th>
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(row: Row) -> AnyView {
    let href = format!("/decisions/{}", encoded(&row.id));
    let labels: Vec<_> =
        row.labels.iter().map(|label| view! { <span class="label">{visible(label)}</span> }).collect();
    let expiry = row.next_expiry.map(|at| view! { <span class="small">"one lapses "<Time at=at /></span> });
    view! {
        <tr>
            <th scope="row">
                <a href=href><bdi>{visible(&shortened(&row.goal, 160))}</bdi></a>
                <span class="marks">
                    <ModeBadge mode=row.mode />
                    {row.template.map(|name| view! { <span class="label">"from "{visible(&name)}</span> })}
                    {labels}
                    {row.imported.then(|| view! { <span class="label">"imported"</span> })}
                </span>
            </th>
            <td data-label="State"><StateBadge state=row.state /></td>
            <td data-label="Approvals">
                {format!("{} of {}", row.given, row.needed)}
                {expiry}
            </td>
            <td data-label="Asked by"><bdi>{visible(&row.requester.name)}</bdi></td>
            <td data-label="When"><Time at=row.created_at /></td>
        </tr>
    }
    .into_any()
}

/// Links to the next page and back to the first.
#[component]
pub fn Pager(
    /// Address of the next page.
    next: Option<String>,
    /// Address of the first page, when this is not it.
    first: Option<String>,
) -> impl IntoView {
    let any = next.is_some() || first.is_some();
    any.then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {first.map(|href| view! { <a class="button quiet" href=href>"First page"</a> })}
                {next.map(|href| view! { <a class="button quiet" href=href rel="next">"Next page"</a> })}
            </nav>
        }
    })
}
