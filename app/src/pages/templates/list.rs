//! All templates, newest first, with a filter for one label.

use crate::api::load::{Ask, Told};
use crate::api::templates::{TemplateInfo, Templates};
use crate::components::decision_table::Pager;
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::query::{Query, address, use_query};
use crate::text::{count, encoded, shortened, visible};
use leptos::prelude::*;

/// The page.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let query = use_query();
    let list = loaded(
        move || query.with(|query| Ask::Templates(query.get("label"), query.get("after"))),
        move |told| match told {
            Told::Templates(found) => shown(found, &query.get_untracked()),
            _ => ().into_any(),
        },
    );
    view! {
        <PageTitle text="Templates" />
        {list}
    }
}

fn shown(found: Templates, query: &Query) -> AnyView {
    let (label, later) = (query.get("label"), !query.get("after").is_empty());
    let next = found.next.map(|cursor| address("/templates", &[("label", &label), ("after", &cursor)]));
    let first = later.then(|| address("/templates", &[("label", &label)]));
    let body = if found.rows.is_empty() {
        empty(!label.is_empty(), found.author)
    } else {
        let rows: Vec<AnyView> = found.rows.into_iter().map(row).collect();
        view! {
            <table class="cards">
                <caption class="unheard">"Templates, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Template"</th>
                        <th scope="col">"Policy"</th>
                        <th scope="col">"Uses"</th>
                        <th scope="col">"Written"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Pager next=next first=first />
        }
        .into_any()
    };
    view! {
        <div class="page">
            <header class="head">
                <h1>"Templates"</h1>
                {found.author.then(|| view! { <p class="actions"><a class="button" href="/templates/new">"New template"</a></p> })}
            </header>
            <form class="filters" method="get" action="/templates" role="search" aria-label="Filter templates">
                <div class="field">
                    <label for="label">"Label"</label>
                    <input id="label" name="label" value=label.clone() />
                </div>
                <p class="actions">
                    <button type="submit">"Filter"</button>
                    {(!label.is_empty()).then(|| view! { <a class="button quiet" href="/templates">"Clear"</a> })}
                </p>
            </form>
            {body}
        </div>
    }
    .into_any()
}

fn row(template: TemplateInfo) -> AnyView {
    let href = format!("/templates/{}", encoded(&template.name));
    view! {
        <tr>
            <th scope="row">
                <a href=href><bdi>{visible(&template.name)}</bdi></a>
                <span class="small">{visible(&shortened(&template.description, 140))}</span>
            </th>
            <td data-label="Policy">{visible(&template.policy.join("; "))}</td>
            <td data-label="Uses">{count(template.uses)}</td>
            <td data-label="Written"><bdi>{visible(&template.author)}</bdi> ", " <Time at=template.created_at /></td>
        </tr>
    }
    .into_any()
}

fn empty(narrowed: bool, author: bool) -> AnyView {
    if narrowed {
        return view! {
            <div class="empty">
                <p><strong>"No template has this label."</strong></p>
                <p><a class="button quiet" href="/templates">"All templates"</a></p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="empty">
            <p><strong>"No templates yet."</strong></p>
            <p>"A template is a policy with a name: who must approve, what may run. Requests that start from it keep it as it was."</p>
            {author.then(|| view! { <p><a class="button" href="/templates/new">"New template"</a></p> })}
        </div>
    }
    .into_any()
}
