//! What can be pressed and filled in.

use crate::components::filter_form::filter_form;
use crate::components::icons::{Icon, icon};
use leptos::prelude::*;

/// Buttons in each of their looks, fields in each of their states.
pub(super) fn fields(apart: &'static str) -> AnyView {
    let id = |name: &str| format!("{name}-{apart}");
    let label = if apart == "light" { "Narrow the list" } else { "Narrow the list by night" };
    let narrow = view! {
        <div class="field">
            <label for=id("text")>"Text"</label>
            <input id=id("text") name="text" />
        </div>
    };
    view! {
        <p class="actions">
            <button type="button" class="main">{icon(Icon::Check)} "Approve"</button>
            <button type="button" class="danger">"Reject"</button>
            <button type="button" class="main danger">"Reject for good"</button>
            <button type="button">"Withdraw"</button>
            <button type="button" disabled=true>"Run"</button>
            <button type="button" class="bare" aria-label="Copy">{icon(Icon::Copy)}</button>
            <a class="button" href="/requests/new">"New request"</a>
            <a class="button quiet" href="/decisions">"All decisions"</a>
        </p>
        <div class="fields">
            <div class="field">
                <label for=id("goal")>"Goal"</label>
                <input id=id("goal") aria-describedby=id("goal-hint") value="Rotate the signing keys" />
                <p class="hint" id=id("goal-hint")>"One sentence that an approver understands."</p>
            </div>
            <div class="field">
                <label for=id("wrong")>"Approvals needed"</label>
                <input id=id("wrong") value="none" aria-invalid="true" aria-describedby=id("wrong-why") />
                <p class="hint" id=id("wrong-why")>"A whole number from 1 on."</p>
            </div>
            <div class="field">
                <label for=id("kept")>"Workspace id"</label>
                <input id=id("kept") readonly=true value="wsp_northwind" />
            </div>
            <div class="field">
                <label for=id("mode")>"Mode"</label>
                <select id=id("mode")><option>"Dry run"</option><option>"Real run"</option></select>
            </div>
            <fieldset>
                <legend>"Roles"</legend>
                <label class="check"><input type="checkbox" checked=true /> "Approver"</label>
                <label class="check"><input type="checkbox" /> "Auditor"</label>
            </fieldset>
        </div>
        {filter_form("/styleguide", label, narrow, Some("/styleguide".to_owned()))}
        <p>"Press " <kbd>"?"</kbd> " for all keys."</p>
    }
    .into_any()
}
