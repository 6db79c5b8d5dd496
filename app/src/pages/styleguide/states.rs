//! What a page has once: failures in their words, the summary above a form, the outline of a page that is awaited.

use crate::components::error_summary::error_summary;
use crate::components::failure::notice;
use crate::components::skeleton::skeleton;
use crate::error::AppError;
use leptos::prelude::*;

/// All of them.
pub(super) fn once() -> AnyView {
    let text = ToOwned::to_owned;
    let failures: Vec<_> = [
        AppError::Unauthenticated,
        AppError::Forbidden { need: text("the approver role") },
        AppError::NotFound { what: text("decision") },
        AppError::Changed { since: vec![text("Ben Okafor approved")] },
        AppError::Refused { code: text("SELF_APPROVAL_FORBIDDEN"), message: String::new() },
        AppError::Invalid { field: text("max_steps"), message: String::new() },
        AppError::Exists { what: text("template") },
        AppError::Throttled { seconds: 30 },
        AppError::Offline,
        AppError::Outdated,
        AppError::Fault { id: text("f4Zr0qLm81aB") },
    ]
    .iter()
    .map(notice)
    .collect();
    view! {
        <section class="section">
            <h2>"Failures"</h2>
            {failures}
        </section>
        <section class="section">
            <h2>"The summary above a form"</h2>
            {error_summary(vec![
                ("goal-light", "The goal is empty.".to_owned()),
                ("wrong-light", "The number of approvals must be a whole number.".to_owned()),
            ])}
        </section>
        <section class="section">
            <h2>"A page that is awaited"</h2>
            {skeleton(2)}
        </section>
        <section class="section">
            <h2>"What stays in reach on a phone"</h2>
            <div class="decide-bar actions">
                <button type="button" class="main">"Approve"</button>
                <button type="button" class="danger">"Reject"</button>
            </div>
        </section>
    }
    .into_any()
}
