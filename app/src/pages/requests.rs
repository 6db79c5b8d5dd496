//! A new request: what is to be done, under which policy, and what that will take.
//!
//! Without JavaScript the "Check" button sends the form, and the page comes back with the answer and all fields.

use crate::api::load::{Ask, Told};
use crate::api::requests::{Choices, PolicyForm, Request, RequestForm};
use crate::components::act::{Act, ActForm, Send};
use crate::components::failure::FormFailure;
use crate::components::loaded::{loaded, loaded_or};
use crate::components::page_title::PageTitle;
use crate::components::policy_fields::{PolicyDraft, PolicyFields, choice};
use crate::components::text_area::TextArea;
use crate::components::typed::select_node;
use crate::error::AppError;
use crate::query::{Query, use_query};
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::time::Duration;

#[derive(Clone, Copy)]
struct Draft {
    goal: RwSignal<String>,
    plan: RwSignal<String>,
    mode: RwSignal<String>,
    template: RwSignal<String>,
    policy: PolicyDraft,
}

impl Draft {
    fn of_query(query: &Query) -> Self {
        let mode = if query.get("mode") == "apply" { "apply" } else { "dry_run" };
        Self {
            goal: RwSignal::new(query.get("goal")),
            plan: RwSignal::new(query.get("plan")),
            mode: RwSignal::new(mode.to_owned()),
            template: RwSignal::new(query.get("template")),
            policy: PolicyDraft::of_query(query),
        }
    }

    /// What decides the policy: goal and plan do not, and are not sent for a preview.
    fn asked(self) -> (RequestForm, PolicyForm) {
        let form =
            RequestForm { mode: self.mode.get(), template: self.template.get(), ..RequestForm::default() };
        (form, self.policy.form())
    }
}

/// The page.
#[component]
pub fn NewRequestPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let draft = Draft::of_query(&query);
    let lost = query.has("lost");
    let action = Act::new(Request::PATH);
    let form = loaded(
        || Ask::Choices,
        move |told| match told {
            Told::Choices(offered) => shown(draft, offered, action, lost),
            _ => ().into_any(),
        },
    );
    view! {
        <PageTitle text="New request" />
        {form}
    }
}

fn shown(draft: Draft, offered: Choices, action: Act, lost: bool) -> AnyView {
    let templates: Vec<_> = std::iter::once((String::new(), "No template: the policy is below".to_owned()))
        .chain(offered.templates.iter().map(|name| (name.clone(), visible(name))))
        .map(|(name, text)| {
            let chosen = name == draft.template.get_untracked();
            view! { <option value=name selected=chosen>{text}</option> }
        })
        .collect();
    let modes = [("dry_run", "Dry run: a rehearsal that touches nothing"), ("apply", "Real run")];
    let own_policy = draft.policy.says_something();
    view! {
        <div class="page">
            <header class="head"><h1>"New request"</h1></header>
            <ActForm act=action>
                <div class="columns">
                    <div class="wide stack">
                        <FormFailure act=action />
                        {lost.then(lost_notice)}
                        <div class="field">
                            <label for="goal">"Goal"</label>
                            <TextArea name="form[goal]" id="goal" value=draft.goal rows=3 required=true described_by="goal-hint" />
                            <p class="hint" id="goal-hint">"What is to be achieved, so that an approver understands it in ten seconds."</p>
                        </div>
                        <div class="field">
                            <label for="plan">"Plan (optional)"</label>
                            <TextArea name="form[plan]" id="plan" value=draft.plan rows=8 most=100_000 code=true described_by="plan-hint" />
                            <p class="hint" id="plan-hint">"What exactly will run, step by step. Approvers see it as it is, and it can never change afterwards."</p>
                        </div>
                        {choice("mode", "form[mode]", "Mode", &modes, draft.mode)}
                        <div class="field">
                            <label for="template">"Policy template"</label>
                            <select node_ref=select_node(draft.template) id="template" name="form[template]" on:change:target=move |event| draft.template.set(event.target().value())>
                                {templates}
                            </select>
                        </div>
                        <details class="panel" open=own_policy>
                            <summary>"Policy of this request"</summary>
                            <p class="hint">"Empty fields keep what the template or the workspace says; what is filled in replaces it and is shown as replaced."</p>
                            <PolicyFields draft=draft.policy silent="As the template or the workspace says" known=offered.capabilities />
                        </details>
                    </div>
                    <div class="side">
                        {what_it_takes(draft, offered.forbid_self)}
                        <p class="actions">
                            <Send act=action verb="Ask for approval" busy="Sending…" class="main" />
                        </p>
                    </div>
                </div>
            </ActForm>
        </div>
    }
    .into_any()
}

fn lost_notice() -> AnyView {
    view! {
        <div class="notice waiting">
            <p>
                <span class="sign" aria-hidden="true">"!"</span>
                "The longest text did not fit into the way back and is gone from the form. Please paste it again."
            </p>
        </div>
    }
    .into_any()
}

/// The panel that follows the form: on the server for what the address brought, then a moment after each change.
fn what_it_takes(draft: Draft, forbid_self: bool) -> AnyView {
    let settled = RwSignal::new(draft.asked());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let asked = draft.asked();
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        if asked == settled.get_untracked() {
            return;
        }
        waiting
            .set_value(set_timeout_with_handle(move || settled.set(asked), Duration::from_millis(350)).ok());
    });
    let answer = loaded_or(
        move || {
            let (form, policy) = settled.get();
            Ask::Preview(form, policy)
        },
        || 0,
        taken,
    );
    let workspace = if forbid_self {
        "In this workspace a requester's own approval does not count unless the policy says so."
    } else {
        "In this workspace a requester's own approval counts unless the policy says otherwise."
    };
    view! {
        <section class="panel" aria-labelledby="takes" aria-live="polite">
            <h2 id="takes">"What it will take"</h2>
            {answer}
            <p class="hint">{workspace}</p>
            <p class="actions">
                <button
                    class="quiet"
                    type="submit"
                    name="form[intent]"
                    value="check"
                    formnovalidate=true
                    on:click=move |event| {
                        event.prevent_default();
                        settled.set(draft.asked());
                    }
                >
                    "Check"
                </button>
            </p>
        </section>
    }
    .into_any()
}

fn taken(answer: Result<Told, AppError>) -> AnyView {
    match answer {
        Ok(Told::Preview(preview)) => {
            let said: Vec<_> = preview.policy.iter().map(|line| view! { <li>{visible(line)}</li> }).collect();
            let warnings: Vec<_> = preview
                .warnings
                .iter()
                .map(|line| {
                    view! {
                        <div class="notice waiting">
                            <p><span class="sign" aria-hidden="true">"!"</span>{visible(line)}</p>
                        </div>
                    }
                })
                .collect();
            view! { <ul class="said-list">{said}</ul> {warnings} }.into_any()
        }
        Ok(_) => ().into_any(),
        Err(error) => view! {
            <div class="notice bad">
                <p><span class="sign" aria-hidden="true">"✕"</span>{visible(&error.words())}</p>
            </div>
        }
        .into_any(),
    }
}
