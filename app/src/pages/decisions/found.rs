//! Decisions that match, with the plain GET form that narrows them: every filter stands in the address. Only the server
//! makes it.

use crate::api::lists::{Filter, Rows};
use crate::components::decision_table::{Columns, decisions, pager};
use crate::components::empty;
use crate::components::icons::{Icon, icon};
use crate::components::notice::{Tone, notice_box};
use crate::components::tabs::{Tab, tabs};
use crate::error::AppError;
use crate::query::{Query, address};
use crate::text::{count, visible};
use crate::words;
use governance::State;
use leptos::prelude::*;

/// Decisions that match, with what their page offers beside them.
pub(crate) struct Matching {
    /// A page of them.
    pub rows: Rows,
    /// How many there are in all, where that can be said without reading them.
    pub total: Option<u32>,
    /// The reader's actor id, for a filter.
    pub me: String,
    /// The day a week ago, for a filter.
    pub week_ago: String,
}

/// Fields of the filter form, in the order of the address: name and words.
const FIELDS: [(&str, &str); 7] = [
    ("state", "State"),
    ("text", "Words"),
    ("person", "Person"),
    ("label", "Label"),
    ("template", "Template"),
    ("from", "From"),
    ("until", "Until"),
];

/// What the query of an address narrows them to.
pub(crate) fn filter(query: &Query) -> Filter {
    Filter {
        state: query.get("state"),
        person: query.get("person"),
        label: query.get("label"),
        template: query.get("template"),
        text: query.get("text"),
        from: query.get("from"),
        until: query.get("until"),
        after: query.get("after"),
    }
}

/// The address without one of the filters (none of them when it is empty), on its first page.
fn without(query: &Query, left_out: &str) -> String {
    let values: Vec<(&str, String)> = FIELDS
        .iter()
        .filter(|(name, _)| *name != left_out)
        .map(|(name, _)| (*name, query.get(name)))
        .collect();
    let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    address("/decisions", &pairs)
}

/// The form that narrows them, and what is in use.
fn form(query: &Query) -> AnyView {
    let now = query.get("state");
    let mut states = vec![("", "Any state"), ("open", "Open")];
    states.extend(State::ALL.iter().map(|state| (state.as_str(), words::state(state.as_str()).0)));
    let states: Vec<_> = states
        .into_iter()
        .map(|(word, text)| view! { <option value=word selected=word == now>{text}</option> })
        .collect();
    let input = |name: &'static str, label: &'static str, kind: &'static str| {
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <input id=name name=name type=kind value=query.get(name) />
            </div>
        }
    };
    let fields = view! {
        <div class="field">
            <label for="state">"State"</label>
            <select id="state" name="state">{states}</select>
        </div>
        {input("text", "Words or id", "search")}
        {input("person", "Person (e-mail)", "text")}
        {input("label", "Label", "text")}
        {input("template", "Template", "text")}
        {input("from", "From (UTC)", "date")}
        {input("until", "Until (UTC)", "date")}
    };
    // Without `autocomplete` the browser would put in again what was chosen before going back.
    view! {
        <form class="filters" method="get" action="/decisions" role="search" aria-label="Filter decisions" autocomplete="off">
            {fields}
            <p class="actions"><button type="submit">{icon(Icon::Filter)} "Filter"</button></p>
        </form>
        {chips(query)}
    }
    .into_any()
}

fn chips(query: &Query) -> Option<AnyView> {
    let chips: Vec<_> = FIELDS
        .iter()
        .filter_map(|(name, label)| {
            let value = query.get(name);
            if value.is_empty() {
                return None;
            }
            let shown = match (*name, value.as_str()) {
                ("state", "open") => "Open".to_owned(),
                ("state", word) => words::state(word).0.to_owned(),
                _ => visible(&value),
            };
            Some(view! {
                <li>
                    <a class="chip" href=without(query, name)>
                        {format!("{label}: ")} <bdi>{shown}</bdi> <span aria-hidden="true">" ×"</span>
                        <span class="unheard">" – remove this filter"</span>
                    </a>
                </li>
            })
        })
        .collect();
    (!chips.is_empty()).then(|| {
        view! {
            <ul class="chips" aria-label="Filters in use">
                {chips}
                <li><a class="chip clear" href="/decisions">"Clear all"</a></li>
            </ul>
        }
        .into_any()
    })
}

/// Filters that many people want, as addresses.
fn views(found: &Matching, query: &Query) -> AnyView {
    let here = without(query, "");
    let view = |text: &'static str, pairs: &[(&str, &str)]| {
        let href = address("/decisions", pairs);
        Tab { current: href == here, href, text, count: None }
    };
    let all = vec![
        view("All", &[]),
        view("Waiting", &[("state", State::PendingApproval.as_str())]),
        view("Failed this week", &[("state", State::Failed.as_str()), ("from", &found.week_ago)]),
        view("Mine", &[("person", &found.me)]),
    ];
    tabs("Saved views", all)
}

/// The page of those that match.
pub(crate) fn shown(found: Matching, query: &Query) -> AnyView {
    let narrowed = FIELDS.iter().any(|(name, _)| query.has(name) && !query.get(name).is_empty());
    let later = !query.get("after").is_empty();
    let (form, views) = (form(query), views(&found, query));
    if found.rows.rows.is_empty() {
        return view! { {form} {views} {nothing(narrowed || later)} }.into_any();
    }
    let first = without(query, "");
    let next = found.rows.next.map(|cursor| {
        let joint = if first.contains('?') { '&' } else { '?' };
        format!("{first}{joint}after={}", crate::text::encoded(&cursor))
    });
    let total = found.total.map(|total| {
        let noun = if total == 1 { "decision" } else { "decisions" };
        view! { <p class="quiet-text">{format!("{} {noun}, newest first", count(total))}</p> }
    });
    view! {
        {form}
        {views}
        {total}
        {decisions(&found.rows.rows, "Decisions, newest first", Columns::Plain)}
        {pager(next, later.then_some(first))}
    }
    .into_any()
}

/// The page where a filter makes no sense.
pub(crate) fn wrong_filter(error: &AppError, query: &Query) -> AnyView {
    let way_out = view! { <p><a href="/decisions">"Clear all filters"</a></p> };
    view! { {form(query)} {notice_box(Tone::Bad, &visible(&error.words_of_page()), way_out)} }.into_any()
}

fn nothing(narrowed: bool) -> AnyView {
    if narrowed {
        let clear = Some(("/decisions", "Clear all filters"));
        return empty::empty(
            "No decision matches these filters.",
            "Take one of them away, or begin anew.",
            clear,
        );
    }
    empty::empty(
        "No decisions yet.",
        "A decision begins with a request: what is to be done, and under which policy.",
        Some(("/requests/new", "New request")),
    )
}

#[cfg(test)]
mod tests {
    use super::without;
    use crate::query::Query;

    #[test]
    fn removing_a_filter_keeps_the_others_and_starts_at_the_first_page() {
        let query = Query::parse("state=open&text=a+b&after=xyz");
        assert_eq!(without(&query, "state"), "/decisions?text=a%20b");
        assert_eq!(without(&query, ""), "/decisions?state=open&text=a%20b");
    }
}
