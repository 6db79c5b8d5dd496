//! What a search found: how much, all of it as one archive, and a row for each decision with its own files.

use super::{Found, words};
use crate::api::search::Typed;
use crate::components::decision_table::pager;
use crate::components::empty::empty;
use crate::components::icons::{Icon, icon};
use crate::components::notice::{Tone, notice_still};
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::time::Time;
use crate::text::{encoded, shortened, visible};
use control::archive::{Estimate, MOST_DECISIONS};
use control::lists::DecisionRow;
use governance::Origin;
use leptos::prelude::*;

/// The whole part below the form.
pub fn results(typed: &Typed, found: Found) -> AnyView {
    if found.rows.is_empty() {
        return nothing(typed);
    }
    let archive = found.archive.map(|estimate| archive(typed, estimate));
    let next = found.next.as_ref().map(|cursor| typed.address("/audit", cursor));
    let first = (!typed.after.is_empty()).then(|| typed.address("/audit", ""));
    // On paper the other pages are not there.
    let part = (next.is_some() || first.is_some())
        .then(|| view! { <p class="asked">{format!("On this page: {} of them.", found.rows.len())}</p> });
    let lines: Vec<AnyView> = found.rows.iter().map(|row| line(row, &found)).collect();
    view! {
        {archive}
        {part}
        <table class="cards audit-rows">
            <caption class="unheard">"Decisions that were found, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"What was asked"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Asked"</th>
                    <th scope="col">"Evidence"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
        {pager(next, first)}
    }
    .into_any()
}

fn nothing(typed: &Typed) -> AnyView {
    if !typed.after.is_empty() {
        let first = typed.address("/audit", "");
        return empty("There is nothing more.", "", Some((&first, "First page")));
    }
    if typed.is_empty() {
        return empty(words::NONE.0, words::NONE.1, None);
    }
    empty(words::NOTHING.0, words::NOTHING.1, Some(("/audit", "Clear filters")))
}

fn archive(typed: &Typed, estimate: Estimate) -> AnyView {
    let found = words::found(estimate.decisions, estimate.decisions > MOST_DECISIONS);
    let way = if estimate.too_much {
        notice_still(Tone::Info, words::TOO_MUCH.0, view! { <p>{words::TOO_MUCH.1}</p> })
    } else {
        let href = typed.address("/audit/decisions.zip", "");
        view! {
            <p class="actions">
                <a class="button quiet" href=href rel="external" download="">{icon(Icon::Download)} "Download all"</a>
            </p>
            <p class="hint">{words::ARCHIVE} " " {words::CHECK} <code>"nexus-control verify FILE.zip"</code> "."</p>
        }
        .into_any()
    };
    let size = (!estimate.too_much).then(|| format!(", about {}", words::size(estimate.bytes)));
    view! {
        <section class="panel archive" aria-labelledby="found">
            <h2 id="found">{found} {size}</h2>
            {way}
        </section>
    }
    .into_any()
}

fn line(row: &DecisionRow, found: &Found) -> AnyView {
    let state = row.state.as_str();
    let base = format!("/decisions/{}", encoded(row.id.as_str()));
    // Of an imported decision only the log is here: its run is named in it when it went well, and never held.
    let imported = row.origin == Origin::Imported;
    let held = matches!(state, "completed" | "failed") && !imported;
    let bound = held || state == "completed";
    let file = |path: &str, word: &'static str| {
        view! { <li><a href=format!("{base}/{path}") rel="external" download="">{word}</a></li> }
    };
    let name = found.name(&row.requester);
    view! {
        <tr>
            <th scope="row">
                <a href=base.clone()><bdi>{visible(&shortened(&row.goal, 160))}</bdi></a>
                <span class="marks"><ModeBadge mode=row.mode.clone() /> {imported.then(|| view! { <span class="label">"imported"</span> })}</span>
            </th>
            <td data-label="State"><StateBadge state=state.to_owned() /></td>
            <td data-label="Asked"><bdi>{visible(&name)}</bdi> ", " <Time at=row.created_at.micros() absolute=true /></td>
            <td data-label="Evidence">
                <ul class="links short">
                    {file("bundle.json", "Bundle")}
                    {bound.then(|| file("package.json?mode=reference", "Package"))}
                    {held.then(|| file("package.json?mode=embedded", "Package with run"))}
                    {bound.then(|| file("package.txt", "Text"))}
                </ul>
            </td>
        </tr>
    }
    .into_any()
}
