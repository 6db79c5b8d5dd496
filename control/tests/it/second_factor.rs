//! Codes of an authenticator app: asked for after the password, good once, and never in the way of who lost the phone.

use crate::proofs::{app_code, asked, enrol};
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::access::Entered;
use control::{Caller, Error, Role};
use governance::workspace_log::ActKind;

async fn second_step(scene: &Scene, caller: &Caller, code: &str) -> Result<Caller, Error> {
    let entered = scene.control.sign_in(caller.actor.id(), PASSWORD, ADDRESS).await?;
    assert_eq!(asked(&entered), &caller.person);
    let signed_in = scene.control.second_step(caller.person.as_str(), None, code, ADDRESS).await?;
    scene.call(&signed_in.workspace, &signed_in.person_id).await
}

#[tokio::test]
async fn a_factor_is_in_force_once_a_code_was_shown_and_not_before() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    assert_eq!(code(scene.control.confirm_second_factor(&bo, "123456").await), "NOT_FOUND");
    scene.control.begin_second_factor(&bo).await.unwrap();
    let first = scene.control.enrolment(&bo).await.unwrap().unwrap();
    assert!(first.url.starts_with("otpauth://totp/") && first.url.contains(&first.secret), "{}", first.url);
    let entered = scene.control.sign_in(bo.actor.id(), PASSWORD, ADDRESS).await.unwrap();
    assert!(matches!(entered, Entered::SignedIn(_)), "not proven yet");
    let shown = app_code(&scene, &first.secret, 0);
    let early = scene.control.second_step(bo.person.as_str(), None, &shown, ADDRESS).await;
    assert_eq!(code(early), "INVALID_INPUT", "nor good for anything yet");
    // Beginning anew replaces what was not proven.
    scene.control.begin_second_factor(&bo).await.unwrap();
    let secret = scene.control.enrolment(&bo).await.unwrap().unwrap().secret;
    assert_ne!(secret, first.secret);
    let old = app_code(&scene, &first.secret, 0);
    assert_eq!(code(scene.control.confirm_second_factor(&bo, &old).await), "INVALID_INPUT");
    assert_eq!(scene.control.second_factor(&bo).await.unwrap(), None);
    let codes = scene.control.confirm_second_factor(&bo, &app_code(&scene, &secret, 0)).await.unwrap();
    assert_eq!((codes.len(), scene.control.second_factor(&bo).await.unwrap()), (10, Some(10)));
    assert_eq!(scene.control.enrolment(&bo).await.unwrap(), None, "the secret is never shown again");
    assert_eq!(code(scene.control.begin_second_factor(&bo).await), "INVALID_INPUT", "one is in force");
    let log = format!("{:?}", scene.log(&bo.workspace).await);
    assert!(log.contains("SECOND_FACTOR_ENABLED") && !log.contains(&secret) && !log.contains(&codes[0]));
}

#[tokio::test]
async fn a_code_is_asked_for_and_works_once() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (secret, _) = enrol(&scene, &bo).await;
    let now = app_code(&scene, &secret, 0);
    assert_eq!(code(second_step(&scene, &bo, &now).await), "INVALID_INPUT", "it was used to set up");
    scene.clock.advance(30);
    let wrong = if app_code(&scene, &secret, 0) == "000000" { "000001" } else { "000000" };
    for noise in [wrong, "12345", "１２３４５６", ""] {
        let refused = scene.control.second_step(bo.person.as_str(), None, noise, ADDRESS).await;
        assert_eq!(code(refused), "INVALID_INPUT", "{noise}");
    }
    scene.clock.advance(15 * 60 + 30);
    let now = app_code(&scene, &secret, 0);
    assert_eq!(
        second_step(&scene, &bo, &format!(" {} {}", &now[..3], &now[3..])).await.unwrap().person,
        bo.person
    );
    assert_eq!(code(second_step(&scene, &bo, &now).await), "INVALID_INPUT", "replayed");
    let before = app_code(&scene, &secret, -30);
    assert_eq!(code(second_step(&scene, &bo, &before).await), "INVALID_INPUT", "older than the last one");
    // A clock that is a little fast or slow does not matter, one that is far off does.
    second_step(&scene, &bo, &app_code(&scene, &secret, 30)).await.unwrap();
    scene.clock.advance(120);
    for seconds in [-60, 60] {
        let far = app_code(&scene, &secret, seconds);
        assert_eq!(code(second_step(&scene, &bo, &far).await), "INVALID_INPUT", "{seconds}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_show_one_code_at_once_one_is_let_in() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (secret, codes) = enrol(&scene, &bo).await;
    scene.clock.advance(60);
    for shown in [app_code(&scene, &secret, 0), codes[0].clone()] {
        let mut steps = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (control, id, shown) = (scene.control.clone(), bo.person.to_string(), shown.clone());
            steps.spawn(async move { control.second_step(&id, None, &shown, ADDRESS).await });
        }
        let done = steps.join_all().await.into_iter().flatten().count();
        assert_eq!(done, 1);
    }
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let cy = scene.person("cy", &[Role::Approver]).await;
    let (_, codes) = enrol(&scene, &bo).await;
    let (_, of_cy) = enrol(&scene, &cy).await;
    second_step(&scene, &bo, &codes[0]).await.unwrap();
    assert_eq!(code(second_step(&scene, &bo, &codes[0]).await), "INVALID_INPUT");
    assert_eq!(code(second_step(&scene, &bo, &of_cy[0]).await), "INVALID_INPUT", "another person's");
    second_step(&scene, &bo, &codes[1].replace('-', " ").to_uppercase()).await.unwrap();
    assert_eq!(scene.control.second_factor(&bo).await.unwrap(), Some(8));
    assert_eq!(scene.control.second_factor(&cy).await.unwrap(), Some(10));
}

