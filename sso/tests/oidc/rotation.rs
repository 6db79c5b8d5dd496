//! Providers change their keys. The new ones are fetched when they are met, and not more often than once a minute.

use std::time::Duration;

use serde_json::json;

use super::asking::later;
use super::fake::{Behaviour, Fake, KEYS, Trouble};
use super::keys::Key;
use super::{check_of, problem_of, relying_party, sign_in};

/// The provider signs with a new key from now on, and publishes only that.
fn rotate(behaviour: &mut Behaviour, key: Key) {
    behaviour.keys = vec![key.public()];
    behaviour.signing = key;
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_then_known() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    sign_in(&fake, &provider).await.unwrap();
    assert_eq!(fake.asked(KEYS), 1);

    rotate(&mut fake.behaviour(), Key::ed25519("two", 2));
    sign_in(&fake, &provider).await.unwrap();
    sign_in(&fake, &provider).await.unwrap();
    assert_eq!(fake.asked(KEYS), 2);
}

#[tokio::test]
async fn a_second_unknown_key_within_the_minute_is_not_asked_for() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    sign_in(&fake, &provider).await.unwrap();
    rotate(&mut fake.behaviour(), Key::ed25519("two", 2));
    sign_in(&fake, &provider).await.unwrap();

    rotate(&mut fake.behaviour(), Key::ed25519("three", 3));
    assert_eq!(check_of(sign_in(&fake, &provider).await), "key");
    assert_eq!(check_of(sign_in(&fake, &provider).await), "key");
    assert_eq!(fake.asked(KEYS), 2, "the minute is not over");

    later(Duration::from_secs(61)).await;
    sign_in(&fake, &provider).await.unwrap();
    assert_eq!(fake.asked(KEYS), 3);
}

#[tokio::test]
async fn a_key_that_changed_under_its_old_name_is_found_too() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    sign_in(&fake, &provider).await.unwrap();
    rotate(&mut fake.behaviour(), Key::ed25519("one", 2));
    sign_in(&fake, &provider).await.unwrap();
    assert_eq!(fake.asked(KEYS), 2);
}

#[tokio::test]
async fn keys_without_names_are_found_by_their_kind() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    fake.behaviour().header = Some(json!({"alg": "EdDSA"}));
    fake.behaviour().keys[0].as_object_mut().unwrap().remove("kid");
    sign_in(&fake, &provider).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_key_no_longer_counts_once_new_keys_are_known() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    sign_in(&fake, &provider).await.unwrap();
    rotate(&mut fake.behaviour(), Key::ed25519("two", 2));
    sign_in(&fake, &provider).await.unwrap();
    fake.behaviour().signing = Key::ed25519("one", 1);
    assert_eq!(check_of(sign_in(&fake, &provider).await), "key");
}

#[tokio::test]
async fn old_keys_stay_while_new_ones_cannot_be_fetched() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    sign_in(&fake, &provider).await.unwrap();
    fake.behaviour().troubles.insert(KEYS, Trouble::Fault);
    fake.behaviour().signing = Key::ed25519("two", 2);
    problem_of(sign_in(&fake, &provider).await);
    fake.behaviour().signing = Key::ed25519("one", 1);
    sign_in(&fake, &provider).await.unwrap();
    assert_eq!(fake.asked(KEYS), 2);
}

#[tokio::test]
async fn a_key_for_encryption_or_another_algorithm_proves_nothing() {
    for (member, value) in [("use", "enc"), ("alg", "RS256")] {
        let fake = Fake::start().await;
        fake.behaviour().keys[0][member] = value.into();
        assert_eq!(check_of(sign_in(&fake, &relying_party(&fake)).await), "key", "{member}");
    }
}
