//! The parts of the overview, each a chart with the table that it was drawn from.

use super::charts::{Bar, bars, legend};
use super::words::{self, grouped, lasting, month, short_month};
use crate::components::empty::empty;
use crate::components::exact::Said;
use crate::components::panel::panel;
use crate::components::state_badge::StateBadge;
use crate::components::time::Time;
use crate::text::{encoded, shortened};
use control::overview::{Month, Overview, Rejection};
use leptos::prelude::*;

/// Longest goal in a line.
const GOAL: usize = 160;
/// Longest reason that is quoted; the decision has the whole.
const REASON: usize = 600;

/// What is open now, by state, and what has waited longest.
pub fn open(seen: &Overview) -> AnyView {
    let total: usize = seen.open.iter().map(|(_, number)| number).sum();
    if total == 0 {
        let text = "No decision is being prepared, waits for approvals, is ready to run, or runs.";
        return panel(
            "open",
            "Open work",
            empty("Nothing is open.", text, Some(("/decisions", "All decisions"))),
        );
    }
    let rows: Vec<_> = seen
        .open
        .iter()
        .map(|(state, number)| {
            let href = format!("/decisions?state={}", state.as_str());
            view! {
                <tr>
                    <th scope="row"><StateBadge state=state.as_str() /></th>
                    <td class="number"><a href=href>{number.to_string()}</a></td>
                </tr>
            }
        })
        .collect();
    // Numbers that stop somewhere say so first, or they would be read as all there is.
    let more = seen.more_open.then(|| {
        let oldest = grouped(wide(total));
        view! { <p><strong>{format!("More than {oldest} decisions are open.")}</strong>{format!(" Of the oldest {oldest}:")}</p> }
    });
    let oldest = seen.oldest.as_ref().map_or_else(
        || view! { <p>"Nothing waits for approvals."</p> }.into_any(),
        |oldest| {
            let seconds = u64::try_from((seen.now.micros() - oldest.since.micros()) / 1_000_000).unwrap_or(0);
            let href = format!("/decisions/{}", encoded(oldest.id.as_str()));
            view! {
                <p class="oldest">
                    "Waiting longest, for " <strong>{lasting(seconds)}</strong> ": "
                    <a href=href><Said text=goal(&oldest.goal) /></a>
                </p>
            }
            .into_any()
        },
    );
    let body = view! {
        {more}
        <table class="small-table">
            <caption class="unheard">"Open decisions by state, at this moment"</caption>
            <thead><tr><th scope="col">"State"</th><th scope="col" class="number">"Decisions"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {oldest}
    };
    panel("open", "Open work", body)
}

/// How long it took until something was decided.
pub fn times(seen: &Overview) -> AnyView {
    let said = |month: &Month| {
        month.within.map_or_else(
            || "nothing decided".to_owned(),
            |(half, most)| format!("{} · {}", lasting(half), lasting(most)),
        )
    };
    let drawn = drawn(seen, said, |month| {
        month.within.map_or((0, 0), |(half, most)| (half, most.saturating_sub(half)))
    });
    let rows = rows(seen, |month| {
        let (half, most) = month
            .within
            .map_or_else(|| ("–".to_owned(), "–".to_owned()), |(half, most)| (lasting(half), lasting(most)));
        vec![grouped(month.asked), grouped(month.decided), half, most]
    });
    let decided: u64 = seen.months.iter().map(|month| month.decided).sum();
    let body = if decided == 0 {
        empty("Nothing was decided in this time.", "What was asked for still waits, or was taken back.", None)
    } else {
        view! {
            <figure class="chart">
                {bars("times", "Time to decision by month", &drawn)}
                <figcaption>{legend("times", "half were decided within", "nine of ten were decided within")}</figcaption>
            </figure>
        }
        .into_any()
    };
    let heads = ["Asked for", "Decided", "Half within", "Nine of ten within"];
    panel(
        "times-part",
        "Time to decision",
        view! { <p class="hint">{words::ROUNDED}</p> {body} {table("Time to decision by month", &heads, rows)} },
    )
}

