//! Calls that may be repeated: who takes a key, whose answer is kept, and who may give a key back.

use crate::support::{at, ws};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::idempotency::{Answer, Claim, Claimed};
use store::{Store, StoreError};
use tokio::task::JoinSet;

fn claim(key: &str, seconds: i64) -> Claim {
    Claim {
        workspace: ws("w"),
        actor: "ann".to_owned(),
        key: key.to_owned(),
        request_digest: "d16e57".to_owned(),
        at: at(seconds),
    }
}

fn answer(body: &str) -> Answer {
    Answer { status: 200, content_type: "application/json".to_owned(), location: None, body: body.to_owned() }
}

/// What is told to whoever comes after this claim.
fn taken(claim: &Claim, answer: Option<Answer>) -> Claimed {
    Claimed::Taken { request_digest: claim.request_digest.clone(), at: claim.at, answer }
}

/// What a later call under the same key finds.
async fn found(store: &Arc<dyn Store>, claim: &Claim) -> Claimed {
    let later = Claim { request_digest: "0dd".to_owned(), at: at(1_000), ..claim.clone() };
    store.claim(&later).await.unwrap()
}

fn is_gone(result: &Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::Gone("idempotency key")))
}

pub async fn of_many_claims_exactly_one_is_fresh(store: &Arc<dyn Store>) {
    for round in 0..5 {
        let mut tasks = JoinSet::new();
        for number in 0..20 {
            let (store, claim) = (Arc::clone(store), claim(&format!("k{round}"), number));
            tasks.spawn(async move { (claim.at, store.claim(&claim).await.unwrap()) });
        }
        let results = tasks.join_all().await;
        let fresh: Vec<_> = results.iter().filter(|(_, claimed)| *claimed == Claimed::Fresh).collect();
        let [(winner, _)] = fresh.as_slice() else { panic!("{} claims were fresh", fresh.len()) };
        let told = Claimed::Taken { request_digest: "d16e57".to_owned(), at: *winner, answer: None };
        assert_eq!(results.iter().filter(|(_, claimed)| *claimed == told).count(), 19);
    }
}

/// A key that is given back while others ask for it: nobody errs, and never do two hold it.
pub async fn a_key_that_is_given_back_is_taken_again(store: &Arc<dyn Store>) {
    let mut tasks = JoinSet::new();
    for caller in 0..10 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let mut held = Vec::new();
            for number in 0..20 {
                let claim = claim("k", caller * 100 + number);
                if store.claim(&claim).await.unwrap() == Claimed::Fresh {
                    assert_eq!(found(&store, &claim).await, taken(&claim, None), "two held the key");
                    store.release(&claim).await.unwrap();
                    held.push(claim.at);
                }
            }
            held
        });
    }
    let held: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert!(held.len() > 1 && held.iter().collect::<BTreeSet<_>>().len() == held.len());
    assert_eq!(store.claim(&claim("k", 0)).await.unwrap(), Claimed::Fresh);
}

pub async fn an_answer_is_kept_and_never_replaced(store: &Arc<dyn Store>) {
    let first = claim("k", 1);
    assert_eq!(store.claim(&first).await.unwrap(), Claimed::Fresh);
    assert_eq!(found(store, &first).await, taken(&first, None));
    let given = answer("{\"goal\":\"“安” \\u0000\"}");
    store.settle(&first, &given).await.unwrap();
    assert_eq!(found(store, &first).await, taken(&first, Some(given.clone())));
    let location = Some("/api/v1/decisions/dec_1".to_owned());
    let other = Answer { status: 201, content_type: "text/plain".to_owned(), location, body: String::new() };
    store.settle(&first, &other).await.unwrap();
    assert_eq!(found(store, &first).await, taken(&first, Some(given)));
    let second = claim("k2", 1);
    store.claim(&second).await.unwrap();
    store.settle(&second, &other).await.unwrap();
    assert_eq!(found(store, &second).await, taken(&second, Some(other)));
}

