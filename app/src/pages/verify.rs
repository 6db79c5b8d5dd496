//! Verify: a bundle or an audit package is checked in the browser, by the very code that the server runs, and goes
//! nowhere. Without JavaScript there is the command line, and a form that says plainly that it sends the text.

use crate::api::audit::{Check, Verified, VerifyHere};
use crate::browser::{self, Chosen};
use crate::components::page_title::PageTitle;
use crate::components::text_area::TextArea;
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

#[derive(Clone)]
struct Outcome {
    name: String,
    result: Result<Verified, String>,
}

/// The page.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let outcome = RwSignal::new(None::<Outcome>);
    let over = RwSignal::new(false);
    let pasted = RwSignal::new(String::new());
    let judge = move |chosen: Option<Chosen>| {
        let judged = match chosen {
            Some(chosen) => Outcome { result: Verified::of(&chosen.text), name: chosen.name },
            None => {
                Outcome { name: "This file".to_owned(), result: Err("it cannot be read as text".to_owned()) }
            }
        };
        outcome.set(Some(judged));
    };
    view! {
        <PageTitle text="Verify" />
        <div class="page narrow">
            <header class="head">
                <h1>"Verify a file"</h1>
                <p class="byline">
                    "Checks a bundle or an audit package: was anything changed after it was exported, and do its parts belong together?"
                </p>
            </header>
            <section
                class="panel drop"
                class:over=move || over.get()
                aria-labelledby="choose"
                on:dragover=move |event| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=move |event| {
                    event.prevent_default();
                    over.set(false);
                    spawn_local(async move { judge(browser::dropped(event).await) });
                }
            >
                <h2 id="choose">"In this browser"</h2>
                <p>"The file stays on your machine: it is checked here and sent nowhere."</p>
                <div class="field">
                    <label for="file">"Choose a file, or drop it here"</label>
                    <input
                        id="file"
                        type="file"
                        accept=".json,application/json"
                        on:change=move |event| {
                            spawn_local(async move { judge(browser::chosen(event).await) });
                        }
                    />
                </div>
            </section>
            <div role="status">{move || outcome.get().map(|outcome| verdict(&outcome))}</div>
            <details class="panel">
                <summary>"Without this page, or without JavaScript"</summary>
                <p>"On any machine with the program:"</p>
                <pre class="exact"><code>"nexus-control verify FILE"</code></pre>
                <p>"Or paste the file here. "<strong>"This sends it to this server,"</strong>" which checks it, answers with plain text and keeps nothing."</p>
                <form method="post" action=VerifyHere::url()>
                    <div class="field">
                        <label for="document">"Bundle or audit package, as JSON"</label>
                        <TextArea name="document" value=pasted rows=6 most=1_900_000 required=true code=true />
                    </div>
                    <p class="actions"><button type="submit">"Send it and verify on the server"</button></p>
                </form>
            </details>
        </div>
    }
}

fn verdict(outcome: &Outcome) -> AnyView {
    let name = visible(&outcome.name);
    match &outcome.result {
        Err(words) => view! {
            <div class="notice bad">
                <h2><span class="sign" aria-hidden="true">"✕"</span>"This could not be verified"</h2>
                <p><bdi>{name}</bdi>": " {visible(words)}</p>
                <p>"Nothing is said about whether it was changed. Take the file as it was downloaded and try again."</p>
            </div>
        }
        .into_any(),
        Ok(verified) => report(&name, verified),
    }
}

fn report(name: &str, verified: &Verified) -> AnyView {
    let kind = if verified.package { "audit package" } else { "bundle" };
    let (tone, sign, head, words) = if verified.ok {
        (
            "notice good",
            "✓",
            "Every check holds",
            "Its content is exactly what its digests say. Whether those digests are the ones that your server gave out is for you to compare.",
        )
    } else {
        (
            "notice bad",
            "✕",
            "It does not hold",
            "At least one check failed: the file is not what was exported. Do not rely on it; get it again from where it came.",
        )
    };
    let summary: Vec<_> = verified
        .summary
        .iter()
        .map(
            |(name, value)| view! { <div><dt>{visible(name)}</dt><dd><bdi>{visible(value)}</bdi></dd></div> },
        )
        .collect();
    let checks: Vec<AnyView> = verified.checks.iter().map(check).collect();
    view! {
        <div class=tone>
            <h2><span class="sign" aria-hidden="true">{sign}</span>{head}</h2>
            <p><bdi>{name.to_owned()}</bdi>{format!(" is {} {kind}. {words}", if verified.package { "an" } else { "a" })}</p>
        </div>
        <section class="panel" aria-labelledby="says">
            <h2 id="says">"What it says of itself"</h2>
            <dl class="pairs">{summary}</dl>
        </section>
        <section class="panel" aria-labelledby="checks">
            <h2 id="checks">"The checks, one by one"</h2>
            <ul class="checks">{checks}</ul>
        </section>
    }
    .into_any()
}

/// What a check is about, for somebody who has never heard of a digest.
fn explained(name: &str) -> (&'static str, &'static str) {
    match name {
        "bundle_digest" | "control_bundle_digest" => (
            "The decision was not changed",
            "A fingerprint over the whole decision and its log, taken when it was exported, is taken again here.",
        ),
        "event_digests" => (
            "No event was changed",
            "Every event carries a fingerprint of its own; each is taken again here.",
        ),
        "event_order" => ("No event is missing or moved", "The events are numbered without a gap."),
        "binding_digest" => (
            "The seal is whole",
            "The package binds decision and run with one fingerprint over theirs; it is taken again here.",
        ),
        "binding_control_match" => (
            "The seal names this decision",
            "The fingerprint in the seal and that of the decision in this file are the same.",
        ),
        "binding_router_match" => (
            "The seal names this run",
            "The fingerprint in the seal and that of the run's record are the same.",
        ),
        "binding_link_match" => (
            "The decision and the run belong together",
            "The seal names the link that was recorded between the two.",
        ),
        "router_digest" => (
            "The run's record was not changed",
            "A fingerprint over the run's own record inside this file is taken again here.",
        ),
        _ => ("Another check", "A check that this page has no words for."),
    }
}

fn check(check: &Check) -> AnyView {
    let (title, words) = explained(&check.name);
    let (sign, tone, verdict) =
        if check.ok { ("✓", "good", "holds") } else { ("✕", "bad", "does not hold") };
    view! {
        <li>
            <h3>
                <span class=format!("badge {tone}")><span class="sign" aria-hidden="true">{sign}</span>{verdict}</span>
                " "
                {title}
            </h3>
            <p>{words}</p>
            <details open=!check.ok>
                <summary>"Expected and found"</summary>
                <dl class="pairs">
                    <div><dt>"Check"</dt><dd><code>{visible(&check.name)}</code></dd></div>
                    <div><dt>"Expected"</dt><dd><code class="digest">{visible(&check.expected)}</code></dd></div>
                    <div><dt>"Found"</dt><dd><code class="digest">{visible(&check.actual)}</code></dd></div>
                </dl>
            </details>
        </li>
    }
    .into_any()
}
