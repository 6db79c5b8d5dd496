//! The record of a run, when there is one.

use crate::api::decision::{DecisionPage, Run};
use crate::components::exact::{Digest, Exact};
use crate::components::time::Time;
use crate::text::visible;
use leptos::prelude::*;

pub(super) fn section(page: &DecisionPage) -> Option<AnyView> {
    page.run.as_ref().map(record)
}

fn record(run: &Run) -> AnyView {
    let (word, sign, tone) = match run.status.as_str() {
        "completed" => ("Completed", "●", "good"),
        "failed" => ("Failed", "✕", "bad"),
        "running" => ("Running", "▶", "busy"),
        _ => ("Outcome unknown", "?", "bad"),
    };
    let pair =
        |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any();
    let mut pairs = vec![pair("Through", view! { <code>{visible(&run.adapter)}</code> }.into_any())];
    if let Some(at) = run.started_at {
        pairs.push(pair("Started", view! { <Time at=at absolute=true /> }.into_any()));
    }
    if let Some(at) = run.finished_at {
        pairs.push(pair("Ended", view! { <Time at=at absolute=true /> }.into_any()));
    }
    if let Some(steps) = run.steps {
        pairs.push(pair("Steps", steps.to_string().into_any()));
    }
    if let Some(status) = run.exit_status {
        pairs.push(pair("Exit status", status.to_string().into_any()));
    }
    if !run.run_id.is_empty() {
        pairs.push(pair("Run id", view! { <Digest hex=run.run_id.clone() /> }.into_any()));
    }
    for (name, digest) in [("Request digest", &run.request_digest), ("Record digest", &run.response_digest)] {
        if let Some(hex) = digest {
            pairs.push(pair(name, view! { <Digest hex=hex.clone() /> }.into_any()));
        }
    }
    let error = run.error.as_ref().map(|(code, message)| {
        view! {
            <div class="notice bad">
                <p><span class="sign" aria-hidden="true">"✕"</span><code>{visible(code)}</code> " " {visible(message)}</p>
            </div>
        }
    });
    let output = (!run.output.is_empty()).then(|| {
        view! {
            <h3>"Output, its end"</h3>
            <Exact text=run.output.clone() label="Output of the run, its end" />
        }
    });
    view! {
        <section class="panel" aria-labelledby="run">
            <h2 id="run">
                "Run "
                <span class=format!("badge {tone}")><span class="sign" aria-hidden="true">{sign}</span>{word}</span>
            </h2>
            {error}
            <dl class="pairs">{pairs}</dl>
            {output}
        </section>
    }
    .into_any()
}
