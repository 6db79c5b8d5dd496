//! The form that searches. Its fields go into the address, so that a search can be sent on and the way back works.

use super::words;
use crate::api::search::Typed;
use crate::components::icons::{Icon, icon};
use crate::components::notice::{Tone, notice_box};
use crate::text::visible;
use crate::words::state;
use governance::State;
use leptos::prelude::*;

/// The form. `wrong` is the field that makes no sense, with what is wrong with it.
pub fn form(typed: &Typed, people: Vec<(String, String)>, wrong: Option<(&'static str, String)>) -> AnyView {
    let blamed = |field: &str| {
        let (_, message) = wrong.as_ref().filter(|(at, _)| *at == field)?;
        Some(message.clone())
    };
    let suggested: Vec<_> = people
        .into_iter()
        .map(|(address, name)| view! { <option value=address label=visible(&name)></option> })
        .collect();
    let chosen = typed.state.clone();
    let words = std::iter::once("open").chain(State::ALL.map(State::as_str));
    let states: Vec<_> = words
        .map(|word| {
            let said = if word == "open" { "Open, whatever is missing" } else { state(word).0 };
            view! { <option value=word selected=word == chosen>{said}</option> }
        })
        .collect();
    let clear =
        (!typed.is_empty()).then(|| view! { <a class="button quiet" href="/audit">"Clear filters"</a> });
    let summary = wrong.clone().map(|(field, message)| {
        let words = crate::text::sentence(&visible(&message));
        let link = view! { <p><a href=format!("#{}", anchor(field)) rel="external">{words}</a></p> };
        notice_box(Tone::Bad, "One field has to be put right", link)
    });
    view! {
        {summary}
        <form class="filters audit-search" method="get" action="/audit" role="search" aria-label=words::FORM>
            {field("text", "Words of the goal", &typed.text, "search", None, None, blamed("text"))}
            {field("person", "Person", &typed.person, "text", Some(words::PERSON_HINT), Some("people-known"), blamed("person"))}
            <datalist id="people-known">{suggested}</datalist>
            {field("digest", "Digest or id", &typed.digest, "text", Some(words::DIGEST_HINT), None, blamed("digest"))}
            <div class="field">
                <label for="state">"State"</label>
                <select id="state" name="state">
                    <option value="" selected=chosen.is_empty()>"Any state"</option>
                    {states}
                </select>
                {problem("state", blamed("state"))}
            </div>
            {field("template", "Template", &typed.template, "text", None, None, blamed("template"))}
            {field("label", "Label", &typed.label, "text", None, None, blamed("label"))}
            {field("from", "From", &typed.from, "date", Some(words::DAYS_HINT), None, blamed("from"))}
            {field("until", "Until", &typed.until, "date", Some(words::LAST_DAY_HINT), None, blamed("until"))}
            <p class="actions">
                <button type="submit" class="main">{icon(Icon::Search)} "Search"</button>
                {clear}
            </p>
        </form>
    }
    .into_any()
}

/// What was asked, in words: it stays where the form does not, on paper.
pub fn in_words(typed: &Typed, workspace: &str) -> AnyView {
    let state = match typed.state.as_str() {
        "" => String::new(),
        "open" => "open".to_owned(),
        word => state(word).0.to_lowercase(),
    };
    let named = [
        ("goal with", &typed.text),
        ("person", &typed.person),
        ("digest or id", &typed.digest),
        ("state", &state),
        ("template", &typed.template),
        ("label", &typed.label),
        ("from", &typed.from),
        ("until", &typed.until),
    ];
    let parts: Vec<_> = named
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <li>{name} " " <strong><bdi>{visible(value)}</bdi></strong></li> })
        .collect();
    let whole = parts.is_empty().then(|| view! { <li>"every decision"</li> });
    view! {
        <ul class="asked">
            <li>"Workspace " <strong><bdi>{visible(workspace)}</bdi></strong></li>
            {parts}
            {whole}
        </ul>
    }
    .into_any()
}

fn field(
    name: &'static str,
    label: &'static str,
    value: &str,
    kind: &'static str,
    hint: Option<&'static str>,
    list: Option<&'static str>,
    wrong: Option<String>,
) -> AnyView {
    let described: Vec<String> =
        [hint.map(|_| format!("{name}-hint")), wrong.as_ref().map(|_| format!("{name}-wrong"))]
            .into_iter()
            .flatten()
            .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let invalid = wrong.is_some().then_some("true");
    let class = if matches!(name, "text" | "person" | "digest") { "field wide" } else { "field" };
    view! {
        <div class=class>
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=value.to_owned()
                list=list
                maxlength="512"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=invalid
            />
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            {problem(name, wrong)}
        </div>
    }
    .into_any()
}

fn problem(name: &'static str, wrong: Option<String>) -> Option<AnyView> {
    let message = wrong?;
    Some(
        view! {
            <p class="field-wrong" id=format!("{name}-wrong")>
                {icon(Icon::Cross)} " " {crate::text::sentence(&visible(&message))}
            </p>
        }
        .into_any(),
    )
}

/// The id of a field by the name that a refusal has for it.
fn anchor(field: &'static str) -> &'static str {
    match field {
        "person" | "label" | "state" | "template" | "digest" | "from" | "until" => field,
        _ => "text",
    }
}
