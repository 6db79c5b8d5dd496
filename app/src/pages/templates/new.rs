//! Writing a template, from nothing or from a copy: what it would mean is said while it is written, because it can
//! never be changed. Without JavaScript the "Check" button sends the form, and the page comes back with the answer.

use super::words::{FOR_GOOD, NAME_HINT, SILENT, USUAL};
use crate::api::load::{Ask, Told};
use crate::api::templates::{CreateTemplate, Start};
use crate::components::act::{Act, ActForm};
use crate::components::checked::{Checked, part, problem, refusal, takes};
use crate::components::crumbs::crumbs;
use crate::components::draft::Draft;
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::panel::panel;
use crate::components::policy_fields::{Line, POLICY, line, policy_fields};
use crate::components::submit::{check_button, guard, lost_notice, send_button};
use crate::components::text_area::TextArea;
use crate::query::{Query, use_query};
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_url;

/// Ids of the fields beside the policy's, with the name of what it is a copy of.
const FIELDS: [&str; 3] = ["name", "description", "copy"];

/// The page.
#[component]
pub fn NewTemplatePage() -> impl IntoView {
    let (url, query) = (use_url(), use_query());
    let action = Act::new(CreateTemplate::PATH);
    let form = loaded(
        move || Ask::NewTemplate(url.with(|url| url.search().to_owned())),
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

fn shown(start: Start, query: &Query, action: Act) -> AnyView {
    let lost = query.has("lost").then(lost_notice);
    let checked = Checked::new(start.checked, action.failed() || query.has("check"));
    let draft = Draft::new(&[&FIELDS, &POLICY], &Query::parse(&start.fields));
    let copy = draft.field("copy").get_untracked();
    let ask = Signal::derive(move || Ask::TemplateCheck(draft.query("")));
    checked.follow(ask, action);
    let begun = untrack(|| draft.query(""));
    guard(action, move || draft.query("") != begun);
    let warned = move || checked.latest().with(|told| if told.warned { "1" } else { "" });
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
                        {line(checked, name_field, Some(NAME_HINT.to_owned()), draft.field("name"))}
                        <div class="field">
                            <label for="description">"What it is for"</label>
                            <TextArea name="description" value=draft.field("description") rows=3 most=2_000 described_by="description-problem" />
                            {problem(checked, "description")}
                        </div>
                        {policy_fields(draft, checked, SILENT, &[])}
                        <p class="hint">{USUAL}</p>
                    </div>
                    <div class="side">
                        {panel("means", "What it will mean", view! {
                            {takes(checked)}
                            <p class="actions">{check_button("intent", move || checked.check(ask.get_untracked(), false))}</p>
                        })}
                        {(!copy.is_empty()).then(|| panel("differs", "Different from the copied one", part(checked, |told| &told.differences)))}
                        <p class="hint">{FOR_GOOD}</p>
                        <p class="actions">
                            {send_button(action, "Save for good", "Saving…")}
                            <a class="button quiet" href="/templates" rel="external">"Cancel"</a>
                        </p>
                        {panel("tried", "Tried on what was decided", part(checked, |told| &told.samples))}
                    </div>
                </div>
            </ActForm>
        </div>
    }
    .into_any()
}
