//! Lists by each filter, and their pages.

use crate::support::{Story, at, attached, created, granted, id, ids, policy, ws};
use governance::event::TemplateRef;
use governance::json::object;
use governance::{Body, Mode, Origin, Standing, State};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{DecisionFilter, PageRequest, Store, StoreError};

#[expect(clippy::unnecessary_wraps, reason = "filters take optional texts, and each test gives several")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// One decision in each state, and one whose approval lapses.
async fn fill(store: &Arc<dyn Store>) {
    let request = |name: &str, seconds: i64| {
        let tale = Story::new("w", name).then(seconds, "ann", created("Rotate the key", &["prod", "eu"]));
        tale.then(seconds, "ann", attached(1, false))
    };
    Story::new("w", "draft").then(0, "bob", created("Draft a plan", &[])).save(store).await;
    request("pending", 1).save(store).await;
    request("approved", 2).then(3, "cid", granted(None)).save(store).await;
    request("lapsing", 3).then(3, "cid", granted(Some(at(60)))).save(store).await;
    request("executing", 4).then(5, "cid", granted(None)).started(6, "ann").save(store).await;
    request("completed", 5).then(6, "cid", granted(None)).started(7, "ann").completed(8).save(store).await;
    let failed = Body::ExecutionFailed {
        error_code: "ROUTER_ERROR".to_owned(),
        error_message: "no".to_owned(),
        run_id: None,
    };
    request("failed", 6).started(7, "ann").then(8, "ann", failed).save(store).await;
    let rejected = Body::DecisionRejected { reason: "no".to_owned() };
    request("rejected", 7).then(8, "dan", rejected).save(store).await;
    request("withdrawn", 8).then(9, "ann", Body::DecisionWithdrawn { reason: None }).save(store).await;
    Story::request("v", "elsewhere", 0, "ann", "Rotate the key").save(store).await;
}

pub async fn by_state(store: &Arc<dyn Store>) {
    fill(store).await;
    for state in State::ALL {
        let filter = DecisionFilter { state: Some(state), ..DecisionFilter::default() };
        let found = ids(store, "w", &filter, at(59)).await;
        match state {
            State::PendingApproval => assert_eq!(found, ["pending"]),
            State::Approved => assert_eq!(found, ["approved", "lapsing"]),
            other => assert_eq!(found, [other.as_str()]),
        }
    }
}

pub async fn counts_are_of_the_same_filters(store: &Arc<dyn Store>) {
    fill(store).await;
    let base = DecisionFilter::default;
    let mut filters = vec![
        base(),
        DecisionFilter { open_only: true, ..base() },
        DecisionFilter { requester: text("bob"), ..base() },
        DecisionFilter { person: text("cid"), ..base() },
        DecisionFilter { label: text("eu"), state: Some(State::Failed), ..base() },
        DecisionFilter { from: Some(at(2)), until: Some(at(5)), ..base() },
        DecisionFilter { visible_to: Some(vec!["bob".to_owned(), "cid".to_owned()]), ..base() },
        DecisionFilter { visible_to: Some(Vec::new()), ..base() },
        DecisionFilter { template: text("none"), ..base() },
    ];
    filters.extend(State::ALL.map(|state| DecisionFilter { state: Some(state), ..base() }));
    for filter in filters {
        let count = store.count(&ws("w"), &filter, at(59)).await.unwrap();
        assert_eq!(
            usize::try_from(count.unwrap()).unwrap(),
            ids(store, "w", &filter, at(59)).await.len(),
            "{filter:?}"
        );
    }
}

pub async fn by_openness(store: &Arc<dyn Store>) {
    fill(store).await;
    let filter = DecisionFilter { open_only: true, ..DecisionFilter::default() };
    assert_eq!(
        ids(store, "w", &filter, at(59)).await,
        ["draft", "pending", "approved", "lapsing", "executing"]
    );
    let filter = DecisionFilter { open_only: true, requester: text("bob"), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["draft"]);
    let filter = DecisionFilter { open_only: true, state: Some(State::Failed), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(59)).await, [""; 0]);
}

pub async fn by_person(store: &Arc<dyn Store>) {
    fill(store).await;
    let by = |person: &str| DecisionFilter { person: text(person), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &by("cid"), at(59)).await, ["approved", "lapsing", "executing", "completed"]);
    assert_eq!(ids(store, "w", &by("dan"), at(59)).await, ["rejected"]);
    assert_eq!(ids(store, "w", &by("bob"), at(59)).await, ["draft"]);
    assert_eq!(ids(store, "w", &by("ann"), at(59)).await.len(), 8);
    assert_eq!(ids(store, "w", &by("nul\0"), at(59)).await, [""; 0]);
}

