//! Finding decisions by what somebody holds: a digest, its beginning, an id; and how much there is of each.

use crate::support::{Story, assert_rebuilt_is_equal, at, attached, created, granted, ids, policy, ws};
use governance::decision::request_digest;
use governance::event::TemplateRef;
use governance::json::object;
use governance::{Body, Decision, Origin, digest};
use std::sync::Arc;
use store::{DecisionFilter, Store};

fn by(digest: &str) -> DecisionFilter {
    DecisionFilter { digest: Some(digest.to_owned()), ..DecisionFilter::default() }
}

fn request(decision: &Decision) -> String {
    request_digest(&decision.id, &decision.events)
}

fn from_template(name: &str) -> (String, Body) {
    let digest = digest::sha256_hex(name.as_bytes());
    let empty = || object([]);
    let template =
        TemplateRef { name: name.to_owned(), digest: digest.clone(), snapshot: empty(), overrides: empty() };
    (digest, Body::PolicyAttached { policy: policy(1, false), template: Some(template) })
}

pub async fn a_digest_finds_its_decision(store: &Arc<dyn Store>) {
    let (template, body) = from_template("deploy");
    let mut one = Story::new("w", "one").then(0, "ann", created("Rotate the key", &["prod"])).then(
        0,
        "ann",
        body.clone(),
    );
    let mut two = Story::new("w", "two").then(1, "ann", created("Rotate another", &[])).then(1, "ann", body);
    one.save(store).await;
    two.save(store).await;
    for tale in [&one, &two] {
        let name = tale.decision.id.as_str();
        for digest in [request(&tale.decision), tale.decision.events[0].digest.clone()] {
            assert_eq!(ids(store, "w", &by(&digest), at(9)).await, [name], "{digest}");
        }
    }
    assert_eq!(ids(store, "w", &by(&template), at(9)).await, ["one", "two"]);
    for other in ["", "00", &"0".repeat(64), &request(&one.decision)[..63], "%", "' OR 1=1 --", "\0"] {
        assert_eq!(ids(store, "w", &by(other), at(9)).await, [""; 0], "{other}");
    }
}

pub async fn a_digest_finds_only_in_its_workspace_and_with_the_rest_of_the_filter(store: &Arc<dyn Store>) {
    let mut one = Story::request("w", "one", 0, "ann", "Rotate the key");
    one.save(store).await;
    let digest = request(&one.decision);
    assert_eq!(ids(store, "v", &by(&digest), at(9)).await, [""; 0]);
    assert_eq!(store.beginning_with(&ws("v"), &digest[..8]).await.unwrap().digests, [""; 0]);
    let visible = |to: &str| DecisionFilter { visible_to: Some(vec![to.to_owned()]), ..by(&digest) };
    assert_eq!(ids(store, "w", &visible("ann"), at(9)).await, ["one"]);
    assert_eq!(ids(store, "w", &visible("bob"), at(9)).await, [""; 0]);
    let worded = |text: &str| DecisionFilter { text: Some(text.to_owned()), ..by(&digest) };
    assert_eq!(ids(store, "w", &worded("rotate"), at(9)).await, ["one"]);
    assert_eq!(ids(store, "w", &worded("other"), at(9)).await, [""; 0]);
    let id = |id: &str| DecisionFilter { id: Some(id.to_owned()), ..DecisionFilter::default() };
    assert_eq!(ids(store, "w", &id("one"), at(9)).await, ["one"]);
    assert_eq!(ids(store, "w", &DecisionFilter { open_only: true, ..id("one") }, at(9)).await, ["one"]);
    assert_eq!(
        ids(store, "w", &DecisionFilter { digest: Some("0".to_owned()), ..id("one") }, at(9)).await,
        [""; 0]
    );
    assert_eq!(ids(store, "v", &id("one"), at(9)).await, [""; 0]);
}

