//! How things are now, for pages that stay open: only of what the reader may see, and another mark when it changed.

use crate::scene::{Scene, code};
use control::Role;
use governance::State;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn a_mark_changes_with_what_the_reader_may_see_and_with_nothing_else() {
    for scene in Scene::each().await {
        let (rita, saul) =
            (scene.person("rita", &[Role::Requester]).await, scene.person("saul", &[Role::Requester]).await);
        let bo = scene.person("bo", &[Role::Approver]).await;
        let id = scene.request(&rita, 2).await;
        let before = scene.control.inbox_now(&rita).await.unwrap();
        assert_eq!((before.counts.waiting, before.counts.requested, before.counts.open), (0, 1, 1));
        assert_eq!(scene.control.inbox_now(&rita).await.unwrap(), before, "nothing happened");
        scene.request(&saul, 1).await;
        assert_eq!(scene.control.inbox_now(&rita).await.unwrap(), before, "it is none of hers");
        let of_bo = scene.control.inbox_now(&bo).await.unwrap();
        assert_eq!((of_bo.counts.waiting, of_bo.counts.open), (2, 2));
        // The numbers stay as they are, a row does not.
        scene.control.approve(&scene.admin, &id, None, None, None).await.unwrap();
        let after = scene.control.inbox_now(&rita).await.unwrap();
        assert_eq!(after.counts, before.counts);
        assert_ne!(after.mark, before.mark);
        assert_ne!(scene.control.inbox_now(&bo).await.unwrap().mark, of_bo.mark);
        let elsewhere = scene.elsewhere("Contoso").await;
        assert_eq!(scene.control.inbox_now(&elsewhere).await.unwrap().counts.open, 0);
    }
}

#[tokio::test]
async fn a_decision_is_told_to_those_who_may_see_it() {
    for scene in Scene::each().await {
        let (rita, saul) =
            (scene.person("rita", &[Role::Requester]).await, scene.person("saul", &[Role::Requester]).await);
        let id = scene.request(&rita, 1).await;
        let now = scene.control.decision_now(&rita, &id).await.unwrap();
        assert_eq!(now, (2, State::PendingApproval));
        let expiry = scene.control.now().plus_seconds(60);
        scene.control.approve(&scene.admin, &id, None, None, Some(expiry)).await.unwrap();
        assert_eq!(scene.control.decision_now(&rita, &id).await.unwrap(), (3, State::Approved));
        // Nothing is appended when an approval lapses.
        scene.clock.advance(61);
        assert_eq!(scene.control.decision_now(&rita, &id).await.unwrap(), (3, State::PendingApproval));
        assert_eq!(code(scene.control.decision_now(&saul, &id).await), "NOT_FOUND");
        let stranger = scene.elsewhere("Contoso").await;
        assert_eq!(code(scene.control.decision_now(&stranger, &id).await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn who_may_not_come_in_any_more_is_nobody() {
    let scene = Scene::new().await;
    let rita = scene.person("rita", &[Role::Requester]).await;
    assert_eq!(scene.control.still(&rita).await.unwrap().roles, [Role::Requester]);
    scene.control.set_roles(&scene.admin, &rita.person, &[Role::Auditor]).await.unwrap();
    assert_eq!(scene.control.still(&rita).await.unwrap().roles, [Role::Auditor]);
    scene.suspend(&rita, true).await;
    assert_eq!(code(scene.control.still(&rita).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn pages_and_calls_have_seats_apart() {
    let scene = Scene::new().await;
    let pages: Vec<_> =
        (0..control::seats::MOST_PAGES).map(|_| scene.control.page_seat(&scene.admin)).collect();
    assert!(pages.iter().all(Result::is_ok));
    assert_eq!(scene.control.page_seat(&scene.admin).err(), Some(control::seats::Full::Own));
    assert!(scene.control.seat(&scene.admin).is_some());
    drop(pages);
    assert!(scene.control.page_seat(&scene.admin).is_ok());
}

#[tokio::test]
async fn the_windows_of_one_person_share_a_look_that_is_never_older_than_what_woke_them() {
    let scene = Scene::new().await;
    let rita = scene.person("rita", &[Role::Requester]).await;
    let (one, other) = (scene.control.shared_inbox(&rita), scene.control.shared_inbox(&rita));
    let woken = Instant::now();
    let open = async |share, woken| scene.control.inbox_since(share, &rita, woken).await.unwrap().counts.open;
    assert_eq!(open(&one, woken).await, 0);
    scene.request(&rita, 1).await;
    // Woken before the first look: that look is theirs, too.
    assert_eq!(open(&other, woken).await, 0);
    // Woken after it: a look of their own, and not at once.
    let later = Instant::now() + Duration::from_millis(1);
    assert_eq!(open(&other, later).await, 1);
    assert!(woken.elapsed() >= Duration::from_secs(1), "{:?}", woken.elapsed());
    assert_eq!(open(&one, later).await, 1);
    // With other roles it is another inbox.
    scene.control.set_roles(&scene.admin, &rita.person, &[Role::Auditor]).await.unwrap();
    let auditor = scene.control.still(&rita).await.unwrap();
    scene.request(&scene.admin, 1).await;
    let now = scene.control.inbox_since(&one, &auditor, later).await.unwrap();
    assert_eq!(now.counts.open, 2);
}
