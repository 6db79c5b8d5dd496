//! The fields of a policy: in a new request, where an empty field keeps what is there, and in a new template. A field
//! says beside itself what is wrong with it; what was typed stays as it was typed.

use crate::api::requests::PolicyForm;
use crate::components::checked::{Checked, problem, problem_id};
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

/// What the address brought back.
pub fn policy_of_query(query: &Query) -> PolicyForm {
    PolicyForm {
        min_approvals: query.get("min_approvals"),
        modes: query.get("modes"),
        capabilities: query.get("capabilities"),
        max_steps: query.get("max_steps"),
        labels: query.get("labels"),
        forbid_self: query.get("forbid_self"),
        max_sign_in_age: query.get("max_sign_in_age"),
    }
}

impl PolicyDraft {
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
}

/// The fields. `silent` is the word for an empty choice, such as `As the template says`; `known` are capabilities that
/// adapters here have.
pub fn policy_fields(
    draft: PolicyDraft,
    checked: Checked,
    silent: &'static str,
    known: &[String],
) -> AnyView {
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
    let figure = |id, name, label, empty, value| figure(checked, id, name, label, empty, value);
    let listed = |id, name, label, hint: String, value| {
        let attributes = Line { id, name, label, numeric: false, placeholder: "", most: "3000" };
        line(checked, attributes, Some(hint), value)
    };
    view! {
        <div class="fields two">
            {figure("min_approvals", "policy[min_approvals]", "Approvals needed", "1", draft.min_approvals)}
            {figure("max_steps", "policy[max_steps]", "Most steps", "no limit", draft.max_steps)}
            {choice("modes", "policy[modes]", "What may run", &modes, draft.modes)}
            {figure("max_sign_in_age", "policy[max_sign_in_age]", "Sign-in not older than (minutes)", "any age", draft.max_sign_in_age)}
            {choice("forbid_self", "policy[forbid_self]", "May the requester approve?", &selfs, draft.forbid_self)}
            {listed("capabilities", "policy[capabilities]", "Adapter must have", format!("Separated by commas.{known}"), draft.capabilities)}
            {listed("labels", "policy[labels]", "Labels", "Separated by commas, for finding it later.".to_owned(), draft.labels)}
        </div>
    }
    .into_any()
}

fn figure(
    checked: Checked,
    id: &'static str,
    name: &'static str,
    label: &'static str,
    placeholder: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    // No `type="number"`: it throws away what is no number, and nobody could say what was wrong with it.
    line(checked, Line { id, name, label, numeric: true, placeholder, most: "20" }, None, value)
}

/// What a field of one line is.
pub struct Line {
    /// Id of the element.
    pub id: &'static str,
    /// Name in the form.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// Whether a phone offers digits.
    pub numeric: bool,
    /// What it means when it is empty.
    pub placeholder: &'static str,
    /// Most characters.
    pub most: &'static str,
}

/// A field of one line that is checked.
pub fn line(checked: Checked, what: Line, hint: Option<String>, value: RwSignal<String>) -> AnyView {
    let id = what.id;
    let hint_id = format!("{id}-hint");
    let described = if hint.is_some() { format!("{} {hint_id}", problem_id(id)) } else { problem_id(id) };
    let hint = hint.map(|words| view! { <p class="hint" id=hint_id>{words}</p> });
    let wrong = move || checked.problem(id).map(|_| "true");
    view! {
        <div class="field">
            <label for=id>{what.label}</label>
            <input
                node_ref=input_node(value)
                id=id
                name=what.name
                inputmode=what.numeric.then_some("numeric")
                placeholder=what.placeholder
                maxlength=what.most
                autocomplete="off"
                aria-describedby=described
                aria-invalid=wrong
                value=value.get_untracked()
                on:input:target=move |event| value.set(event.target().value())
            />
            {problem(checked, id)}
            {hint}
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
