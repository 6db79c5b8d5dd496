//! The page and the server's answer, as HTML.

use super::{answer, report};
use governance::Timestamp;
use leptos::prelude::*;
use std::collections::BTreeSet;

const SCRIPT: &str = include_str!("../../../../verifier/page.js");

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

/// What stands between two texts, for every place where both do.
fn between<'a>(text: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn the_script_finds_every_template_and_slot_that_it_fills() {
    let page = html(report::templates);
    let ids = between(&page, "<template id=\"", "\"");
    let slots = between(&page, "data-slot=\"", "\"");
    let asked: BTreeSet<&str> =
        between(SCRIPT, "copy('", "'").into_iter().filter(|id| *id != "unavailable").collect();
    assert!(asked.len() >= 5 && asked.iter().all(|id| ids.contains(id)), "{asked:?}\n{ids:?}");
    let filled = between(SCRIPT, "fill(node, '", "'");
    assert!(filled.len() >= 10 && filled.iter().all(|name| slots.contains(name)), "{filled:?}\n{slots:?}");
    for of in ["checks", "facts", "steps", "digests"] {
        assert!(slots.contains(of) && page.contains(&format!("data-of=\"{of}\"")), "{of}");
    }
}

#[test]
fn the_script_makes_no_html_of_text_and_sends_nothing() {
    let worker = include_str!("../../../../verifier/worker.js");
    for word in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "fetch(",
        "XMLHttpRequest",
        "sendBeacon",
        "WebSocket",
        "eval(",
    ] {
        assert!(!SCRIPT.contains(word) && !worker.contains(word), "{word}");
    }
}

fn golden(name: &str) -> String {
    let path = format!("{}/../governance/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn answered(document: &str) -> String {
    let now = Timestamp::parse("2026-11-21T09:00:00+00:00").unwrap();
    html(|| answer(document, now)).replace("<!>", "")
}

#[test]
fn the_servers_answer_says_what_the_page_would() {
    let log = golden("workspace_log/as_exported.json");
    let held = answered(&log);
    for words in [
        "Verified",
        "Workspace log",
        "Is the chain whole?",
        "2026-11-21 09:00:00 UTC",
        "Chain of the last entry",
    ] {
        assert!(held.contains(words), "{words}\n{held}");
    }
    assert!(!held.contains("Altered") && !held.contains(">No<"));
    let altered = answered(&log.replace("approver", "approved"));
    assert!(altered.contains("Altered") && !altered.contains("Verified"), "{altered}");
    // What an altered file states may be the digest of the original.
    assert!(!altered.contains("Digests to compare by eye"), "{altered}");
    for (document, verdict, words) in [
        ("milk, eggs", "Not readable", "This is not JSON"),
        ("", "Not readable", "There is nothing in this file"),
        ("{\"control_bundle\":", "Not complete", "The end of this file is missing"),
        ("{\"a\":1,\"a\":2}", "Not readable", "The same name stands twice"),
        ("{\"control_bundle\":{}}", "Not complete", "parts are missing"),
        ("{\"hello\":1}", "Not readable", "no audit package, bundle or workspace log"),
    ] {
        let answer = answered(document);
        assert!(answer.contains(verdict) && answer.contains(words), "{document}\n{answer}");
        assert!(!answer.contains("Verified<") && !answer.contains("The checks"), "{document}\n{answer}");
    }
}

#[test]
fn hostile_texts_of_a_file_stay_texts() {
    let package = golden("conformance/audit_packages/completed__embedded__as_exported.json");
    let value = governance::json::parse(&package).unwrap();
    let text = governance::canonical::to_string(value.get("package").unwrap());
    let page = answered(&text);
    assert!(page.contains("Verified") && !page.contains("<script"), "{page}");
    assert!(page.contains("⟨U+202E⟩") && !page.contains('\u{202e}'), "{page}");
    assert!(page.contains("bo@example.com") && page.contains("approved it."), "{page}");
}
