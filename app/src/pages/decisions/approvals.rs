//! Who approved: each person's latest approval, whether it counts, and what they said.

use crate::api::decision::{Approval, DecisionPage};
use crate::components::exact::Said;
use crate::components::time::Time;
use crate::text::{initials, visible};
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
    let comment = approval.comment.clone().map(|text| view! { <blockquote>{visible(&text)}</blockquote> });
    let revoked = approval
        .revoke_reason
        .clone()
        .map(|text| view! { <blockquote>"Taken back: " {visible(&text)}</blockquote> });
    let expiry = approval.expires_at.map(|at| {
        let word = if approval.status == "expired" { "Expired " } else { "Expires " };
        view! { <p class="small">{word} <Time at=at /></p> }
    });
    view! {
        <li>
            <span class="face" aria-hidden="true">{initials(&approval.who.name)}</span>
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
