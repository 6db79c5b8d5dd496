//! The inbox: what waits for the reader, and what they wait for.

use crate::api::lists::Inbox;
use crate::api::load::{Ask, Told};
use crate::components::decision_table::{DecisionTable, Pager};
use crate::components::loaded::loaded;
use crate::components::page_title::PageTitle;
use crate::query::{address, use_query};
use crate::text::count;
use leptos::prelude::*;

/// The page.
#[component]
pub fn InboxPage() -> impl IntoView {
    let query = use_query();
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    loaded(
        move || Ask::Inbox(after.get()),
        move |told| match told {
            Told::Inbox(inbox) => shown(inbox, &after.get_untracked()),
            _ => ().into_any(),
        },
    )
}

fn shown(inbox: Inbox, after: &str) -> AnyView {
    let open = inbox.open_count;
    view! {
        <PageTitle text="Inbox" />
        <div class="page">
            <header class="head">
                <h1>"Inbox"</h1>
                <dl class="figures">
                    <div><dt>"Waiting for you"</dt><dd>{count(inbox.waiting_count)}</dd></div>
                    <div><dt>"Your open requests"</dt><dd>{count(inbox.requested_count)}</dd></div>
                    <div><dt>"Open in all"</dt><dd><a href="/decisions?state=open">{count(open)}</a></dd></div>
                </dl>
            </header>
            {waiting(&inbox, after)}
            {requested(inbox)}
        </div>
    }
    .into_any()
}

fn waiting(inbox: &Inbox, after: &str) -> AnyView {
    let rows = inbox.waiting.rows.clone();
    let body = if !rows.is_empty() {
        let next = inbox.waiting.next.clone().map(|cursor| address("/", &[("after", &cursor)]));
        let first = (!after.is_empty()).then(|| "/".to_owned());
        view! {
            <DecisionTable rows=rows caption="Decisions that wait for your approval, oldest first" />
            <Pager next=next first=first />
        }
        .into_any()
    } else if inbox.approver {
        view! {
            <div class="empty">
                <p><strong>"Nothing waits for you."</strong></p>
                <p>"When somebody asks for something that you may approve, it appears here, oldest first."</p>
                <p><a class="button quiet" href="/decisions?state=open">"See all open decisions"</a></p>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="empty">
                <p><strong>"Approvals are not among your roles."</strong></p>
                <p>"An admin can give you the approver role. Your own requests are below."</p>
            </div>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="waiting">
            <h2 id="waiting">"Waiting for you"</h2>
            {body}
        </section>
    }
    .into_any()
}

fn requested(inbox: Inbox) -> AnyView {
    let body = if inbox.requested.rows.is_empty() {
        view! {
            <div class="empty">
                <p><strong>"You have no open requests."</strong></p>
                {inbox.requests.then(|| view! { <p><a class="button" href="/requests/new">"New request"</a></p> })}
            </div>
        }
        .into_any()
    } else {
        let more = inbox.requested.next.is_some();
        view! {
            <DecisionTable rows=inbox.requested.rows caption="Your open requests, newest first" />
            {more.then(|| view! { <p><a href="/decisions?state=open">"All open decisions"</a></p> })}
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="requested">
            <h2 id="requested">"Your open requests"</h2>
            {body}
        </section>
    }
    .into_any()
}
