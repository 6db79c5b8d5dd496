//! One decision: what will run, what it needs, who decided, and what the reader can do about it.

use super::acts::{Acts, acts_panel};
use super::drafts::Drafts;
use super::watch::Watch;
use super::{approvals, run, timeline, what};
use crate::api::decision::{ActionKind, DecisionPage, TemplateUse};
use crate::api::load::{Ask, Told};
use crate::components::exact::{Digest, Said};
use crate::components::loaded::loaded_again;
use crate::components::page_title::PageTitle;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::components::time::Time;
use crate::query::use_query;
use crate::text::{encoded, shortened, visible};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn DecisionDetail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let query = use_query();
    let acts = Acts::new();
    let drafts = Drafts::of_query(&query.get_untracked());
    let cancelling = Memo::new(move |_| query.with(|query| query.has("cancel")));
    let watch = Watch::new(id.into(), cancelling.into());
    // Another decision in the same place starts with empty fields, and so does one that accepted what was typed.
    Effect::new(move |before: Option<String>| {
        let now = id.get();
        if before.is_some_and(|before| before != now) {
            drafts.clear();
            acts.forget();
        }
        now
    });
    Effect::new(move |_| {
        if acts.succeeded() {
            drafts.clear();
            // The form that held the focus is gone; without this the next key would start at the top of the page.
            crate::browser::focus("main");
        }
    });
    let shown = loaded_again(
        move || Ask::Decision(id.get()),
        move || acts.turn() + watch.turn(),
        move |told| match told {
            Told::Decision(page) => {
                drafts.restore(page.draft.as_ref());
                watch.take(&page);
                shown(&page, acts, drafts, watch, query.get_untracked().get("seen").parse().ok())
            }
            _ => ().into_any(),
        },
    );
    view! {
        {shown}
        <p class="unheard" role="status">{move || watch.said.get()}</p>
    }
}

fn shown(page: &DecisionPage, acts: Acts, drafts: Drafts, watch: Watch, seen: Option<u32>) -> AnyView {
    let title = shortened(&page.goal, 60);
    view! {
        <PageTitle text=title />
        <article class="page decision">
            {head(page)}
            <div class="columns">
                <div class="side first">
                    {blocked(page)}
                    {acts_panel(page, acts, drafts)}
                </div>
                {readable(page, acts, watch, seen)}
            </div>
        </article>
    }
    .into_any()
}

/// All that is only read: the wide column, and the rest of the narrow one.
pub(super) fn readable(page: &DecisionPage, acts: Acts, watch: Watch, seen: Option<u32>) -> AnyView {
    view! {
        <div class="wide">
            {run::section(page, watch, acts)}
            {what::section(page)}
            {timeline::section(page, seen)}
        </div>
        <div class="side">
            {policy(page)}
            {approvals::section(page)}
            {evidence(page)}
        </div>
    }
    .into_any()
}

fn head(page: &DecisionPage) -> AnyView {
    let labels: Vec<_> =
        page.labels.iter().map(|label| view! { <span class="label">{visible(label)}</span> }).collect();
    let progress = format!("{} of {} approvals", page.given, page.needed);
    view! {
        <header class="head">
            <p class="crumb"><a href="/decisions">"Decisions"</a></p>
            <h1><bdi>{visible(&shortened(&page.goal, 200))}</bdi></h1>
            <p class="marks">
                <StateBadge state=page.state.clone() />
                <ModeBadge mode=page.mode.clone() />
                <span class="progress">{progress}</span>
                {page.imported.then(|| view! { <span class="label">"imported evidence"</span> })}
                {labels}
            </p>
            <p class="byline">
                "Asked by "
                <strong><Said text=page.requester.name.clone() /></strong>
                " ("
                <Said text=page.requester.id.clone() />
                "), "
                <Time at=page.created_at />
            </p>
        </header>
    }
    .into_any()
}

