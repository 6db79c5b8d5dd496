//! Sign-ins that have begun: taken once, in time, by the browser that began them.

use crate::scene::Scene;
use control::access::attempt::{Attempt, Purpose, kept_next};
use tokio::task::JoinSet;

fn attempt() -> Attempt {
    Attempt::Provider {
        provider: "corp".to_owned(),
        secrets: vec!["nonce".to_owned(), "verifier".to_owned()],
        purpose: Purpose::SignIn,
        next: "/decisions".to_owned(),
        begun_at: 7,
    }
}

#[tokio::test]
async fn an_attempt_is_taken_once_by_the_browser_that_began_it() {
    let scene = Scene::new().await;
    let control = &scene.control;
    let (mine, theirs) = (control.browser_name().unwrap(), control.browser_name().unwrap());
    assert_ne!(mine, theirs);
    let state = control.begin_attempt(&mine, &attempt()).await.unwrap();
    for (state, browser) in [(state.as_str(), theirs.as_str()), (&state, ""), (&mine, &mine), ("", &mine)] {
        assert_eq!(control.take_attempt(state, browser).await.unwrap(), None);
    }
    assert_eq!(control.take_attempt(&state, &mine).await.unwrap(), Some(attempt()), "still there");
    assert_eq!(control.take_attempt(&state, &mine).await.unwrap(), None, "once");
}

#[tokio::test]
async fn an_attempt_expires() {
    let scene = Scene::new().await;
    for (seconds, there) in [(599, true), (600, false)] {
        let state = scene.control.begin_attempt("b", &attempt()).await.unwrap();
        scene.clock.advance(seconds);
        assert_eq!(scene.control.take_attempt(&state, "b").await.unwrap().is_some(), there, "{seconds}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_take_one_at_once_one_gets_it() {
    for scene in Scene::each().await {
        let state = scene.control.begin_attempt("b", &attempt()).await.unwrap();
        let mut takes = JoinSet::new();
        for _ in 0..10 {
            let (control, state) = (scene.control.clone(), state.clone());
            takes.spawn(async move { control.take_attempt(&state, "b").await.unwrap() });
        }
        assert_eq!(takes.join_all().await.into_iter().flatten().count(), 1);
    }
}

#[tokio::test]
async fn every_purpose_comes_back_as_it_went() {
    let scene = Scene::new().await;
    let second = Attempt::SecondFactor {
        person: scene.admin.person.to_string(),
        workspace: Some(scene.admin.workspace.to_string()),
        next: "/".to_owned(),
        tries: 3,
    };
    let mut all = vec![second];
    for purpose in [
        Purpose::SignIn,
        Purpose::Again("prs_1".to_owned()),
        Purpose::Link("prs_1".to_owned()),
        Purpose::Join("token".to_owned()),
    ] {
        let Attempt::Provider { provider, secrets, next, begun_at, .. } = attempt() else { unreachable!() };
        all.push(Attempt::Provider { provider, secrets, purpose, next, begun_at });
    }
    for (at, one) in all.into_iter().enumerate() {
        let state = format!("state of the protocol {at}");
        scene.control.keep_attempt(&state, "b", &one).await.unwrap();
        assert!(scene.control.keep_attempt(&state, "c", &one).await.is_err(), "a state is nobody else's");
        assert_eq!(scene.control.take_attempt(&state, "b").await.unwrap(), Some(one));
    }
}

#[test]
fn an_address_that_is_too_long_to_keep_leads_home() {
    assert_eq!(kept_next("/decisions?page=2"), "/decisions?page=2");
    assert_eq!(kept_next(&"/x".repeat(1_001)), "/");
}
