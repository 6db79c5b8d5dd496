//! What the overview asks: sums by month that follow from the log, what is open, the newest rejections.

use crate::people;
use crate::support::{Story, assert_rebuilt_is_equal, at, attached, created, granted, human, id, ws};
use governance::{Body, Decision, Event, NewEvent, Origin, State};
use std::sync::Arc;
use store::overview::{Figure, What};
use store::query::COUNT_CAP;
use store::{ImportWrite, Store};

const DAY: i64 = 86_400;
/// `at(0)` is 13 November 2025, 02:13:20 UTC; this is 1 December, 02:13:20.
const DECEMBER: i64 = 18 * DAY;

async fn sums(store: &Arc<dyn Store>, workspace: &str, from: &str) -> Vec<(String, What, u64)> {
    let store::overview::Sums { figures, disagree } = store.figures(&ws(workspace), from).await.unwrap();
    assert!(!disagree);
    figures.into_iter().map(|Figure { month, what, number }| (month, what, number)).collect()
}

fn sum(month: &str, what: What, number: u64) -> (String, What, u64) {
    (month.to_owned(), what, number)
}

fn by(actor: &str) -> What {
    What::Approved { by: actor.to_owned() }
}

fn rejected(reason: &str) -> Body {
    Body::DecisionRejected { reason: reason.to_owned() }
}

fn failed() -> Body {
    let code = "ADAPTER_FAILED".to_owned();
    Body::ExecutionFailed { error_code: code, error_message: "no".to_owned(), run_id: None }
}

pub async fn sums_follow_from_what_happened(store: &Arc<dyn Store>) {
    // Approved after ten minutes by two of three, and run.
    let mut one =
        Story::new("w", "one").then(0, "ann", created("goal", &[])).then(0, "ann", attached(2, true));
    one.save(store).await;
    let mut one = one.then(60, "bob", granted(None));
    one.save(store).await;
    let mut one = one.then(600, "cid", granted(None));
    one.save(store).await;
    let mut one = one.then(700, "dan", granted(None)).started(800, "ann").completed(900);
    one.save(store).await;
    // Rejected in December, after eighteen days less an hour; approved by one of two before.
    let mut two = Story::new("w", "two").then(3_600, "ann", created("goal", &[]));
    two = two.then(3_600, "ann", attached(2, true)).then(4_000, "bob", granted(None));
    two.save(store).await;
    let mut two = two.then(DECEMBER, "cid", rejected("no"));
    two.save(store).await;
    // Approved at once, taken back and given again: decided once, given twice. Then it failed.
    let mut three =
        Story::request("w", "three", DECEMBER, "ann", "goal").then(DECEMBER, "bob", granted(None));
    three.save(store).await;
    let mut three = three.then(DECEMBER + 1, "bob", Body::ApprovalRevoked { reason: None });
    three.save(store).await;
    let mut three = three.then(DECEMBER + 2, "bob", granted(None)).started(DECEMBER + 3, "ann");
    three = three.then(DECEMBER + 4, "nexus-control", failed());
    three.save(store).await;
    // Withdrawn, approved too little, and elsewhere: none of that is in the sums of `w`.
    let taken_back = Body::DecisionWithdrawn { reason: None };
    Story::request("w", "four", DECEMBER, "eve", "goal").then(DECEMBER, "eve", taken_back).save(store).await;
    Story::request("v", "one", 0, "ann", "goal").then(1, "bob", granted(None)).save(store).await;

    let apply = || "apply".to_owned();
    let november = [
        sum("2025-11", by("bob"), 2),
        sum("2025-11", by("cid"), 1),
        sum("2025-11", by("dan"), 1),
        sum("2025-11", What::Asked, 2),
        sum("2025-11", What::Decided { seconds: 608 }, 1),
        sum("2025-11", What::Ran { mode: apply() }, 1),
    ];
    let december = [
        sum("2025-12", by("bob"), 2),
        sum("2025-12", What::Asked, 2),
        sum("2025-12", What::Decided { seconds: 0 }, 1),
        // 1,551,600 seconds; the step there is 65,536.
        sum("2025-12", What::Decided { seconds: 1_572_864 }, 1),
        sum("2025-12", What::Failed { mode: apply() }, 1),
        sum("2025-12", What::Rejected, 1),
    ];
    let all = [november.as_slice(), december.as_slice()].concat();
    assert_eq!(sums(store, "w", "2025-11-13").await, all);
    // A span begins with its first day, whole.
    assert_eq!(sums(store, "w", "2025-11-14").await, december);
    assert_eq!(sums(store, "w", "2025-12-01").await, december);
    assert_eq!(sums(store, "w", "2025-12-02").await, []);
    assert_eq!(sums(store, "u", "2025-11-13").await, []);
    assert_rebuilt_is_equal(store).await;
    assert_eq!(sums(store, "w", "2025-11-13").await, all);
}

