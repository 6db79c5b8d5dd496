//! The list of a tab: why its first row is the first, the rows, and what stands where there are none. Only the server
//! makes it.

use super::words;
use crate::api::lists::{InboxTab, Rows};
use crate::components::decision_table::{Columns, decisions, pager};
use crate::components::empty::empty;
use crate::query::address;
use leptos::prelude::*;

/// What a list is made of.
pub struct List {
    /// Of which tab.
    pub tab: InboxTab,
    /// Its rows.
    pub rows: Rows,
    /// Why the first row is the first; empty where that needs no words.
    pub why: String,
    /// Whether the reader may approve at all.
    pub approver: bool,
    /// Whether the reader may create requests.
    pub requests: bool,
    /// Whether anything is open.
    pub any_open: bool,
}

/// The list, from this cursor on.
pub fn list(list: List, after: &str) -> AnyView {
    let tab = list.tab;
    let here = address("/", &[("tab", tab.as_str())]);
    if list.rows.rows.is_empty() {
        if !after.is_empty() {
            let (title, text, step) = words::PAGE_EMPTY;
            return empty(title, text, Some((&here, step)));
        }
        let (title, text, step) = words::nothing(tab, list.approver, list.requests, list.any_open);
        return empty(title, text, step);
    }
    let next = list.rows.next.map(|cursor| address("/", &[("tab", tab.as_str()), ("after", &cursor)]));
    let first = (!after.is_empty()).then_some(here);
    let columns = match tab {
        InboxTab::Mine => Columns::Ticked,
        InboxTab::Decided => Columns::Ended,
        InboxTab::Requested | InboxTab::Open => Columns::Plain,
    };
    let why = (!list.why.is_empty()).then(|| view! { <p class="why">{list.why}</p> });
    let table = decisions(&list.rows.rows, words::caption(tab), columns);
    let body = if tab == InboxTab::Mine {
        view! {
            <form method="get" action="/decide">
                {table}
                <div class="together">
                    <button type="submit">{words::TOGETHER}</button>
                    <p class="hint">{words::TOGETHER_HINT}</p>
                </div>
            </form>
        }
        .into_any()
    } else {
        table
    };
    view! { {why} {body} {pager(next, first)} }.into_any()
}
