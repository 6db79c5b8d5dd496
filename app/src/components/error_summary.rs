//! What has to be put right in a form, above it: one link for each field, in the words that stand beside the field.

use crate::browser;
use crate::components::icons::{Icon, icon};
use crate::text::visible;
use leptos::prelude::*;

/// Id of the summary.
pub const SUMMARY: &str = "error-summary";

/// The summary; nothing where all is well. Each problem is the field's id and what is wrong with it. Once it is there
/// the focus goes to it.
pub fn error_summary(problems: Vec<(&'static str, String)>) -> Option<AnyView> {
    if problems.is_empty() {
        return None;
    }
    let title = if problems.len() == 1 {
        "One thing has to be put right"
    } else {
        "Some things have to be put right"
    };
    let links: Vec<_> = problems
        .into_iter()
        .map(|(id, message)| {
            // `external`: the router would take the click and leave the focus where it was.
            view! { <li><a href=format!("#{id}") rel="external">{visible(&message)}</a></li> }
        })
        .collect();
    browser::focus_next(SUMMARY);
    Some(
        view! {
            <div class="notice bad" role="alert" id=SUMMARY tabindex="-1">
                {icon(Icon::Cross)}
                <div>
                    <p class="title">{title}</p>
                    <p>"Nothing was recorded."</p>
                    <ul>{links}</ul>
                </div>
            </div>
        }
        .into_any(),
    )
}
