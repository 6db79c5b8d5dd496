//! A new request: what is to be done, under which policy, and what that will take.
//!
//! Without JavaScript the "Check" button sends the form, and the page comes back with the answer and all fields.

use crate::api::load::{Ask, Told};
use crate::api::requests::{Choices, PolicyForm, Request, RequestForm};
use crate::components::act::{Act, ActForm};
use crate::components::checked::{Checked, problem, refusal, takes};
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::components::panel::panel;
use crate::components::policy_fields::{PolicyDraft, choice, policy_fields, policy_of_query};
use crate::components::submit::{check_button, guard, lost_notice, send_button};
use crate::components::text_area::TextArea;
use crate::components::typed::select_node;
use crate::query::{Query, use_query};
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[derive(Clone, Copy)]
struct Draft {
    goal: RwSignal<String>,
    plan: RwSignal<String>,
    mode: RwSignal<String>,
    template: RwSignal<String>,
    policy: PolicyDraft,
}

/// What the address brought.
fn typed(query: &Query) -> (RequestForm, PolicyForm) {
    let mode = if query.get("mode") == "apply" { "apply" } else { "dry_run" };
    let form = RequestForm {
        goal: query.get("goal"),
        plan: query.get("plan"),
        mode: mode.to_owned(),
        template: query.get("template"),
        intent: String::new(),
    };
    (form, policy_of_query(query))
}

impl Draft {
    fn of(form: RequestForm, policy: PolicyForm) -> Self {
        Self {
            goal: RwSignal::new(form.goal),
            plan: RwSignal::new(form.plan),
            mode: RwSignal::new(form.mode),
            template: RwSignal::new(form.template),
            policy: PolicyDraft::of_values(policy),
        }
    }

    /// What is checked while it is typed. A plan may be long and changes nothing of it, so that it stays here.
    fn checked(self) -> (RequestForm, PolicyForm) {
        let form = RequestForm {
            goal: self.goal.get(),
            mode: self.mode.get(),
            template: self.template.get(),
            ..RequestForm::default()
        };
        (form, self.policy.form())
    }

    /// All that stands in the form.
    fn whole(self) -> (RequestForm, PolicyForm) {
        let (form, policy) = self.checked();
        (RequestForm { plan: self.plan.get(), ..form }, policy)
    }
}

/// The page.
#[component]
pub fn NewRequestPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let (form, policy) = typed(&query);
    let draft = Draft::of(form.clone(), policy.clone());
    let action = Act::new(Request::PATH);
    let form = loaded(
        move || Ask::Choices(form.clone(), policy.clone()),
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
    let ask = Signal::derive(move || {
        let (form, policy) = draft.checked();
        Ask::Preview(form, policy)
    });
    checked.follow(ask, action);
    let begun = untrack(|| draft.whole());
    guard(action, move || draft.whole() != begun);
    let templates: Vec<_> = std::iter::once((String::new(), "No template: the policy is below".to_owned()))
        .chain(offered.templates.iter().map(|name| (name.clone(), visible(name))))
        .map(|(name, text)| {
            let chosen = name == draft.template.get_untracked();
            view! { <option value=name selected=chosen>{text}</option> }
        })
        .collect();
    let modes = [("dry_run", "Dry run: a rehearsal that touches nothing"), ("apply", "Real run")];
    let own_policy = untrack(|| draft.policy.form()) != PolicyForm::default();
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
                            <TextArea name="form[goal]" id="goal" value=draft.goal rows=3 required=true described_by="goal-problem goal-hint" />
                            {problem(checked, "goal")}
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
                            {problem(checked, "template")}
                        </div>
                        <details class="panel" open=own_policy>
                            <summary>"Policy of this request"</summary>
                            <p class="hint">"Empty fields keep what the template or the workspace says; what is filled in replaces it and is shown as replaced."</p>
                            {policy_fields(draft.policy, checked, "As the template or the workspace says", &offered.capabilities)}
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
