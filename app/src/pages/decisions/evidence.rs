//! What can be taken away: the decision and its run as files that anybody can check without this server.

use crate::api::decision::{ActionKind, DecisionPage};
use crate::text::{encoded, sentence, visible};
use leptos::prelude::*;

pub(super) fn section(page: &DecisionPage) -> AnyView {
    let base = format!("/decisions/{}", encoded(&page.id));
    // Of an imported decision only the log is here: its run is named in it when it went well, and never held.
    let held = page.run.as_ref().is_some_and(|run| run.status != "running");
    let bound = held || (page.imported && page.state == "completed");
    let body = match page.reason(ActionKind::Export) {
        Some(reason) => view! { <p class="reason">{visible(&sentence(&reason))}</p> }.into_any(),
        None => view! {
            <ul class="links">
                <li><a href=format!("{base}/bundle.json") rel="external" download="">"Bundle"</a>" – the decision and its log"</li>
                {bound.then(|| view! {
                    <li><a href=format!("{base}/package.json?mode=reference") rel="external" download="">"Audit package"</a>" – bound to the run by digest"</li>
                })}
                {held.then(|| view! {
                    <li><a href=format!("{base}/package.json?mode=embedded") rel="external" download="">"Audit package with the run"</a>" – everything in one file"</li>
                })}
                {bound.then(|| view! {
                    <li><a href=format!("{base}/package.txt") rel="external" download="">"As text"</a>" – for reading and printing"</li>
                })}
            </ul>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="evidence">
            <h2 id="evidence">"Evidence"</h2>
            {body}
            <p class="hint">"Anyone can check these files without this server: " <a href="/verify" rel="external">"Verify a file"</a> "."</p>
            <p class="hint">"Decision id: " <code class="digest">{visible(&page.id)}</code></p>
        </section>
    }
    .into_any()
}
