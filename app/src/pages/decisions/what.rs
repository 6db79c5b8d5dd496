//! What exactly will run: the command or plan first, then the goal, and the compiled request of every adapter that it
//! may run through.

use super::words;
use crate::api::decision::{DecisionPage, GatePlan};
use crate::components::exact::{Digest, Exact};
use crate::text::visible;
use leptos::prelude::*;

pub(super) fn section(page: &DecisionPage) -> AnyView {
    let only = page.adapters.len() == 1;
    let first =
        page.adapters.first().filter(|_| only && !page.adapters.iter().any(|one| one.command.is_empty()));
    let command = first.map(|one| {
        view! { <h3>"Command, argument by argument"</h3> {arguments(&one.command)} }
    });
    let adapters: Vec<_> = page
        .adapters
        .iter()
        .map(|adapter| {
            let command = (!only && !adapter.command.is_empty()).then(|| arguments(&adapter.command));
            view! {
                <details>
                    <summary>"Through " <code>{visible(&adapter.id)}</code></summary>
                    <p>{visible(&adapter.description)}</p>
                    {command.map(|command| view! { <h4>"Command, argument by argument"</h4> {command} })}
                    <h4>"Request that it gets"</h4>
                    <Exact text=adapter.request.clone() label="The compiled request" />
                </details>
            }
        })
        .collect();
    let none = adapters.is_empty() && page.run.is_none();
    view! {
        <section class="panel" aria-labelledby="what">
            <h2 id="what">"What exactly will run"</h2>
            {page.machine.then(|| view! { <p class="by-machine"><span class="sign" aria-hidden="true">"⚙"</span>{words::BY_MACHINE}</p> })}
            {command}
            {plan(page)}
            <h3>"Goal"</h3>
            <Exact text=page.goal.clone() label="The goal" />
            <h3>"Compiled request"</h3>
            {adapters}
            {none.then(|| view! { <p class="quiet-text">"No adapter here has what the policy requires in this mode."</p> })}
            <p class="hint">
                "Approvals bind to this request and its policy: "
                <Digest hex=page.request_digest.clone() />
                ". Neither can change after it was asked for."
            </p>
        </section>
    }
    .into_any()
}

fn plan(page: &DecisionPage) -> AnyView {
    let exact =
        page.plan.as_ref().map(|plan| view! { <Exact text=plan.clone() label="The plan" /> }.into_any());
    match (&page.gate, exact) {
        (Some(gate), Some(exact)) => at_the_gate(gate, exact, page.at_the_gate().is_some()),
        (_, Some(exact)) => view! { <h3>"Plan"</h3> {exact} }.into_any(),
        (_, None) => {
            view! { <p class="quiet-text">"No plan was given; the goal is all there is."</p> }.into_any()
        }
    }
}

/// The plan of a gate's request: a command line, its folder and files, and the plan itself folded up.
fn at_the_gate(gate: &GatePlan, exact: AnyView, real: bool) -> AnyView {
    let files: Vec<_> = gate
        .files
        .iter()
        .map(|(path, digest)| {
            view! { <li><code>{visible(path)}</code> <br /> <Digest hex=digest.clone() /></li> }
        })
        .collect();
    let bound = (!files.is_empty()).then(|| {
        view! {
            <h3>"Files that it is bound to"</h3>
            <ul class="said-list">{files}</ul>
            <p class="hint">"With any other content of one of them it does not start."</p>
        }
    });
    let place = real.then(|| {
        view! { <p><strong>"This runs where it was asked for (gate), not on this server."</strong></p> }
    });
    view! {
        <h3>"Command"</h3>
        {place}
        <Exact text=gate.line.clone() label="The command line" />
        <details>
            <summary>"Argument by argument"</summary>
            {arguments(&gate.command)}
        </details>
        <h3>"Working folder"</h3>
        <Exact text=gate.working_dir.clone() label="The working folder" />
        {bound}
        <p class="hint">
            "Not bound: the environment that it runs in, and programs that are found by their name alone."
        </p>
        <details>
            <summary>"Plan, as it was sent"</summary>
            {exact}
        </details>
    }
    .into_any()
}

/// Each argument in a box of its own: one that holds spaces or line breaks must not look like two.
pub(crate) fn arguments(command: &[String]) -> AnyView {
    let arguments: Vec<_> = command
        .iter()
        .map(|argument| view! { <li><Exact text=argument.clone() label="An argument" /></li> })
        .collect();
    view! { <ol class="arguments" start="0">{arguments}</ol> }.into_any()
}
