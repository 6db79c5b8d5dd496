//! The fields of a policy: in a new request, where an empty field keeps what is there, and in a new template. A field
//! says beside itself what is wrong with it; what was typed stays as it was typed.

use crate::components::checked::{Checked, problem, problem_id};
use crate::components::draft::Draft;
use crate::components::typed::taken_over;
use leptos::prelude::*;

/// Ids of the fields.
pub const POLICY: [&str; 7] =
    ["min_approvals", "modes", "capabilities", "max_steps", "labels", "forbid_self", "max_sign_in_age"];

/// The fields. `silent` is the word for an empty choice, such as `As the template says`; `known` are capabilities that
/// adapters here have.
pub fn policy_fields(draft: Draft, checked: Checked, silent: &'static str, known: &[String]) -> AnyView {
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
            {figure("min_approvals", "policy[min_approvals]", "Approvals needed", "1", draft.field("min_approvals"))}
            {figure("max_steps", "policy[max_steps]", "Most steps", "no limit", draft.field("max_steps"))}
            {choice("modes", "policy[modes]", "What may run", &modes, draft.field("modes"))}
            {figure("max_sign_in_age", "policy[max_sign_in_age]", "Sign-in not older than (minutes)", "any age", draft.field("max_sign_in_age"))}
            {choice("forbid_self", "policy[forbid_self]", "May the requester approve?", &selfs, draft.field("forbid_self"))}
            {listed("capabilities", "policy[capabilities]", "Adapter must have", format!("Separated by commas.{known}"), draft.field("capabilities"))}
            {listed("labels", "policy[labels]", "Labels", "Separated by commas, for finding it later.".to_owned(), draft.field("labels"))}
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
    taken_over(value, id);
    let hint_id = format!("{id}-hint");
    let described = if hint.is_some() { format!("{} {hint_id}", problem_id(id)) } else { problem_id(id) };
    let hint = hint.map(|words| view! { <p class="hint" id=hint_id>{words}</p> });
    let wrong = move || checked.problem(id).map(|_| "true");
    view! {
        <div class="field">
            <label for=id>{what.label}</label>
            <input
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
    let options = options.iter().map(|(word, text)| ((*word).to_owned(), (*text).to_owned())).collect();
    select(id, name, label, options, value, ().into_any())
}

/// The same with words that are somebody's, and with what is to be said below it.
pub fn select(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    value: RwSignal<String>,
    below: AnyView,
) -> AnyView {
    taken_over(value, id);
    let now = value.get_untracked();
    let options: Vec<_> = options
        .into_iter()
        .map(|(word, text)| view! { <option selected=word == now value=word>{text}</option> })
        .collect();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id name=name on:change:target=move |event| value.set(event.target().value())>
                {options}
            </select>
            {below}
        </div>
    }
    .into_any()
}
