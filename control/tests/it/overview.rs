//! The overview: figures of a scene that was made by hand, who may see them, and the wall between workspaces.

use crate::scene::{Scene, code, input};
use control::overview::{Month, Span};
use control::{Caller, Role};
use governance::{Mode, State};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// The scene's clock stands at 21 November 2025, 04:40 UTC.
async fn three_decisions(scene: &Scene, bo: &Caller, cy: &Caller) {
    let control = &scene.control;
    // Approved by two, the second one after three hours; rehearsed.
    let ann = scene.person("ann", &[Role::Requester]).await;
    let one = scene.request(&ann, 2).await;
    scene.clock.advance(2 * HOUR);
    control.approve(bo, &one, None, None, None).await.unwrap();
    scene.clock.advance(HOUR);
    control.approve(cy, &one, None, None, None).await.unwrap();
    control.execute(&ann, &one, None, "simulate", None).await.unwrap();
    control.finish_running().await;
    // Rejected in December, after ten days.
    let two = scene.request(&ann, 2).await;
    control.approve(bo, &two, None, None, None).await.unwrap();
    scene.clock.advance(10 * DAY);
    control.reject(cy, &two, None, "the wrong \u{202E}window").await.unwrap();
    // Waits.
    scene.request(&ann, 1).await;
    scene.clock.advance(DAY);
    scene.request(&ann, 1).await;
}

#[tokio::test]
async fn figures_are_what_happened() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver]).await;
        let cy = scene.person("cy", &[Role::Approver]).await;
        three_decisions(&scene, &bo, &cy).await;
        let seen = scene.control.overview(&scene.admin, Span::Month).await.unwrap();
        assert_eq!((seen.from.as_str(), seen.until.as_str()), ("2025-11-03", "2025-12-02"));
        let open: Vec<_> = seen.open.iter().filter(|(_, number)| *number > 0).copied().collect();
        assert_eq!((open, seen.more_open), (vec![(State::PendingApproval, 2)], false));
        let oldest = seen.oldest.unwrap();
        assert_eq!(seen.now.micros() - oldest.since.micros(), DAY * 1_000_000);
        assert_eq!(oldest.goal, "Rotate the staging keys");
        // Three hours are 10,800 seconds, in steps of 512; ten days 864,000, in steps of 32,768.
        let november = Month {
            month: "2025-11".to_owned(),
            asked: 2,
            decided: 1,
            within: Some((11_264, 11_264)),
            rehearsed: (1, 0),
            approvals: 3,
            ..Month::default()
        };
        let december = Month {
            month: "2025-12".to_owned(),
            asked: 2,
            decided: 1,
            within: Some((884_736, 884_736)),
            rejected: 1,
            ..Month::default()
        };
        assert_eq!(seen.months, [november, december]);
        let approvers: Vec<_> = seen
            .approvers
            .iter()
            .map(|one| (one.name.as_str(), one.by_month.as_slice(), one.total))
            .collect();
        assert_eq!(approvers, [("bo", &[2, 0][..], 2), ("cy", &[1, 0][..], 1)]);
        let [rejection] = seen.rejections.as_slice() else { panic!("{:?}", seen.rejections) };
        assert_eq!((rejection.by.as_str(), rejection.reason.as_str()), ("cy", "the wrong \u{202E}window"));
        // A year later nothing of it is there but what still waits.
        scene.clock.advance(400 * DAY);
        let admin = scene.again(&scene.admin).await.unwrap();
        let later = scene.control.overview(&admin, Span::Year).await.unwrap();
        assert!(later.months.len() >= 12 && later.months.iter().all(|month| month.asked == 0));
        assert!(later.approvers.is_empty() && later.rejections.is_empty());
        assert!(later.oldest.is_some());
    }
}

#[tokio::test]
async fn an_empty_workspace_has_an_overview() {
    let scene = Scene::new().await;
    for span in Span::ALL {
        let seen = scene.control.overview(&scene.admin, span).await.unwrap();
        assert!(seen.open.iter().all(|(_, number)| *number == 0) && !seen.more_open);
        assert!(seen.oldest.is_none() && seen.approvers.is_empty() && seen.rejections.is_empty());
        assert!(seen.months.iter().all(|month| month.within.is_none() && month.decided == 0));
        assert!(!seen.months.is_empty());
    }
}

#[tokio::test]
async fn admins_and_auditors_see_their_own_workspace_and_nobody_else_does() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let cy = scene.person("cy", &[Role::Approver]).await;
    three_decisions(&scene, &bo, &cy).await;
    for (name, role, may) in [
        ("r", Role::Requester, false),
        ("p", Role::Approver, false),
        ("t", Role::Author, false),
        ("u", Role::Auditor, true),
        ("m", Role::Admin, true),
    ] {
        let caller = scene.person(name, &[role]).await;
        let answer = scene.control.overview(&caller, Span::Year).await;
        if may {
            assert_eq!(answer.unwrap().approvers.len(), 2, "{role:?}");
        } else {
            assert_eq!(code(answer), "FORBIDDEN", "{role:?}");
        }
    }
    let elsewhere = scene.elsewhere("eve").await;
    let theirs = scene.control.overview(&elsewhere, Span::Year).await.unwrap();
    assert!(theirs.approvers.is_empty() && theirs.rejections.is_empty() && theirs.oldest.is_none());
    assert!(theirs.months.iter().all(|month| month.asked == 0));
    scene.control.request(&elsewhere, input(Mode::DryRun, 1)).await.unwrap();
    let ours = scene.control.overview(&scene.admin, Span::Year).await.unwrap();
    assert_eq!(ours.months.iter().map(|month| month.asked).sum::<u64>(), 4);
}
