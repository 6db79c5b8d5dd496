//! Starting a run: what stands in the form where this server runs it, and word of the gate where whoever asked runs it
//! themselves.

use super::parts::form;
use crate::api::decision::{ActionKind, DecisionPage, GatePlan};
use crate::api::decision_parts::Form;
use crate::components::exact::Exact;
use crate::components::made::Made;
use crate::text::visible;
use leptos::prelude::*;

pub(super) fn execute(page: &DecisionPage) -> Form {
    if let Some(gate) = page.at_the_gate() {
        return Form::Said(Made::of(waiting_gate(page, gate)));
    }
    match form(page, ActionKind::Execute) {
        Form::Open(..) => Form::Open(Made::of(fields(page)), Made::default()),
        shut => shut,
    }
}

fn fields(page: &DecisionPage) -> AnyView {
    let adapters: Vec<_> = page
        .adapters
        .iter()
        .map(|adapter| {
            let text = format!("{} – {}", visible(&adapter.id), visible(&adapter.description));
            view! { <option value=adapter.id.clone()>{text}</option> }
        })
        .collect();
    let note = if page.mode == "apply" {
        "This is the real thing. It runs once and cannot be taken back."
    } else {
        "A rehearsal: nothing outside is touched. It runs once."
    };
    view! {
        <div class="field">
            <label for="adapter">"Run through"</label>
            <select id="adapter" name="adapter">{adapters}</select>
        </div>
        <p class="hint">{note}</p>
    }
    .into_any()
}

/// In place of the form: what runs where it was asked for is started there.
fn waiting_gate(page: &DecisionPage, gate: &GatePlan) -> Option<AnyView> {
    let words = match page.state.as_str() {
        "executing" => return None,
        "approved" => "Nothing to do here: the gate that asked for it waits for this moment and starts it.",
        _ => "Once it is approved, the gate that asked for it starts it by itself.",
    };
    Some(
        view! {
            <div class="act">
                <p>{words}</p>
                <details>
                    <summary>"If that gate waits no longer"</summary>
                    <p class="hint">"Type this where it was asked for, in the same folder:"</p>
                    <Exact text=gate.resume.clone() label="The command that resumes it" />
                </details>
            </div>
        }
        .into_any(),
    )
}
