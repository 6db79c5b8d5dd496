//! One of several: who asks, what exactly will run, under which policy, and the digest that an approval binds to. Long
//! texts are folded, and say how long they are.

use super::words;
use crate::api::decide::{Item, Shown, Tick};
use crate::components::exact::{Digest, Exact, Said};
use crate::components::face::face;
use crate::components::facts::facts;
use crate::components::notice::{Tone, notice_still};
use crate::components::seats::seats;
use crate::components::state_badge::{ModeBadge, StateBadge};
use crate::query::address;
use crate::text::{encoded, sentence, shortened, visible};
use leptos::prelude::*;

/// Most lines of an exact text that stand open.
const LINES: usize = 14;
/// Most characters of it.
const CHARACTERS: usize = 1_200;
/// Most characters of a goal in its heading.
const GOAL: usize = 200;

/// The item.
pub(super) fn item(item: &Item, ticked: bool) -> AnyView {
    match &item.found {
        Ok(shown) => found(&item.id, shown, ticked),
        Err(error) => view! {
            <li class="panel item">
                <h2><Said text=shortened(&item.id, 80) /></h2>
                {notice_still(Tone::Bad, "", view! { <p>{visible(&error.words_of_page())}</p> })}
            </li>
        }
        .into_any(),
    }
}

fn found(id: &str, shown: &Shown, ticked: bool) -> AnyView {
    let href = format!("/decisions/{}", encoded(id));
    let heading = visible(&shortened(&shown.goal, GOAL));
    let whole = (shown.goal.chars().count() > GOAL).then(|| folded("The whole goal", "Goal", &shown.goal));
    let name = visible(&shown.requester.name);
    let policy: Vec<_> = shown.policy.iter().map(|line| view! { <li>{visible(line)}</li> }).collect();
    let label = format!("{}: {}", words::TAKE, shortened(&heading, 80));
    let tick = shown.open().then(|| {
        view! {
            <label class="take">
                <input type="checkbox" name="take[]" value=Tick::text(id, shown) checked=ticked aria-label=label />
                <span aria-hidden="true">{words::TAKE}</span>
            </label>
        }
    });
    view! {
        <li class="panel item">
            <div class="item-head">
                <h2><a href=href><bdi>{heading}</bdi></a></h2>
                {tick}
            </div>
            <p class="marks"><ModeBadge mode=shown.mode.clone() /> <StateBadge state=shown.state.clone() /></p>
            {whole}
            {plan(shown)}
            {facts(vec![
                ("Asked by", view! { <span class="who">{face(&name)} <bdi>{name.clone()}</bdi></span> }.into_any()),
                ("Approvals", seats(shown.given, shown.needed)),
                ("Policy", view! { <ul class="bare">{policy}</ul> }.into_any()),
                ("Version seen", view! { {shown.version} }.into_any()),
                ("An approval binds to", view! { <Digest hex=shown.digest.clone() /> }.into_any()),
            ])}
            {why_not(id, shown)}
        </li>
    }
    .into_any()
}

/// What will run, as it is.
fn plan(shown: &Shown) -> AnyView {
    match (&shown.gate, &shown.plan) {
        (Some(gate), _) => view! {
            {exact("Command", &gate.line)}
            <p class="small">"Runs where it was asked for, in " <code>{visible(&gate.working_dir)}</code></p>
        }
        .into_any(),
        (None, Some(plan)) => exact("Plan", plan),
        (None, None) => {
            view! { <p class="quiet-text">"It has no plan: the goal is all that is asked."</p> }.into_any()
        }
    }
}

fn exact(label: &'static str, text: &str) -> AnyView {
    if text.lines().count() > LINES || text.chars().count() > CHARACTERS {
        return folded(label, label, text);
    }
    view! { <p class="label-of">{label}</p> <Exact text=text.to_owned() label=label /> }.into_any()
}

fn folded(title: &'static str, label: &'static str, text: &str) -> AnyView {
    let (lines, characters) = (text.lines().count(), text.chars().count());
    let size = match lines {
        1 => format!("{title}: {characters} characters"),
        _ => format!("{title}: {lines} lines, {characters} characters"),
    };
    view! {
        <details class="fold">
            <summary>{size}</summary>
            <Exact text=text.to_owned() label=label />
        </details>
    }
    .into_any()
}

/// What stands in the way of deciding it, and what to do.
fn why_not(id: &str, shown: &Shown) -> AnyView {
    let line =
        |what: &str, reason: &String| view! { <p>{format!("{what}: {}", sentence(&visible(reason)))}</p> };
    let approve = shown.no_approval.as_ref().map(|reason| line("You cannot approve it", reason));
    let reject = shown.no_rejection.as_ref().map(|reason| line("You cannot reject it", reason));
    let again = shown.step_up.filter(|_| shown.no_approval.is_none()).map(|minutes| {
        let back = address("/decide", &[("id", id)]);
        let href = address("/sign-in/again", &[("next", &back)]);
        view! { <p>{words::step_up(minutes)} " " <a href=href>"Sign in again"</a></p> }
    });
    if approve.is_none() && reject.is_none() && again.is_none() {
        return ().into_any();
    }
    notice_still(Tone::Waiting, "", view! { {approve} {reject} {again} })
}
