//! Verify: files are checked in the browser, by the very code that the server runs, and go nowhere. The page is a plain
//! one with a module of its own (the crate `verifier`), so that no other page carries it. Without JavaScript there is
//! the command line, and a form that says plainly that it sends the text.

mod report;
mod words;

use crate::api::verify::VerifyHere;
use crate::components::icons::{Icon, icon};
use crate::components::page_title::PageTitle;
use crate::components::text_area::TextArea;
use crate::shell::module;
use governance::Timestamp;
use governance::finding;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn VerifyPage() -> impl IntoView {
    view! {
        <PageTitle text="Verify" />
        {module("verify")}
        <div class="page narrow verify">
            <header class="head">
                <h1>"Verify a file"</h1>
                <p class="byline">
                    "Was anything changed after it was exported, and do its parts belong together? For audit packages, decision bundles and workspace logs; nobody needs an account."
                </p>
            </header>
            {choose()}
            <div class="notice waiting unscripted">
                    <p>"JavaScript is off, so this browser cannot check a file by itself. Use the command line, or the form below, which sends the text to this server."</p>
            </div>
            <p id="progress" role="status"></p>
            {results()}
            {elsewhere()}
            {report::templates()}
            <template id="unavailable">
                "This browser cannot check files by itself. Use the command line, or the form below, which sends the text to this server."
            </template>
        </div>
    }
}

/// Where files are chosen or dropped. Still until the module is there.
fn choose() -> AnyView {
    view! {
        <section id="choose-zone" class="panel drop scripted" aria-labelledby="choose">
            <h2 id="choose">"In this browser"</h2>
            <p>
                {icon(Icon::Lock)}
                " The files stay on your machine: they are checked here and sent nowhere. Once this page is open it needs no network."
            </p>
            <div class="field">
                <label for="files">"Choose files, or drop them here"</label>
                <input id="files" type="file" multiple disabled accept=".json,application/json" />
            </div>
            <div class="field">
                <label for="folder">"Or all .json files of a folder"</label>
                <input id="folder" type="file" multiple disabled />
            </div>
        </section>
    }
    .into_any()
}

/// What the script fills.
fn results() -> AnyView {
    view! {
        <section id="results" class="stack" aria-labelledby="found" hidden>
            <h2 id="found">"What was found"</h2>
            <p class="quiet-text">
                "Checked on " <span data-slot="local"></span> " (" <span data-slot="utc"></span>
                ") in this browser, by the rules of Nexus Control " <span data-slot="version"></span> "."
            </p>
            <p class="actions">
                <button id="print" type="button">{icon(Icon::Print)} "Print or save as PDF"</button>
                <button id="again" type="button" class="quiet">"Start over"</button>
            </p>
            <div id="findings" class="stack"></div>
        </section>
    }
    .into_any()
}

/// The other ways.
fn elsewhere() -> AnyView {
    let pasted = RwSignal::new(String::new());
    view! {
        <details class="panel">
            <summary>"Without this page, or without JavaScript"</summary>
            <p>"On any machine with the program, for any number of files, without a network:"</p>
            <pre class="exact"><code>"nexus-control verify FILE…"</code></pre>
            <p>"Or paste one file here. "<strong>"This sends it to this server,"</strong>" which checks it and keeps nothing."</p>
            <form method="post" action=VerifyHere::url()>
                <div class="field">
                    <label for="document">"Audit package, bundle or workspace log, as JSON"</label>
                    <TextArea name="document" value=pasted rows=6 most=1_900_000 required=true code=true />
                </div>
                <p class="actions"><button type="submit">"Send it and verify on the server"</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// What the server found about a text that was sent to it.
pub(crate) fn answer(document: &str, now: Timestamp) -> AnyView {
    let found = finding::of(document.as_bytes());
    view! {
        <header class="head">
            <h1>"Verification"</h1>
            <p class="byline">
                {format!("Checked on this server on {}, by the rules of Nexus Control {}. The text was not kept.", now.to_plain(), env!("CARGO_PKG_VERSION"))}
            </p>
        </header>
        {report::article("The text that was sent", Some(&found))}
        <p class="actions"><a class="button quiet" href="/verify">"Verify another"</a></p>
    }
    .into_any()
}

#[cfg(test)]
mod tests;
