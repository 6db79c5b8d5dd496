//! Waiting, news and repeated calls.

use crate::scene::{Scene, code, input};
use control::idempotency::{Answer, Repeat};
use control::wait::{Awaited, Waited};
use control::{Control, Role};
use governance::{DecisionId, Mode};
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(20);

async fn wait(scene: &Scene, id: &DecisionId, awaited: Awaited, timeout: Duration) -> Waited {
    scene.control.wait(&scene.admin, id, awaited, timeout).await.unwrap().1
}

#[tokio::test]
async fn a_wait_ends_as_soon_as_it_is_met() {
    for scene in Scene::each().await {
        let asker = scene.person("rita", &[Role::Requester]).await;
        let id = scene.request(&asker, 1).await;
        let (control, by, waited_for) = (scene.control.clone(), asker.clone(), id.clone());
        let waiting = tokio::spawn(async move {
            let began = Instant::now();
            let met = control.wait(&by, &waited_for, Awaited::Approved, LONG).await.unwrap().1;
            (met, began.elapsed())
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
        let (met, took) = waiting.await.unwrap();
        assert_eq!(met, Waited::Met);
        assert!(took < Duration::from_secs(2), "{took:?}");
        assert_eq!(wait(&scene, &id, Awaited::Ended, Duration::from_millis(50)).await, Waited::TimedOut);
        scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
        assert_eq!(wait(&scene, &id, Awaited::Ended, LONG).await, Waited::Met);
    }
}

#[tokio::test]
async fn what_can_never_be_is_not_waited_for() {
    let scene = Scene::new().await;
    let asker = scene.person("rita", &[Role::Requester]).await;
    let id = scene.request(&asker, 1).await;
    scene.control.reject(&scene.admin, &id, None, "no").await.unwrap();
    assert_eq!(wait(&scene, &id, Awaited::Approved, LONG).await, Waited::Never);
    assert_eq!(wait(&scene, &id, Awaited::Decided, LONG).await, Waited::Met);
    assert_eq!(wait(&scene, &id, Awaited::Ended, LONG).await, Waited::Met);
    let open = scene.request(&asker, 1).await;
    let bundle = scene.control.export_bundle(&scene.admin, &open).await.unwrap();
    let copy = scene.control.import_bundle(&scene.admin, &bundle.json, "new_decision_id").await.unwrap();
    assert_eq!(wait(&scene, &copy.decision_id, Awaited::Approved, LONG).await, Waited::Never);
}

#[tokio::test]
async fn who_may_not_see_it_any_more_stops_waiting() {
    let scene = Scene::new().await;
    let asker = scene.person("rita", &[Role::Requester]).await;
    let id = scene.request(&asker, 1).await;
    let (control, by, waited_for) = (scene.control.clone(), asker.clone(), id.clone());
    let waiting =
        tokio::spawn(
            async move { control.wait(&by, &waited_for, Awaited::Approved, LONG).await.map(|_| ()) },
        );
    tokio::time::sleep(Duration::from_millis(100)).await;
    scene.suspend(&asker, true).await;
    assert_eq!(code(waiting.await.unwrap()), "UNAUTHENTICATED");
    let stranger = scene.elsewhere("Contoso").await;
    let theirs = scene.control.wait(&stranger, &id, Awaited::Approved, LONG).await.map(|_| ());
    assert_eq!(code(theirs), "NOT_FOUND");
}

#[tokio::test]
async fn news_are_complete_in_order_and_only_of_what_one_may_see() {
    for scene in Scene::each().await {
        let (rita, saul) =
            (scene.person("rita", &[Role::Requester]).await, scene.person("saul", &[Role::Requester]).await);
        let from = scene.control.newest(&rita).await.unwrap();
        let hers = scene.request(&rita, 1).await;
        let his = scene.request(&saul, 1).await;
        scene.control.approve(&scene.admin, &hers, None, None, None).await.unwrap();
        let seen = scene.control.news(&rita, from).await.unwrap();
        let kinds: Vec<_> = seen.events.iter().map(|(_, id, event)| (id.clone(), event.seq)).collect();
        assert_eq!(kinds, [(hers.clone(), 0), (hers.clone(), 1), (hers.clone(), 2)]);
        assert!(scene.control.news(&rita, seen.looked_to).await.unwrap().events.is_empty());
        let all = scene.control.news(&scene.admin, from).await.unwrap();
        assert!(all.events.iter().any(|(_, id, _)| *id == his));
        let positions: Vec<i64> = all.events.iter().map(|(position, ..)| *position).collect();
        assert!(positions.is_sorted());
        let stranger = scene.elsewhere("Contoso").await;
        assert!(scene.control.news(&stranger, 0).await.unwrap().events.is_empty());
    }
}

async fn claim(control: &Control, scene: &Scene, key: &str, digest: &str) -> Repeat {
    control.claim(&scene.admin, key, digest.to_owned()).await.unwrap()
}

#[tokio::test]
async fn a_key_gives_its_first_answer_for_thirty_days() {
    for scene in Scene::each().await {
        let control = &scene.control;
        let Repeat::First(first) = claim(control, &scene, "a", "d1").await else { panic!("not the first") };
        assert!(matches!(claim(control, &scene, "a", "d1").await, Repeat::Unanswered(_)));
        let answer = Answer {
            status: 201,
            content_type: "application/json".to_owned(),
            location: Some("/api/v1/decisions/dec_1".to_owned()),
            body: "{}".to_owned(),
        };
        control.settle(&first, &answer).await.unwrap();
        assert_eq!(claim(control, &scene, "a", "d1").await, Repeat::Answered(answer));
        assert_eq!(claim(control, &scene, "a", "d2").await, Repeat::Other);
        let other = scene.person("rita", &[Role::Requester]).await;
        assert!(matches!(control.claim(&other, "a", "d2".to_owned()).await.unwrap(), Repeat::First(_)));
        scene.clock.advance(29 * 24 * 3600);
        control.sweep_claims().await.unwrap();
        assert!(matches!(claim(control, &scene, "a", "d1").await, Repeat::Answered(_)));
        scene.clock.advance(2 * 24 * 3600);
        control.sweep_claims().await.unwrap();
        assert!(matches!(claim(control, &scene, "a", "d1").await, Repeat::First(_)));
    }
}

#[tokio::test]
async fn a_key_of_strange_characters_is_refused() {
    let scene = Scene::new().await;
    for key in ["", " ", "ä", "a b", &"x".repeat(256)] {
        assert_eq!(code(scene.control.claim(&scene.admin, key, "d".to_owned()).await), "INVALID_INPUT");
    }
}

#[tokio::test]
async fn a_request_that_was_released_may_come_again() {
    let scene = Scene::new().await;
    let Repeat::First(first) = claim(&scene.control, &scene, "a", "d").await else { panic!("not the first") };
    scene.control.release(&first).await.unwrap();
    assert!(matches!(claim(&scene.control, &scene, "a", "e").await, Repeat::First(_)));
    scene.control.request(&scene.admin, input(Mode::DryRun, 1)).await.unwrap();
}