/// Rows that are written as a stream grows are the rows that a rebuild writes.
pub async fn digests_of_runs_and_late_events_are_found(store: &Arc<dyn Store>) {
    let mut run = Story::request("w", "run", 0, "ann", "Rotate the key").then(1, "bob", granted(None));
    run.save(store).await;
    let mut run = run.started(2, "ann");
    run.save(store).await;
    let mut run = run.completed(3);
    run.save(store).await;
    let recorded = run.decision.latest_execution().unwrap().response_digest.clone().unwrap();
    let whole = recorded.len() == 64;
    let found = ids(store, "w", &by(&recorded), at(9)).await;
    assert_eq!(found.len(), usize::from(whole), "{recorded}");
    // A draft has no request digest before its second event, whatever that is.
    let mut draft = Story::new("w", "draft").then(0, "ann", created("A draft", &[]));
    draft.save(store).await;
    let early = request(&draft.decision);
    assert_eq!(ids(store, "w", &by(&early), at(9)).await, [""; 0]);
    let mut draft = draft.then(1, "ann", Body::DecisionWithdrawn { reason: None });
    draft.save(store).await;
    assert_eq!(ids(store, "w", &by(&request(&draft.decision)), at(9)).await, ["draft"]);
    let mut grown = Story::new("w", "grown").then(0, "ann", created("Grown", &[]));
    grown.save(store).await;
    let mut grown = grown.then(1, "ann", attached(1, true));
    grown.save(store).await;
    assert_eq!(ids(store, "w", &by(&request(&grown.decision)), at(9)).await, ["grown"]);
    // What somebody else's log calls a digest may be anything.
    let mut odd =
        Story::of("w", "odd", Origin::Imported).then(0, "ann", created("Odd", &[])).then(1, "ann", {
            let (_, body) = from_template("odd");
            let Body::PolicyAttached { policy, template: Some(template) } = body else { unreachable!() };
            let template = TemplateRef { digest: "x\0".repeat(4_000), ..template };
            Body::PolicyAttached { policy, template: Some(template) }
        });
    odd.save(store).await;
    assert_eq!(ids(store, "w", &by(&request(&odd.decision)), at(9)).await, ["odd"]);
    assert_rebuilt_is_equal(store).await;
}

pub async fn beginnings_are_told_apart(store: &Arc<dyn Store>) {
    let (template, body) = from_template("deploy");
    for number in 0..40 {
        let name = format!("0123abcd-{number}");
        let mut tale =
            Story::new("w", &name).then(number, "ann", created(&name, &[])).then(number, "ann", body.clone());
        tale.save(store).await;
    }
    // However many have it, it is one digest.
    assert_eq!(
        store.beginning_with(&ws("w"), &template[..8]).await.unwrap().digests,
        std::slice::from_ref(&template)
    );
    assert_eq!(store.beginning_with(&ws("w"), &template).await.unwrap().digests, [template]);
    assert_eq!(store.beginning_with(&ws("w"), "").await.unwrap().digests.len(), 2);
    assert_eq!(store.beginning_with(&ws("w"), "0123abcd").await.unwrap().ids, ["0123abcd-0", "0123abcd-1"]);
    assert_eq!(
        store.beginning_with(&ws("w"), "0123abcd-3").await.unwrap().ids,
        ["0123abcd-3", "0123abcd-30"]
    );
    assert_eq!(store.beginning_with(&ws("w"), "0123abcd-39").await.unwrap().ids, ["0123abcd-39"]);
    for none in ["g", "%", "_123abcd", "\0", "\u{10FFFF}", "0123ABCD"] {
        let found = store.beginning_with(&ws("w"), none).await.unwrap();
        assert!(found.digests.is_empty() && found.ids.is_empty(), "{none:?}: {found:?}");
    }
}

pub async fn several_actor_ids_find_each_decision_once(store: &Arc<dyn Store>) {
    Story::request("w", "asked", 0, "ann", "goal").save(store).await;
    Story::request("w", "both", 1, "ann", "goal").then(2, "anna", granted(None)).save(store).await;
    Story::request("w", "approved", 2, "bob", "goal").then(3, "anna", granted(None)).save(store).await;
    Story::request("w", "neither", 3, "bob", "goal").save(store).await;
    let people = |ids: &[&str]| DecisionFilter {
        people: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
        ..DecisionFilter::default()
    };
    assert_eq!(ids(store, "w", &people(&["ann", "anna"]), at(9)).await, ["asked", "both", "approved"]);
    assert_eq!(ids(store, "w", &people(&["anna"]), at(9)).await, ["both", "approved"]);
    assert_eq!(ids(store, "w", &people(&[]), at(9)).await, [""; 0]);
    assert_eq!(ids(store, "v", &people(&["ann", "anna"]), at(9)).await, [""; 0]);
}

pub async fn weights_say_what_there_is(store: &Arc<dyn Store>) {
    let mut one = Story::request("w", "one", 0, "ann", "goal");
    one.save(store).await;
    Story::request("w", "ü two", 0, "ann", "a longer goal").save(store).await;
    let one = &mut one.then(1, "bob", granted(None));
    one.save(store).await;
    Story::request("v", "three", 0, "ann", "goal").save(store).await;
    let asked = ["one", "ü two", "three", "none", "'\"\0"].map(str::to_owned);
    let mut found = store.weights(&ws("w"), &asked).await.unwrap();
    found.sort_by_key(|weight| weight.position);
    let told: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.version, one.position)).collect();
    assert_eq!(told, [("ü two", 2, 4), ("one", 3, 5)]);
    let payloads = |decision: &Decision| -> usize {
        decision.events.iter().map(|event| governance::canonical::to_string(&event.payload).len()).sum()
    };
    assert_eq!(found[1].log_bytes, u64::try_from(payloads(&one.decision)).unwrap());
    assert_eq!(found[1].run_bytes, 0);
    assert_eq!(store.weights(&ws("w"), &[]).await.unwrap(), []);
}
