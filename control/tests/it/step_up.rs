//! A policy may ask for a recent sign-in: who signed in too long ago is led through it and finds their words again.

use crate::scene::{ADDRESS, Scene, code, input};
use control::{Action, Caller, Entrance, Role};
use governance::decide::PolicyInput;
use governance::{DecisionId, Mode, Timestamp};

/// Approving takes a sign-in of the last five minutes.
async fn strict(scene: &Scene) -> DecisionId {
    let mut request = input(Mode::DryRun, 2);
    request.policy.max_sign_in_age_minutes = Some(5);
    scene.control.request(&scene.admin, request).await.unwrap().id.clone()
}

async fn proven(scene: &Scene, caller: &Caller, proven_at: Option<Timestamp>) -> Caller {
    let entrance = Entrance { proven_at, ..Entrance::web(ADDRESS, scene.control.now()) };
    scene.control.caller(&caller.workspace, &caller.person, entrance).await.unwrap()
}

async fn draft(scene: &Scene, caller: &Caller, id: &DecisionId) -> Option<(String, String)> {
    let view = scene.control.decision(caller, id).await.unwrap();
    view.draft.map(|draft| (draft.comment, draft.expires_at))
}

#[tokio::test]
async fn an_old_sign_in_is_refused_and_the_words_are_kept_until_they_are_said() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let cy = scene.person("cy", &[Role::Approver]).await;
    let id = strict(&scene).await;
    scene.clock.advance(301);
    let until = scene.control.now().plus_seconds(3600);
    let comment = || Some("I have read it".to_owned());
    let refused = scene.control.approve(&bo, &id, None, comment(), Some(until)).await.unwrap_err();
    assert_eq!(refused.code(), "STEP_UP_REQUIRED");
    assert!(refused.to_string().contains('5'), "{refused}");
    let view = scene.control.decision(&bo, &id).await.unwrap();
    assert_eq!((view.step_up, view.decision.version()), (Some(5), 2));
    let approve = view.actions.iter().find(|permitted| permitted.action == Action::Approve).unwrap();
    assert_eq!(approve.reason, None, "they are led there, and not turned away");
    assert_eq!(draft(&scene, &bo, &id).await, Some(("I have read it".to_owned(), until.to_string())));
    // Nobody else's, and of no other decision.
    assert_eq!(draft(&scene, &cy, &id).await, None);
    assert_eq!(draft(&scene, &scene.admin, &id).await, None);
    let other = strict(&scene).await;
    assert_eq!(draft(&scene, &bo, &other).await, None);

    let bo = scene.again(&bo).await.unwrap();
    assert!(draft(&scene, &bo, &id).await.is_some(), "kept over the sign-in");
    assert_eq!(scene.control.decision(&bo, &id).await.unwrap().step_up, None);
    scene.control.approve(&bo, &id, None, comment(), Some(until)).await.unwrap();
    assert_eq!(draft(&scene, &bo, &id).await, None, "said");
}

#[tokio::test]
async fn a_comment_for_several_never_takes_the_place_of_what_was_written_about_one() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = strict(&scene).await;
    scene.clock.advance(301);
    let said = |text: &str| Some(text.to_owned());
    let among = scene.control.approve_among(&bo, &id, None, said("for all of them")).await.unwrap_err();
    assert_eq!((among.code(), draft(&scene, &bo, &id).await), ("STEP_UP_REQUIRED", None));
    scene.control.approve(&bo, &id, None, said("about this one"), None).await.unwrap_err();
    let kept = Some(("about this one".to_owned(), String::new()));
    assert_eq!(draft(&scene, &bo, &id).await, kept);
    scene.control.approve_among(&bo, &id, None, said("for all of them")).await.unwrap_err();
    assert_eq!(draft(&scene, &bo, &id).await, kept);
    let bo = scene.again(&bo).await.unwrap();
    scene.control.approve_among(&bo, &id, None, None).await.unwrap();
    assert_eq!(draft(&scene, &bo, &id).await, None, "decided");
}

#[tokio::test]
async fn one_persons_draft_is_not_thrown_away_by_another_ones_approval() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let cy = scene.person("cy", &[Role::Approver]).await;
    let id = strict(&scene).await;
    scene.clock.advance(301);
    for (who, words) in [(&bo, "one"), (&bo, "two"), (&cy, "three")] {
        let refused = scene.control.approve(who, &id, None, Some(words.to_owned()), None).await;
        assert_eq!(code(refused), "STEP_UP_REQUIRED");
    }
    let cy = scene.again(&cy).await.unwrap();
    scene.control.approve(&cy, &id, None, None, None).await.unwrap();
    assert_eq!(draft(&scene, &cy, &id).await, None);
    assert_eq!(draft(&scene, &bo, &id).await, Some(("two".to_owned(), String::new())), "the last words");
}

#[tokio::test]
async fn it_is_the_proof_that_has_to_be_recent_and_not_the_session() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    scene.clock.advance(3600);
    let now = scene.control.now();
    // When somebody last proved who they are, and whether that is recent enough.
    let table = [
        (Some(now), true),
        (Some(now.plus_seconds(-300)), true),
        (Some(now.plus_seconds(-301)), false),
        (Some(now.plus_seconds(-3600)), false),
        (None, false),
    ];
    for (proven_at, recent) in table {
        let id = strict(&scene).await;
        let caller = proven(&scene, &bo, proven_at).await;
        let answer = scene.control.approve(&caller, &id, None, None, None).await;
        assert_eq!(answer.is_ok(), recent, "{proven_at:?}");
        if !recent {
            assert_eq!(code(answer), "STEP_UP_REQUIRED");
        }
    }
}

#[tokio::test]
async fn whoever_could_not_approve_anyway_is_not_made_to_sign_in() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver, Role::Requester]).await;
    let rey = scene.person("rey", &[Role::Auditor]).await;
    let mut request = input(Mode::DryRun, 1);
    request.policy.max_sign_in_age_minutes = Some(5);
    let own = scene.control.request(&bo, request).await.unwrap().id.clone();
    let id = strict(&scene).await;
    scene.clock.advance(301);
    assert_eq!(code(scene.control.approve(&bo, &own, None, None, None).await), "SELF_APPROVAL_FORBIDDEN");
    assert_eq!(code(scene.control.approve(&rey, &id, None, None, None).await), "FORBIDDEN");
    assert_eq!(scene.control.decision(&bo, &own).await.unwrap().step_up, None);
    scene.control.reject(&bo, &id, None, "no takes no proof").await.unwrap();
    for id in [own, id] {
        assert_eq!(draft(&scene, &bo, &id).await, None);
    }
}

#[tokio::test]
async fn a_template_asks_for_it_and_an_old_approval_still_counts() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let policy = PolicyInput { max_sign_in_age_minutes: Some(5), ..PolicyInput::default() };
    scene.control.create_template(&scene.admin, "strict", "", policy).await.unwrap();
    let mut request = input(Mode::DryRun, 1);
    request.template = Some("strict".to_owned());
    let id = scene.control.request(&scene.admin, request).await.unwrap().id.clone();
    scene.clock.advance(301);
    assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "STEP_UP_REQUIRED");
    scene.control.approve(&scene.again(&bo).await.unwrap(), &id, None, None, None).await.unwrap();
    scene.clock.advance(3600);
    scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
}