pub async fn by_requester_and_visibility(store: &Arc<dyn Store>) {
    fill(store).await;
    let filter = DecisionFilter { requester: text("bob"), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["draft"]);
    let filter = DecisionFilter { visible_to: Some(vec!["bob".to_owned()]), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["draft"]);
    // What one may not see does not appear by asking for it.
    let filter = DecisionFilter {
        visible_to: Some(vec!["bob".to_owned()]),
        requester: text("ann"),
        ..DecisionFilter::default()
    };
    assert_eq!(ids(store, "w", &filter, at(59)).await, [""; 0]);
    let filter = DecisionFilter {
        visible_to: Some(vec!["bob".to_owned()]),
        text: text("pending"),
        ..DecisionFilter::default()
    };
    assert_eq!(ids(store, "w", &filter, at(59)).await, [""; 0]);
    // Several ids of one person see what each sees, in one order; nobody sees nothing.
    let seen_by = |actors: &[&str]| DecisionFilter {
        visible_to: Some(actors.iter().map(|actor| (*actor).to_owned()).collect()),
        ..DecisionFilter::default()
    };
    assert_eq!(
        ids(store, "w", &seen_by(&["ann", "bob", "b\0b"]), at(59)).await,
        ids(store, "w", &DecisionFilter::default(), at(59)).await
    );
    let open = DecisionFilter { open_only: true, ..seen_by(&["bob", "cid"]) };
    assert_eq!(ids(store, "w", &open, at(59)).await, ["draft"]);
    for filter in [seen_by(&[]), DecisionFilter { open_only: true, ..seen_by(&[]) }] {
        assert_eq!(ids(store, "w", &filter, at(59)).await, [""; 0]);
    }
}

pub async fn by_label(store: &Arc<dyn Store>) {
    fill(store).await;
    let by = |label: &str| DecisionFilter { label: text(label), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &by("eu"), at(59)).await.len(), 8);
    assert_eq!(ids(store, "w", &by("EU"), at(59)).await, [""; 0]);
    let filter = DecisionFilter { state: Some(State::Failed), ..by("eu") };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["failed"]);
}

pub async fn by_template(store: &Arc<dyn Store>) {
    fill(store).await;
    let snapshot = object([]);
    let template = TemplateRef {
        name: "rotate".to_owned(),
        digest: String::new(),
        snapshot: snapshot.clone(),
        overrides: snapshot,
    };
    Story::new("w", "templated")
        .then(20, "ann", created("goal", &[]))
        .then(20, "ann", Body::PolicyAttached { policy: policy(1, false), template: Some(template) })
        .save(store)
        .await;
    let filter = DecisionFilter { template: text("rotate"), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["templated"]);
    let filter = DecisionFilter { template: text("other"), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &filter, at(59)).await, [""; 0]);
}

pub async fn by_text(store: &Arc<dyn Store>) {
    fill(store).await;
    Story::request("w", "dec_1", 20, "ann", "A word: Straße, ключ и 鍵").save(store).await;
    Story::request("w", "dec_2", 21, "ann", "see dec_1 first").save(store).await;
    let by = |words: &str| DecisionFilter { text: text(words), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &by("ROTATE key"), at(59)).await.len(), 8);
    assert_eq!(ids(store, "w", &by("the plan"), at(59)).await, [""; 0]);
    assert_eq!(ids(store, "w", &by("a plan"), at(59)).await, ["draft"]);
    assert_eq!(ids(store, "w", &by("straße КЛЮЧ"), at(59)).await, ["dec_1"]);
    assert_eq!(ids(store, "w", &by("鍵"), at(59)).await, ["dec_1"]);
    // The id itself, and the goal that speaks of it.
    assert_eq!(ids(store, "w", &by(" dec_1 "), at(59)).await, ["dec_1", "dec_2"]);
    assert_eq!(ids(store, "w", &by("elsewhere"), at(59)).await, [""; 0]);
    assert_eq!(ids(store, "w", &by("?!"), at(59)).await, [""; 0]);
    assert_eq!(ids(store, "w", &by("nul\0"), at(59)).await, [""; 0]);
    assert_eq!(ids(store, "w", &by("  "), at(59)).await.len(), 11);
    let filter = DecisionFilter { state: Some(State::Failed), ..by("rotate") };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["failed"]);
}

