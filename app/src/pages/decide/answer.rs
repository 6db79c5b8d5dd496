//! What became of several: each with its own outcome, and once more the form for those that were not decided. Nothing
//! that was typed is lost, and nothing that changed meanwhile is still ticked.

use super::{form, words};
use crate::api::decide::{Item, Outcome, Tick, Verdict};
use crate::components::error_summary::error_summary;
use crate::components::exact::Digest;
use crate::components::failure::notice;
use crate::components::notice::{Tone, notice_still};
use crate::query::address;
use crate::text::{encoded, shortened, visible};
use leptos::prelude::*;

/// Most characters of a goal in the list of outcomes.
const GOAL: usize = 160;

/// The form once more, because something in it has to be put right. Nothing was decided.
pub fn again(problem: (&'static str, String), items: Vec<Item>, ticks: &[Tick], comment: &str) -> AnyView {
    let tick_of = |item: &Item| ticks.iter().find(|tick| tick.id == item.id);
    let changed: Vec<_> = items
        .iter()
        .filter(|item| {
            tick_of(item).is_some_and(|tick| item.found.as_ref().is_ok_and(|found| !tick.saw(found)))
        })
        .map(|item| {
            let goal = item.found.as_ref().map(|found| shortened(&found.goal, GOAL)).unwrap_or_default();
            view! { <li><bdi>{visible(&goal)}</bdi></li> }
        })
        .collect();
    let changed = (!changed.is_empty())
        .then(|| notice_still(Tone::Waiting, words::CHANGED, view! { <ul>{changed}</ul> }));
    let ticked = |item: &Item| {
        tick_of(item).is_some_and(|tick| item.found.as_ref().is_ok_and(|found| tick.saw(found)))
    };
    let form = form(items, ticked, comment);
    view! {
        <div class="several">
            <h1>{words::TITLE}</h1>
            {error_summary(vec![problem])}
            {changed}
            {form}
        </div>
    }
    .into_any()
}

/// What became of each, and the form for those that were not decided.
pub fn outcomes(outcomes: Vec<Outcome>, left: Vec<Item>, verdict: Verdict, comment: &str) -> AnyView {
    let title = words::summary(&outcomes, verdict);
    let lines: Vec<AnyView> = outcomes.iter().map(|one| line(one, verdict)).collect();
    let retry = left.iter().any(|item| item.found.as_ref().is_ok_and(crate::api::decide::Shown::open));
    let left = retry.then(|| {
        // What was refused as it stands may be sent again; what changed has to be looked at first.
        view! {
            <section aria-labelledby="left">
                <h2 id="left">"Not decided: look again, and try again"</h2>
                {form(left, |_| false, comment)}
            </section>
        }
    });
    view! {
        <div class="several">
            <h1>{title}</h1>
            <ul class="outcomes">{lines}</ul>
            <p class="actions"><a class="button" href="/">"Back to the inbox"</a></p>
            {left}
        </div>
    }
    .into_any()
}

fn line(outcome: &Outcome, verdict: Verdict) -> AnyView {
    let page = format!("/decisions/{}", encoded(&outcome.id));
    let goal = if outcome.goal.is_empty() { &outcome.id } else { &outcome.goal };
    let goal = visible(&shortened(goal, GOAL));
    let body = match &outcome.done {
        Ok((event, digest)) => {
            let verb = match verdict {
                Verdict::Approve => "Approved",
                Verdict::Reject => "Rejected",
            };
            let event_of = format!("{page}#event-{event}");
            view! {
                <p class="done">
                    <span class="sign" aria-hidden="true">"✓"</span>
                    {format!("{verb}. Recorded as ")} <a href=event_of>{format!("event {event}")}</a>
                </p>
                <Digest hex=digest.clone() />
            }
            .into_any()
        }
        Err(error) => {
            let sign_in = outcome.wants_sign_in().then(|| {
                let back = address("/decide", &[("id", &outcome.id)]);
                let href = address("/sign-in/again", &[("next", &back)]);
                view! { <p><a href=href>"Sign in again, then decide it"</a></p> }
            });
            view! { {notice(error)} {sign_in} }.into_any()
        }
    };
    view! { <li class="panel"><h2><a href=page><bdi>{goal}</bdi></a></h2> {body}</li> }.into_any()
}
