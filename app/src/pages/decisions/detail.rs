//! One decision: what will run, what it needs, who decided, and what the reader can do about it.

use super::acts::{Acts, acts_panel};
use super::drafts::Drafts;
use super::fresh::Fresh;
use super::watch::Watch;
use super::{approvals, compare, evidence, head, missing, recorded, run, timeline, what};
use crate::api::decision::DecisionPage;
use crate::api::load::{Ask, Told};
use crate::browser;
use crate::components::loaded::loaded_again;
use crate::components::page_title::PageTitle;
use crate::query::use_query;
use crate::text::shortened;
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
}

/// The page.
#[component]
pub fn DecisionDetail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let query = use_query();
    let cancelling = Memo::new(move |_| query.with(|query| query.has("cancel")));
    let asked = Memo::new(move |_| query.with(|query| query.get("act")));
    let kept = Kept {
        acts: Acts::new(),
        drafts: Drafts::of_query(&query.get_untracked()),
        fresh: Fresh::new(id.into()),
        watch: Watch::new(id.into(), cancelling.into()),
        asked: asked.into(),
        due: StoredValue::new(true),
        recorded: RwSignal::new(query.get_untracked().get("recorded").parse().ok()),
        told: StoredValue::new(false),
    };
    follow(kept, id);
    let Kept { acts, fresh, watch, .. } = kept;
    let shown = loaded_again(
        move || Ask::Decision(id.get()),
        move || acts.turn() + watch.turn() + fresh.turn(),
        move |told| match told {
            Told::Decision(page) => {
                kept.drafts.restore(page.draft.as_ref());
                watch.take(&page);
                fresh.take(&page);
                let made = shown(&page, kept, query.get_untracked().get("seen").parse().ok());
                settle(kept);
                made
            }
            _ => ().into_any(),
        },
    );
    view! {
        {fresh.banner()}
        {shown}
        <p class="unheard" role="status">{move || fresh.heard().unwrap_or_else(|| watch.said.get())}</p>
    }
}

/// What happens to what is kept when the reader acts or goes on.
fn follow(kept: Kept, id: Memo<String>) {
    let Kept { acts, drafts, fresh, .. } = kept;
    // Another decision in the same place starts with empty fields, and so does one that accepted what was typed.
    Effect::new(move |before: Option<String>| {
        let now = id.get();
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
        }
    });
    Effect::new(move |_| {
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
    });
    Effect::new(move |before: Option<String>| {
        let now = kept.asked.get();
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
        browser::focus_next(recorded::NEXT);
    } else if kept.due.try_get_value() == Some(true) {
        kept.due.set_value(false);
        match kept.asked.get_untracked().as_str() {
            "approve" => browser::focus_next("comment"),
            "reject" => browser::focus_next("reject_reason"),
            _ => {}
        }
    }
}

fn shown(page: &DecisionPage, kept: Kept, seen: Option<u32>) -> AnyView {
    let title = shortened(&page.goal, 60);
    let Kept { acts, drafts, fresh, watch, asked, .. } = kept;
    view! {
        <PageTitle text=title />
        <article class="page decision">
            {recorded::notice(page, kept.recorded.get_untracked())}
            {head::head(page, fresh.company())}
            <div class="columns">
                // Once it runs or has run, that comes first.
                <div class="wide first">{run::section(page, watch, acts)} {what::section(page)}</div>
                <div class="side">
                    {acts_panel(page, acts, drafts, fresh, asked)}
                    {missing::section(page)}
                    {approvals::section(page)}
                    {compare::policy(page)}
                    {evidence::section(page)}
                </div>
                <div class="wide">
                    {compare::section(page)}
                    {timeline::section(page, seen)}
                </div>
            </div>
            {head::bar(page)}
        </article>
    }
    .into_any()
}

/// All that is only read, for the test with hostile text.
#[cfg(test)]
pub(super) fn readable(page: &DecisionPage, acts: Acts, watch: Watch) -> AnyView {
    view! {
        {recorded::notice(page, Some(0))}
        {head::head(page, ().into_any())}
        {what::section(page)}
        {missing::section(page)}
        {run::section(page, watch, acts)}
        {compare::section(page)}
        {compare::policy(page)}
        {approvals::section(page)}
        {timeline::section(page, None)}
        {evidence::section(page)}
    }
    .into_any()
}
