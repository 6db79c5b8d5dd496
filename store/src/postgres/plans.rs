//! The query plan of every list question, for the test that none of them walks through a whole table. Tables of a
//! test are small, so that a walk is forbidden first: what has no index still shows itself.

use super::list::{Question, TEMPLATE_USES};
use super::{PostgresStore, beginning, inbox, last, list, news, overview, urgent};
use crate::cursor::Place;
use crate::error::StoreError;
use crate::plans::{askers, shapes};
use crate::projection::words;
use governance::Timestamp;
use sqlx::{Postgres, QueryBuilder};

const EXPLAIN: &str = "EXPLAIN ";

/// The plans, by the names of the questions.
pub async fn query_plans(
    store: &PostgresStore,
    workspace: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    let now = Timestamp::from_micros(1);
    let place = Place { created_us: 1, id: "d".to_owned() };
    let ahead = Place { created_us: 9, id: "d".to_owned() };
    let mut queries: Vec<(String, QueryBuilder<Postgres>)> = Vec::new();
    for (name, filter) in shapes() {
        for (page, place) in [("first", None), ("next", Some(&place))] {
            let question =
                Question { workspace, filter: &filter, place, oldest_first: false, limit: 50, now };
            let mut add = |kind: &str, query| queries.push((format!("{name}{kind}, {page} page"), query));
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
        queries.push((format!("waiting_for{whose}"), waiting));
        queries.push((format!("counts{whose}"), inbox::counts(EXPLAIN, workspace, &actors, now)));
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
            queries.push((format!("{which}{whose}"), query));
        }
        let visible = news::visible(EXPLAIN, workspace, (1, 2_001), Some(&actors), 50);
        queries.push((format!("news{whose}"), visible));
    }
    for (which, query) in [
        ("ended of everybody", urgent::ended(EXPLAIN, workspace, None, now, Some(&ahead), 50, now)),
        ("count_ended of everybody", urgent::count_ended(EXPLAIN, workspace, None, now)),
    ] {
        queries.push((which.to_owned(), query));
    }
    let visible = news::visible(EXPLAIN, workspace, (1, 2_001), None, 50);
    queries.push(("news of everybody".to_owned(), visible));
    queries.push(("news to look at".to_owned(), news::window(EXPLAIN, workspace, 1)));
    let mut uses = QueryBuilder::new(EXPLAIN);
    uses.push(TEMPLATE_USES.replace("$1", "'w'").replace("$2", "'t'").replace("$3", "1000"));
    queries.push(("template_uses".to_owned(), uses));
    for (name, text) in
        [("last_completed by goal", last::BY_GOAL), ("last_completed by template", last::BY_TEMPLATE)]
    {
        let mut query = QueryBuilder::new(EXPLAIN);
        let bound = [("$1", "'w'"), ("$2", "'t'"), ("$3", "1"), ("$4", "'d'"), ("$5", "'t'")];
        query.push(bound.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value)));
        queries.push((name.to_owned(), query));
    }
    for (name, statement) in beginning::STATEMENTS {
        let literal = if name == "weights" { "ARRAY['d', 'e']" } else { "'0123abcd'" };
        let mut query = QueryBuilder::new(EXPLAIN);
        query.push(statement.replace("$1", "'w'").replace("$2", literal).replace("$3", "'0123abcg'"));
        queries.push((name.to_owned(), query));
    }
    queries.push(("what is open".to_owned(), overview::open(EXPLAIN, workspace, now)));
    queries.push(("sums by month".to_owned(), overview::sums(EXPLAIN, workspace, "2026-11-21")));
    queries.push(("newest rejections".to_owned(), overview::rejected(EXPLAIN, workspace, now, 10)));
    let mut tx = store.pool.begin().await?;
    sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut *tx).await?;
    let mut plans = Vec::new();
    for (name, mut query) in queries {
        let lines: Vec<String> = query.build_query_scalar().persistent(false).fetch_all(&mut *tx).await?;
        plans.push((name, lines.join("\n")));
    }
    tx.rollback().await?;
    Ok(plans)
}
