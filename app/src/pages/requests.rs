//! A new request: what is to be done, under which policy, and what that will take.
//!
//! Without JavaScript the "Check" button sends the form, and the page comes back with the answer and all fields.

use crate::api::load::{Ask, Told};
use crate::api::requests::{Choices, Request};
use crate::components::act::{Act, ActForm};
use crate::components::checked::{Checked, problem, refusal, takes};
use crate::components::draft::Draft;
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::panel::panel;
use crate::components::policy_fields::{POLICY, choice, policy_fields, select};
use crate::components::submit::{check_button, guard, lost_notice, send_button};
use crate::components::text_area::TextArea;
use crate::query::{Query, use_query};
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Ids of the fields beside the policy's.
const FIELDS: [&str; 4] = ["goal", "plan", "mode", "template"];

/// The page.
#[component]
pub fn NewRequestPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let draft = Draft::new(&[&FIELDS, &POLICY], &query);
    let mode = draft.field("mode");
    if mode.with_untracked(|mode| mode != "apply") {
        mode.set("dry_run".to_owned());
    }
    let action = Act::new(Request::PATH);
    let begun = untrack(|| draft.query(""));
    let form = loaded(
        move || Ask::Choices(begun.clone()),
        move |told| match told {
            Told::Choices(offered) => shown(draft, offered, &query, action),
            _ => ().into_any(),
        },
    );
    view! {
        <PageTitle text="New request" />
        {form}
    }
}

fn shown(draft: Draft, offered: Choices, query: &Query, action: Act) -> AnyView {
    let lost = query.has("lost").then(lost_notice);
    let checked = Checked::new(offered.checked, action.failed() || query.has("check"));
    // A plan may be long and changes nothing of what is checked, so that it stays here.
    let ask = Signal::derive(move || Ask::Preview(draft.query("plan")));
    checked.follow(ask, action);
    let begun = untrack(|| draft.query(""));
    guard(action, move || draft.query("") != begun);
    let templates = std::iter::once((String::new(), "No template: the policy is below".to_owned()))
        .chain(offered.templates.iter().map(|name| (name.clone(), visible(name))))
        .collect();
    let modes = [("dry_run", "Dry run: a rehearsal that touches nothing"), ("apply", "Real run")];
    let mode = draft.field("mode");
    let own_policy = POLICY.iter().any(|name| draft.field(name).with_untracked(|text| !text.is_empty()));
    let workspace = if offered.forbid_self {
        "In this workspace a requester's own approval does not count unless the policy says so."
    } else {
        "In this workspace a requester's own approval counts unless the policy says otherwise."
    };
    view! {
        <div class="page">
            <header class="head"><h1>"New request"</h1></header>
            <ActForm act=action>
                <div class="columns" on:focusout=move |event| checked.leave(&event)>
                    <div class="wide stack">
                        {refusal(checked, action)}
                        {lost}
                        <div class="field">
                            <label for="goal">"Goal"</label>
                            <TextArea name="form[goal]" id="goal" value=draft.field("goal") rows=3 required=true described_by="goal-problem goal-hint" />
                            {problem(checked, "goal")}
                            <p class="hint" id="goal-hint">"What is to be achieved, so that an approver understands it in ten seconds."</p>
                        </div>
                        <div class="field">
                            <label for="plan">"Plan (optional)"</label>
                            <TextArea name="form[plan]" id="plan" value=draft.field("plan") rows=8 most=100_000 code=true described_by="plan-hint" />
                            <p class="hint" id="plan-hint">"What exactly will run, step by step. Approvers see it as it is, and it can never change afterwards."</p>
                        </div>
                        {choice("mode", "form[mode]", "Mode", &modes, mode)}
                        {select("template", "form[template]", "Policy template", templates, draft.field("template"), problem(checked, "template"))}
                        <details class="panel" open=own_policy>
                            <summary>"Policy of this request"</summary>
                            <p class="hint">"Empty fields keep what the template or the workspace says; what is filled in replaces it and is shown as replaced."</p>
                            {policy_fields(draft, checked, "As the template or the workspace says", &offered.capabilities)}
                        </details>
                    </div>
                    <div class="side">
                        {panel("takes", "What it will take", view! {
                            {takes(checked)}
                            <p class="hint">{workspace}</p>
                            <p class="actions">{check_button("form[intent]", move || checked.check(ask.get_untracked(), false))}</p>
                        })}
                        <p class="actions">
                            {send_button(action, "Ask for approval", "Sending…")}
                        </p>
                    </div>
                </div>
            </ActForm>
        </div>
    }
    .into_any()
}