pub async fn many_in_one_commit_add_up(store: &Arc<dyn Store>) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..60 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let approver = if number % 3 == 0 { "bob" } else { "cid" };
            let mut tale = Story::request("w", &format!("d{number}"), 0, "ann", "goal");
            tale = tale.then(5, approver, granted(None));
            tale.save(&store).await;
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let expected = [
        sum("2025-11", by("bob"), 20),
        sum("2025-11", by("cid"), 40),
        sum("2025-11", What::Asked, 60),
        sum("2025-11", What::Decided { seconds: 5 }, 60),
    ];
    assert_eq!(sums(store, "w", "2025-11-13").await, expected);
    assert_rebuilt_is_equal(store).await;
}

pub async fn what_an_import_replaces_is_taken_out_of_the_sums(store: &Arc<dyn Store>) {
    let mut kept = Story::request("w", "kept", 0, "ann", "goal").then(9, "bob", granted(None));
    kept.save(store).await;
    let mut gone = Story::request("w", "gone", 0, "ann", "goal").then(7, "dan", granted(None));
    gone.save(store).await;
    let elsewhere = Story::of("w", "gone", Origin::Imported)
        .then(0, "zoe", created("from elsewhere", &[]))
        .then(0, "zoe", attached(1, false))
        .then(5, "zed", granted(None));
    let import = ImportWrite {
        workspace: ws("w"),
        decision: Arc::new(elsewhere.decision),
        overwrite: true,
        imported_by: "ann".to_owned(),
        imported_at: at(20),
    };
    store.import(import).await.unwrap();
    let expected = [
        sum("2025-11", by("bob"), 1),
        sum("2025-11", What::Asked, 1),
        sum("2025-11", What::Decided { seconds: 9 }, 1),
    ];
    assert_eq!(sums(store, "w", "2025-11-13").await, expected);
    assert_rebuilt_is_equal(store).await;
}

pub async fn what_is_open_is_told_by_state_and_age(store: &Arc<dyn Store>) {
    people::workspace(store, "w").await;
    people::member(store, "w", "pb", "bob", &["approver"]).await;
    Story::new("w", "draft").then(1, "ann", created("goal", &[])).save(store).await;
    Story::request("w", "waits", 2, "ann", "goal").save(store).await;
    Story::request("w", "approved", 3, "ann", "goal").then(3, "bob", granted(None)).save(store).await;
    Story::request("w", "lapses", 4, "ann", "goal").then(4, "bob", granted(Some(at(50)))).save(store).await;
    let runs = Story::request("w", "runs", 5, "ann", "goal").then(5, "bob", granted(None));
    runs.started(6, "ann").save(store).await;
    Story::request("w", "over", 0, "ann", "goal").then(1, "bob", rejected("no")).save(store).await;
    Story::request("v", "theirs", 0, "ann", "goal").save(store).await;
    let open = |seconds: i64| async move {
        let work = store.open_work(&ws("w"), at(seconds)).await.unwrap();
        assert!(!work.more);
        work.decisions.into_iter().map(|one| (one.id.to_string(), one.state)).collect::<Vec<_>>()
    };
    let of = |lapses: State, approved: State| {
        [
            ("draft", State::Draft),
            ("waits", State::PendingApproval),
            ("approved", approved),
            ("lapses", lapses),
            ("runs", State::Executing),
        ]
        .map(|(name, state)| (name.to_owned(), state))
    };
    assert_eq!(open(10).await, of(State::Approved, State::Approved));
    assert_eq!(open(50).await, of(State::PendingApproval, State::Approved));
    // Who loses the role loses the voice, here as in lists.
    people::act(store, "w", vec![people::set_roles("w", "pb", &["requester"])]).await.unwrap();
    assert_eq!(open(10).await, of(State::PendingApproval, State::PendingApproval));
    assert!(store.open_work(&ws("u"), at(10)).await.unwrap().decisions.is_empty());
}