pub async fn by_span(store: &Arc<dyn Store>) {
    fill(store).await;
    let span = |from: Option<i64>, until: Option<i64>| DecisionFilter {
        from: from.map(at),
        until: until.map(at),
        ..DecisionFilter::default()
    };
    assert_eq!(ids(store, "w", &span(Some(7), None), at(59)).await, ["rejected", "withdrawn"]);
    assert_eq!(ids(store, "w", &span(None, Some(2)), at(59)).await, ["draft", "pending"]);
    assert_eq!(ids(store, "w", &span(Some(2), Some(5)), at(59)).await, ["approved", "lapsing", "executing"]);
    assert_eq!(ids(store, "w", &span(Some(5), Some(5)), at(59)).await, [""; 0]);
}

pub async fn by_everything_at_once(store: &Arc<dyn Store>) {
    fill(store).await;
    let filter = DecisionFilter {
        state: Some(State::Executing),
        open_only: true,
        person: text("cid"),
        requester: text("ann"),
        label: text("prod"),
        template: None,
        text: text("key rotate"),
        from: Some(at(4)),
        until: Some(at(5)),
        visible_to: Some(vec!["ann".to_owned()]),
        ..DecisionFilter::default()
    };
    assert_eq!(ids(store, "w", &filter, at(59)).await, ["executing"]);
    let none = DecisionFilter { template: text("t"), text: None, ..filter };
    assert_eq!(ids(store, "w", &none, at(59)).await, [""; 0]);
}

pub async fn rows_say_what_the_decision_says(store: &Arc<dyn Store>) {
    let mut tale = Story::new("w", "d")
        .then(0, "ann", created("goal", &["b", "a", "b"]))
        .then(1, "ann", attached(3, true))
        .then(2, "ann", granted(None))
        .then(3, "bob", granted(Some(at(50))))
        .then(4, "cid", granted(Some(at(40))))
        .then(5, "dan", granted(None))
        .then(6, "dan", Body::ApprovalRevoked { reason: None });
    tale.save(store).await;
    let page = PageRequest { limit: 1, ..PageRequest::default() };
    for seconds in [30, 45, 55] {
        let now = at(seconds);
        let rows = store.list(&ws("w"), &DecisionFilter::default(), &page, now).await.unwrap().rows;
        let [row] = rows.as_slice() else { panic!("one row") };
        let decision = &tale.decision;
        assert_eq!((row.id.clone(), row.origin), (id("d"), Origin::Native));
        assert_eq!((row.state, row.version), (decision.state(now, &Standing::of_the_log()), 7));
        assert_eq!(
            (row.goal.as_str(), row.mode.as_str(), row.requester.as_str()),
            ("goal", Mode::Apply.as_str(), "ann")
        );
        assert_eq!(row.labels, ["b", "a", "b"]);
        assert_eq!((row.template.clone(), row.min_approvals), (None, 3));
        assert_eq!(row.active_approvals, decision.active_approvals(now, &Standing::of_the_log()));
        assert_eq!((row.created_at, row.updated_at), (at(0), at(6)));
        let expected = if seconds < 40 {
            Some(at(40))
        } else if seconds < 50 {
            Some(at(50))
        } else {
            None
        };
        assert_eq!(row.next_expiry, expected);
    }
}

