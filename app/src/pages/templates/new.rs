//! Writing a template, from nothing or from a copy: what it would mean is said while it is written, because it can
//! never be changed. Without JavaScript the "Check" button sends the form, and the page comes back with the answer.

use super::words::{FOR_GOOD, NAME_HINT, NO_POLICY, NO_SAMPLES, SAME_POLICY, SAMPLES, SILENT, USUAL};
use crate::api::load::{Ask, Told};
use crate::api::requests::{Difference, Sample};
use crate::api::templates::{CreateTemplate, Start, TemplateForm};
use crate::components::act::{Act, ActForm};
use crate::components::checked::{Checked, problem, refusal, takes};
use crate::components::crumbs::crumbs;
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::panel::panel;
use crate::components::policy_fields::{Line, PolicyDraft, line, policy_fields, policy_of_query};
use crate::components::submit::{check_button, guard, lost_notice, send_button};
use crate::components::text_area::TextArea;
use crate::query::{Query, use_query};
use crate::text::{encoded, shortened, visible};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn NewTemplatePage() -> impl IntoView {
    let query = use_query();
    let action = Act::new(CreateTemplate::PATH);
    let form = loaded(
        move || Ask::NewTemplate(query.with(typed)),
        move |told| match told {
            Told::NewTemplate(start) => shown(*start, &query.get_untracked(), action),
            _ => ().into_any(),
        },
    );
    view! {
        <PageTitle text="New template" />
        {form}
    }
}

/// What the address brought back.
fn typed(query: &Query) -> TemplateForm {
    TemplateForm {
        name: query.get("name"),
        description: query.get("description"),
        copy: query.get("copy"),
        policy: policy_of_query(query),
    }
}

fn shown(start: Start, query: &Query, action: Act) -> AnyView {
    let lost = query.has("lost").then(lost_notice);
    let checked = Checked::new(start.checked, action.failed() || query.has("check"));
    let copy = start.form.copy.clone();
    let (name, description) =
        (RwSignal::new(start.form.name.clone()), RwSignal::new(start.form.description.clone()));
    let policy = PolicyDraft::of_values(start.form.policy.clone());
    let copied = copy.clone();
    let form = Signal::derive(move || TemplateForm {
        name: name.get(),
        description: description.get(),
        copy: copied.clone(),
        policy: policy.form(),
    });
    let ask = Signal::derive(move || Ask::TemplateCheck(form.get()));
    checked.follow(ask, action);
    guard(action, move || form.get() != start.form);
    let warned = move || checked.latest().with(|told| if told.warnings.is_empty() { "" } else { "1" });
    let source = (!copy.is_empty()).then(|| {
        view! { <p class="byline">"Started from a copy of " <bdi>{visible(&copy)}</bdi> ". Give it a name of its own."</p> }
    });
    let name_field =
        Line { id: "name", name: "name", label: "Name", numeric: false, placeholder: "", most: "100" };
    view! {
        <div class="page">
            {crumbs(&[("/templates", "Templates")], "New template")}
            <header class="head">
                <h1>"New template"</h1>
                {source}
            </header>
            <ActForm act=action>
                <input type="hidden" name="copy" value=copy.clone() />
                <input type="hidden" name="warned" value=warned />
                <div class="columns" on:focusout=move |event| checked.leave(&event)>
                    <div class="wide stack">
                        {refusal(checked, action)}
                        {lost}
                        {line(checked, name_field, Some(NAME_HINT.to_owned()), name)}
                        <div class="field">
                            <label for="description">"What it is for"</label>
                            <TextArea name="description" value=description rows=3 most=2_000 described_by="description-problem" />
                            {problem(checked, "description")}
                        </div>
                        {policy_fields(policy, checked, SILENT, &[])}
                        <p class="hint">{USUAL}</p>
                    </div>
                    <div class="side">
                        {panel("means", "What it will mean", view! {
                            {takes(checked)}
                            <p class="actions">{check_button("intent", move || checked.check(ask.get_untracked(), false))}</p>
                        })}
                        {(!copy.is_empty()).then(|| panel("differs", "Different from the copied one", differences(checked)))}
                        <p class="hint">{FOR_GOOD}</p>
                        <p class="actions">
                            {send_button(action, "Save for good", "Saving…")}
                            <a class="button quiet" href="/templates" rel="external">"Cancel"</a>
                        </p>
                        {panel("tried", "Tried on what was decided", samples(checked))}
                    </div>
                </div>
            </ActForm>
        </div>
    }
    .into_any()
}

/// Field by field, from what to what.
fn differences(checked: Checked) -> AnyView {
    let found = Memo::new(move |_| checked.latest().with(|told| told.differences.clone()));
    let line = |one: Difference| {
        view! {
            <div>
                <dt>{one.field}</dt>
                <dd>
                    <del><span class="unheard">"Was "</span><bdi>{visible(&one.before)}</bdi></del>
                    <span aria-hidden="true">" → "</span>
                    <ins><span class="unheard">" becomes "</span><bdi>{visible(&one.after)}</bdi></ins>
                </dd>
            </div>
        }
    };
    (move || {
        let found = found.get();
        if found.is_empty() {
            return hint(checked, SAME_POLICY);
        }
        let lines: Vec<_> = found.into_iter().map(line).collect();
        view! { <dl class="pairs differences">{lines}</dl> }.into_any()
    })
    .into_any()
}

/// Decisions that it would govern, and what would have been different about each.
fn samples(checked: Checked) -> AnyView {
    let found = Memo::new(move |_| checked.latest().with(|told| told.samples.clone()));
    let line = |one: Sample| {
        // A tab of its own: what is being written here stays.
        let href = format!("/decisions/{}", encoded(&one.id));
        view! {
            <li>
                <a href=href target="_blank"><bdi>{visible(&shortened(&one.goal, 100))}</bdi></a>
                <span class="small"><bdi>{visible(&one.differs)}</bdi></span>
            </li>
        }
    };
    (move || {
        let found = found.get();
        if found.is_empty() {
            return hint(checked, NO_SAMPLES);
        }
        let lines: Vec<_> = found.into_iter().map(line).collect();
        view! { <p class="hint">{SAMPLES}</p> <ul class="samples">{lines}</ul> }.into_any()
    })
    .into_any()
}

/// Why a panel is empty.
fn hint(checked: Checked, otherwise: &'static str) -> AnyView {
    let words =
        move || checked.latest().with(|told| if told.takes.is_empty() { NO_POLICY } else { otherwise });
    view! { <p class="hint">{words}</p> }.into_any()
}
