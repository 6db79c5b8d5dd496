//! One template.

use crate::api::load::{Ask, Told};
use crate::api::templates::TemplateInfo;
use crate::components::exact::{Digest, Said};
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::query::address;
use crate::text::{count, shortened, visible};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    loaded(
        move || Ask::Template(name.get()),
        |told| match told {
            Told::Template(template) => shown(template),
            _ => ().into_any(),
        },
    )
}

pub(crate) fn shown(template: TemplateInfo) -> AnyView {
    let said: Vec<_> = template.policy.iter().map(|line| view! { <li>{visible(line)}</li> }).collect();
    let name = template.name;
    let title = format!("Template {}", shortened(&name, 50));
    view! {
        <PageTitle text=title />
        <article class="page narrow">
            <header class="head">
                <p class="crumb"><a href="/templates">"Templates"</a></p>
                <h1><bdi>{visible(&name)}</bdi></h1>
                <p class="byline">
                    "Written by "
                    <strong><Said text=template.author /></strong>
                    ", "
                    <Time at=template.created_at />
                    ". Used "
                    {count(template.uses)}
                    {if template.uses == 1 { " time." } else { " times." }}
                </p>
            </header>
            <p class="prose">{visible(&template.description)}</p>
            <section class="panel" aria-labelledby="policy">
                <h2 id="policy">"Policy"</h2>
                <ul class="said-list">{said}</ul>
            </section>
            <p class="hint">"Digest: " <Digest hex=template.digest /> ". A template never changes; a new rule is a new template."</p>
            <p class="actions">
                <a class="button" href=address("/requests/new", &[("template", &name)])>"Use it for a request"</a>
                <a class="button quiet" href=address("/templates/new", &[("copy", &name)])>"Start from a copy"</a>
                <a class="button quiet" href=address("/decisions", &[("template", &name)])>"Decisions made from it"</a>
            </p>
        </article>
    }
    .into_any()
}
