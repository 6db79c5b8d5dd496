//! How a provider is asked: seldom, briefly, nowhere else, and never believed about who it is.

use std::time::Duration;

use serde_json::json;
use sso::SsoError;
use sso::oidc::Wish;
use tokio::time::{advance, pause, resume};

use super::fake::{DISCOVERY, Fake, KEYS, TOKEN, Trouble, USERINFO};
use super::{NOW, agreed, check_of, problem_of, relying_party, sign_in};

/// Lets time pass for caches, but not for connections.
pub async fn later(duration: Duration) {
    pause();
    advance(duration).await;
    resume();
}

#[tokio::test]
async fn many_sign_ins_at_once_ask_once() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let begin = || provider.begin(Wish::default());
    let (one, two, three) = tokio::join!(begin(), begin(), begin());
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!((fake.asked(DISCOVERY), fake.asked(KEYS)), (1, 1));
}

#[tokio::test]
async fn discovery_is_kept_for_an_hour() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    provider.begin(Wish::default()).await.unwrap();
    later(Duration::from_mins(59)).await;
    provider.begin(Wish::default()).await.unwrap();
    assert_eq!(fake.asked(DISCOVERY), 1);
    later(Duration::from_mins(2)).await;
    provider.begin(Wish::default()).await.unwrap();
    assert_eq!((fake.asked(DISCOVERY), fake.asked(KEYS)), (2, 2));
}

#[tokio::test]
async fn a_dead_provider_is_left_alone_for_a_while_and_then_asked_again() {
    let fake = Fake::start().await;
    fake.behaviour().troubles.insert(DISCOVERY, Trouble::Fault);
    let provider = relying_party(&fake);
    for _ in 0..5 {
        let problem = problem_of(provider.begin(Wish::default()).await.map(|_| ()));
        assert!(problem.contains("status 500"), "{problem}");
    }
    assert_eq!(fake.asked(DISCOVERY), 1);
    fake.behaviour().troubles.clear();
    later(Duration::from_secs(11)).await;
    provider.begin(Wish::default()).await.unwrap();
    assert_eq!(fake.asked(DISCOVERY), 2);
}

#[tokio::test]
async fn what_was_known_serves_for_a_day_when_the_provider_does_not_answer() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    provider.begin(Wish::default()).await.unwrap();
    fake.behaviour().troubles.insert(DISCOVERY, Trouble::Fault);
    later(Duration::from_hours(2)).await;
    for _ in 0..3 {
        sign_in(&fake, &provider).await.unwrap();
    }
    assert_eq!(fake.asked(DISCOVERY), 2, "asked again once, and then left alone");
    later(Duration::from_hours(23)).await;
    problem_of(provider.begin(Wish::default()).await.map(|_| ()));
}

#[tokio::test]
async fn what_was_known_does_not_serve_when_the_provider_calls_itself_something_else() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    provider.begin(Wish::default()).await.unwrap();
    fake.behaviour().discovery["issuer"] = "https://evil.example.com".into();
    later(Duration::from_hours(2)).await;
    for _ in 0..2 {
        assert_eq!(check_of(provider.begin(Wish::default()).await.map(|_| ())), "discovery issuer");
    }
    assert_eq!(fake.asked(DISCOVERY), 2);
}

#[tokio::test]
async fn a_discovery_document_must_name_exactly_the_configured_issuer() {
    for other in ["https://evil.example.com", "slash"] {
        let fake = Fake::start().await;
        let other = if other == "slash" { format!("{}/", fake.issuer) } else { other.to_owned() };
        fake.behaviour().discovery["issuer"] = other.clone().into();
        let begun = relying_party(&fake).begin(Wish::default()).await;
        assert_eq!(check_of(begun.map(|_| ())), "discovery issuer", "{other}");
    }
}

