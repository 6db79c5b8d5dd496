//! The inbox: what waits for the reader and what they wait for, each list a tab with an address of its own. Rows never
//! move by themselves: what is new is announced, and shown when the reader wants it.

#[cfg(feature = "ssr")]
pub(crate) mod list;
mod news;
pub mod words;

use crate::api::lists::{Inbox, InboxTab};
use crate::api::load::{Ask, Told};
use crate::components::link_state::link_state;
use crate::components::loaded::loaded_again;
use crate::components::made::made;
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
                // As soon as the rows are there: what the reader had ticked, and where they were.
                if let Some(kept) = news.kept.try_update_value(Option::take).flatten() {
                    rows::restore(kept);
                }
                shown(&inbox, news)
            }
            _ => ().into_any(),
        },
    )
}

fn shown(inbox: &Inbox, news: News) -> AnyView {
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
                {made(&inbox.list)}
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
