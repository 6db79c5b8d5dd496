//! The fields of a policy: in a new request, where an empty field keeps what is there, and in a new template.

use crate::api::requests::PolicyForm;
use crate::components::typed::{input_node, select_node};
use crate::query::Query;
use leptos::prelude::*;

/// Policy values as they are typed.
#[derive(Clone, Copy)]
pub struct PolicyDraft {
    /// Distinct approvers needed.
    pub min_approvals: RwSignal<String>,
    /// Allowed modes.
    pub modes: RwSignal<String>,
    /// Capabilities.
    pub capabilities: RwSignal<String>,
    /// Most steps.
    pub max_steps: RwSignal<String>,
    /// Labels.
    pub labels: RwSignal<String>,
    /// Self-approval.
    pub forbid_self: RwSignal<String>,
    /// Minutes since the sign-in.
    pub max_sign_in_age: RwSignal<String>,
}

impl PolicyDraft {
    /// Starts from what the address brought back.
    pub fn of_query(query: &Query) -> Self {
        let field = |name: &str| RwSignal::new(query.get(name));
        Self {
            min_approvals: field("min_approvals"),
            modes: field("modes"),
            capabilities: field("capabilities"),
            max_steps: field("max_steps"),
            labels: field("labels"),
            forbid_self: field("forbid_self"),
            max_sign_in_age: field("max_sign_in_age"),
        }
    }

    /// Starts from values.
    pub fn of_values(values: PolicyForm) -> Self {
        Self {
            min_approvals: RwSignal::new(values.min_approvals),
            modes: RwSignal::new(values.modes),
            capabilities: RwSignal::new(values.capabilities),
            max_steps: RwSignal::new(values.max_steps),
            labels: RwSignal::new(values.labels),
            forbid_self: RwSignal::new(values.forbid_self),
            max_sign_in_age: RwSignal::new(values.max_sign_in_age),
        }
    }

    /// What stands in the fields now.
    pub fn form(self) -> PolicyForm {
        PolicyForm {
            min_approvals: self.min_approvals.get(),
            modes: self.modes.get(),
            capabilities: self.capabilities.get(),
            max_steps: self.max_steps.get(),
            labels: self.labels.get(),
            forbid_self: self.forbid_self.get(),
            max_sign_in_age: self.max_sign_in_age.get(),
        }
    }

    /// Whether anything is said.
    pub fn says_something(self) -> bool {
        let form = self.form();
        form != PolicyForm::default()
    }
}

/// The fields.
#[component]
pub fn PolicyFields(
    /// What stands in them.
    draft: PolicyDraft,
    /// Word for an empty choice, such as `As the template says`.
    silent: &'static str,
    /// Capabilities that adapters here have, to choose from.
    #[prop(optional)]
    known: Vec<String>,
) -> impl IntoView {
    let known =
        if known.is_empty() { String::new() } else { format!(" Adapters here have: {}.", known.join(", ")) };
    let modes = [
        ("", silent),
        ("dry_run", "Dry runs only"),
        ("both", "Dry runs and real runs"),
        ("apply", "Real runs only"),
    ];
    let selfs =
        [("", silent), ("yes", "No: somebody else must approve"), ("no", "Yes: their approval counts")];
    view! {
        <div class="fields two">
            {number("min_approvals", "policy[min_approvals]", "Approvals needed", "1", draft.min_approvals)}
            {number("max_steps", "policy[max_steps]", "Most steps", "no limit", draft.max_steps)}
            {choice("modes", "policy[modes]", "What may run", &modes, draft.modes)}
            {number("max_sign_in_age", "policy[max_sign_in_age]", "Sign-in not older than (minutes)", "any age", draft.max_sign_in_age)}
            {choice("forbid_self", "policy[forbid_self]", "May the requester approve?", &selfs, draft.forbid_self)}
            {line("capabilities", "policy[capabilities]", "Adapter must have", format!("Separated by commas.{known}"), draft.capabilities)}
            {line("labels", "policy[labels]", "Labels", "Separated by commas, for finding it later.".to_owned(), draft.labels)}
        </div>
    }
    .into_any()
}

fn number(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    empty: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                node_ref=input_node(value)
                id=id
                name=name
                type="number"
                min="1"
                max="1000000"
                inputmode="numeric"
                placeholder=empty
                value=value.get_untracked()
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
    .into_any()
}

fn line(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    hint: String,
    value: RwSignal<String>,
) -> AnyView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                node_ref=input_node(value)
                id=id
                name=name
                maxlength="3000"
                autocomplete="off"
                aria-describedby=hint_id.clone()
                value=value.get_untracked()
                on:input:target=move |event| value.set(event.target().value())
            />
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
    .into_any()
}

/// A choice among words.
pub fn choice(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    options: &[(&'static str, &'static str)],
    value: RwSignal<String>,
) -> AnyView {
    let now = value.get_untracked();
    let options: Vec<_> = options
        .iter()
        .map(|(word, text)| view! { <option value=*word selected=*word == now>{*text}</option> })
        .collect();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select node_ref=select_node(value) id=id name=name on:change:target=move |event| value.set(event.target().value())>
                {options}
            </select>
        </div>
    }
    .into_any()
}
