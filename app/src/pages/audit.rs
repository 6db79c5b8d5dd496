//! Audit: what is over, with its evidence to download; and, for admins, the import of somebody else's evidence.

use crate::api::audit::Import;
use crate::api::lists::{Filter, Row, Rows};
use crate::api::load::{Ask, Told};
use crate::components::act::{Act, ActForm, Send};
use crate::components::decision_table::Pager;
use crate::components::failure::FormFailure;
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::policy_fields::choice;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::text_area::TextArea;
use crate::components::time::Time;
use crate::query::{address, use_query};
use crate::text::{encoded, shortened, visible};
use crate::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const STATES: [&str; 4] = ["completed", "failed", "rejected", "withdrawn"];

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query();
    let action = Act::new(Import::PATH);
    let pasted = RwSignal::new(String::new());
    let conflict = RwSignal::new(query.get_untracked().get("conflict"));
    let list = loaded(
        move || {
            let (state, after) = query.with(|query| (state_of(&query.get("state")), query.get("after")));
            Ask::Audit(Filter { state, after, ..Filter::default() })
        },
        move |told| {
            let Told::Audit(rows, importer) = told else { return ().into_any() };
            let query = query.get_untracked();
            let list = list(rows, &state_of(&query.get("state")), !query.get("after").is_empty());
            let form = importer.then(|| import_form(action, pasted, conflict));
            view! { <div class="page">{list} {form}</div> }.into_any()
        },
    );
    view! {
        <PageTitle text="Audit" />
        {list}
    }
}

/// One of the four states in which nothing changes any more; completed unless another is asked for.
fn state_of(word: &str) -> String {
    STATES.iter().find(|state| **state == word).copied().unwrap_or("completed").to_owned()
}

fn list(rows: Rows, state: &str, later: bool) -> AnyView {
    let tabs: Vec<_> = STATES
        .iter()
        .map(|word| {
            let here = (*word == state).then_some("page");
            view! { <li><a href=address("/audit", &[("state", word)]) aria-current=here>{words::state(word).0}</a></li> }
        })
        .collect();
    let next = rows.next.map(|cursor| address("/audit", &[("state", state), ("after", &cursor)]));
    let first = later.then(|| address("/audit", &[("state", state)]));
    let body = if rows.rows.is_empty() {
        view! {
            <div class="empty">
                <p><strong>"Nothing here."</strong></p>
                <p>"Decisions appear here when they are over and can no longer change."</p>
            </div>
        }
        .into_any()
    } else {
        let lines: Vec<AnyView> = rows.rows.into_iter().map(line).collect();
        view! {
            <table class="cards">
                <caption class="unheard">"Finished decisions, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"What was asked"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"Asked"</th>
                        <th scope="col">"Downloads"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            <Pager next=next first=first />
        }
        .into_any()
    };
    view! {
        <header class="head">
            <h1>"Audit"</h1>
            <p class="byline">"Evidence of what is over. " <a href="/verify">"Verify a file"</a> " works for anyone, without an account."</p>
        </header>
        <nav class="tabs" aria-label="Outcome"><ul>{tabs}</ul></nav>
        {body}
    }
    .into_any()
}

fn line(row: Row) -> AnyView {
    let base = format!("/decisions/{}", encoded(&row.id));
    // Of an imported decision only the log is here: its run is named in it when it went well, and never held.
    let held = matches!(row.state.as_str(), "completed" | "failed") && !row.imported;
    let bound = held || row.state == "completed";
    view! {
        <tr>
            <th scope="row">
                <a href=base.clone()><bdi>{visible(&shortened(&row.goal, 120))}</bdi></a>
                <span class="marks"><ModeBadge mode=row.mode /> {row.imported.then(|| view! { <span class="label">"imported"</span> })}</span>
            </th>
            <td data-label="Outcome"><StateBadge state=row.state /></td>
            <td data-label="Asked"><bdi>{visible(&row.requester.name)}</bdi> ", " <Time at=row.created_at absolute=true /></td>
            <td data-label="Downloads">
                <ul class="links short">
                    <li><a href=format!("{base}/bundle.json") rel="external" download="">"Bundle"</a></li>
                    {bound.then(|| view! {
                        <li><a href=format!("{base}/package.json?mode=reference") rel="external" download="">"Package"</a></li>
                    })}
                    {held.then(|| view! {
                        <li><a href=format!("{base}/package.json?mode=embedded") rel="external" download="">"Package with run"</a></li>
                    })}
                    {bound.then(|| view! {
                        <li><a href=format!("{base}/package.txt") rel="external" download="">"Text"</a></li>
                    })}
                </ul>
            </td>
        </tr>
    }
    .into_any()
}

fn import_form(action: Act, pasted: RwSignal<String>, conflict: RwSignal<String>) -> AnyView {
    let modes = [
        ("reject_on_conflict", "Refuse it"),
        ("new_decision_id", "Import it under a new id"),
        ("overwrite", "Replace it; the old log is kept"),
    ];
    view! {
        <section class="panel" aria-labelledby="import">
            <h2 id="import">"Import a bundle"</h2>
            <p>"An imported decision is evidence: it can be read, exported and verified here, never approved or run."</p>
            <ActForm act=action>
                <FormFailure act=action />
                <div class="field">
                    <label for="bundle">"Bundle, as JSON"</label>
                    <TextArea name="bundle" value=pasted rows=6 most=1_900_000 required=true code=true />
                </div>
                {choice("conflict", "conflict", "If its id exists here", &modes, conflict)}
                <p class="actions">
                    <Send act=action verb="Import as evidence" busy="Importing…" />
                </p>
            </ActForm>
        </section>
    }
    .into_any()
}
