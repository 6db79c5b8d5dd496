//! The timeline: every event with its digest, and an anchor to link to.

use crate::api::decision::{DecisionPage, Line};
use crate::components::exact::{Digest, Said};
use crate::components::time::Time;
use crate::text::visible;
use leptos::prelude::*;

/// The section. Lines from `seen` on came after the reader's last look and are marked.
pub(super) fn section(page: &DecisionPage, seen: Option<u32>) -> AnyView {
    let lines: Vec<AnyView> = page.timeline.iter().map(|one| line(one, seen)).collect();
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h2 id="timeline">"Timeline"</h2>
            <ol class="timeline">{lines}</ol>
        </section>
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
            <p class="small">{actor} <Time at=line.at absolute=true /></p>
            {digest}
        </li>
    }
    .into_any()
}
