//! The timeline: every event with its digest, and an anchor to link to. What the server recorded by itself is folded
//! together, in its place.

use super::words;
use crate::api::decision::{DecisionPage, Line};
use crate::components::exact::{Digest, Said};
use crate::components::time::Time;
use crate::text::visible;
use leptos::prelude::*;

/// The section. Lines from `seen` on came after the reader's last look and are marked.
pub(super) fn section(page: &DecisionPage, seen: Option<u32>) -> AnyView {
    let mut lines: Vec<AnyView> = Vec::new();
    for together in page.timeline.chunk_by(|one, other| by_itself(one) && by_itself(other)) {
        let made: Vec<AnyView> = together.iter().map(|one| line(one, seen)).collect();
        let new = seen.is_some_and(|seen| together.iter().any(|one| one.seq >= seen));
        match together {
            [one, _, ..] if by_itself(one) && !new => lines.push(folded(made)),
            _ => lines.extend(made),
        }
    }
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h2 id="timeline">"Timeline"</h2>
            <ol class="timeline">{lines}</ol>
            <p class="hint">{words::NOTED}</p>
        </section>
    }
    .into_any()
}

/// Whether the server recorded or computed it by itself.
fn by_itself(line: &Line) -> bool {
    line.computed || line.actor.as_ref().is_some_and(|who| who.id == "nexus-control" && line.machine)
}

fn folded(lines: Vec<AnyView>) -> AnyView {
    let count = lines.len();
    view! {
        <li class="line computed">
            <details>
                <summary>{format!("{count} entries of the server itself")}</summary>
                <ol class="timeline">{lines}</ol>
            </details>
        </li>
    }
    .into_any()
}

fn line(line: &Line, seen: Option<u32>) -> AnyView {
    let new = seen.is_some_and(|seen| line.seq >= seen);
    let anchor = format!("event-{}", line.seq);
    let (id, href) =
        if line.computed { (None, None) } else { (Some(anchor.clone()), Some(format!("#{anchor}"))) };
    let number = href.map(|href| view! { <a class="anchor" href=href aria-label=format!("Link to event {}", line.seq)>{format!("#{}", line.seq)}</a> });
    let actor = line.actor.clone().map(|who| view! { <Said text=who.name /> ", " });
    let door =
        (!line.door.is_empty()).then(|| view! { <span class="door">{visible(&line.door)}</span> ", " });
    let machine =
        (line.machine && !by_itself(line)).then(|| view! { <p class="hint">{words::SAID_BY_MACHINE}</p> });
    // Most sentences quote it already.
    let said = line
        .said
        .clone()
        .filter(|text| !line.summary.contains(text.as_str()) || line.machine)
        .map(|text| view! { {machine} <blockquote><bdi>{visible(&text)}</bdi></blockquote> });
    let digest = (!line.digest.is_empty()).then(|| view! { <Digest hex=line.digest.clone() /> });
    let tone = match line.category.as_str() {
        "approval" => "line approval",
        "execution" => "line execution",
        _ => "line",
    };
    view! {
        <li id=id class=tone class:new=new class:computed=line.computed>
            <p class="what">
                {number}
                <span class="label">{visible(&line.category)}</span>
                {new.then(|| view! { <span class="label fresh">"new"</span> })}
                <bdi>{visible(&line.summary)}</bdi>
            </p>
            <p class="small">{actor} {door} <Time at=line.at absolute=true /></p>
            {said}
            {digest}
        </li>
    }
    .into_any()
}
