//! The inbox: what waits for the reader and what they wait for, each list a tab with an address of its own. Rows never
//! move by themselves: what is new is announced, and shown when the reader wants it.

mod news;
pub mod words;

use crate::api::lists::{Inbox, InboxTab};
use crate::api::load::{Ask, Told};
use crate::components::decision_table::{Columns, Pager, decisions};
use crate::components::empty::empty;
use crate::components::link_state::link_state;
use crate::components::loaded::loaded_again;
use crate::components::page_title::PageTitle;
use crate::components::tabs::{Tab, tabs};
use crate::keys::rows;
use crate::live::{self, Live, Topic};
use crate::query::{address, use_query};
use crate::text::count;
use leptos::prelude::*;
use news::News;

/// The page.
#[component]
pub fn InboxPage() -> impl IntoView {
    let query = use_query();
    let live = live::follow(Signal::derive(|| Topic::Inbox));
    let news = News::new(live);
    loaded_again(
        move || query.with(|query| Ask::Inbox(query.get("tab"), query.get("after"))),
        move || news.turn.get(),
        move |told| match told {
            Told::Inbox(inbox) => {
                let after = query.with_untracked(|query| query.get("after"));
                // As soon as the rows are there: what the reader had ticked, and where they were.
                if let Some(kept) = news.kept.try_update_value(Option::take).flatten() {
                    rows::restore(kept);
                }
                shown(inbox, &after, news)
            }
            _ => ().into_any(),
        },
    )
}

fn shown(inbox: Inbox, after: &str, news: News) -> AnyView {
    let (tab, counts) = (inbox.tab, inbox.counts);
    let title = if tab == InboxTab::Mine && counts[0] > 0 {
        format!("Inbox ({})", count(counts[0]))
    } else {
        "Inbox".to_owned()
    };
    view! {
        <PageTitle text=title />
        <div class="page inbox">
            <header class="head">
                <h1>"Inbox"</h1>
                {link_state(news.live)}
            </header>
            {news_tabs(tab, counts, inbox.approver, news.live)}
            <section aria-label=words::tab(tab)>
                {news.bar(tab, counts)}
                {list(inbox, after)}
            </section>
        </div>
    }
    .into_any()
}

/// The tabs, their numbers as new as they are heard of.
fn news_tabs(current: InboxTab, counts: [u32; 4], approver: bool, live: Live) -> AnyView {
    (move || {
        let mut counts = counts;
        if let Some(news) = live.inbox.get() {
            [counts[0], counts[1], counts[2]] = [news.waiting, news.requested, news.open];
        }
        let own = if approver { InboxTab::Mine } else { InboxTab::Requested };
        let each = InboxTab::ALL.into_iter().zip(counts).map(|(tab, count)| Tab {
            href: address("/", &[("tab", if tab == own { "" } else { tab.as_str() })]),
            text: words::tab(tab),
            count: Some(count),
            current: tab == current,
        });
        tabs("Lists of the inbox", each.collect())
    })
    .into_any()
}

fn list(inbox: Inbox, after: &str) -> AnyView {
    let tab = inbox.tab;
    let here = address("/", &[("tab", tab.as_str())]);
    if inbox.rows.rows.is_empty() {
        if !after.is_empty() {
            let (title, text, step) = words::PAGE_EMPTY;
            return empty(title, text, Some((&here, step)));
        }
        let (title, text, step) = words::nothing(tab, inbox.approver, inbox.requests, inbox.counts[2] > 0);
        return empty(title, text, step);
    }
    let next = inbox.rows.next.map(|cursor| address("/", &[("tab", tab.as_str()), ("after", &cursor)]));
    let first = (!after.is_empty()).then_some(here);
    let columns = match tab {
        InboxTab::Mine => Columns::Ticked,
        InboxTab::Decided => Columns::Ended,
        InboxTab::Requested | InboxTab::Open => Columns::Plain,
    };
    let why = (!inbox.why.is_empty()).then(|| view! { <p class="why">{inbox.why}</p> });
    let table = decisions(inbox.rows.rows, words::caption(tab), columns);
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
    view! { {why} {body} <Pager next=next first=first /> }.into_any()
}
