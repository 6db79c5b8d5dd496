//! One decision: what will run, what it needs, who decided, and what the reader can do about it.

use super::acts::{Acts, acts_panel};
use super::drafts::Drafts;
use super::form::Desk;
use super::fresh::Fresh;
use super::live;
use super::places::NEXT;
use super::watch::Watch;
use crate::api::decision_parts::{DecisionParts, Look};
use crate::api::load::{Ask, Told};
use crate::browser;
use crate::components::loaded::loaded_again;
use crate::components::made::made;
use crate::components::page_title::PageTitle;
use crate::query::use_query;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the page keeps while it is made anew.
#[derive(Clone, Copy)]
struct Kept {
    acts: Acts,
    drafts: Drafts,
    fresh: Fresh,
    watch: Watch,
    /// The form that the address asks for: `approve`, `reject` or none.
    asked: Signal<String>,
    /// Whether that form still has to get the focus.
    due: StoredValue<bool>,
    /// The place of the reader's own event that was recorded last.
    recorded: RwSignal<Option<u32>>,
    /// Whether its notice still has to get the focus.
    told: StoredValue<bool>,
    /// Grows when an answer to what the reader did is in, and what it means is known.
    turn: RwSignal<u32>,
}

/// The page.
#[component]
pub fn DecisionDetail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.try_with(|params| params.get("id")).flatten().unwrap_or_default());
    let query = use_query();
    let cancelling = Memo::new(move |_| query.try_with(|query| query.has("cancel")).unwrap_or_default());
    let asked = Memo::new(move |_| query.try_with(|query| query.get("act")).unwrap_or_default());
    let kept = Kept {
        acts: Acts::new(),
        drafts: Drafts::of_query(&query.get_untracked()),
        fresh: Fresh::new(id.into()),
        watch: Watch::new(id.into(), cancelling.into()),
        asked: asked.into(),
        due: StoredValue::new(true),
        recorded: RwSignal::new(query.get_untracked().get("recorded").parse().ok()),
        told: StoredValue::new(false),
        turn: RwSignal::new(0),
    };
    follow(kept, id);
    let Kept { fresh, watch, turn, .. } = kept;
    let look = move || Look {
        seen: query.try_get_untracked().and_then(|query| query.get("seen").parse().ok()),
        recorded: kept.recorded.try_get_untracked().flatten(),
    };
    let shown = loaded_again(
        move || Ask::Decision(id.try_get().unwrap_or_default(), look()),
        move || turn.try_get().unwrap_or_default() + watch.turn() + fresh.turn(),
        move |told| match told {
            // An answer may come when the reader has left the page.
            Told::Decision(page) if kept.due.try_get_value().is_some() => {
                kept.drafts.restore(page.draft.as_ref());
                watch.take(&page);
                fresh.take(&page);
                let made = shown(&page, kept);
                settle(kept);
                made
            }
            _ => ().into_any(),
        },
    );
    view! {
        {fresh.banner()}
        {shown}
        <p class="unheard" role="status">{move || fresh.heard().unwrap_or_else(|| watch.heard_of())}</p>
    }
}

/// What happens to what is kept when the reader acts or goes on.
fn follow(kept: Kept, id: Memo<String>) {
    let Kept { acts, drafts, fresh, .. } = kept;
    // Another decision in the same place starts with empty fields, and so does one that accepted what was typed.
    Effect::new(move |before: Option<String>| {
        let now = id.try_get().unwrap_or_default();
        if before.is_some_and(|before| before != now) {
            drafts.clear();
            acts.forget();
            kept.recorded.set(None);
            kept.due.set_value(true);
        }
        now
    });
    Effect::new(move |_| {
        if acts.pending() {
            fresh.own(true);
        } else if acts.unsent() {
            fresh.own(false);
        }
    });
    Effect::new(move |before: Option<u32>| {
        let now = acts.turn();
        if before.is_some_and(|before| before != now) {
            if acts.recorded() {
                // The version that the reader saw is the place that the next event gets: any other was refused.
                kept.recorded.set(Some(fresh.version()));
                kept.told.set_value(true);
            }
            if acts.succeeded() {
                drafts.clear();
                // The form that held the focus is gone; without this the next key would start at the top of the page.
                browser::focus("main");
            }
            kept.turn.update(|turn| *turn += 1);
        }
        now
    });
    Effect::new(move |before: Option<String>| {
        let now = kept.asked.try_get().unwrap_or_default();
        if before.is_some_and(|before| before != now) {
            kept.due.set_value(true);
            settle(kept);
        }
        now
    });
}

/// Moves the focus to what the reader waits for, once what is shown has it.
fn settle(kept: Kept) {
    if kept.told.try_get_value() == Some(true) {
        kept.told.set_value(false);
        browser::focus_next(NEXT);
    } else if kept.due.try_get_value() == Some(true) {
        kept.due.set_value(false);
        match kept.asked.try_get_untracked().unwrap_or_default().as_str() {
            "approve" => browser::focus_next("comment"),
            "reject" => browser::focus_next("reject_reason"),
            _ => {}
        }
    }
}

fn shown(page: &DecisionParts, kept: Kept) -> AnyView {
    let Kept { acts, drafts, fresh, watch, asked, .. } = kept;
    let desk = Desk {
        id: page.id.clone(),
        version: page.version,
        reader: page.reader.clone(),
        acts,
        drafts,
        fresh,
        asked,
    };
    view! {
        <PageTitle text=page.title.clone() />
        <article class="page decision">
            {made(&page.recorded)}
            <header class="head">
                <div class="over">{made(&page.crumbs)} {fresh.company()}</div>
                {made(&page.head)}
            </header>
            <div class="columns">
                // Once it runs or has run, that comes first.
                <div class="wide first">
                    {page.running.as_ref().map(|run| live::section(run, watch, &desk))}
                    {made(&page.first)}
                </div>
                <div class="side">{acts_panel(page, &desk)} {made(&page.beside)}</div>
                <div class="wide">{made(&page.below)}</div>
            </div>
            {made(&page.bar)}
        </article>
    }
    .into_any()
}

/// All of it, for the test with hostile text.
#[cfg(test)]
pub(super) fn readable(page: &DecisionParts) -> AnyView {
    let id = Signal::stored(page.id.clone());
    let kept = Kept {
        acts: Acts::new(),
        drafts: Drafts::of_query(&crate::query::Query::default()),
        fresh: Fresh::new(id),
        watch: Watch::new(id, Signal::stored(true)),
        asked: Signal::stored(String::new()),
        due: StoredValue::new(false),
        recorded: RwSignal::new(None),
        told: StoredValue::new(false),
        turn: RwSignal::new(0),
    };
    kept.watch.take(page);
    view! { {shown(page, kept)} }.into_any()
}
