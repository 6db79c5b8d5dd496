//! Approvals: by distinct person, once, until they lapse or are taken back; never on a stale view.

use crate::scene::{Scene, code, input};
use control::{Action, Error, Role};
use governance::{Mode, Refusal, Standing, State};
use store::PageRequest;

#[tokio::test]
async fn two_people_make_two_approvals_and_one_person_makes_one() {
    let scene = Scene::new().await;
    let (bo, cy) = (scene.person("bo", &[Role::Approver]).await, scene.person("cy", &[Role::Approver]).await);
    let id = scene.request(&scene.admin, 2).await;
    scene.control.approve(&bo, &id, None, Some("fine".to_owned()), None).await.unwrap();
    let version = scene.load(&id).await.version();
    let again = scene.control.approve(&bo, &id, None, Some("again".to_owned()), None).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::AlreadyApproved { .. }))));
    assert_eq!(scene.load(&id).await.version(), version, "approving twice changes nothing");
    assert_eq!(
        scene.load(&id).await.state(scene.control.now(), &Standing::of_the_log()),
        State::PendingApproval
    );
    scene.control.approve(&cy, &id, None, None, None).await.unwrap();
    assert_eq!(scene.load(&id).await.state(scene.control.now(), &Standing::of_the_log()), State::Approved);
}

#[tokio::test]
async fn a_requester_cannot_approve_unless_the_policy_says_so() {
    let scene = Scene::new().await;
    let both = scene.person("bo", &[Role::Requester, Role::Approver]).await;
    let id = scene.request(&both, 1).await;
    assert_eq!(code(scene.control.approve(&both, &id, None, None, None).await), "SELF_APPROVAL_FORBIDDEN");
    let view = scene.control.decision(&both, &id).await.unwrap();
    let approve = view.actions.iter().find(|permitted| permitted.action == Action::Approve).unwrap();
    assert!(approve.reason.as_deref().unwrap().contains("self-approval"));

    let mut allowed = input(Mode::DryRun, 1);
    allowed.policy.forbid_self_approval = Some(false);
    let id = scene.control.request(&both, allowed).await.unwrap().id.clone();
    scene.control.approve(&both, &id, None, None, None).await.unwrap();
}

#[tokio::test]
async fn an_approval_lapses_blocks_and_can_be_given_again() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    let past = scene.control.now().plus_seconds(-1);
    assert_eq!(code(scene.control.approve(&bo, &id, None, None, Some(past)).await), "EXPIRY_IN_PAST");
    let until = scene.control.now().plus_seconds(60);
    scene.control.approve(&bo, &id, None, None, Some(until)).await.unwrap();
    scene.clock.advance(60);
    let view = scene.control.decision(&scene.admin, &id).await.unwrap();
    assert_eq!(view.lifecycle.state, State::PendingApproval);
    assert_eq!(view.lifecycle.blocking_reasons[0].code.as_str(), "APPROVAL_EXPIRED");
    let refused = scene.control.execute(&scene.admin, &id, None, "simulate", None).await;
    assert_eq!(code(refused), "BLOCKED");
    let page = PageRequest { limit: 10, ..PageRequest::default() };
    assert_eq!(scene.control.inbox(&bo, &page).await.unwrap().rows.len(), 1, "it waits for them again");
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    assert!(scene.control.inbox(&bo, &page).await.unwrap().rows.is_empty());
    scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
}

#[tokio::test]
async fn revoking_is_possible_until_the_run_starts() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    assert_eq!(code(scene.control.revoke(&bo, &id, None, None).await), "NOTHING_TO_REVOKE");
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    scene.control.revoke(&bo, &id, None, Some("wait".to_owned())).await.unwrap();
    assert_eq!(code(scene.control.execute(&scene.admin, &id, None, "simulate", None).await), "BLOCKED");
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
    for refused in [
        scene.control.revoke(&bo, &id, None, None).await,
        scene.control.approve(&bo, &id, None, None, None).await,
        scene.control.reject(&bo, &id, None, "late").await,
        scene.control.withdraw(&scene.admin, &id, None, None).await,
    ] {
        assert_eq!(code(refused), "NOT_OPEN");
    }
}

#[tokio::test]
async fn who_decides_on_a_stale_view_is_told_what_changed() {
    let scene = Scene::new().await;
    let (bo, cy) = (scene.person("bo", &[Role::Approver]).await, scene.person("cy", &[Role::Approver]).await);
    let id = scene.request(&scene.admin, 2).await;
    let seen = scene.load(&id).await.version();
    scene.control.approve(&bo, &id, Some(seen), None, None).await.unwrap();
    match scene.control.approve(&cy, &id, Some(seen), None, None).await {
        Err(Error::Changed { version, since }) => {
            assert_eq!(version, seen + 1);
            assert_eq!(since[0].summary, "Approval granted by bo@example.com");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(scene.load(&id).await.version(), seen + 1, "nothing was recorded");
}

#[tokio::test]
async fn rejecting_and_withdrawing_end_a_decision() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    assert_eq!(code(scene.control.reject(&bo, &id, None, "  ").await), "INVALID_INPUT");
    scene.control.reject(&bo, &id, None, "not this week").await.unwrap();
    assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "NOT_OPEN");
    let view = scene.control.decision(&scene.admin, &id).await.unwrap();
    assert_eq!(view.lifecycle.blocking_reasons[0].code.as_str(), "REJECTED");

    let id = scene.request(&scene.admin, 1).await;
    assert_eq!(code(scene.control.withdraw(&bo, &id, None, None).await), "NOT_REQUESTER");
    scene.control.withdraw(&scene.admin, &id, None, None).await.unwrap();
    assert_eq!(scene.load(&id).await.state(scene.control.now(), &Standing::of_the_log()), State::Withdrawn);
}

#[tokio::test]
async fn what_cannot_be_recorded_did_not_happen() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    let version = scene.load(&id).await.version();
    scene.control.store().close().await;
    assert!(scene.control.approve(&bo, &id, None, None, None).await.unwrap_err().is_fault());
    // The file, opened anew, has nothing of it.
    let Scene { control, clock, admin, folder, .. } = scene;
    drop(control);
    let again = crate::scene::open(&folder, &clock, Vec::new()).await;
    assert_eq!(again.decision(&admin, &id).await.unwrap().decision.version(), version);
}
