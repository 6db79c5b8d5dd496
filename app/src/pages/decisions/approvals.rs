//! Who approved: each person's latest approval, whether it counts, and what they said.

use super::words;
use crate::api::decision::{Approval, DecisionPage};
use crate::components::countdown::countdown;
use crate::components::exact::Said;
use crate::components::face::face;
use crate::components::time::Time;
use crate::text::visible;
use leptos::prelude::*;

pub(super) fn section(page: &DecisionPage) -> AnyView {
    let lines: Vec<AnyView> = page.approvals.iter().map(line).collect();
    let body = if lines.is_empty() {
        view! { <p class="quiet-text">"Nobody has approved yet."</p> }.into_any()
    } else {
        view! { <ul class="people">{lines}</ul> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="approvals">
            <h2 id="approvals">{format!("Approvals: {} of {}", page.given, page.needed)}</h2>
            {body}
        </section>
    }
    .into_any()
}

fn line(approval: &Approval) -> AnyView {
    let (sign, tone, word) = match approval.status.as_str() {
        "counts" => ("✓", "good", "counts"),
        "expired" => ("◷", "bad", "expired"),
        "revoked" => ("↩", "quiet", "taken back"),
        _ => ("○", "quiet", "does not count"),
    };
    let by = approval.machine.then(|| view! { <p class="hint">{words::SAID_BY_MACHINE}</p> });
    let comment =
        approval.comment.clone().map(|text| view! { {by} <blockquote>{visible(&text)}</blockquote> });
    let revoked = approval
        .revoke_reason
        .clone()
        .map(|text| view! { <blockquote>"Taken back: " {visible(&text)}</blockquote> });
    let expiry = approval.expires_at.map(|at| {
        if approval.status == "counts" {
            view! { <p class="small">"Expires: " {countdown(at)}</p> }.into_any()
        } else {
            let word = if approval.status == "expired" { "Expired " } else { "Expires " };
            view! { <p class="small">{word} <Time at=at /></p> }.into_any()
        }
    });
    view! {
        <li>
            {face(&approval.who.name)}
            <div>
                <p>
                    <strong><Said text=approval.who.name.clone() /></strong>
                    " "
                    <span class=format!("badge {tone}")><span class="sign" aria-hidden="true">{sign}</span>{word}</span>
                </p>
                <p class="small"><Said text=approval.who.id.clone() />", " <Time at=approval.granted_at /></p>
                {(!approval.why.is_empty()).then(|| view! { <p class="small"><Said text=approval.why.clone() /></p> })}
                {comment}
                {revoked}
                {expiry}
            </div>
        </li>
    }
    .into_any()
}
