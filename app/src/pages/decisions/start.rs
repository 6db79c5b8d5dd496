//! Starting a run: a form where this server runs it, and word of the gate where whoever asked runs it themselves.

use super::acts::{Acts, bound_to, shut, still, unformed};
use super::fresh::Fresh;
use crate::api::decision::{ActionKind, DecisionPage, GatePlan};
use crate::components::act::{ActForm, Send};
use crate::components::exact::Exact;
use crate::components::failure::FormFailure;
use crate::text::visible;
use leptos::prelude::*;

pub(super) fn execute(page: &DecisionPage, acts: Acts, fresh: Fresh) -> AnyView {
    if let Some(gate) = page.at_the_gate() {
        return view! { {unformed(acts.execute, None)} {waiting_gate(page, gate)} }.into_any();
    }
    if let Some(reason) = page.reason(ActionKind::Execute) {
        return view! { {unformed(acts.execute, None)} {shut("Run", "execute-reason", &reason)} }.into_any();
    }
    let bound = bound_to(page.id.clone(), page.version);
    let adapters: Vec<_> = page
        .adapters
        .iter()
        .map(|adapter| {
            let text = format!("{} – {}", visible(&adapter.id), visible(&adapter.description));
            view! { <option value=adapter.id.clone()>{text}</option> }
        })
        .collect();
    let real = page.mode == "apply";
    let (verb, note) = if real {
        ("Run it for real", "This is the real thing. It runs once and cannot be taken back.")
    } else {
        ("Start the dry run", "A rehearsal: nothing outside is touched. It runs once.")
    };
    view! {
        <div class="act">
            <ActForm act=acts.execute>
                {bound}
                <FormFailure act=acts.execute />
                <div class="field">
                    <label for="adapter">"Run through"</label>
                    <select id="adapter" name="adapter">{adapters}</select>
                </div>
                <p class="hint">{note}</p>
                {still(fresh, view! { <Send act=acts.execute verb=verb busy="Starting…" class=if real { "main danger" } else { "main" } /> })}
            </ActForm>
        </div>
    }
    .into_any()
}

/// In place of the form: what runs where it was asked for is started there.
fn waiting_gate(page: &DecisionPage, gate: &GatePlan) -> AnyView {
    let words = match page.state.as_str() {
        "executing" => return ().into_any(),
        "approved" => "Nothing to do here: the gate that asked for it waits for this moment and starts it.",
        _ => "Once it is approved, the gate that asked for it starts it by itself.",
    };
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
    .into_any()
}
