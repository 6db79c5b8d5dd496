//! The query plan of every list question, for the test that none of them walks through a whole table.

use super::list::{Question, TEMPLATE_USES};
use super::{SqliteStore, beginning, inbox, last, list, news, overview, urgent};
use crate::cursor::Place;
use crate::error::StoreError;
use crate::plans::{askers, shapes};
use crate::projection::words;
use governance::Timestamp;
use sqlx::{AssertSqlSafe, Row as _};

const EXPLAIN: &str = "EXPLAIN QUERY PLAN ";

/// The plans, by the names of the questions.
pub async fn query_plans(store: &SqliteStore, workspace: &str) -> Result<Vec<(String, String)>, StoreError> {
    let now = Timestamp::from_micros(1);
    let place = Place { created_us: 1, id: "d".to_owned() };
    let ahead = Place { created_us: 9, id: "d".to_owned() };
    let mut statements = Vec::new();
    for (name, filter) in shapes() {
        for (page, place) in [("first", None), ("next", Some(&place))] {
            let question =
                Question { workspace, filter: &filter, place, oldest_first: false, limit: 50, now };
            let mut add = |kind: &str, query: sqlx::QueryBuilder<sqlx::Sqlite>| {
                statements.push((format!("{name}{kind}, {page} page"), query.into_string()));
            };
            match &filter.text {
                None => {
                    add("", question.by_filter(EXPLAIN));
                    add(", counted", list::count(EXPLAIN, workspace, &filter, now));
                }
                Some(text) => {
                    add(" in words", question.by_words(EXPLAIN, &words(text)));
                    add(" as id", question.by_id(EXPLAIN, text));
                }
            }
        }
    }
    for (whose, actors) in askers() {
        let waiting = inbox::page(EXPLAIN, workspace, &actors, Some(&place), 50, now);
        statements.push((format!("waiting_for{whose}"), waiting.into_string()));
        let counts = inbox::counts(EXPLAIN, workspace, &actors, now);
        statements.push((format!("counts{whose}"), counts.into_string()));
        let soon = Timestamp::from_micros(2);
        for (which, query) in [
            ("urgent_for, what lapses", urgent::lapsing(EXPLAIN, workspace, &actors, None, 50, now)),
            (
                "urgent_for, what lapses next",
                urgent::lapsing(EXPLAIN, workspace, &actors, Some(&ahead), 50, now),
            ),
            ("urgent_for, the rest", urgent::rest(EXPLAIN, workspace, &actors, None, 50, now)),
            (
                "urgent_for, next of the rest",
                urgent::rest(EXPLAIN, workspace, &actors, Some(("apply", &place)), 50, now),
            ),
            ("ended", urgent::ended(EXPLAIN, workspace, Some(&actors), soon, Some(&ahead), 50, now)),
            ("count_ended", urgent::count_ended(EXPLAIN, workspace, Some(&actors), soon)),
        ] {
            statements.push((format!("{which}{whose}"), query.into_string()));
        }
        let visible = news::visible(EXPLAIN, workspace, (1, 2_001), Some(&actors), 50);
        statements.push((format!("news{whose}"), visible.into_string()));
    }
    for (which, query) in [
        ("ended of everybody", urgent::ended(EXPLAIN, workspace, None, now, Some(&ahead), 50, now)),
        ("count_ended of everybody", urgent::count_ended(EXPLAIN, workspace, None, now)),
    ] {
        statements.push((which.to_owned(), query.into_string()));
    }
    let visible = news::visible(EXPLAIN, workspace, (1, 2_001), None, 50);
    statements.push(("news of everybody".to_owned(), visible.into_string()));
    statements.push(("news to look at".to_owned(), news::window(EXPLAIN, workspace, 1).into_string()));
    for (name, text) in [
        ("template_uses", TEMPLATE_USES),
        ("last_completed by goal", last::BY_GOAL),
        ("last_completed by template", last::BY_TEMPLATE),
    ] {
        statements.push((name.to_owned(), format!("{EXPLAIN}{text}")));
    }
    for (name, statement) in beginning::STATEMENTS {
        statements.push((name.to_owned(), format!("{EXPLAIN}{statement}")));
    }
    for (name, query) in [
        ("what is open", overview::open(EXPLAIN, workspace, now)),
        ("sums by month", overview::sums(EXPLAIN, workspace, "2026-11-21")),
        ("newest rejections", overview::rejected(EXPLAIN, workspace, now, 10)),
    ] {
        statements.push((name.to_owned(), query.into_string()));
    }
    let mut plans = Vec::new();
    for (name, statement) in statements {
        // The text is made of fragments in this crate; parameters stay unbound, which a plan does not mind.
        let rows = sqlx::query(AssertSqlSafe(statement)).persistent(false).fetch_all(&store.readers).await?;
        let lines: Result<Vec<String>, sqlx::Error> = rows.iter().map(|row| row.try_get("detail")).collect();
        plans.push((name, lines?.join("\n")));
    }
    Ok(plans)
}
