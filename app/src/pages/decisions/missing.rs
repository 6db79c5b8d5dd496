//! What has to be there before it can run: what is, what is missing and who could give it; and how it ended, once it has.

use crate::api::decision::{Check, DecisionPage};
use crate::components::checklist::{Item, checklist};
use crate::text::visible;
use leptos::prelude::*;

pub(super) fn section(page: &DecisionPage) -> Option<AnyView> {
    if page.checks.is_empty() {
        return over(page);
    }
    let ready = page.checks.iter().all(|check| check.done);
    let items = page.checks.iter().cloned().map(item).collect();
    Some(
        view! {
            <section class="panel missing" aria-labelledby="blocked">
                <h2 id="blocked">{if ready { "Nothing is missing" } else { "What is missing" }}</h2>
                {checklist(items)}
                {ready.then(|| view! { <p class="hint">"Enough approvals stand. Every rule is checked again when it starts."</p> })}
            </section>
        }
        .into_any(),
    )
}

fn item(check: Check) -> Item {
    let detail = (!check.detail.is_empty()).then(|| view! { <p><bdi>{check.detail}</bdi></p> }.into_any());
    Item { done: check.done, what: check.what, detail }
}

/// Of what is over, runs, or came from elsewhere: why it will not run now.
fn over(page: &DecisionPage) -> Option<AnyView> {
    let reasons: Vec<_> = page
        .blocked
        .iter()
        .map(|reason| {
            view! {
                <li>
                    <strong>{visible(&reason.what)}</strong>
                    <span>{visible(&reason.todo)}</span>
                    <code class="small">{reason.code.clone()}</code>
                </li>
            }
        })
        .collect();
    let (tone, title) = match page.state.as_str() {
        "completed" => ("notice good", "Done"),
        "executing" => ("notice waiting", "It runs"),
        _ => ("notice waiting", "Why it cannot run now"),
    };
    (!reasons.is_empty()).then(|| {
        view! {
            <section class=tone aria-labelledby="blocked">
                <h2 id="blocked">{title}</h2>
                <ul class="reasons">{reasons}</ul>
            </section>
        }
        .into_any()
    })
}
