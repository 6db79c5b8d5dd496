//! All decisions, narrowed by a plain GET form: every filter stands in the address.

use crate::answer;
use crate::api::lists::{Filter, Rows};
use crate::api::load::{Ask, Told};
use crate::components::decision_table::{DecisionTable, Pager};
use crate::components::failure::Failure;
use crate::components::loaded::loaded_or;
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::query::{Query, address, use_query};
use crate::text::visible;
use crate::words;
use governance::State;
use leptos::prelude::*;

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

/// The page.
#[component]
pub fn DecisionsPage() -> impl IntoView {
    let query = use_query();
    view! {
        <PageTitle text="Decisions" />
        <div class="page">
            <header class="head">
                <h1>"Decisions"</h1>
            </header>
            {move || form(&query.get())}
            {loaded_or(
                move || Ask::Decisions(query.with(filter)),
                || 0,
                move |answer| match answer {
                    Ok(Told::Decisions(rows)) => shown(rows, &query.get_untracked()),
                    Ok(_) => ().into_any(),
                    Err(error @ AppError::Invalid { .. }) => wrong_filter(&error),
                    Err(error) => view! { <Failure error=error /> }.into_any(),
                },
            )}
        </div>
    }
}

fn filter(query: &Query) -> Filter {
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
    view! {
        <form class="filters" method="get" action="/decisions" role="search" aria-label="Filter decisions" autocomplete="off">
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
            <p class="actions"><button type="submit">"Filter"</button></p>
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

fn shown(rows: Rows, query: &Query) -> AnyView {
    let narrowed = FIELDS.iter().any(|(name, _)| query.has(name) && !query.get(name).is_empty());
    let later = !query.get("after").is_empty();
    if rows.rows.is_empty() {
        return empty(narrowed || later);
    }
    let first = without(query, "");
    let next = rows.next.map(|cursor| {
        let joint = if first.contains('?') { '&' } else { '?' };
        format!("{first}{joint}after={}", crate::text::encoded(&cursor))
    });
    view! {
        <DecisionTable rows=rows.rows caption="Decisions, newest first" />
        <Pager next=next first=later.then_some(first) />
    }
    .into_any()
}

fn wrong_filter(error: &AppError) -> AnyView {
    answer::set_status(error.status());
    view! {
        <div class="notice bad" role="alert">
            <p><span class="sign" aria-hidden="true">"✕"</span>{visible(&error.words_of_page())}</p>
            <p><a href="/decisions">"Clear all filters"</a></p>
        </div>
    }
    .into_any()
}

fn empty(narrowed: bool) -> AnyView {
    if narrowed {
        view! {
            <div class="empty">
                <p><strong>"No decision matches these filters."</strong></p>
                <p><a class="button quiet" href="/decisions">"Clear all filters"</a></p>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="empty">
                <p><strong>"No decisions yet."</strong></p>
                <p>"A decision begins with a request: what is to be done, and under which policy."</p>
                <p><a class="button" href="/requests/new">"New request"</a></p>
            </div>
        }
        .into_any()
    }
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
