//! Hostile text through every part that the server makes for lists, forms and the header: it stays text once the part is
//! in its place.

use super::hostile_text::{HOSTILE, harmless, html};
use crate::api::Who;
use crate::api::lists::{InboxTab, Row, Rows};
use crate::api::me::Me;
use crate::components::header::{header, strangers};
use crate::components::made::{Made, made};
use crate::components::takes::takes;
use crate::error::AppError;
use crate::pages::decisions::found;
use crate::pages::inbox::list::{List, list};
use crate::pages::templates::means;
use crate::policy_words::Difference;
use crate::query::{Query, address};
use leptos::prelude::*;

fn text() -> String {
    HOSTILE.to_owned()
}

fn rows() -> Rows {
    let row = Row {
        id: text(),
        goal: text(),
        state: text(),
        mode: text(),
        requester: Who { id: text(), name: text() },
        template: Some(text()),
        labels: vec![text(); 6],
        given: 0,
        needed: 1,
        created_at: 0,
        updated_at: 0,
        next_expiry: Some(0),
        imported: true,
    };
    Rows { rows: vec![row], next: Some(text()) }
}

/// The part in its place, and that it is more than its place.
#[track_caller]
fn placed(view: impl FnOnce() -> AnyView) {
    let html = html(|| made(&Made::of(view())));
    harmless(&html);
    assert!(html.len() > 60 && !html.contains("&lt;div"), "{html}");
}

#[test]
fn a_list_of_the_inbox_keeps_text_as_text() {
    for tab in InboxTab::ALL {
        for rows in [rows(), Rows::default()] {
            let made = List { tab, rows, why: text(), approver: true, requests: true, any_open: true };
            placed(|| list(made, HOSTILE));
        }
    }
}

#[test]
fn found_decisions_and_their_filters_keep_text_as_text() {
    let query = Query::parse(&address("", &[("text", HOSTILE), ("state", HOSTILE), ("after", HOSTILE)]));
    for rows in [rows(), Rows::default()] {
        let matching = found::Matching { rows, total: Some(1), me: text(), week_ago: text() };
        placed(|| found::shown(matching, &query));
    }
    let wrong = AppError::Invalid { field: text(), message: text() };
    placed(|| found::wrong_filter(&wrong, &query));
}

#[test]
fn what_a_form_would_make_keeps_text_as_text() {
    placed(|| takes(HOSTILE, &[text()]));
    placed(|| means::differences(&[Difference { field: text(), before: text(), after: text() }]));
    placed(|| means::samples(&[means::Sample { id: text(), goal: text(), differs: text() }]));
}

#[test]
fn the_header_keeps_text_as_text() {
    let me = Me {
        name: text(),
        actor_id: text(),
        roles: vec![text()],
        workspace: text(),
        admin: vec![(text(), text())],
        elsewhere: vec![(text(), text())],
        ..Me::default()
    };
    placed(|| header(&me, HOSTILE));
    placed(|| strangers(HOSTILE));
}
