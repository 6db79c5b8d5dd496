//! Deciding several at once: a plain page that shows each of them in full, with what an approval binds to, and one form
//! for all. It decides nothing by being opened, and what the reader may not decide cannot be ticked.

pub mod answer;
mod item;
pub mod words;

use crate::api::decide::{DecideSeveral, Item, MOST, Verdict, load};
use crate::components::act::Act;
use crate::components::empty::empty;
use crate::components::failure::FormFailure;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::text_area::TextArea;
use crate::query::use_query;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn DecidePage() -> impl IntoView {
    let act = Act::new(DecideSeveral::PATH);
    let ids = use_query().get_untracked().all("id");
    let asked = ids.len();
    view! {
        <PageTitle text=words::TITLE />
        {loaded_once(load(ids), move |items| shown(items, asked, act))}
    }
}

fn shown(items: Vec<Item>, asked: usize, act: Act) -> AnyView {
    let body = if items.is_empty() {
        let (title, text, step) = words::NOTHING;
        empty(title, text, Some(step))
    } else {
        let how_many = (asked > MOST).then(|| words::how_many(items.len(), asked));
        // The tick is the reader's own act, after they have read what it is for.
        let form = form(items, |_| false, "");
        view! { <p class="lead">{how_many} " " {words::ABOUT}</p> {form} }.into_any()
    };
    view! {
        <div class="page several">
            <header class="head"><h1>{words::TITLE}</h1></header>
            <FormFailure act=act />
            {body}
        </div>
    }
    .into_any()
}

/// The form with all of them; `ticked` says which are ticked from the beginning.
fn form(items: Vec<Item>, ticked: impl Fn(&Item) -> bool, comment: &str) -> AnyView {
    let any = items.iter().any(|item| item.found.as_ref().is_ok_and(crate::api::decide::Shown::open));
    let list: Vec<AnyView> = items
        .iter()
        .map(|item| {
            let tick = ticked(item);
            item::item(item, tick)
        })
        .collect();
    let all: Vec<_> = items
        .iter()
        .map(|item| view! { <input type="hidden" name="all[]" value=item.id.clone() /> })
        .collect();
    let end = any.then(|| end(comment));
    let none = (!any).then(
        || view! { <p>"None of these can be decided by you. " <a href="/">"Back to the inbox"</a></p> },
    );
    // Somebody else may have signed in by the time it is sent, in another tab of the same browser.
    let reader = crate::ssr::enter().map(|(_, caller)| caller.actor.id().to_owned()).unwrap_or_default();
    view! {
        <form method="post" action=DecideSeveral::PATH>
            <input type="hidden" name="reader" value=reader />
            {all}
            <ol class="items" id="items">{list}</ol>
            {end}
            {none}
        </form>
    }
    .into_any()
}

/// The comment and the two buttons.
fn end(comment: &str) -> AnyView {
    let value = RwSignal::new(comment.to_owned());
    let word = |verdict: Verdict| match verdict {
        Verdict::Approve => "approve",
        Verdict::Reject => "reject",
    };
    view! {
        <div class="panel end">
            <div class="field">
                <label for="comment">{words::COMMENT}</label>
                <TextArea name="comment" value=value described_by="comment-hint" />
                <p class="hint" id="comment-hint">{words::COMMENT_HINT}</p>
            </div>
            <p class="actions">
                <button class="main" type="submit" name="verdict" value=word(Verdict::Approve)>"Approve the ticked ones"</button>
                <button class="danger" type="submit" name="verdict" value=word(Verdict::Reject)>"Reject the ticked ones"</button>
                <a class="button quiet" href="/">"Back to the inbox"</a>
            </p>
        </div>
    }
    .into_any()
}