/// What was rejected, and why.
pub fn rejections(seen: &Overview) -> AnyView {
    let all: u64 = seen.months.iter().map(|month| month.rejected).sum();
    if all == 0 {
        let none =
            empty("Nothing was rejected in this time.", "Whoever rejects says why; it stands here.", None);
        return panel("rejections-part", "Rejections and why", none);
    }
    let drawn = drawn(seen, |month| grouped(month.rejected), |month| (month.rejected, 0));
    let rows = rows(seen, |month| vec![grouped(month.rejected)]);
    let quotes: Vec<_> = seen.rejections.iter().map(quote).collect();
    let heading = if wide(seen.rejections.len()) < all { "The newest, and why" } else { "Why" };
    let body = view! {
        <figure class="chart">{bars("rejections", "Rejections by month", &drawn)}</figure>
        {table("Rejections by month", &["Rejections"], rows)}
        <h3>{heading}</h3>
        <ol class="quotes">{quotes}</ol>
    };
    panel("rejections-part", "Rejections and why", body)
}

fn quote(rejection: &Rejection) -> AnyView {
    let href = format!("/decisions/{}", encoded(rejection.id.as_str()));
    view! {
        <li>
            <blockquote><Said text=shortened(&rejection.reason, REASON) /></blockquote>
            <p class="small">
                <Said text=shortened(&rejection.by, GOAL) /> " rejected " <a href=href><Said text=goal(&rejection.goal) /></a> ", "
                <Time at=rejection.at.micros() absolute=true />
            </p>
        </li>
    }
    .into_any()
}

/// How runs ended.
pub fn runs(seen: &Overview) -> AnyView {
    let ended = |month: &Month| (month.applied.0 + month.rehearsed.0, month.applied.1 + month.rehearsed.1);
    let all: u64 = seen.months.iter().map(|month| ended(month).0 + ended(month).1).sum();
    if all == 0 {
        let none =
            empty("Nothing ran in this time.", "Real runs and rehearsals are counted when they end.", None);
        return panel("runs-part", "Runs", none);
    }
    let said = |month: &Month| match ended(month) {
        (0, 0) => "nothing ran".to_owned(),
        (well, failed) => format!("{} well, {} failed", grouped(well), grouped(failed)),
    };
    let drawn = drawn(seen, said, ended);
    let rows = rows(seen, |month| {
        [month.applied.0, month.applied.1, month.rehearsed.0, month.rehearsed.1].map(grouped).to_vec()
    });
    let heads = ["Real, well", "Real, failed", "Rehearsed, well", "Rehearsed, failed"];
    let body = view! {
        <p class="hint">{words::RUNS}</p>
        <figure class="chart">
            {bars("runs", "Runs by month, and how they ended", &drawn)}
            <figcaption>{legend("runs", "ended well", "failed")}</figcaption>
        </figure>
        {table("Runs by month", &heads, rows)}
    };
    panel("runs-part", "Runs", body)
}

fn drawn(
    seen: &Overview,
    words: impl Fn(&Month) -> String,
    parts: impl Fn(&Month) -> (u64, u64),
) -> Vec<Bar> {
    let bar = |one: &Month| Bar { label: short_month(&one.month), parts: parts(one), words: words(one) };
    seen.months.iter().map(bar).collect()
}

fn rows(seen: &Overview, cells: impl Fn(&Month) -> Vec<String>) -> Vec<(String, Vec<String>)> {
    seen.months.iter().map(|one| (month(&one.month), cells(one))).collect()
}

/// The table behind a chart: a row for each month.
fn table(name: &'static str, heads: &[&'static str], rows: Vec<(String, Vec<String>)>) -> AnyView {
    let heads: Vec<_> =
        heads.iter().map(|head| view! { <th scope="col" class="number">{*head}</th> }).collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(month, cells)| {
            let cells: Vec<_> =
                cells.into_iter().map(|cell| view! { <td class="number">{cell}</td> }).collect();
            view! { <tr><th scope="row">{month}</th>{cells}</tr> }
        })
        .collect();
    view! {
        <details class="behind">
            <summary>{name}", as a table"</summary>
            <div class="wide" tabindex="0" role="group" aria-label=name>
                <table>
                    <caption class="unheard">{name}</caption>
                    <thead><tr><th scope="col">"Month"</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn goal(goal: &str) -> String {
    if goal.is_empty() { "a decision without a goal".to_owned() } else { shortened(goal, GOAL) }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