pub async fn an_answer_without_its_claim_is_gone(store: &Arc<dyn Store>) {
    let first = claim("k", 1);
    assert!(is_gone(&store.settle(&first, &answer("{}")).await), "nobody claimed it");
    store.claim(&first).await.unwrap();
    for foreign in [
        Claim { workspace: ws("v"), ..first.clone() },
        Claim { actor: "bob".to_owned(), ..first.clone() },
        Claim { key: "K".to_owned(), ..first.clone() },
        Claim { request_digest: "0dd".to_owned(), ..first.clone() },
        Claim { at: at(2), ..first.clone() },
    ] {
        assert!(is_gone(&store.settle(&foreign, &answer("{}")).await), "{foreign:?}");
    }
    assert_eq!(found(store, &first).await, taken(&first, None));
    // It was given up as too old, and somebody else came: their call is not answered by the first one.
    assert_eq!(store.delete_claims_before(at(2)).await.unwrap(), 1);
    let second = claim("k", 3);
    assert_eq!(store.claim(&second).await.unwrap(), Claimed::Fresh);
    assert!(is_gone(&store.settle(&first, &answer("{}")).await));
    assert_eq!(found(store, &second).await, taken(&second, None));
}

pub async fn keys_of_others_never_meet(store: &Arc<dyn Store>) {
    let long = "k".repeat(2_000);
    let ours = claim("k", 1);
    let others = [
        ours.clone(),
        Claim { workspace: ws("v"), ..ours.clone() },
        Claim { actor: "bob".to_owned(), ..ours.clone() },
        Claim { actor: "Ann".to_owned(), ..ours.clone() },
        Claim { key: "K".to_owned(), ..ours.clone() },
        Claim { key: "k ".to_owned(), ..ours.clone() },
        Claim { key: long.clone(), ..ours.clone() },
        Claim { key: format!("{long}k"), ..ours.clone() },
    ];
    for (number, claim) in others.iter().enumerate() {
        assert_eq!(store.claim(claim).await.unwrap(), Claimed::Fresh, "{number}");
        store.settle(claim, &answer(&number.to_string())).await.unwrap();
    }
    for (number, claim) in others.iter().enumerate() {
        assert_eq!(found(store, claim).await, taken(claim, Some(answer(&number.to_string()))));
    }
}

pub async fn a_key_is_given_back_by_its_own_claim_alone(store: &Arc<dyn Store>) {
    let first = claim("k", 1);
    store.release(&first).await.unwrap();
    store.claim(&first).await.unwrap();
    for foreign in [
        Claim { workspace: ws("v"), ..first.clone() },
        Claim { actor: "bob".to_owned(), ..first.clone() },
        Claim { key: "K".to_owned(), ..first.clone() },
        Claim { request_digest: "0dd".to_owned(), ..first.clone() },
        Claim { at: at(2), ..first.clone() },
    ] {
        store.release(&foreign).await.unwrap();
        assert_eq!(found(store, &first).await, taken(&first, None), "{foreign:?}");
    }
    store.release(&first).await.unwrap();
    let second = claim("k", 3);
    assert_eq!(store.claim(&second).await.unwrap(), Claimed::Fresh);
    store.settle(&second, &answer("{}")).await.unwrap();
    store.release(&second).await.unwrap();
    assert_eq!(found(store, &second).await, taken(&second, Some(answer("{}"))), "it has its answer");
}

pub async fn old_claims_are_deleted(store: &Arc<dyn Store>) {
    let elsewhere = Claim { workspace: ws("v"), ..claim("elsewhere", 1) };
    let (old, answered, young) = (claim("old", 1), claim("answered", 9), claim("young", 10));
    for claim in [&elsewhere, &old, &answered, &young] {
        store.claim(claim).await.unwrap();
    }
    store.settle(&answered, &answer("{}")).await.unwrap();
    assert_eq!(store.delete_claims_before(at(1)).await.unwrap(), 0);
    assert_eq!(store.delete_claims_before(at(10)).await.unwrap(), 3);
    assert_eq!(store.delete_claims_before(at(10)).await.unwrap(), 0);
    assert_eq!(found(store, &young).await, taken(&young, None));
    for claim in [&elsewhere, &old, &answered] {
        assert_eq!(store.claim(claim).await.unwrap(), Claimed::Fresh);
    }
}