fn blocked(page: &DecisionPage) -> Option<AnyView> {
    if page.blocked.is_empty() {
        let ready = page.state == "approved" && !page.imported;
        return ready.then(|| {
            view! {
                <div class="notice good">
                    <p><span class="sign" aria-hidden="true">"✓"</span>"Enough approvals stand. It can run now; every rule is checked again when it starts."</p>
                </div>
            }
            .into_any()
        });
    }
    let tone = if page.state == "completed" { "notice good" } else { "notice waiting" };
    let reasons: Vec<_> = page
        .blocked
        .iter()
        .map(|reason| {
            view! {
                <li>
                    <strong>{visible(&reason.what)}</strong>
                    <span>{visible(&reason.todo)}</span>
                    <code class="small">{reason.code.clone()}</code>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <section class=tone aria-labelledby="blocked">
                <h2 id="blocked">{if page.state == "completed" { "Done" } else { "Why it cannot run now" }}</h2>
                <ul class="reasons">{reasons}</ul>
            </section>
        }
        .into_any(),
    )
}

fn policy(page: &DecisionPage) -> AnyView {
    let said: Vec<_> = page.policy.iter().map(|line| view! { <li>{visible(line)}</li> }).collect();
    view! {
        <section class="panel" aria-labelledby="policy">
            <h2 id="policy">"Policy"</h2>
            {if said.is_empty() {
                view! { <p>"No policy is attached."</p> }.into_any()
            } else {
                view! { <ul class="said-list">{said}</ul> }.into_any()
            }}
            {page.template.as_ref().map(template)}
        </section>
    }
    .into_any()
}

fn template(template: &TemplateUse) -> AnyView {
    let overrides: Vec<_> = template
        .overrides
        .iter()
        .map(|(name, value)| view! { <div><dt>{visible(name)}</dt><dd><code>{visible(value)}</code></dd></div> })
        .collect();
    let replaced = !overrides.is_empty();
    view! {
        <p>
            "From template "
            <a href=format!("/templates/{}", encoded(&template.name))><bdi>{visible(&template.name)}</bdi></a>
            ", as it was: "
            <Digest hex=template.digest.clone() />
        </p>
        {replaced.then(|| view! { <h3>"Replaced by the request"</h3> <dl class="pairs">{overrides}</dl> })}
    }
    .into_any()
}

fn evidence(page: &DecisionPage) -> AnyView {
    let base = format!("/decisions/{}", encoded(&page.id));
    // Of an imported decision only the log is here: its run is named in it when it went well, and never held.
    let held = page.run.as_ref().is_some_and(|run| run.status != "running");
    let bound = held || (page.imported && page.state == "completed");
    let body = match page.reason(ActionKind::Export) {
        Some(reason) => view! { <p class="reason">{visible(&crate::text::sentence(&reason))}</p> }.into_any(),
        None => view! {
            <ul class="links">
                <li><a href=format!("{base}/bundle.json") rel="external" download="">"Bundle"</a>" – the decision and its log"</li>
                {bound.then(|| view! {
                    <li><a href=format!("{base}/package.json?mode=reference") rel="external" download="">"Audit package"</a>" – bound to the run by digest"</li>
                })}
                {held.then(|| view! {
                    <li><a href=format!("{base}/package.json?mode=embedded") rel="external" download="">"Audit package with the run"</a>" – everything in one file"</li>
                })}
                {bound.then(|| view! {
                    <li><a href=format!("{base}/package.txt") rel="external" download="">"As text"</a>" – for reading and printing"</li>
                })}
            </ul>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="evidence">
            <h2 id="evidence">"Evidence"</h2>
            {body}
            <p class="hint">"Anyone can check these files without this server: " <a href="/verify">"Verify a file"</a> "."</p>
            <p class="hint">"Decision id: " <code class="digest">{visible(&page.id)}</code></p>
        </section>
    }
    .into_any()
}
