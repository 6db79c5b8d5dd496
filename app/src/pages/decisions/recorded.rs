//! After somebody decided: what was recorded, by number and digest, and what waits for them next.

use super::places::{NEXT, RECORDED};
use crate::api::decision::DecisionPage;
use crate::components::exact::Digest;
use crate::text::{encoded, visible};
use leptos::prelude::*;

/// The notice for the reader's own event at this place; nothing where there is none: anybody can write an address.
pub(super) fn notice(page: &DecisionPage, seq: Option<u32>) -> Option<AnyView> {
    let line = page.timeline.iter().find(|line| Some(line.seq) == seq && line.mine && !line.computed)?;
    let next = match &page.next {
        Some((id, goal)) => view! {
            <p>
                "Next for you: "
                <a id=NEXT href=format!("/decisions/{}", encoded(id))><bdi>{visible(goal)}</bdi></a>
            </p>
        }
        .into_any(),
        None => view! { <p>"Nothing else waits for you. " <a href="/" id=NEXT>"Go to the inbox"</a></p> }
            .into_any(),
    };
    Some(
        view! {
            <section class="notice good recorded" id=RECORDED tabindex="-1" aria-label="Recorded">
                <p>
                    <span class="sign" aria-hidden="true">"✓"</span>
                    "Recorded as "
                    <a href=format!("#event-{}", line.seq)>{format!("event {}", line.seq)}</a>
                    {format!(": you {}. ", visible(&line.did))}
                    <Digest hex=line.digest.clone() />
                </p>
                {next}
            </section>
        }
        .into_any(),
    )
}
