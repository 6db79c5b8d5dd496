//! Questions that stop: however many decisions there are, no more than so many are read.

use crate::support::{self, Bench, at, execute, id, ws};
use governance::{State, Timestamp};
use store::DecisionFilter;
use store::query::{COUNT_CAP, Like};

/// Six thousand that are over, by one requester; one failed, of the oldest ones. Both engines understand it.
const MANY: &str = "
    INSERT INTO decisions (workspace_id, decision_id, origin, phase, version, goal, mode, requester, template, labels,
        min_approvals, forbid_self_approval, approved_until_us, created_us, updated_us)
    WITH RECURSIVE n (d) AS (SELECT 1 UNION ALL SELECT d + 1 FROM n WHERE d < 6000)
    SELECT 'w', 'd' || d, 'native', CASE WHEN d = 10 THEN 'failed' ELSE 'completed' END, 4,
        'rotate the signing key of the shop, as every month, for customer ' || d, 'apply', 'ann', NULL, '[]', 1, FALSE, 0,
        d, d FROM n";

async fn counting_stops(bench: Bench) {
    execute(&bench.url, MANY).await;
    let by_ann = || DecisionFilter { requester: Some("ann".to_owned()), ..DecisionFilter::default() };
    let from = |micros: i64| Some(Timestamp::from_micros(micros));
    let failed = Some(State::Failed);
    for (name, filter, expected) in [
        ("all", DecisionFilter::default(), Some(COUNT_CAP)),
        ("of one", by_ann(), Some(COUNT_CAP)),
        ("of one, late", DecisionFilter { from: from(5_501), ..by_ann() }, Some(500)),
        ("of nobody", DecisionFilter { requester: Some("bob".to_owned()), ..by_ann() }, Some(0)),
        ("most match", DecisionFilter { state: Some(State::Completed), ..by_ann() }, Some(COUNT_CAP)),
        ("few of many match", DecisionFilter { state: failed, ..by_ann() }, None),
        ("few of a span", DecisionFilter { state: failed, from: from(2_000), ..by_ann() }, Some(0)),
        ("few of an index", DecisionFilter { state: failed, ..DecisionFilter::default() }, Some(1)),
        (
            "a label of none",
            DecisionFilter { label: Some("eu".to_owned()), state: failed, ..DecisionFilter::default() },
            Some(0),
        ),
    ] {
        assert_eq!(bench.store.count(&ws("w"), &filter, at(0)).await.unwrap(), expected, "{name}");
    }
    bench.end().await;
}

/// Goals that begin alike: the newest two hundred are compared, not all.
async fn looking_for_the_same_goal_stops(bench: Bench) {
    execute(&bench.url, MANY).await;
    for (customer, found) in [(6_000, Some("d6000")), (5_801, Some("d5801")), (5_800, None), (10, None)] {
        let goal = format!("rotate the signing key of the shop, as every month, for customer {customer}");
        let last = bench.store.last_completed(&ws("w"), Like::Goal(&goal), (at(0), &id("z"))).await.unwrap();
        assert_eq!(last, found.map(id), "{customer}");
    }
    bench.end().await;
}

#[tokio::test]
async fn counting_stops_on_sqlite() {
    counting_stops(support::sqlite().await).await;
}

#[tokio::test]
async fn counting_stops_on_postgres() {
    counting_stops(support::postgres().await).await;
}

#[tokio::test]
async fn looking_for_the_same_goal_stops_on_sqlite() {
    looking_for_the_same_goal_stops(support::sqlite().await).await;
}

#[tokio::test]
async fn looking_for_the_same_goal_stops_on_postgres() {
    looking_for_the_same_goal_stops(support::postgres().await).await;
}