#[tokio::test]
async fn addresses_in_discovery_must_be_safe() {
    let cases: [(&str, &str, &str); 5] = [
        ("authorization_endpoint", "http://example.com/authorize", "authorization_endpoint is not https"),
        ("authorization_endpoint", "javascript:alert(1)", "authorization_endpoint is not https"),
        ("jwks_uri", "http://example.com/keys", "not https"),
        ("token_endpoint", "http://example.com/token", "not https"),
        ("userinfo_endpoint", "http://example.com/userinfo", "not https"),
    ];
    for (name, address, expected) in cases {
        let fake = Fake::start().await;
        fake.behaviour().discovery[name] = address.into();
        fake.behaviour().claims["email"] = json!(null);
        let provider = relying_party(&fake);
        let problem = match provider.begin(Wish::default()).await {
            Ok(_) => problem_of(sign_in(&fake, &provider).await),
            Err(error) => problem_of::<()>(Err(error)),
        };
        assert!(problem.contains(expected), "{name} {address}: {problem}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for path in [DISCOVERY, TOKEN] {
        let fake = Fake::start().await;
        fake.behaviour().troubles.insert(path, Trouble::Redirect);
        let provider = relying_party(&fake);
        match provider.begin(Wish::default()).await {
            Ok(_) => problem_of(sign_in(&fake, &provider).await),
            Err(error) => problem_of::<()>(Err(error)),
        };
        assert_eq!((fake.asked(path), fake.asked("/elsewhere")), (1, 0), "{path}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_it() {
    for path in [DISCOVERY, KEYS, TOKEN, USERINFO] {
        let fake = Fake::start().await;
        fake.behaviour().troubles.insert(path, Trouble::Oversized);
        fake.behaviour().claims["email"] = json!(null);
        let provider = relying_party(&fake);
        let problem = match provider.begin(Wish::default()).await {
            Ok(_) => problem_of(sign_in(&fake, &provider).await),
            Err(error) => problem_of::<()>(Err(error)),
        };
        assert_eq!(problem, "its answer is too long", "{path}");
    }
}

#[tokio::test]
async fn a_provider_that_never_answers_is_given_up() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    let (kept, callback) = agreed(&fake, &provider).await;
    fake.behaviour().troubles.insert(TOKEN, Trouble::Silence);
    // With nothing else to do, paused time jumps to the next limit.
    pause();
    let hour = Duration::from_hours(1);
    let answer = tokio::time::timeout(hour, provider.finish(callback, kept, NOW)).await.unwrap();
    let problem = problem_of(answer);
    assert!(problem.contains("timed out"), "{problem}");
}

#[tokio::test]
async fn a_fault_of_userinfo_stops_the_sign_in_rather_than_dropping_groups() {
    let fake = Fake::start().await;
    fake.behaviour().claims["groups"] = json!(null);
    fake.behaviour().troubles.insert(USERINFO, Trouble::Fault);
    let problem = problem_of(sign_in(&fake, &relying_party(&fake)).await);
    assert!(problem.contains("userinfo: status 500"), "{problem}");
}

#[tokio::test]
async fn nonsense_from_the_token_endpoint_is_not_repeated() {
    let cases = [
        (200, json!({"access_token": "hidden-1", "token_type": 7, "id_token": "hidden-1"})),
        (200, json!({"access_token": "a", "token_type": "Bearer", "id_token": "hidden-1"})),
        (500, json!({"hidden-1": "hidden-1"})),
    ];
    for answer in cases {
        let fake = Fake::start().await;
        fake.behaviour().answer = Some(answer);
        let error = sign_in(&fake, &relying_party(&fake)).await.unwrap_err();
        assert!(matches!(error, SsoError::Unreachable { .. }), "{error}");
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
}

#[tokio::test]
async fn an_access_token_that_fits_no_header_is_refused_and_not_a_panic() {
    let fake = Fake::start().await;
    let provider = relying_party(&fake);
    fake.behaviour().claims["email"] = json!(null);
    let (kept, callback) = agreed(&fake, &provider).await;
    {
        let mut behaviour = fake.behaviour();
        let mut claims = behaviour.claims.clone();
        claims["nonce"] = kept.nonce.clone().into();
        let token = behaviour.signing.token(&claims);
        behaviour.answer =
            Some((200, json!({"access_token": "a\r\nb", "token_type": "Bearer", "id_token": token})));
    }
    let problem = problem_of(provider.finish(callback, kept, NOW).await);
    assert!(problem.contains("strange characters"), "{problem}");
}
