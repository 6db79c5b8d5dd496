//! The overview: how deciding goes in a workspace, for those who look after it. What is open, what has waited longest,
//! how long it takes, who approves, what was rejected and why, how runs ended. It refuses to decide anything.

mod charts;
mod parts;
mod people;
mod words;

use crate::components::empty::empty;
use crate::components::loaded_once::loaded_once;
use crate::components::notice::{Tone, notice_still};
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::query::use_query;
use crate::ssr::enter;
use control::overview::{Overview, Span};
use leptos::prelude::*;

/// The page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let span = Span::of(&use_query().get_untracked().get("days"));
    view! {
        <PageTitle text=words::TITLE />
        {loaded_once(load(span), move |seen| shown(span, &seen))}
    }
}

async fn load(span: Span) -> Result<Overview, AppError> {
    let (control, caller) = enter()?;
    Ok(control.overview(&caller, span).await?)
}

fn shown(span: Span, seen: &Overview) -> AnyView {
    view! {
        <div class="page overview">
            <header class="head">
                <h1>{words::TITLE}</h1>
                <p class="byline">
                    {format!("{} to {}. ", words::day(&seen.from), words::day(&seen.until))} {words::OF_WHAT}
                </p>
                {chooser(span)}
            </header>
            {parts::open(seen)}
            {seen.disagree.then(|| {
                notice_still(Tone::Bad, words::DISAGREE, view! { <p>{words::DISAGREE_WHY}</p> })
            })}
            {figures(seen)}
        </div>
    }
    .into_any()
}

/// Everything about the span; one sentence where nothing happened in it.
fn figures(seen: &Overview) -> AnyView {
    let silent = seen.months.iter().all(|month| {
        let runs = month.applied.0 + month.applied.1 + month.rehearsed.0 + month.rehearsed.1;
        month.asked + month.decided + month.rejected + month.approvals + runs == 0
    });
    if silent {
        let text = "Nobody asked for anything, and nothing was decided. Choose a longer time, or make the first request.";
        return empty("Nothing happened in this time.", text, Some(("/requests/new", "New request")));
    }
    view! {
        <div class="parts">
            {parts::times(seen)}
            {people::approvals(seen)}
            {parts::rejections(seen)}
            {parts::runs(seen)}
        </div>
    }
    .into_any()
}

/// A form that asks for another span. It goes into the address, so that it can be sent on.
fn chooser(chosen: Span) -> AnyView {
    let options: Vec<_> = Span::ALL
        .into_iter()
        .map(|span| {
            view! {
                <option value=span.days().to_string() selected=span == chosen>
                    {format!("{} days", span.days())}
                </option>
            }
        })
        .collect();
    view! {
        <form class="inline span" method="get" action="/overview">
            <label for="days">"The last"</label>
            <select id="days" name="days" autocomplete="off">{options}</select>
            <button type="submit">"Show"</button>
        </form>
    }
    .into_any()
}
