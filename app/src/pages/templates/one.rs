//! One template: what it takes, whether today's members can give it, what was made from it, and what it is to the byte.

use super::words::used;
use crate::api::lists::server::decisions;
use crate::api::lists::{Filter, Row};
use crate::components::crumbs::crumbs;
use crate::components::decision_table::{Columns, decisions as table};
use crate::components::empty::empty;
use crate::components::exact::{Digest, Exact, Said};
use crate::components::facts::facts;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::panel::{panel, section};
use crate::components::takes::warning;
use crate::components::time::Time;
use crate::error::AppError;
use crate::policy_words::{fields, quorum, sentence};
use crate::query::address;
use crate::ssr::enter;
use crate::text::{shortened, visible};
use control::view::TemplateView;
use control::{Operation, Scope};
use governance::canonical;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Decisions shown of those that used it.
const LATELY: usize = 5;

/// What the page shows.
pub(crate) struct Shown {
    pub(crate) view: TemplateView,
    /// Decisions made from it that the reader may see, latest first.
    pub(crate) lately: Vec<Row>,
    /// Why today's members cannot give what it takes.
    pub(crate) warning: Option<String>,
    /// Whether the reader may make requests, and write templates.
    pub(crate) may: (bool, bool),
    /// Names of the other templates.
    pub(crate) others: Vec<String>,
}

/// The page.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("name").unwrap_or_default());
    loaded_once(load(name), shown)
}

async fn load(name: String) -> Result<Shown, AppError> {
    let (control, caller) = enter()?;
    let view = control.template(&caller, &name).await?;
    let sees = caller.scope(Operation::SeeDecisions) != Scope::No;
    let mut lately = if sees {
        decisions(&control, &caller, Filter { template: name.clone(), ..Filter::default() }).await?.rows
    } else {
        Vec::new()
    };
    lately.truncate(LATELY);
    let mut others = control.template_names(&caller).await?;
    others.retain(|other| *other != name);
    let may = |operation| caller.scope(operation) != Scope::No;
    Ok(Shown {
        lately,
        warning: quorum(control.quorum(&caller, view.template.policy()).await?),
        may: (may(Operation::CreateRequest), may(Operation::CreateTemplate)),
        others,
        view,
    })
}

pub(crate) fn shown(found: Shown) -> AnyView {
    let (template, uses) = (found.view.template, found.view.uses);
    let policy = template.policy();
    let name = template.name().to_owned();
    let title = format!("Template {}", shortened(&name, 50));
    let pairs = fields(policy)
        .into_iter()
        .map(|(term, words)| (term, view! { <Said text=words /> }.into_any()))
        .collect();
    let (asks, writes) = found.may;
    let request = address("/requests/new", &[("template", &name)]);
    let copy = address("/templates/new", &[("copy", &name)]);
    let request = asks.then(|| view! { <a class="button" href=request>"Start a request"</a> });
    let copy = writes.then(|| view! { <a class="button quiet" href=copy>"Copy to a new template"</a> });
    view! {
        <PageTitle text=title />
        <article class="page">
            {crumbs(&[("/templates", "Templates")], &name)}
            <header class="head">
                <h1><bdi>{visible(&name)}</bdi></h1>
                <p class="byline">
                    "Written by "
                    <strong><Said text=found.view.author /></strong>
                    ", "
                    <Time at=template.created_at().micros() />
                    "; "
                    {used(uses)}
                    "."
                </p>
            </header>
            <p class="prose"><bdi>{visible(template.description())}</bdi></p>
            <p class="takes"><bdi>{visible(&sentence(policy))}</bdi></p>
            {found.warning.map(|words| warning(&words))}
            <p class="actions">{request} {copy}</p>
            {panel("policy", "Policy", facts(pairs))}
            {compared(&name, &found.others)}
            {section("lately", "Used lately", lately(found.lately, uses, &name))}
            {panel("exactly", "To the byte", exactly(canonical::to_string(&template.to_value()), template.digest()))}
        </article>
    }
    .into_any()
}

fn compared(name: &str, others: &[String]) -> Option<AnyView> {
    if others.is_empty() {
        return None;
    }
    let options: Vec<_> =
        others.iter().map(|other| view! { <option value=other.clone()>{visible(other)}</option> }).collect();
    Some(
        view! {
            <form class="compared" method="get" action="/templates/compare">
                <input type="hidden" name="a" value=name.to_owned() />
                <div class="field">
                    <label for="b">"Compare with"</label>
                    <select id="b" name="b">{options}</select>
                </div>
                <p class="actions"><button type="submit">"Compare"</button></p>
            </form>
        }
        .into_any(),
    )
}

fn lately(rows: Vec<Row>, uses: u32, name: &str) -> AnyView {
    if rows.is_empty() {
        let (title, text) = if uses == 0 {
            ("No decision was made from it yet.", "Requests that start from it appear here.")
        } else {
            ("None of these decisions is yours to see.", "Your roles show you other decisions only.")
        };
        return empty(title, text, None);
    }
    let all = address("/decisions", &[("template", name)]);
    view! {
        {table(&rows, "Decisions made from it, newest first", Columns::Plain)}
        <p class="actions"><a class="button quiet" href=all>"Decisions made from it"</a></p>
    }
    .into_any()
}

fn exactly(json: String, digest: String) -> AnyView {
    view! {
        <Exact text=json label="The template as canonical JSON" />
        <p class="hint">
            "Its SHA-256: " <Digest hex=digest /> ". Each decision made from it keeps this digest, so that nobody can say later \
            that the template was another one."
        </p>
    }
    .into_any()
}