#[tokio::test]
async fn guessing_codes_takes_patience_and_a_right_password_buys_no_guess() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (secret, codes) = enrol(&scene, &bo).await;
    scene.clock.advance(60);
    for _ in 0..5 {
        let entered = scene.control.sign_in(bo.actor.id(), PASSWORD, ADDRESS).await.unwrap();
        let guess = scene.control.second_step(asked(&entered).as_str(), None, "x", ADDRESS).await;
        assert_eq!(code(guess), "INVALID_INPUT", "a right password in between forgives nothing");
    }
    let right = app_code(&scene, &secret, 0);
    for from in [ADDRESS, "10.0.0.9"] {
        for shown in [&right, &codes[0]] {
            let refused = scene.control.second_step(bo.person.as_str(), None, shown, from).await;
            assert_eq!(code(refused), "THROTTLED");
        }
        let entered = scene.control.sign_in(bo.actor.id(), PASSWORD, from).await.unwrap();
        assert!(matches!(entered, Entered::SecondFactor(_)), "the password alone leads to the next code");
    }
    scene.clock.advance(15 * 60 + 1);
    second_step(&scene, &bo, &app_code(&scene, &secret, 0)).await.unwrap();
}

#[tokio::test]
async fn without_the_password_a_code_is_not_even_asked_for() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    enrol(&scene, &bo).await;
    assert_eq!(code(scene.control.sign_in(bo.actor.id(), "wrong", ADDRESS).await), "WRONG_CREDENTIALS");
    scene.suspend(&bo, true).await;
    assert_eq!(code(scene.control.sign_in(bo.actor.id(), PASSWORD, ADDRESS).await), "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn who_was_suspended_between_password_and_code_stays_out() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (secret, _) = enrol(&scene, &bo).await;
    scene.clock.advance(60);
    let entered = scene.control.sign_in(bo.actor.id(), PASSWORD, ADDRESS).await.unwrap();
    scene.suspend(&bo, true).await;
    let shown = app_code(&scene, &secret, 0);
    let refused = scene.control.second_step(asked(&entered).as_str(), None, &shown, ADDRESS).await;
    assert_eq!(code(refused), "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn proving_oneself_again_asks_for_the_code_as_well() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (secret, _) = enrol(&scene, &bo).await;
    scene.clock.advance(60);
    let entered = scene.control.sign_in_again(&bo, PASSWORD).await.unwrap();
    let (id, shown) = (asked(&entered).as_str(), app_code(&scene, &secret, 0));
    let again = scene.control.second_step(id, Some(bo.workspace.as_str()), &shown, ADDRESS).await.unwrap();
    assert_eq!(again.workspace, bo.workspace);
}

#[tokio::test]
async fn changing_ones_factor_takes_a_recent_sign_in() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    scene.clock.advance(15 * 60);
    assert_eq!(code(scene.control.begin_second_factor(&bo).await), "STEP_UP_REQUIRED");
    let bo = scene.again(&bo).await.unwrap();
    enrol(&scene, &bo).await;
    scene.clock.advance(15 * 60 - 1);
    let late = scene.again(&bo).await.unwrap();
    scene.clock.advance(1);
    assert_eq!(code(scene.control.remove_second_factor(&bo).await), "STEP_UP_REQUIRED");
    assert!(scene.control.second_factor(&bo).await.unwrap().is_some());
    scene.control.remove_second_factor(&late).await.unwrap();
    assert_eq!(scene.control.second_factor(&late).await.unwrap(), None);
    assert_eq!(code(scene.control.remove_second_factor(&late).await), "NOT_FOUND");
    let entered = scene.control.sign_in(bo.actor.id(), PASSWORD, ADDRESS).await.unwrap();
    assert!(matches!(entered, Entered::SignedIn(_)));
}

#[tokio::test]
async fn an_admin_resets_the_factor_of_who_belongs_nowhere_else() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    assert_eq!(code(scene.control.reset_second_factor(&scene.admin, &bo.person).await), "NOT_FOUND");
    let (_, codes) = enrol(&scene, &bo).await;
    scene.control.reset_second_factor(&scene.admin, &bo.person).await.unwrap();
    let log = scene.log(&bo.workspace).await;
    assert_eq!(log.last().unwrap().act_kind(), Some(ActKind::SecondFactorReset));
    let entered = scene.control.sign_in(bo.actor.id(), PASSWORD, ADDRESS).await.unwrap();
    assert!(matches!(entered, Entered::SignedIn(_)));
    let old = scene.control.second_step(bo.person.as_str(), None, &codes[0], ADDRESS).await;
    assert_eq!(code(old), "INVALID_INPUT", "the recovery codes went with it");
    enrol(&scene, &bo).await;
    scene.also(&other.workspace, &bo, &[Role::Requester]).await;
    assert_eq!(code(scene.control.reset_second_factor(&scene.admin, &bo.person).await), "INVALID_INPUT");
    assert!(scene.control.second_factor(&bo).await.unwrap().is_some());
}
