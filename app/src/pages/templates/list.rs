//! All templates, newest first, with a filter for one label.

use super::words::used;
use crate::alive;
use crate::api::lists::server::page;
use crate::components::decision_table::pager;
use crate::components::empty::empty;
use crate::components::filter_form::filter_form;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::error::AppError;
use crate::policy_words::sentence;
use crate::query::{Query, address, use_query};
use crate::ssr::enter;
use crate::text::{encoded, shortened, visible};
use control::lists::Page;
use control::view::TemplateView;
use control::{Operation, Scope};
use leptos::prelude::*;

struct Found {
    page: Page<TemplateView>,
    /// Whether the reader may write new ones.
    author: bool,
}

/// The page.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let load = load(query.get("label").trim().to_owned(), query.get("after"));
    view! {
        <PageTitle text="Templates" />
        {loaded_once(load, move |found| shown(found, &query))}
    }
}

async fn load(label: String, after: String) -> Result<Found, AppError> {
    let (control, caller) = enter()?;
    let label = Some(label.as_str()).filter(|label| !label.is_empty());
    let page = control.templates(&caller, label, &page(&after, false)).await?;
    Ok(Found { page, author: caller.scope(Operation::CreateTemplate) != Scope::No })
}

fn shown(found: Found, query: &Query) -> AnyView {
    let (label, later) = (query.get("label"), !query.get("after").is_empty());
    let narrowed = !label.trim().is_empty();
    let next = found.page.next.map(|cursor| address("/templates", &[("label", &label), ("after", &cursor)]));
    let first = later.then(|| address("/templates", &[("label", &label)]));
    let body = if found.page.rows.is_empty() {
        nothing(narrowed, later, found.author)
    } else {
        let rows: Vec<AnyView> = found.page.rows.iter().map(row).collect();
        view! {
            <table class="cards">
                <caption class="unheard">"Templates, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Template"</th>
                        <th scope="col">"What it takes"</th>
                        <th scope="col">"Use"</th>
                        <th scope="col">"Written"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {pager(next, first)}
        }
        .into_any()
    };
    let field = view! {
        <div class="field">
            <label for="label">"Label"</label>
            <input id="label" name="label" value=label />
        </div>
    };
    let new = found.author.then(|| view! { <a class="button" href="/templates/new">"New template"</a> });
    view! {
        <div class="page">
            <header class="head">
                <h1>"Templates"</h1>
                <p class="actions">{new} <a class="button quiet" href="/templates/compare">"Compare two"</a></p>
            </header>
            {filter_form("/templates", "Filter templates", field, narrowed.then(|| "/templates".to_owned()))}
            {body}
        </div>
    }
    .into_any()
}

fn row(view: &TemplateView) -> AnyView {
    let template = &view.template;
    let name = template.name();
    let href = format!("/templates/{}", encoded(name));
    let decisions = address("/decisions", &[("template", name)]);
    let used = if view.uses == 0 {
        view! { <span class="quiet-text">{used(0)}</span> }.into_any()
    } else {
        view! { <a href=decisions>{used(view.uses)}</a> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <a href=href.clone() rel=alive::rel(&href)><bdi>{visible(name)}</bdi></a>
                <span class="small"><bdi>{visible(&shortened(template.description(), 140))}</bdi></span>
            </th>
            <td data-label="What it takes"><bdi>{visible(&sentence(template.policy()))}</bdi></td>
            <td data-label="Use">{used}</td>
            <td data-label="Written"><bdi>{visible(&view.author)}</bdi> ", " <Time at=template.created_at().micros() /></td>
        </tr>
    }
    .into_any()
}

fn nothing(narrowed: bool, later: bool, author: bool) -> AnyView {
    let all = Some(("/templates", "All templates"));
    if narrowed {
        return empty(
            "No template has this label.",
            "Labels are compared whole, with small and capital letters.",
            all,
        );
    }
    if later {
        return empty("There are no more templates.", "", all);
    }
    let what = "A template is a policy with a name: who must approve, what may run. Requests that start from it keep it \
                as it was.";
    empty("No templates yet.", what, author.then_some(("/templates/new", "Write the first template")))
}
