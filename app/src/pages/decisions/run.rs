//! How a run went: its outcome in words, what it printed, and the digests that bind it.

use super::places::RUN;
use crate::api::run::{Printed, Run, Trouble};
use crate::components::exact::{Digest, Exact, Said};
use crate::components::time::Time;
use crate::run_words::lasted;
use crate::text::visible;
use leptos::prelude::*;

/// An output with more characters or lines than this is folded up.
const LONG: (usize, usize) = (2_000, 20);

/// A run that goes on: what of it stands still.
pub(super) fn about(run: &Run) -> AnyView {
    view! { <dl class="pairs">{through(run)}</dl> }.into_any()
}

/// Who wished that it stops.
pub(crate) fn wish(name: &str, at: i64) -> AnyView {
    view! { <p><strong><Said text=name.to_owned() /></strong>" asked that it stops, " <Time at=at />"."</p> }
        .into_any()
}

/// A run that has ended.
pub(super) fn record(run: &Run) -> AnyView {
    let (word, sign, tone) = match run.status.as_str() {
        "completed" => ("Completed", "●", "good"),
        "failed" => ("Failed", "✕", "bad"),
        "running" => ("Running", "▶", "busy"),
        _ => ("Outcome unknown", "?", "bad"),
    };
    let outputs: Vec<AnyView> = run.printed.iter().map(printed).collect();
    view! {
        <section class="panel" id=RUN tabindex="-1" aria-labelledby="run">
            <h2 id="run">
                "Run "
                <span class=format!("badge {tone}")><span class="sign" aria-hidden="true">{sign}</span>{word}</span>
            </h2>
            {run.trouble.as_ref().map(trouble)}
            <dl class="pairs">{pairs(run)}</dl>
            {outputs}
        </section>
    }
    .into_any()
}

fn pair(name: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

/// Through what, by whom, since when.
fn through(run: &Run) -> Vec<AnyView> {
    let place = if run.at_the_gate { " – where it was asked for, not on this server" } else { "" };
    let mut pairs = vec![
        pair("Through", view! { <code>{visible(&run.adapter)}</code> {place} }.into_any()),
        pair("Started by", view! { <Said text=run.started_by.name.clone() /> }.into_any()),
    ];
    if let Some(at) = run.started_at {
        pairs.push(pair("Started", view! { <Time at=at absolute=true /> }.into_any()));
    }
    pairs
}

fn pairs(run: &Run) -> Vec<AnyView> {
    let mut pairs = through(run);
    if let Some(at) = run.finished_at {
        pairs.push(pair("Ended", view! { <Time at=at absolute=true /> }.into_any()));
        pairs.push(pair("Took", lasted(run.seconds).into_any()));
    }
    if let Some(steps) = run.steps {
        pairs.push(pair("Steps", steps.to_string().into_any()));
    }
    if let Some(exit) = &run.exit {
        pairs.push(pair("Exit code", visible(exit).into_any()));
    }
    if !run.run_id.is_empty() {
        pairs.push(pair("Run id", view! { <Digest hex=run.run_id.clone() /> }.into_any()));
    }
    for (name, digest) in [("Request digest", &run.request_digest), ("Record digest", &run.response_digest)] {
        if let Some(hex) = digest {
            pairs.push(pair(name, view! { <Digest hex=hex.clone() /> }.into_any()));
        }
    }
    pairs
}

fn trouble(trouble: &Trouble) -> AnyView {
    view! {
        <div class="notice bad">
            <p><span class="sign" aria-hidden="true">"✕"</span>{visible(&trouble.meaning)}</p>
            <p><code>{visible(&trouble.code)}</code> " " <bdi>{visible(&trouble.message)}</bdi></p>
        </div>
    }
    .into_any()
}

/// One output: open when it is short, folded up when it is long.
fn printed(printed: &Printed) -> AnyView {
    let (word, label) = if printed.errors {
        ("Errors", "Errors that the run printed, their end")
    } else {
        ("Output", "Output of the run, its end")
    };
    let title = match printed.step {
        Some(step) => format!("{word} of step {step}"),
        None => word.to_owned(),
    };
    let lines = printed.text.lines().count();
    let open = printed.text.len() <= LONG.0 && lines <= LONG.1;
    let missing =
        (!printed.missing.is_empty()).then(|| view! { <p class="hint">{visible(&printed.missing)}</p> });
    let digest = printed.sha256.as_ref().map(|hex| {
        view! { <p class="hint">"All of it has the SHA-256 " <Digest hex=hex.clone() /></p> }
    });
    view! {
        <details class="printed" open=open>
            <summary>{title} <span class="quiet-text">{format!(", lines: {lines}")}</span></summary>
            {missing}
            <Exact text=printed.text.clone() label=label />
            {digest}
        </details>
    }
    .into_any()
}