pub async fn newest_first_is_the_other_way_round(store: &Arc<dyn Store>) {
    fill(store).await;
    let oldest = ids(store, "w", &DecisionFilter::default(), at(59)).await;
    let mut page = PageRequest { after: None, limit: 4, oldest_first: false };
    let mut newest = Vec::new();
    loop {
        let found = store.list(&ws("w"), &DecisionFilter::default(), &page, at(59)).await.unwrap();
        newest.extend(found.rows.iter().map(|row| row.id.to_string()));
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    newest.reverse();
    assert_eq!(newest, oldest);
}

pub async fn pages_cover_everything_once_while_rows_are_added(store: &Arc<dyn Store>) {
    // Many of the same moment: the id decides among them.
    for number in 0..25 {
        Story::request("w", &format!("d{number:02}"), number / 10, "ann", "goal").save(store).await;
    }
    for oldest_first in [false, true] {
        let mut page = PageRequest { after: None, limit: 7, oldest_first };
        let (mut seen, mut count) = (BTreeSet::new(), 0);
        loop {
            let found = store.list(&ws("w"), &DecisionFilter::default(), &page, at(9)).await.unwrap();
            for row in found.rows.iter().filter(|row| row.id.as_str().starts_with('d')) {
                seen.insert(row.id.to_string());
                count += 1;
            }
            // New ones come before and after the page; neither may push a row off or repeat one.
            for (name, seconds) in [("early", -5), ("late", 5)] {
                let name = format!("{name} {oldest_first} {count}");
                Story::request("w", &name, seconds, "ann", "goal").save(store).await;
            }
            match found.next {
                Some(next) if count < 100 => page.after = Some(next),
                _ => break,
            }
            if seen.len() == 25 {
                break;
            }
        }
        assert_eq!((seen.len(), count), (25, 25));
    }
}

pub async fn an_approval_lapses_without_a_write(store: &Arc<dyn Store>) {
    fill(store).await;
    let head = store.head().await.unwrap();
    let state = |micros: i64| async move {
        let now = governance::Timestamp::from_micros(at(60).micros() + micros);
        let filter = DecisionFilter { text: text("lapsing"), ..DecisionFilter::default() };
        let page = PageRequest { limit: 9, ..PageRequest::default() };
        let rows = store.list(&ws("w"), &filter, &page, now).await.unwrap().rows;
        let pending = DecisionFilter { state: Some(State::PendingApproval), ..DecisionFilter::default() };
        let listed = ids(store, "w", &pending, now).await.contains(&"lapsing".to_owned());
        assert_eq!(listed, rows[0].state == State::PendingApproval);
        (rows[0].state, rows[0].active_approvals)
    };
    assert_eq!(state(-1).await, (State::Approved, 1));
    assert_eq!(state(0).await, (State::PendingApproval, 0));
    assert_eq!(store.head().await.unwrap(), head);
}

pub async fn a_foreign_cursor_is_refused(store: &Arc<dyn Store>) {
    for cursor in ["", "x", "0000000000000000", "000000000000000000"] {
        let page = PageRequest { after: text(cursor), limit: 9, oldest_first: false };
        let error = store.list(&ws("w"), &DecisionFilter::default(), &page, at(0)).await.unwrap_err();
        assert!(matches!(error, StoreError::Cursor));
        assert!(matches!(
            store.waiting_for(&ws("w"), &["a".to_owned()], &page, at(0)).await,
            Err(StoreError::Cursor)
        ));
        assert!(matches!(store.templates(&ws("w"), None, &page).await, Err(StoreError::Cursor)));
    }
}

pub async fn no_question_walks_through_a_table(store: &Arc<dyn Store>) {
    fill(store).await;
    let plans = store.query_plans(&ws("w")).await.unwrap();
    assert!(plans.len() > 40);
    for (name, plan) in plans {
        assert!(!plan.is_empty(), "{name}");
        // `SCAN (subquery-1)` and `SCAN CONSTANT ROW` read what an index has given already, `SCAN json_each` the ids
        // that were asked for.
        let given = ["SCAN (", "CONSTANT", "SCAN json_each ", "SCAN lapsing", "SCAN alike"];
        let scans = plan
            .lines()
            .any(|line| line.trim().starts_with("SCAN ") && !given.iter().any(|given| line.contains(given)));
        // The log is the longest table there is: through a whole workspace of it nobody looks for one decision's events.
        assert!(!plan.contains("events_by_workspace (workspace_id=?)"), "{name}:\n{plan}");
        assert!(!scans && !plan.contains("Seq Scan"), "{name}:\n{plan}");
        // The few approvals of one row are told apart in memory; what several ids asked for has to be merged.
        let sorts =
            plan.lines().any(|line| line.contains("TEMP B-TREE") && !line.contains("count(DISTINCT)"));
        // Sums by month are few, and added up in memory; so is what lapses of what is open.
        let lapses = name.starts_with("urgent_for, what lapses");
        let few = lapses || name.contains("several ids") || name == "sums by month";
        assert!(!sorts || few, "{name}:\n{plan}");
        // Approvals of what is over are many: what lapses is looked for among what is open.
        let from_open = ["INDEX decisions_waiting", "Scan using decisions_", "Scan on decisions_"]
            .iter()
            .any(|index| plan.contains(index));
        assert!(!lapses || from_open, "{name}:\n{plan}");
        // Whoever waits for news asks again and again: the log is read from where they are.
        let from_there = plan.contains("events_by_workspace") && !sorts;
        assert!(!name.starts_with("news") || from_there, "{name}:\n{plan}");
    }
}
