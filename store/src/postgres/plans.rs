//! The query plan of every list question, for the test that none of them walks through a whole table. Tables of a
//! test are small, so that a walk is forbidden first: what has no index still shows itself.

use super::list::{Question, TEMPLATE_USES};
use super::{PostgresStore, inbox, news};
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
    let mut queries: Vec<(String, QueryBuilder<Postgres>)> = Vec::new();
    for (name, filter) in shapes() {
        for (page, place) in [("first", None), ("next", Some(&place))] {
            let question =
                Question { workspace, filter: &filter, place, oldest_first: false, limit: 50, now };
            let mut add = |kind: &str, query| queries.push((format!("{name}{kind}, {page} page"), query));
            match &filter.text {
                None => add("", question.by_filter(EXPLAIN)),
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
        let visible = news::visible(EXPLAIN, workspace, (1, 2_001), Some(&actors), 50);
        queries.push((format!("news{whose}"), visible));
    }
    let visible = news::visible(EXPLAIN, workspace, (1, 2_001), None, 50);
    queries.push(("news of everybody".to_owned(), visible));
    queries.push(("news to look at".to_owned(), news::window(EXPLAIN, workspace, 1)));
    let mut uses = QueryBuilder::new(EXPLAIN);
    uses.push(TEMPLATE_USES.replace("$1", "'w'").replace("$2", "'t'").replace("$3", "1000"));
    queries.push(("template_uses".to_owned(), uses));
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
