//! What is different: the plan beside what ran last for the same goal, and the policy beside its template.

use crate::api::decision::{DecisionPage, Earlier, TemplateUse};
use crate::components::diff::{DiffKind, DiffLine, diff};
use crate::components::exact::Digest;
use crate::text::{encoded, visible};
use leptos::prelude::*;

/// The plan beside what ran last.
pub(super) fn section(page: &DecisionPage) -> Option<AnyView> {
    let Earlier { words, link, lines } = page.earlier.as_ref()?;
    let lines: Vec<DiffLine> = lines
        .iter()
        .map(|(sign, text)| {
            let kind = match sign.as_str() {
                "+" => DiffKind::Added,
                "-" => DiffKind::Removed,
                _ => DiffKind::Same,
            };
            DiffLine { kind, text: text.clone() }
        })
        .collect();
    let shown = (!lines.is_empty()).then(|| diff("What is different from the last run", lines));
    let link = link.as_ref().map(|id| {
        view! { " " <a href=format!("/decisions/{}", encoded(id))>"Open that decision"</a> }
    });
    Some(
        view! {
            <section class="panel" aria-labelledby="compared">
                <h2 id="compared">"Compared with the last run"</h2>
                <p>{visible(words)} {link}</p>
                {shown}
            </section>
        }
        .into_any(),
    )
}

/// The policy, and what of its template was replaced.
pub(super) fn policy(page: &DecisionPage) -> AnyView {
    let said: Vec<_> = page.policy.iter().map(|line| view! { <li>{visible(line)}</li> }).collect();
    view! {
        <section class="panel" aria-labelledby="policy">
            <h2 id="policy">"Policy"</h2>
            {if said.is_empty() {
                view! { <p>"No policy is attached."</p> }.into_any()
            } else {
                view! { <ul class="said-list">{said}</ul> }.into_any()
            }}
            {page.template.as_ref().map(template)}
        </section>
    }
    .into_any()
}

fn template(template: &TemplateUse) -> AnyView {
    let terms: Vec<_> = template
        .terms
        .iter()
        .map(|term| {
            view! {
                <li>
                    <strong>{visible(&term.name)}</strong>
                    <p>"Template says: " <code>{visible(&term.template)}</code></p>
                    <p>"This request says: " <code>{visible(&term.here)}</code></p>
                </li>
            }
        })
        .collect();
    let replaced = if terms.is_empty() {
        view! { <p class="hint">"The request replaced nothing of it."</p> }.into_any()
    } else {
        view! {
            <h3>"Replaced by the request"</h3>
            <ul class="terms">{terms}</ul>
            <p class="hint">"Everything else is as the template says."</p>
        }
        .into_any()
    };
    view! {
        <p>
            "From template "
            <a rel="external" href=format!("/templates/{}", encoded(&template.name))><bdi>{visible(&template.name)}</bdi></a>
            ", as it was: "
            <Digest hex=template.digest.clone() />
        </p>
        {replaced}
    }
    .into_any()
}