pub async fn open_work_stops_counting(store: &Arc<dyn Store>) {
    let most = usize::try_from(COUNT_CAP).unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..=most {
        let store = Arc::clone(store);
        let seconds = i64::try_from(number).unwrap();
        tasks.spawn(async move {
            Story::request("w", &format!("d{number:04}"), seconds, "ann", "goal").save(&store).await;
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let work = store.open_work(&ws("w"), at(10)).await.unwrap();
    assert!(work.more);
    assert_eq!(work.decisions.len(), most);
    assert_eq!((&work.decisions[0].id, work.decisions[0].created_at), (&id("d0000"), at(0)));
    assert_eq!(work.decisions[most - 1].id, id("d0999"));
}

pub async fn rejections_come_newest_first(store: &Arc<dyn Store>) {
    // Asked for in one order, rejected in another.
    for (name, asked, ended) in [("a", 0, 90), ("b", 1, 30), ("c", 2, 60)] {
        let mut tale = Story::request("w", name, asked, "ann", "goal").then(ended, "bob", rejected("no"));
        tale.save(store).await;
    }
    Story::request("w", "open", 3, "ann", "goal").save(store).await;
    Story::request("v", "theirs", 0, "ann", "goal").then(99, "bob", rejected("no")).save(store).await;
    // What was rejected elsewhere is evidence, no work of this workspace.
    let elsewhere = Story::of("w", "elsewhere", Origin::Imported)
        .then(0, "zoe", created("from elsewhere", &[]))
        .then(0, "zoe", attached(1, false))
        .then(80, "zed", rejected("no"));
    let import = ImportWrite {
        workspace: ws("w"),
        decision: Arc::new(elsewhere.decision),
        overwrite: false,
        imported_by: "ann".to_owned(),
        imported_at: at(95),
    };
    store.import(import).await.unwrap();
    let newest = |seconds: i64, limit: u32| async move {
        let found = store.newest_rejected(&ws("w"), at(seconds), limit).await.unwrap();
        found.into_iter().map(|id| id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(newest(0, 10).await, ["a", "c", "b"]);
    assert_eq!(newest(0, 2).await, ["a", "c"]);
    assert_eq!(newest(60, 10).await, ["a", "c"]);
    assert_eq!(newest(91, 10).await, [""; 0]);
}

/// The longest actor id that there may be stands in the key of a sum; so does one that looks like something else.
pub async fn odd_actors_have_sums_of_their_own(store: &Arc<dyn Store>) {
    let long = "ü".repeat(governance::actor::MAX_ACTOR_BYTES / 2);
    let mut decision = Decision::empty(id("d"), Origin::Native);
    let actors = [long.as_str(), "2025-11", "'; DROP TABLE daily_figures; --", "שלום"];
    let bodies = [created("goal", &[]), attached(9, false)].into_iter().map(|body| ("ann", body));
    for (actor, body) in bodies.chain(actors.into_iter().map(|actor| (actor, granted(None)))) {
        let new = NewEvent { actor: human(actor), body };
        decision.evolve(Event::record(new, decision.version(), at(1)));
    }
    let append = store::Append {
        workspace: ws("w"),
        new_events: decision.version(),
        decision: Arc::new(decision),
        run: None,
        directory: None,
        door: None,
    };
    store.append(append).await.unwrap();
    let found = sums(store, "w", "2025-11-13").await;
    for actor in actors {
        assert!(found.contains(&sum("2025-11", by(actor), 1)), "{actor}");
    }
    assert_eq!(found.len(), actors.len() + 1);
    assert_rebuilt_is_equal(store).await;
}
