//! The page of a decision in its parts: what is only read is made here, on the server, by the sections beside this file.

use super::{approvals, compare, evidence, head, missing, recorded, run, start, timeline, what, words};
use crate::api::decision::{ActionKind, DecisionPage};
use crate::api::decision_parts::{DecisionParts, Form, Forms, Look, Running};
use crate::components::crumbs::crumbs;
use crate::components::exact::Digest;
use crate::components::made::Made;
use crate::components::notice::{Tone, notice_still};
use crate::text::{sentence, shortened, visible};
use leptos::prelude::*;

/// All of it.
pub(crate) fn parts(page: &DecisionPage, look: Look) -> DecisionParts {
    let going = page.run.as_ref().filter(|_| page.state == "executing");
    DecisionParts {
        id: page.id.clone(),
        version: page.version,
        reader: String::new(),
        state: page.state.clone(),
        title: shortened(&page.goal, 60),
        recorded: Made::of(recorded::notice(page, look.recorded)),
        crumbs: Made::of(crumbs(&[("/decisions", "Decisions")], &shortened(&page.goal, 40))),
        head: Made::of(head::head(page)),
        running: going.map(|run| {
            Box::new(Running {
                about: Made::of(run::about(run)),
                seconds: run.seconds,
                cancel: form(page, ActionKind::Cancel),
                live: run.live.clone().unwrap_or_default(),
            })
        }),
        first: Made::of((
            page.run.as_ref().filter(|_| going.is_none()).map(run::record),
            what::section(page),
        )),
        forms: forms(page).map(Box::new),
        beside: Made::of((
            missing::section(page),
            approvals::section(page),
            compare::policy(page),
            evidence::section(page),
        )),
        below: Made::of((compare::section(page), timeline::section(page, look.seen))),
        bar: Made::of(head::bar(page)),
        draft: page.draft.clone(),
    }
}

/// What is over and done for everybody has no forms.
fn forms(page: &DecisionPage) -> Option<Forms> {
    let over = matches!(page.state.as_str(), "completed" | "failed" | "rejected" | "withdrawn");
    // These two are for some readers alone; to others they say nothing.
    let quiet = |kind| if page.open(kind) { form(page, kind) } else { Form::Left };
    (!over && !page.imported).then(|| Forms {
        approve: match form(page, ActionKind::Approve) {
            Form::Open(..) => Form::Open(Made::of(page.step_up.map(step_up)), Made::of(binds(page))),
            shut => shut,
        },
        reject: form(page, ActionKind::Reject),
        revoke: quiet(ActionKind::Revoke),
        execute: start::execute(page),
        real: page.mode == "apply",
        withdraw: quiet(ActionKind::Withdraw),
    })
}

/// A form: open, or shut with its reason.
pub(super) fn form(page: &DecisionPage, kind: ActionKind) -> Form {
    match page.reason(kind) {
        Some(reason) => Form::Shut(visible(&sentence(&reason))),
        None => Form::Open(Made::default(), Made::default()),
    }
}

fn step_up(minutes: u32) -> AnyView {
    notice_still(Tone::Waiting, "", view! { <p>{words::step_up(minutes)}</p> })
}

fn binds(page: &DecisionPage) -> AnyView {
    let version = format!(", as it is in version {}.", page.version);
    view! { <p class="hint binds">"You approve " <Digest hex=page.request_digest.clone() /> {version}</p> }
        .into_any()
}
